"""`flask --app wsgi assess FILE.json`: score answer sheets outside the application.

The file is one case `{"mode": …, "reponses": {question: code}}` or a list of cases; other keys
of a case are ignored. Each case prints its complete result on one line of JSON, in the form of
`attendu` of the published cases. Anything wrong: one message on standard error, exit status 2,
nothing on standard output.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

import click

from app.assessments.engine import (
    AssessmentInputError,
    ForbiddenField,
    Instrument,
    check_input,
    load_instrument,
    score,
)

Part = TypeVar("Part")


class Refused(click.ClickException):
    """The file cannot be scored; the message says what and where."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message in French on standard error."""
        click.echo(f"Erreur : {self.message}.", file=file, err=True)


class MalformedCase(AssessmentInputError):
    """A case without its mode or its answers."""


@click.command("assess")
@click.argument("source", metavar="FICHIER.json", type=click.Path(path_type=Path))
def assess_command(source: Path) -> None:
    """Calcule le résultat complet d’une évaluation, ou d’une liste d’évaluations."""
    lines = [_line(case, where) for where, case in _cases(_read(source))]
    for line in lines:
        click.echo(line.encode())


def _read(source: Path) -> object:
    try:
        text = source.read_text("utf-8-sig")
    except OSError as error:
        raise Refused(f"fichier illisible : {source}") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{source} n’est pas un texte en UTF-8") from error
    return _parse(text, source)


def _parse(text: str, source: Path) -> object:
    try:
        return json.loads(text, object_pairs_hook=_no_repeated_key, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Refused(f"JSON mal formé dans {source}, ligne {error.lineno}, colonne {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise Refused(f"JSON démesuré dans {source}") from error


def _no_constant(name: str) -> NoReturn:
    raise Refused(f"JSON mal formé : « {name} » n’existe pas en JSON")


def _no_repeated_key(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise Refused(f"JSON mal formé : la clé « {repeated} » est répétée")
    return table


def _cases(document: object) -> list[tuple[str, object]]:
    """Each case with how to name it in a message: its id, else its rank in the list."""
    if not isinstance(document, list):
        return [("", document)]
    return [(_name(case, rank), case) for rank, case in enumerate(document, start=1)]


def _name(case: object, rank: int) -> str:
    known = case.get("id") if isinstance(case, dict) else None
    return f"cas {rank} ({known}) : " if isinstance(known, str) else f"cas {rank} : "


def _line(case: object, where: str) -> str:
    instrument = load_instrument()
    try:
        return _score(instrument, case)
    except AssessmentInputError as error:
        raise Refused(f"{where}{error}") from error


def _score(instrument: Instrument, case: object) -> str:
    if not isinstance(case, dict):
        raise MalformedCase("cas", "un cas doit être un objet JSON avec « mode » et « reponses »")
    for field in case:
        if field in instrument.forbidden_fields:
            raise ForbiddenField(field)
    mode, answers = _part(case, "mode", str), _part(case, "reponses", dict)
    check_input(instrument, mode, answers)
    return json.dumps(score(instrument, mode, answers).to_document(), ensure_ascii=False)


def _part(case: Mapping[str, object], key: str, kind: type[Part]) -> Part:
    value = case.get(key)
    if not isinstance(value, kind):
        problem = "est mal formé" if key in case else "manque"
        raise MalformedCase(key, f"« {key} » {problem}")
    return value
