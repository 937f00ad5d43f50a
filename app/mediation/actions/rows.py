"""The rows that logging a session writes, as values by column: pure, for one session or a million."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.kernel import ids
from app.kernel.access import Actor
from app.kernel.errors import DomainError
from app.kernel.i18n import lazy_gettext as _
from app.mediation import policy
from app.mediation.actions.data import ELSEWHERE, Anonymous, Counts, SessionData
from app.mediation.enums import NoteVisibility, PlaceKind
from app.people.enums import AgeBand, Genre, SocialStatus, age_band

PLAIN = ("kind", "held_on", "minutes", "place_kind", "channel", "autonomy", "posture", "title")
LISTS = ("materials", "themes", "demarches", "organismes", "acts")
Code = TypeVar("Code")
Values = dict[str, Any]


class Somewhere(Protocol):
    """A place of the network."""

    @property
    def id(self) -> UUID: ...

    @property
    def structure_id(self) -> UUID: ...

    @property
    def commune_code(self) -> str | None: ...


class Somebody(Protocol):
    """What facts keep of a person."""

    @property
    def subject_key(self) -> UUID: ...

    @property
    def birth_year(self) -> int | None: ...

    @property
    def genre(self) -> Genre: ...

    @property
    def statut_social(self) -> SocialStatus: ...

    @property
    def commune_code(self) -> str | None: ...


def noted_values(actor: Actor, data: SessionData, place: Somewhere | None, kept: UUID | None = None) -> Values:
    """Of `session_log`, but who wrote it and the need. DomainError for a place of others, unless it is the `kept` one."""
    values = {name: getattr(data, name) for name in PLAIN}
    values |= {name: [one.value for one in getattr(data, name)] for name in LISTS}
    values["place_id"], values["commune_code"] = _where(actor, data, place, kept)
    return values


def _where(
    actor: Actor, data: SessionData, place: Somewhere | None, kept: UUID | None
) -> tuple[UUID | None, str | None]:
    if data.place_kind in ELSEWHERE:
        return None, data.commune_code
    if data.place_kind is PlaceKind.A_DISTANCE:
        return None, None
    if place is None or (place.structure_id != actor.structure_id and place.id != kept):
        raise DomainError(_("Choisissez un lieu de votre structure."), "place_id")
    return place.id, place.commune_code


def text_values(actor: Actor, note: str, visibility: NoteVisibility | None) -> Values:
    """Of `session_text`: the note and whom it is opened to. DomainError when this hat cannot open it so."""
    chosen = visibility or policy.default_visibility(actor)
    if chosen not in policy.visibilities(actor):
        raise DomainError(_("Choisissez qui peut lire cette note."), "visibility")
    return {"note": note, "visibility": chosen, "team_id": actor.team_id}


def fact_values(held_on: date, structure_id: UUID, person: Somebody) -> Values:
    """Of `participation_fact`: what statistics will count of this person, as things stand at the date of the session."""
    return {
        "subject_key": person.subject_key,
        "anonymous": False,
        "held_on": held_on,
        "structure_id": structure_id,
        "age_band": age_band(person.birth_year, held_on.year),
        "genre": person.genre,
        "statut_social": person.statut_social,
        "area_code": person.commune_code,
    }


def anonymous_values(held_on: date, structure_id: UUID, who: Anonymous) -> Values:
    """The same for somebody without a name: a random key that no other session will bear."""
    return {
        "subject_key": ids.random_key(),
        "anonymous": True,
        "held_on": held_on,
        "structure_id": structure_id,
        "age_band": who.age_band,
        "genre": who.genre,
        "statut_social": who.statut_social,
        "area_code": who.commune_code,
    }


def check_born(birth_year: int | None, data: SessionData) -> None:
    """DomainError for a session before the person’s birth."""
    if birth_year is not None and birth_year > data.held_on.year:
        raise DomainError(_("Cette date est avant la naissance de la personne : vérifiez l’année."), "held_on")


def dealt(counts: Counts) -> list[Anonymous]:
    """The participants of a workshop, one by one."""
    genres = _each(counts.genres, counts.total, Genre.NON_COMMUNIQUE)
    bands = _each(counts.age_bands, counts.total, AgeBand.UNKNOWN)
    statuses = _each(counts.statuses, counts.total, SocialStatus.NON_COMMUNIQUE)
    return [
        Anonymous(genre=genre, age_band=band, statut_social=status, commune_code=counts.commune_code)
        for genre, band, status in zip(genres, bands, statuses, strict=True)
    ]


def _each(parts: Iterable[tuple[Code, int]], total: int, unknown: Code) -> list[Code]:
    known = [code for code, number in parts for _rank in range(number)]
    return known + [unknown] * (total - len(known))
