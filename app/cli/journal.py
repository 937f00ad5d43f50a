"""`flask --app wsgi journal verify|purge`."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.database import ensure_schema
from app.kernel import clock, journal
from app.kernel.writes import commit
from config import Settings

journal_group = AppGroup("journal", help="Journal des accès et des actions.")
WORDS = {
    "modified": "modifiée après coup",
    "missing": "absente",
    "moved": "déplacée (ne suit plus la précédente)",
    "checkpoint": "un point de contrôle n’est suivi d’aucune purge inscrite au journal",
    "head": "la tête de chaîne ne correspond pas à la dernière entrée",
}


@journal_group.command("verify")
def verify_command() -> None:
    """Relit toute la chaîne et dit où elle est rompue (code de retour 1)."""
    ensure_schema()
    problems = journal.verify()
    for problem in problems:
        click.echo(f"Entrée {problem.seq} : {WORDS[problem.kind]}.")
    if problems:
        raise SystemExit(1)
    click.echo("Journal intact.")


@journal_group.command("purge")
def purge_command() -> None:
    """Efface les entrées plus anciennes que la durée de conservation, en laissant un point de contrôle."""
    settings: Settings = current_app.extensions["settings"]
    count = journal.purge(clock.now() - timedelta(days=30 * settings.journal_months))
    commit()
    click.echo(f"{count} entrées effacées.")
