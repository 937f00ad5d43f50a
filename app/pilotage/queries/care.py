"""« Suivis à vérifier » : rule 13 of `domain/referrals.md`, and whom nobody has met for long. For the structure, and by
pseudonyms and counts for the coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.kernel.access import ADVISING, Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.network import queries as network_queries
from app.people.queries import care, listing
from app.people.queries.listing import NOBODY, Filters
from app.referrals import policy as referral_policy
from app.referrals import queries as referral_queries
from app.referrals.models import Referral

# A list this long is a breakdown, not something to go through.
MOST = 100


@dataclass(frozen=True)
class ReferralLine:
    """A referral that this hat may open, by its two structures."""

    id: UUID
    sender: str
    recipient: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Broken:
    """What breaks rule 13: people by pseudonym, referrals without a clock, endings without what follows; and how many."""

    people: tuple[str, ...]
    people_count: int
    clocks: tuple[ReferralLine, ...]
    clocks_count: int
    endings: tuple[ReferralLine, ...]
    endings_count: int

    def __bool__(self) -> bool:
        return bool(self.people_count or self.clocks_count or self.endings_count)


@dataclass(frozen=True)
class StructureLine:
    """One structure, for the coordinator."""

    name: str
    care: care.Care


@dataclass(frozen=True)
class Verified:
    """The page. `structures` for the coordinator alone; the counts are those of the hat’s structure, None for them."""

    broken: Broken
    six_months: int | None = None
    twelve_months: int | None = None
    unheld: int | None = None
    structures: tuple[StructureLine, ...] = ()


def verified(actor: Actor, today: date, now: datetime) -> Verified:
    """What is to be looked at, as of now. NotFound for a hat that neither follows people nor coordinates."""
    if actor.role is Role.COORDINATOR:
        return Verified(broken(actor, now), structures=_structures(actor, today))
    if actor.role not in ADVISING:
        raise NotFound
    six, twelve, unheld = (
        listing.count(actor, filters, today)
        for filters in (Filters(seen="sans_6_mois"), Filters(seen="sans_12_mois"), Filters(holder=NOBODY))
    )
    return Verified(broken(actor, now), six, twelve, unheld)


def broken(actor: Actor, now: datetime) -> Broken:
    """Rule 13, for the whole network (coordinator) or for the structure of this hat."""
    whole = actor.role is Role.COORDINATOR
    found = referral_queries.gaps(now, None if whole else actor.structure_id)
    lines = _lines(actor, [*found.without_clock[:MOST], *found.without_next[:MOST]])
    clocks, endings = (
        tuple(lines[one] for one in ids[:MOST] if one in lines) for ids in (found.without_clock, found.without_next)
    )
    # What a team under secrecy sends is not counted for its neighbours.
    return Broken(
        tuple(care.codes_of(found.without_referent[:MOST])),
        len(found.without_referent),
        clocks,
        len(found.without_clock) if whole else len(clocks),
        endings,
        len(found.without_next) if whole else len(endings),
    )


def _lines(actor: Actor, ids: list[UUID]) -> dict[UUID, ReferralLine]:
    if not ids:
        return {}
    query = select(Referral).where(Referral.id.in_(ids), referral_policy.visible(actor))
    rows = list(db.session.scalars(query))
    names = network_queries.names(actor, _sides(rows))
    return {one.id: ReferralLine(one.id, names[one.structure_id], names[one.recipient_id], one.sent_at) for one in rows}


def _sides(rows: Iterable[Referral]) -> set[UUID]:
    return {side for one in rows for side in (one.structure_id, one.recipient_id)}


def _structures(actor: Actor, today: date) -> tuple[StructureLine, ...]:
    found = care.by_structure(today)
    names = network_queries.names(actor, {one.structure_id for one in found})
    lines = (StructureLine(names[one.structure_id], one) for one in found)
    return tuple(sorted(lines, key=lambda line: (-line.care.twelve_months, line.name)))
