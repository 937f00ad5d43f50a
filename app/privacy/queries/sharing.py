"""Who shares what with whom: shared follow-ups, referrals under way, records opened with a card, between structures.

Counts are of different people; from 1 to k - 1 they are not told, nor is any total from which they could be taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel import clock, journal
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Section
from app.kernel.i18n import gettext as _
from app.network import queries as network
from app.network.models import Structure
from app.people.enums import CardEvent, FollowUpKind, PersonState, section_labels
from app.people.models import CardNotice, FollowUp, Person, SharingCard
from app.privacy import policy
from app.referrals.enums import LIVE
from app.referrals.models import Referral

# Notices of cards already read are kept this long (`people.actions.cards`): before that, the count would miss some.
CARD_DAYS = 30
Column = InstrumentedAttribute[Any]
# A structure, or None for those whose name is hidden elsewhere, told together.
Side = UUID | None
Pair = tuple[Side, Side]


class Way(StrEnum):
    """How something is shared."""

    FOLLOW_UP = "follow_up"
    REFERRAL = "referral"
    CARD = "card"


@dataclass(frozen=True)
class Told:
    """A count that may be told, or hidden because it is small; `under`: what it is less than."""

    value: int | None
    under: int

    @property
    def hidden(self) -> bool:
        return self.value is None


@dataclass
class Shares:
    """What one structure shares with another."""

    sender: str
    recipient: str
    ways: dict[Way, Told]
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class SharingMap:
    """Every direction, and the structures on each side, by name. `cards`: sharing cards that open today."""

    lines: tuple[Shares, ...]
    cards: Told
    under: int
    by_pair: dict[tuple[str, str], Shares] = field(default_factory=dict)

    @property
    def senders(self) -> list[str]:
        return sorted({line.sender for line in self.lines})

    @property
    def recipients(self) -> list[str]:
        return sorted({line.recipient for line in self.lines})


def told(count: int) -> Told:
    """Zero and what is large enough are told (indicators.md, « Publication »)."""
    under = policy.rules().secrecy_k
    return Told(count if count == 0 or count >= under else None, under)


def sharing_map(actor: Actor) -> SharingMap:
    """What is shared from, to, or about the people of the officer’s structure. Six queries. NotFound for another hat."""
    if actor.role is not Role.DPO:
        raise NotFound
    counts: dict[Pair, dict[Way, int]] = defaultdict(dict)
    for way, query in ((Way.FOLLOW_UP, _follow_ups), (Way.REFERRAL, _referrals), (Way.CARD, _cards)):
        for sender, recipient, people in db.session.execute(_between(actor, *query(actor))):
            counts[sender, recipient][way] = people
    names = network.names(actor, {one for pair in counts for one in pair if one})
    lines = _lines(counts, _sections(actor), names)
    journal.note(actor, "sharing.map", "structure", actor.structure_id, count=len(lines))
    by_pair = {(line.sender, line.recipient): line for line in lines}
    return SharingMap(tuple(lines), told(_open_cards(actor)), policy.rules().secrecy_k, by_pair)


def _lines(counts: dict[Pair, dict[Way, int]], sections: dict[Pair, Section], names: dict[UUID, str]) -> list[Shares]:
    def name(side: Side) -> str:
        return names[side] if side else _("Structures partenaires")

    lines = [
        Shares(
            name(pair[0]),
            name(pair[1]),
            {way: told(ways.get(way, 0)) for way in Way},
            tuple(section_labels(sections.get(pair, Section(0)))),
        )
        for pair, ways in counts.items()
    ]
    return sorted(lines, key=lambda one: (one.sender, one.recipient))


Source = tuple[Select[Any], Column, Column, Column]


def _follow_ups(actor: Actor) -> Source:
    query = select(FollowUp).join(Person, Person.id == FollowUp.person_id)
    shared = (FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None), Person.state == PersonState.ACTIVE)
    query = query.where(*shared, _concerns(actor, Person.referent_structure_id, FollowUp.structure_id))
    return query, Person.referent_structure_id, FollowUp.structure_id, FollowUp.person_id


def _referrals(actor: Actor) -> Source:
    query = select(Referral).join(Person, Person.id == Referral.person_id)
    ours = _concerns(actor, Person.referent_structure_id, Referral.structure_id, Referral.recipient_id)
    return query.where(Referral.state.in_(LIVE), ours), Referral.structure_id, Referral.recipient_id, Referral.person_id


def _cards(actor: Actor) -> Source:
    since = clock.now() - timedelta(days=CARD_DAYS)
    opened = (CardNotice.event == CardEvent.OPENED, CardNotice.created_at >= since)
    ours = _concerns(actor, CardNotice.structure_id, CardNotice.from_structure_id)
    return (
        select(CardNotice).where(*opened, ours),
        CardNotice.structure_id,
        CardNotice.from_structure_id,
        CardNotice.person_id,
    )


def _concerns(actor: Actor, *columns: Column) -> ColumnElement[bool]:
    return or_(*(column == actor.structure_id for column in columns))


def _between(actor: Actor, query: Select[Any], sender: Column, recipient: Column, person: Column) -> Select[Any]:
    """SQL: different people by direction; structures whose name is hidden are one."""
    sides = (_side(actor, sender).label("sender"), _side(actor, recipient).label("recipient"))
    pairs = query.with_only_columns(*sides, person.label("person")).subquery()
    people = func.count(func.distinct(pairs.c.person))
    return select(pairs.c.sender, pairs.c.recipient, people).group_by(pairs.c.sender, pairs.c.recipient)


def _side(actor: Actor, column: Column) -> ColumnElement[Any]:
    hidden = select(Structure.id).where(Structure.sensitive.is_(True), Structure.id != actor.structure_id)
    return case((column.in_(hidden), None), else_=column)


def _sections(actor: Actor) -> dict[Pair, Section]:
    """What shared follow-ups open, when it is opened of enough people; not told of structures told together."""
    query, sender, recipient, person = _follow_ups(actor)
    sides = (_side(actor, sender).label("sender"), _side(actor, recipient).label("recipient"))
    rows = query.with_only_columns(*sides, FollowUp.sections.label("sections"), person.label("person")).subquery()
    columns = (rows.c.sender, rows.c.recipient, rows.c.sections)
    found = db.session.execute(select(*columns, func.count(func.distinct(rows.c.person))).group_by(*columns))
    people: dict[Pair, dict[Section, int]] = defaultdict(lambda: defaultdict(int))
    for from_side, to_side, mask, count in found:
        if from_side and to_side:
            for section in Section(mask):
                people[from_side, to_side][section] += count
    return {pair: _enough(counts.items()) for pair, counts in people.items()}


def _enough(counts: Iterable[tuple[Section, int]]) -> Section:
    kept = Section(0)
    for section, count in counts:
        kept |= section if count >= policy.rules().secrecy_k else Section(0)
    return kept


def _open_cards(actor: Actor) -> int:
    query = select(func.count()).select_from(SharingCard).join(Person, Person.id == SharingCard.person_id)
    ours = (Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
    return db.session.scalar(query.where(*ours, SharingCard.ended_at.is_(None))) or 0
