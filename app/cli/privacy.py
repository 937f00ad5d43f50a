"""`flask --app wsgi privacy anonymise CODE` and `privacy scan` (words are read from standard input)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.kernel import clock, scan
from app.kernel.db import db, is_sqlite
from app.kernel.writes import commit
from app.people.models import Person
from app.privacy import actions, policy

privacy = AppGroup("privacy", help="Effacement et vérification.")


@privacy.command("anonymise")
@click.argument("code")
def anonymise_command(code: str) -> None:
    """Rend méconnaissable, pour toujours, la personne qui porte ce code."""
    person = db.session.scalars(select(Person).where(Person.code == code.strip().upper())).first()
    if person is None:
        raise click.ClickException("Aucune personne ne porte ce code.")
    actions.anonymise(None, person.id)
    commit()
    click.echo("Fiche anonymisée.")


@privacy.command("retention")
@click.option("--dry-run", is_flag=True, help="Compte seulement : rien n’est changé.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Écrit le compte rendu (JSON) dans ce fichier."
)
def retention_command(dry_run: bool, report: Path | None) -> None:
    """Archive les fiches sans contact depuis deux ans, anonymise celles dont l’archive est finie."""
    today = clock.today(policy.rules().timezone)
    done = actions.retain(today, dry_run=dry_run, save=commit)
    told = {"day": today.isoformat(), "dry_run": dry_run, **asdict(done)}
    if report is not None:
        report.write_text(json.dumps(told, indent=2) + "\n")
    would = "À faire" if dry_run else "Fait"
    click.echo(f"{would} : archivées {done.archived}, anonymisées {done.anonymised}, en attente {done.held_back}.")
    if done.held_back:
        click.echo("En attente : fiches gelées, ou demande de droits sans réponse.")


@privacy.command("scan")
@click.argument("words", type=click.File("r"), default="-")
def scan_command(words: TextIO) -> None:
    """Cherche des mots (un par ligne) dans toutes les tables et dans les octets du fichier ; code de retour 1 s’il en reste."""
    wanted = [line.strip() for line in words if line.strip()]
    with db.engine.connect() as connection:
        found = scan.scan_tables(connection, wanted)
    if is_sqlite():
        scan.checkpoint(db.engine)
        found += scan.scan_file(Path(str(db.engine.url.database)), wanted)
    for trace in found:
        click.echo(f"Mot de la ligne {trace.rank + 1} : {trace.where}")
    if found:
        raise SystemExit(1)
    click.echo("Rien trouvé.")
