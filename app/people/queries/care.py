"""Who has not been met for long, and who knows nobody in particular: counted by structure, no person named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.kernel.db import db
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person
from app.people.queries.listing import SEEN, held

SIX, TWELVE = (timedelta(days=SEEN[code][0]) for code in ("sans_6_mois", "sans_12_mois"))


@dataclass(frozen=True)
class Care:
    """The people whom a structure follows as referent: how many, not met for six and twelve months, without a colleague."""

    structure_id: UUID
    followed: int
    six_months: int
    twelve_months: int
    unheld: int


def by_structure(today: date) -> list[Care]:
    """Every structure that follows somebody as referent; two queries, through their indexes."""
    late = [func.count().filter(Person.last_contact_on < today - days) for days in (SIX, TWELVE)]
    query = select(Person.referent_structure_id, func.count(), *late).where(Person.state == PersonState.ACTIVE)
    unheld = _unheld(today)
    rows = db.session.execute(query.group_by(Person.referent_structure_id))
    return [Care(row[0], row[1], row[2], row[3], unheld.get(row[0], 0)) for row in rows if row[0] is not None]


def _unheld(today: date) -> dict[UUID, int]:
    open_ones = (FollowUp.kind == FollowUpKind.REFERENT, FollowUp.ended_on.is_(None))
    query = select(FollowUp.structure_id, func.count()).where(*open_ones, ~held(today))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(FollowUp.structure_id))}


def codes_of(person_ids: Iterable[UUID]) -> list[str]:
    """The pseudonyms of these people, in order; one query, none for nobody."""
    wanted = list(person_ids)
    query = select(Person.code).where(Person.id.in_(wanted)).order_by(Person.code)
    return list(db.session.scalars(query)) if wanted else []
