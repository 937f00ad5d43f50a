"""Writes on the network's territory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.kernel import journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, Stale
from app.kernel.i18n import gettext as _
from app.territory import communes, queries
from app.territory.enums import TerritoryKind
from app.territory.models import ONLY, NetworkTerritory
from app.territory.queries import Territory


@dataclass(frozen=True)
class TerritoryData:
    """An EPCI or a département by its code, or the Insee codes of a list of communes."""

    kind: TerritoryKind
    code: str | None = None
    communes: tuple[str, ...] = ()


def set_territory(actor: Actor | None, data: TerritoryData, version: int | None = None) -> Territory:
    """Say what the network covers. Raises DomainError on an unknown code, Stale when another choice was made meanwhile."""
    _check(data)
    code = None if data.kind is TerritoryKind.COMMUNES else data.code
    listed = sorted(set(data.communes)) if code is None else []
    row = queries.stored_territory()
    if row is None:
        row = NetworkTerritory(id=ONLY, kind=data.kind, code=code, communes=listed)
        db.session.add(row)
    else:
        if version is not None and version != row.version:
            raise Stale(current_version=row.version)
        row.kind, row.code, row.communes = data.kind, code, listed
    db.session.flush()
    chosen = queries.territory_of(row.kind, row.code, row.communes, row.version)
    journal.note(actor, "territory.set", "territory", kind=data.kind.value, code=code, communes=len(chosen.members))
    return chosen


def _check(data: TerritoryData) -> None:
    if data.kind is TerritoryKind.EPCI and not communes.epci_members(data.code or ""):
        raise DomainError(_("Cette intercommunalité n’est pas connue."), "epci")
    if data.kind is TerritoryKind.DEPARTEMENT and not communes.departement_members(data.code or ""):
        raise DomainError(_("Ce département n’est pas connu."), "departement")
    if data.kind is TerritoryKind.COMMUNES:
        _check_list(data.communes)


def _check_list(codes: Iterable[str]) -> None:
    listed = list(codes)
    unknown = [code for code in listed if communes.by_code(code) is None]
    if unknown:
        raise DomainError(_("Ces communes ne sont pas connues : %(codes)s.", codes=", ".join(unknown)), "communes")
    if not listed:
        raise DomainError(_("Écrivez au moins une commune."), "communes")
