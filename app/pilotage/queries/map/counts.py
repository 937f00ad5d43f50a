"""People and needs by commune. Distinct counts, from base tables; one query each."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.kernel.db import db
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.needs.enums import NeedResult, NeedState
from app.needs.models import Need
from app.network.models import Structure
from app.people.models import Person
from app.pilotage.queries.map.filters import Filters
from app.referrals.enums import State
from app.referrals.models import Referral

# Ended, and nobody found the answer.
UNRESOLVED = (NeedResult.NON_RESOLUE, NeedResult.ABANDONNEE, NeedResult.SANS_SUITE)


class Unmet(NamedTuple):
    """Needs of one commune without a solution, and the people they belong to."""

    needs: int
    people: int


class Waiting(NamedTuple):
    """Referrals that one structure has not answered: how many, how many of them late."""

    unanswered: int
    late: int


def people(filters: Filters) -> dict[str | None, int]:
    """Distinct people accompanied in the period, by commune at the date of the session; an anonymous one counts each time.

    With a kind of need, only the sessions that were about a need of this kind.
    """
    fact = ParticipationFact
    query: Any = select(fact.area_code, func.count(fact.subject_key.distinct()))
    if filters.need_kind:
        query = (
            query.join(Participation, Participation.id == fact.participation_id)
            .join(SessionLog, SessionLog.id == Participation.session_id)
            .join(Need, and_(Need.id == SessionLog.need_id, Need.kind == filters.need_kind))
        )
    query = query.where(
        fact.held_on.between(filters.period.first, filters.period.last), *_by(filters, fact.structure_id)
    )
    return dict(db.session.execute(query.group_by(fact.area_code)).all())


def unmet(filters: Filters) -> dict[str | None, Unmet]:
    """Needs noted in the period that are still open, or ended unresolved, by the person's commune."""
    first, last = filters.period.bounds()
    kind = [Need.kind == filters.need_kind] if filters.need_kind else []
    query = (
        select(Person.commune_code, func.count(Need.id), func.count(Need.person_id.distinct()))
        .join(Person, Person.id == Need.person_id)
        .where(Need.created_at.between(first, last), or_(Need.state == NeedState.OPEN, Need.result.in_(UNRESOLVED)))
        .where(*kind, *_by(filters, Need.structure_id))
        .group_by(Person.commune_code)
    )
    return {code: Unmet(needs, persons) for code, needs, persons in db.session.execute(query)}


def waiting(filters: Filters) -> dict[UUID, Waiting]:
    """Referrals of the period that nobody has accepted nor declined, by the structure that should answer."""
    first, last = filters.period.bounds()
    kind = [Referral.need_kind == filters.need_kind] if filters.need_kind else []
    late = func.count(Referral.id).filter(Referral.at_risk.is_(True))
    query = (
        select(Referral.recipient_id, func.count(Referral.id), late)
        .where(Referral.state.in_((State.SENT, State.ASKED)), Referral.sent_at.between(first, last), *kind)
        .group_by(Referral.recipient_id)
    )
    return {recipient: Waiting(count, overdue) for recipient, count, overdue in db.session.execute(query)}


def _by(filters: Filters, structure_id: Any) -> list[ColumnElement[bool]]:
    """Done by a structure of the kind asked for, those that must not be recognised left out."""
    if not filters.structure_kind:
        return []
    of_kind = select(Structure.id).where(Structure.kind == filters.structure_kind, Structure.sensitive.is_(False))
    return [structure_id.in_(of_kind)]
