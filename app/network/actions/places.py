"""Places and offers, written by their structure or by the coordination; each change is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel import ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, Difference, DomainError, NotFound, check_version
from app.kernel.i18n import lazy_gettext as _
from app.network import policy
from app.network.actions.importing import Writer, apply, remember, values_of
from app.network.enums import ChangeKind, label_of
from app.network.imports import Line, PlaceRow, RowRefused, parse_row
from app.network.models import Offer, Place, Structure
from app.network.schema import COLUMNS, PLACEHOLDER_PIVOT, Change, cells_of, changes

Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OfferData:
    """What a structure proposes. `place_id` None: in all its places, or elsewhere."""

    title: str
    description: str = ""
    place_id: UUID | None = None
    services: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    fees: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()


def add_place(actor: Actor | None, place: Place) -> Place:
    """A place of a structure, as it is (demonstration, commands)."""
    db.session.add(place)
    db.session.flush()
    journal.note(actor, "place.add", "place", place.id)
    return place


def create_place(actor: Actor, structure_id: UUID, cells: Cells, today: date) -> Place:
    """A new place, from the cells of the national schema that were typed. DomainError on the column that is refused."""
    structure = _editable(actor, structure_id)
    place_id = ids.new_id()
    pivot = structure.siret or PLACEHOLDER_PIVOT
    row = _row({**cells, "id": str(place_id), "pivot": pivot, "date_maj": today.isoformat()})
    place = Place(id=place_id, structure_id=structure_id, **values_of(row))
    db.session.add(place)
    remember(Writer(actor), place_id, ChangeKind.ADDED)
    db.session.flush()
    journal.note(actor, "place.add", "place", place_id)
    return place


def edit_place(actor: Actor, place_id: UUID, cells: Cells, version: int | None, today: date) -> Place:
    """Correct a place; the columns that the screen does not ask are kept. Stale when somebody saved in between."""
    place = _place(actor, place_id)
    before = cells_of(place)
    row = _row({**before, **cells})
    found = changes(before, {**before, **_told(row, before)})
    check_version(place.version, version, *_differences(found))
    if found:
        dated = _row({**before, **cells, "date_maj": today.isoformat()})
        apply(place, dated)
        remember(Writer(actor), place_id, ChangeKind.EDITED, found)
        db.session.flush()
        journal.note(actor, "place.edit", "place", place_id, columns=[one.column for one in found])
    return place


def _told(row: PlaceRow, before: Cells) -> dict[str, str]:
    """The row's cells; the date of the last change is not a difference by itself."""
    return {**cells_of(row_as_place(row)), "date_maj": before["date_maj"]}


def row_as_place(row: PlaceRow) -> Place:
    """An unsaved place that says what the row says."""
    return Place(**values_of(row))


def _differences(found: list[Change]) -> list[Difference]:
    return [Difference(str(label_of(one.column)), one.after, one.before) for one in found]


def close_place(actor: Actor, place_id: UUID, version: int | None, today: date) -> Place:
    """The place welcomes nobody any more: it leaves lists, choices and exports; its past stays."""
    place = _place(actor, place_id)
    if place.closed_on is not None:
        raise Conflict(_("Ce lieu est déjà fermé."))
    check_version(place.version, version)
    place.closed_on = today
    return _moved(actor, place, ChangeKind.CLOSED, "place.close")


def reopen_place(actor: Actor, place_id: UUID, version: int | None) -> Place:
    """The place welcomes people again."""
    place = _place(actor, place_id)
    if place.closed_on is None:
        raise Conflict(_("Ce lieu est déjà ouvert."))
    check_version(place.version, version)
    place.closed_on = None
    return _moved(actor, place, ChangeKind.REOPENED, "place.reopen")


def _moved(actor: Actor, place: Place, kind: ChangeKind, code: str) -> Place:
    remember(Writer(actor), place.id, kind)
    db.session.flush()
    journal.note(actor, code, "place", place.id)
    return place


def _row(cells: Cells) -> PlaceRow:
    try:
        return parse_row(Line(0, dict(cells), len(COLUMNS), COLUMNS))
    except RowRefused as error:
        raise DomainError(str(error), error.column) from error


def _editable(actor: Actor, structure_id: UUID) -> Structure:
    structure = db.session.get(Structure, structure_id)
    if structure is None or not policy.can_edit(actor, structure):
        raise NotFound
    return structure


def _place(actor: Actor, place_id: UUID) -> Place:
    place = db.session.get(Place, place_id)
    if place is None:
        raise NotFound
    _editable(actor, place.structure_id)
    return place


def add_offer(actor: Actor, structure_id: UUID, data: OfferData) -> Offer:
    """A structure proposes something more."""
    _editable(actor, structure_id)
    offer = Offer(id=ids.new_id(), structure_id=structure_id, **_values(data, structure_id))
    db.session.add(offer)
    return _remembered(actor, offer, ChangeKind.ADDED, "offer.add", [])


def edit_offer(actor: Actor, offer_id: UUID, data: OfferData, version: int | None) -> Offer:
    """Correct what is proposed. Stale when somebody saved in between."""
    offer = _offer(actor, offer_id)
    values = _values(data, offer.structure_id)
    pairs = [(name, _shown(getattr(offer, name)), _shown(value)) for name, value in values.items()]
    found = [Change(name, before, after) for name, before, after in pairs if before != after]
    check_version(offer.version, version, *_differences([one for one in found if one.column != "place_id"]))
    for name, value in values.items():
        if getattr(offer, name) != value:
            setattr(offer, name, value)
    return _remembered(actor, offer, ChangeKind.EDITED, "offer.edit", found) if found else offer


def close_offer(actor: Actor, offer_id: UUID, version: int | None, today: date) -> Offer:
    """No longer proposed."""
    offer = _offer(actor, offer_id)
    if offer.closed_on is not None:
        raise Conflict(_("Cette offre est déjà arrêtée."))
    check_version(offer.version, version)
    offer.closed_on = today
    return _remembered(actor, offer, ChangeKind.CLOSED, "offer.close", [])


def reopen_offer(actor: Actor, offer_id: UUID, version: int | None) -> Offer:
    """Proposed again."""
    offer = _offer(actor, offer_id)
    if offer.closed_on is None:
        raise Conflict(_("Cette offre est déjà en cours."))
    check_version(offer.version, version)
    offer.closed_on = None
    return _remembered(actor, offer, ChangeKind.REOPENED, "offer.reopen", [])


def _offer(actor: Actor, offer_id: UUID) -> Offer:
    offer = db.session.get(Offer, offer_id)
    if offer is None:
        raise NotFound
    _editable(actor, offer.structure_id)
    return offer


def _values(data: OfferData, structure_id: UUID) -> dict[str, Any]:
    place = db.session.get(Place, data.place_id) if data.place_id else None
    if data.place_id and (place is None or place.structure_id != structure_id):
        raise DomainError(_("Choisissez un lieu de cette structure."), "place_id")
    lists = {name: list(getattr(data, name)) for name in ("services", "publics", "fees", "ways")}
    return {"title": data.title, "description": data.description, "place_id": data.place_id, **lists}


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "|".join(str(one) for one in value)
    return "" if value is None else str(value)


def _remembered(actor: Actor, offer: Offer, kind: ChangeKind, code: str, found: list[Change]) -> Offer:
    remember(Writer(actor), offer.id, kind, found)
    db.session.flush()
    journal.note(actor, code, "offer", offer.id)
    return offer
