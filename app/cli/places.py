"""`flask --app wsgi places import FILE [--json]` and `places export [FILE]`: places of the national schema."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.database import ensure_schema
from app.kernel.writes import commit, rollback
from app.network import actions, exports, queries
from app.network.actions import ImportReport
from app.network.enums import label_of
from app.network.imports import FileRefused
from app.network.schema import LeftOut

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


@places.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export_command(file: Path | None) -> None:
    """Écrit les lieux ouverts dans un fichier du schéma national (sans FILE : à l’écran)."""
    ensure_schema()
    if file is None:
        left_out = exports.write_places(queries.places_to_export(), _Screen())
    else:
        with file.open("w", encoding="utf-8", newline="") as out:
            left_out = exports.write_places(queries.places_to_export(), out)
    _tell(left_out)


class _Screen:
    """The standard output, lines ended as they are given."""

    def write(self, text: str) -> int:
        click.echo(text.encode(), nl=False)
        return len(text)


def _tell(left_out: list[LeftOut]) -> None:
    """What the schema refuses stays in the directory; it is said apart, so that the file may be piped."""
    for one in left_out:
        click.echo(f"Hors du schéma, laissé de côté : {one.id}, {label_of(one.column)}, « {one.value[:80]} »", err=True)
