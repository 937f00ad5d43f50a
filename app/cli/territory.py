"""`flask --app wsgi territory show|set`: what the network covers."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.cli.database import ensure_schema
from app.kernel.errors import DomainError
from app.kernel.formats import number
from app.kernel.i18n import ngettext
from app.kernel.writes import commit, rollback
from app.territory import actions, communes, queries
from app.territory.actions import TerritoryData
from app.territory.enums import TerritoryKind
from app.territory.queries import Territory

territory = AppGroup("territory", help="Territoire du réseau.")


@territory.command("show")
def show() -> None:
    """Montre le territoire du réseau."""
    ensure_schema()
    known = queries.network_territory()
    click.echo(_in_words(known) if known else "Aucun territoire n’est encore choisi.")


@territory.command("set")
@click.option("--epci", help="Siren de l’intercommunalité, ou son nom.")
@click.option("--departement", help="Code du département.")
@click.option("--communes", "listed", help="Codes Insee ou noms, séparés par des virgules.")
def set_command(epci: str | None, departement: str | None, listed: str | None) -> None:
    """Choisit le territoire du réseau : une intercommunalité, un département, ou des communes."""
    if sum(value is not None for value in (epci, departement, listed)) != 1:
        raise click.UsageError("Donnez une seule de ces options : --epci, --departement, --communes.")
    ensure_schema()
    try:
        chosen = actions.set_territory(None, _read(epci, departement, listed))
        commit()
    except DomainError as error:
        rollback()
        raise click.ClickException(str(error)) from error
    click.echo(_in_words(chosen))


def _read(epci: str | None, departement: str | None, listed: str | None) -> TerritoryData:
    if epci is not None:
        found = communes.resolve_epci(epci)
        return TerritoryData(TerritoryKind.EPCI, found.code if found else epci)
    if departement is not None:
        return TerritoryData(TerritoryKind.DEPARTEMENT, departement.strip().upper())
    read = communes.read_list(listed or "", insee=True)
    if read.unclear:
        raise click.ClickException(
            "Pas reconnu, ou plusieurs communes : " + ", ".join(text for text, _ in read.unclear)
        )
    return TerritoryData(TerritoryKind.COMMUNES, None, tuple(commune.code for commune in read.found))


def _in_words(known: Territory) -> str:
    count = ngettext("%(num)d commune", "%(num)d communes", len(known.members))
    return f"{known.name} : {count}, {number(known.population)} habitants"
