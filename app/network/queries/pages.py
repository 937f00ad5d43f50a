"""The page of a structure, of a place, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.kernel import formats
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext
from app.network import policy
from app.network.enums import ChangeKind, OfferPublic, StructureKind, label_of
from app.network.models import DirectoryChange, Offer, Place, Structure
from app.network.queries.network import PlaceLine, names
from app.network.schema import SEVERAL, Change, cells_of, hours
from app.territory import communes

HISTORY_SHOWN = 50
STALE = timedelta(days=730)


@dataclass(frozen=True)
class OfferView:
    """Something a structure proposes."""

    id: UUID
    structure_id: UUID
    place_id: UUID | None
    place_name: str
    title: str
    description: str
    services: list[str]
    publics: list[OfferPublic]
    fees: list[str]
    ways: list[str]
    closed_on: date | None
    version: int


@dataclass(frozen=True)
class PlaceView:
    """A place, all that its page shows: `cells` of the national schema, and the columns of several values in `lists`."""

    id: UUID
    name: str
    structure_id: UUID
    structure_name: str
    cells: dict[str, str]
    commune_code: str | None
    lists: dict[str, list[str]]
    opening: list[tuple[str, str]]
    raw_hours: str
    updated_on: date
    imported_at: datetime | None
    closed_on: date | None
    version: int
    can_edit: bool
    stale: bool


@dataclass(frozen=True)
class StructureView:
    """A structure, its places and its offers."""

    id: UUID
    name: str
    kind: StructureKind
    commune: str
    shares: bool
    places: list[PlaceLine]
    closed_places: list[PlaceLine]
    offers: list[OfferView]
    can_edit: bool
    siret: str | None


@dataclass(frozen=True)
class HistoryLine:
    """One change: when, what, by which structure; column by column."""

    at: datetime
    label: str
    by: str
    imported: bool
    changes: list[tuple[str, str, str]]


def readable_structure(actor: Actor, structure_id: UUID) -> Structure:
    """The structure, when this hat may read its name; NotFound otherwise."""
    query = select(Structure).where(Structure.id == structure_id, policy.named(actor))
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def structure_page(actor: Actor, structure_id: UUID, today: date) -> StructureView:
    """The structure's page, in three statements."""
    found = readable_structure(actor, structure_id)
    columns = select(Place.id, Place.name, Place.commune_name, Place.closed_on)
    rows = db.session.execute(columns.where(Place.structure_id == structure_id).order_by(Place.name)).all()
    lines = [(PlaceLine(*row[:3]), row[3]) for row in rows]
    can_edit = policy.can_edit(actor, found)
    return StructureView(
        id=found.id,
        name=found.name,
        kind=found.kind,
        commune=communes.label(found.commune_code) if found.commune_code else "",
        shares=policy.can_share(found, today),
        places=[line for line, closed_on in lines if closed_on is None],
        closed_places=[line for line, closed_on in lines if closed_on is not None],
        offers=offers_of(structure_id, {line.id: line.name for line, _closed in lines}, with_closed=can_edit),
        can_edit=can_edit,
        siret=found.siret,
    )


def offers_of(structure_id: UUID, place_names: dict[UUID, str], with_closed: bool = False) -> list[OfferView]:
    """What the structure proposes, the running offers first."""
    query = select(Offer).where(Offer.structure_id == structure_id).order_by(Offer.title, Offer.id)
    if not with_closed:
        query = query.where(Offer.closed_on.is_(None))
    found = [
        _offer(one, place_names.get(one.place_id, "") if one.place_id else "") for one in db.session.scalars(query)
    ]
    return sorted(found, key=lambda one: one.closed_on is not None)


def offer(actor: Actor, offer_id: UUID) -> OfferView:
    """One offer, when this hat may read its structure's name."""
    query = select(Offer).join(Structure, Structure.id == Offer.structure_id)
    found = db.session.scalars(query.where(Offer.id == offer_id, policy.named(actor))).first()
    if found is None:
        raise NotFound
    return _offer(found, "")


def _offer(one: Offer, place_name: str) -> OfferView:
    return OfferView(
        one.id,
        one.structure_id,
        one.place_id,
        place_name,
        one.title,
        one.description,
        list(one.services),
        [OfferPublic(public) for public in one.publics],
        list(one.fees),
        list(one.ways),
        one.closed_on,
        one.version,
    )


def place(actor: Actor, place_id: UUID, today: date) -> PlaceView:
    """One place, when this hat may read its structure's name. Two years without a word, and it is `stale`."""
    query = select(Place, Structure).join(Structure, Structure.id == Place.structure_id)
    row = db.session.execute(query.where(Place.id == place_id, policy.named(actor))).first()
    if row is None:
        raise NotFound
    found, owner = row
    week = hours.read(str(found.details.get("horaires", "")))
    return PlaceView(
        id=found.id,
        name=found.name,
        structure_id=owner.id,
        structure_name=owner.name,
        cells=cells_of(found),
        commune_code=found.commune_code,
        lists={**{name: list(found.details.get(name, [])) for name in SEVERAL}, "services": list(found.services)},
        opening=opening_words(week) if week else [],
        raw_hours="" if week else str(found.details.get("horaires", "")),
        updated_on=found.updated_on,
        imported_at=found.imported_at,
        closed_on=found.closed_on,
        version=found.version,
        can_edit=policy.can_edit(actor, owner),
        stale=found.updated_on < today - STALE,
    )


WEEKDAYS = (
    lazy_gettext("lundi"),
    lazy_gettext("mardi"),
    lazy_gettext("mercredi"),
    lazy_gettext("jeudi"),
    lazy_gettext("vendredi"),
    lazy_gettext("samedi"),
    lazy_gettext("dimanche"),
)


def opening_words(week: hours.Week) -> list[tuple[str, str]]:
    """(« Du lundi au vendredi », « de 9 h à 12 h et de 14 h à 18 h »), run of days by run of days."""
    lines = [(_run(first, last), times_words(spans)) for first, last, spans in hours.runs(week) if spans]
    if week.holidays is not None:
        lines.append((_("Les jours fériés"), times_words(week.holidays) if week.holidays else _("fermé")))
    return lines


def _run(first: int, last: int) -> str:
    start, end = str(WEEKDAYS[first]), str(WEEKDAYS[last])
    if (first, last) == (0, 6):
        return _("Tous les jours")
    if first == last:
        return _("Le %(day)s", day=start)
    if last == first + 1:
        return _("Le %(first)s et le %(last)s", first=start, last=end)
    return _("Du %(first)s au %(last)s", first=start, last=end)


def times_words(spans: hours.Spans) -> str:
    """« de 9 h à 12 h et de 14 h à 18 h 30 »."""
    if spans == ((0, hours.MIDNIGHT),):
        return _("toute la journée")
    said = [_("de %(first)s à %(last)s", first=hour_words(first), last=hour_words(last)) for first, last in spans]
    return said[0] if len(said) == 1 else _("%(before)s et %(last)s", before=", ".join(said[:-1]), last=said[-1])


def hour_words(minutes: int) -> str:
    """« 9 h », « 18 h 30 »."""
    hour, rest = divmod(minutes, 60)
    if formats.locale() != "fr_FR":
        return hours.clock(minutes)
    space = formats.NBSP
    return f"{hour}{space}h{space}{rest:02d}" if rest else f"{hour}{space}h"


def history(actor: Actor, object_id: UUID) -> list[HistoryLine]:
    """What was done, the last first. The caller has checked that the object may be read."""
    query = (
        select(DirectoryChange)
        .where(DirectoryChange.object_id == object_id)
        .order_by(DirectoryChange.at.desc(), DirectoryChange.id.desc())
        .limit(HISTORY_SHOWN)
    )
    found = list(db.session.scalars(query))
    known = names(actor, {one.structure_id for one in found if one.structure_id})
    return [_line(one, known) for one in found]


def _line(one: DirectoryChange, known: dict[UUID, str]) -> HistoryLine:
    by = known.get(one.structure_id, "") if one.structure_id else ""
    return HistoryLine(one.at, str(_KINDS[one.kind]), by, one.import_id is not None or one.user_id is None, told(one))


def told(one: DirectoryChange) -> list[tuple[str, str, str]]:
    """(what, before, after) in the words of the screen."""
    pairs = [Change(column, *values) for column, values in one.changes.items()]
    return [(str(label_of(c.column)), shown(c.column, c.before), shown(c.column, c.after)) for c in pairs]


def shown(column: str, value: str) -> str:
    """A cell as one reads it: lists with commas, opening hours and days in words."""
    if column == "horaires":
        week = hours.read(value)
        return " ; ".join(f"{days} {times}" for days, times in opening_words(week)) if week else value
    if column == "date_maj" and value:
        return formats.day(date.fromisoformat(value))
    if column == "place_id":
        return ""
    if column == "publics":
        return ", ".join(str(OfferPublic(one).label) for one in value.split("|") if one)
    return value.replace("|", ", ")


_KINDS = {kind: kind.label for kind in ChangeKind}
