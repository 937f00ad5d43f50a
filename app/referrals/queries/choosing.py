"""The partners among whom to choose, ranked with their reasons, and what the slip says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import null, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.needs.enums import NeedKind
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.network.models import Offer, Place, Structure
from app.people.models import Person
from app.referrals import policy
from app.referrals.machine.matching import Candidate, Ranked, Why, rank
from app.territory.communes import by_code


@dataclass(frozen=True)
class Choice:
    """A partner to choose. `commune` is empty when the structure is sensitive or its place unknown."""

    id: UUID
    name: str
    kind: str
    commune: str
    reasons: tuple[Why, ...]
    proposed: bool


@dataclass(frozen=True)
class PlaceWords:
    """Where to go: for the slip handed to the person."""

    name: str
    address: str
    city: str
    phone: str
    hours: str


def choices(actor: Actor, person_id: UUID, need: NeedKind) -> list[Choice]:
    """Every partner that may receive, the proposed first. One query for the partners, one for their places."""
    today = policy.rules().today()
    query = select(Structure).where(Structure.closed_on.is_(None), Structure.id != actor.structure_id)
    partners = {s.id: s for s in db.session.scalars(query) if network_policy.can_share(s, today)}
    places = _places()
    commune = db.session.scalar(select(Person.commune_code).where(Person.id == person_id))
    ranked = rank(
        need, commune, _epci(commune), [_candidate(actor, s, places.get(s.id, [])) for s in partners.values()]
    )
    return [_choice(actor, one, partners[one.candidate.id]) for one in ranked]


def _places() -> dict[UUID, list[tuple[str | None, list[str]]]]:
    """Where each structure is and what it declares: its open places, and what it proposes without saying where."""
    places = select(Place.structure_id, Place.commune_code, Place.services).where(Place.closed_on.is_(None))
    offers = select(Offer.structure_id, null(), Offer.services).where(Offer.closed_on.is_(None))
    found: dict[UUID, list[tuple[str | None, list[str]]]] = {}
    for structure_id, commune, services in db.session.execute(places.union_all(offers)):
        found.setdefault(structure_id, []).append((commune, services))
    return found


def _candidate(actor: Actor, structure: Structure, places: list[tuple[str | None, list[str]]]) -> Candidate:
    communes = {code for code in (structure.commune_code, *(commune for commune, _ in places)) if code}
    return Candidate(
        structure.id,
        network_queries.displayed_name(actor, structure),
        structure.kind,
        frozenset(service for _, services in places for service in services),
        frozenset(communes),
        frozenset(epci for code in communes if (epci := _epci(code))),
    )


def _epci(commune: str | None) -> str | None:
    found = by_code(commune) if commune else None
    return found.epci_code if found else None


def _choice(actor: Actor, one: Ranked, structure: Structure) -> Choice:
    shown = network_policy.reads_real_name(actor, structure)
    commune = by_code(structure.commune_code) if shown and structure.commune_code else None
    where = commune.name if commune else ""
    return Choice(structure.id, one.candidate.name, str(structure.kind.label), where, one.reasons, one.proposed)


def place_words(structure_id: UUID) -> list[PlaceWords]:
    """The places of a structure that welcome people, by name."""
    open_places = (Place.structure_id == structure_id, Place.closed_on.is_(None))
    query = select(Place).where(*open_places).order_by(Place.name).limit(3)
    return [_place(place) for place in db.session.scalars(query)]


def _place(place: Place) -> PlaceWords:
    details: dict[str, Any] = place.details
    return PlaceWords(
        place.name,
        place.address,
        f"{place.postcode} {place.commune_name}",
        str(details.get("telephone") or ""),
        str(details.get("horaires") or ""),
    )
