"""What the form proposes before anything is typed, from what this user logged lately: one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.statements import built
from app.mediation.enums import Channel, Material, PlaceKind, SessionKind, Theme
from app.mediation.models import SessionLog
from app.network import queries as network_queries
from app.network.queries import PlaceLine

LATELY = 30
# Not whole sessions: thirty of them take longer to load than the rest of the page to make.
_COLUMNS = (
    SessionLog.kind,
    SessionLog.place_kind,
    SessionLog.place_id,
    SessionLog.commune_code,
    SessionLog.channel,
    SessionLog.materials,
    SessionLog.themes,
)


@dataclass(frozen=True)
class Prompt:
    """Defaults of the form. `themes` holds all of them, those this user notes most often first; `used` says how many."""

    places: tuple[PlaceLine, ...]
    place_kind: PlaceKind
    place_id: UUID | None
    commune_code: str | None
    channel: Channel
    materials: tuple[Material, ...]
    themes: tuple[Theme, ...]
    used: int


def prompt(actor: Actor, kind: SessionKind = SessionKind.INDIVIDUEL) -> Prompt:
    """The defaults of this user in this structure: their last session of that kind, their usual themes."""
    places = tuple(network_queries.places_of(actor.structure_id))
    rows = _lately(actor)
    last = next((row for row in rows if row.kind is kind), None)
    themes, used = _by_use([value for row in rows for value in row.themes])
    place_id = _usual_place(places, last.place_id if last else None)
    return Prompt(
        places,
        _usual_kind(last.place_kind if last else PlaceKind.LIEU_ACTIVITE, bool(places)),
        place_id,
        last.commune_code if last and last.place_kind is PlaceKind.AUTRE else None,
        last.channel if last else Channel.GUICHET,
        tuple(Material(value) for value in last.materials) if last else (),
        themes,
        used,
    )


def _lately(actor: Actor) -> list[Any]:
    return list(db.session.execute(_latest(actor)))


@built
def _latest(actor: Actor) -> Any:
    mine = (SessionLog.structure_id == actor.structure_id, SessionLog.author_id == actor.user_id)
    order = (SessionLog.held_on.desc(), SessionLog.id.desc())
    return select(*_COLUMNS).where(*mine).order_by(*order).limit(LATELY)


def _by_use(values: list[str]) -> tuple[tuple[Theme, ...], int]:
    counts = Counter(values)
    themes = sorted(Theme, key=lambda theme: -counts[theme.value])
    return tuple(themes), sum(1 for theme in themes if counts[theme.value])


def _usual_place(places: tuple[PlaceLine, ...], last: UUID | None) -> UUID | None:
    known = [place.id for place in places]
    if last in known:
        return last
    return known[0] if known else None


def _usual_kind(last: PlaceKind, has_places: bool) -> PlaceKind:
    """A home visit is the exception of one day, never the default of the next one."""
    if last is PlaceKind.DOMICILE or (last is PlaceKind.AUTRE and has_places):
        last = PlaceKind.LIEU_ACTIVITE
    return last if has_places or last is not PlaceKind.LIEU_ACTIVITE else PlaceKind.AUTRE
