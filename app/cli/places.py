"""`flask --app wsgi places import FILE [--json]`: places of the national schema."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.database import ensure_schema
from app.kernel.writes import commit, rollback
from app.network import actions
from app.network.actions import ImportReport
from app.network.imports import FileRefused

places = AppGroup("places", help="Lieux de médiation numérique (schéma national).")


@places.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Écrit le bilan en JSON.")
def import_command(file: Path, as_json: bool) -> None:
    """Crée et met à jour les lieux et leurs structures ; les lignes fautives sont listées, les autres entrent."""
    ensure_schema()
    try:
        with file.open("rb") as stream:
            report = actions.import_places(None, stream)
        commit()
    except FileRefused as error:
        rollback()
        click.echo(str(error), err=True)
        raise SystemExit(2) from error
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _in_words(report))


def _in_words(report: ImportReport) -> str:
    lines = [
        f"Lieux créés : {report.created}",
        f"Lieux mis à jour : {report.updated}",
        f"Lieux inchangés : {report.unchanged}",
        f"Lignes refusées : {len(report.rejected)}",
    ]
    return "\n".join(
        [*lines, *(f"  ligne {r.line} ({r.id or 'sans identifiant'}) : {r.reason}" for r in report.rejected)]
    )
