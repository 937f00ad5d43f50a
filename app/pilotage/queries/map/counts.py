"""People and needs by commune. Distinct counts, from base tables; one query each."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.kernel.constants import one_of, same
from app.kernel.db import db
from app.kernel.statements import aside
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.needs.enums import NeedKind, NeedResult, NeedState
from app.needs.models import Need
from app.network.models import Structure
from app.people.models import Person
from app.pilotage.queries.map.filters import Filters
from app.referrals.enums import State
from app.referrals.models import Referral

# Ended, and nobody found the answer.
UNRESOLVED = (NeedResult.NON_RESOLUE, NeedResult.ABANDONNEE, NeedResult.SANS_SUITE)
UNANSWERED = (State.SENT, State.ASKED)


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
    # Commune by commune and person by person along the index, or session by session of the needs, rather than day by day.
    when = aside(fact.held_on).between(filters.period.first, filters.period.last)
    query = select(fact.area_code, func.count(fact.subject_key.distinct())).where(
        when, *_by(filters, fact.structure_id)
    )
    if filters.need_kind:
        query = query.where(fact.participation_id.in_(_about(filters.need_kind)))
    return dict(db.session.execute(query.group_by(fact.area_code)).all())


def _about(kind: NeedKind) -> Select[UUID]:
    """SQL: who took part in the sessions about a need of this kind."""
    sessions = select(Participation.id).join(SessionLog, SessionLog.id == Participation.session_id)
    return sessions.join(Need, and_(Need.id == SessionLog.need_id, Need.kind == kind))


def unmet(filters: Filters) -> dict[str | None, Unmet]:
    """Needs noted in the period that are still open, or ended unresolved, by the person's commune."""
    kind = [Need.kind == filters.need_kind] if filters.need_kind else []
    without = or_(same(Need.state, NeedState.OPEN), one_of(Need.result, UNRESOLVED))
    of_each = select(Need.person_id, func.count().label("needs")).where(
        Need.created_at.between(*filters.period.bounds()), without, *kind, *_by(filters, Need.structure_id)
    )
    each = of_each.group_by(Need.person_id).subquery()
    query = select(Person.commune_code, func.sum(each.c.needs), func.count()).join(each, each.c.person_id == Person.id)
    found = db.session.execute(query.group_by(Person.commune_code))
    return {code: Unmet(int(needs), persons) for code, needs, persons in found}


def waiting(filters: Filters) -> dict[UUID, Waiting]:
    """Referrals of the period that nobody has accepted nor declined, by the structure that should answer."""
    kind = [Referral.need_kind == filters.need_kind] if filters.need_kind else []
    late = func.count().filter(Referral.at_risk.is_(True))
    query = (
        select(Referral.recipient_id, func.count(), late)
        .where(one_of(Referral.state, UNANSWERED), Referral.sent_at.between(*filters.period.bounds()), *kind)
        .group_by(Referral.recipient_id)
    )
    return {recipient: Waiting(count, overdue) for recipient, count, overdue in db.session.execute(query)}


def _by(filters: Filters, structure_id: Any) -> list[ColumnElement[bool]]:
    """Done by a structure of the kind asked for, those that must not be recognised left out."""
    if not filters.structure_kind:
        return []
    of_kind = select(Structure.id).where(Structure.kind == filters.structure_kind, Structure.sensitive.is_(False))
    return [structure_id.in_(of_kind)]
