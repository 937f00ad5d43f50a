"""What is counted for a period: from participation facts, needs, referrals, assessments. Nothing here is published as it is."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, union

from app.accounts.models import Membership
from app.assessments import policy as assessment_policy
from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment
from app.kernel import clock
from app.kernel.access import FRONT
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.mediation.enums import SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.needs.enums import NeedResult
from app.needs.models import Need
from app.people.models import Person
from app.pilotage.formulas import counting
from app.pilotage.formulas.counting import Case, Teams, Visit
from app.pilotage.formulas.terms import Term
from app.pilotage.indicators import ANSWER_WITHIN
from app.pilotage.queries.summaries.census import UNKNOWN, Cases, Census, Home, Rows
from app.pilotage.secrecy import WHOLE, Counted
from app.referrals.enums import ENDED, LIVE, Outcome, State
from app.referrals.models import Referral

AREA = WHOLE
WAITING_DAYS = 90
_MET = frozenset({Outcome.NEED_MET, Outcome.PARTLY_MET})
_RESOLVED = (NeedResult.RESOLUE, NeedResult.EN_PARTIE)
Bounds = tuple[datetime, datetime]
Found = Mapping[str, Sequence[Case]]


def counted(term: Term, commune_codes: Sequence[str], timezone: str, days: OpeningDays) -> Counted:
    """Everything a summary counts, for the whole network. Eleven queries, whatever the number of rows."""
    return census(term, commune_codes, timezone, days).whole()


def census(
    term: Term, commune_codes: Sequence[str], timezone: str, days: OpeningDays, until: datetime | None = None
) -> Census:
    """What was noted of a period, to be counted for the network or a part. Eleven queries; one more for parts.

    `until`: sessions noted later are left out, so that every summary of a period counts the same ones.
    """
    bounds = _bounds(term, timezone)
    sent, ended = _sent(bounds), _ended(bounds)
    closed = [_closing(row) for row in ended if row.state is State.CLOSED]
    found = {
        **_needs(term, bounds),
        "referrals_sent": [Case(row.person_id, row.author_id) for row in sent],
        "referrals_closed": closed,
        "referrals_declined": [Case(row.person_id, row.recipient_id) for row in ended if row.state is State.DECLINED],
        "travelled": _travelled(bounds),
    }
    answers = [Case(row.person_id, row.recipient_id, _answer(row, timezone, days)) for row in sent]
    cases = Cases(found, answers, _teams())
    return Census(term, tuple(commune_codes), _rows(term, until), cases, lambda: homes(term, bounds, until))


def _bounds(term: Term, timezone: str) -> Bounds:
    zone = ZoneInfo(timezone)
    return datetime.combine(term.first, time.min, zone), datetime.combine(term.last, time.max, zone)


def homes(term: Term, bounds: Bounds, until: datetime | None = None) -> list[Home]:
    """Where each person of a need, a referral or an assessment has lived: the commune of their record, first, then those
    of their sessions up to the last day of the period. One query.
    """
    fact, log = ParticipationFact, SessionLog
    sessions = (
        select(Participation.person_id, fact.area_code, func.max(fact.held_on).label("last"))
        .join(Participation, Participation.id == fact.participation_id)
        .join(log, log.id == Participation.session_id)
        .where(fact.held_on <= term.last, Participation.person_id.in_(_concerned(bounds)), *_until(until))
        .group_by(Participation.person_id, fact.area_code)
        .subquery()
    )
    columns = (Person.id, Person.commune_code, sessions.c.area_code, sessions.c.last)
    query = select(*columns).outerjoin(sessions, sessions.c.person_id == Person.id)
    found = db.session.execute(query.where(Person.id.in_(_concerned(bounds)))).all()
    seen = [Home(row.id, row.area_code or UNKNOWN, row.last) for row in found if row.last]
    return [Home(row.id, row.commune_code or UNKNOWN, date.min) for row in found] + seen


def _concerned(bounds: Bounds) -> Any:
    """The people of whom a case of the period may speak."""
    first, last = bounds
    still = or_(Need.closed_at.is_(None), Need.closed_at >= first)
    needs = select(Need.person_id).where(Need.created_at <= last, still)
    moved = or_(Referral.sent_at.between(*bounds), Referral.ended_at.between(*bounds))
    assessed = select(Assessment.person_id).where(Assessment.finished_at.between(*bounds))
    return select(union(needs, select(Referral.person_id).where(moved), assessed).subquery().c.person_id)


def _until(until: datetime | None) -> list[ColumnElement[bool]]:
    return [] if until is None else [SessionLog.created_at <= until]


def _rows(term: Term, until: datetime | None) -> Rows:
    found = list(_visits(term, until))
    in_workshops = [visit for kind, visit in found if kind is SessionKind.COLLECTIF]
    return Rows([visit for _kind, visit in found], in_workshops, _sessions(term, until), _first_days(term, until))


def _visits(term: Term, until: datetime | None) -> Iterator[tuple[SessionKind, Visit]]:
    fact, log = ParticipationFact, SessionLog
    what = (fact.subject_key, fact.anonymous, log.author_id, fact.age_band, fact.area_code)
    query = (
        select(*what, log.kind, func.count().label("times"), func.max(fact.held_on).label("last"))
        .join(Participation, Participation.id == fact.participation_id)
        .join(log, log.id == Participation.session_id)
        .where(fact.held_on.between(term.first, term.last), *_until(until))
        .group_by(*what, log.kind)
    )
    for row in db.session.execute(query):
        yield row.kind, _visit(row)


def _visit(row: Any) -> Visit:
    area = row.area_code or UNKNOWN
    return Visit(row.subject_key, row.anonymous, row.author_id, row.age_band.value, area, row.times, row.last)


def _first_days(term: Term, until: datetime | None) -> Mapping[Hashable, date]:
    fact = ParticipationFact
    seen = select(fact.subject_key).where(fact.held_on.between(term.first, term.last), fact.anonymous.is_(False))
    query = select(fact.subject_key, func.min(fact.held_on)).where(fact.subject_key.in_(seen))
    if until is not None:
        query = query.join(Participation, Participation.id == fact.participation_id)
        query = query.join(SessionLog, SessionLog.id == Participation.session_id).where(*_until(until))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(fact.subject_key))}


def _sessions(term: Term, until: datetime | None) -> Sequence[Any]:
    log = SessionLog
    query = select(log.author_id, log.kind, func.count().label("held"), func.sum(log.minutes).label("minutes"))
    query = query.where(log.held_on.between(term.first, term.last), *_until(until)).group_by(log.author_id, log.kind)
    return db.session.execute(query).all()


def _needs(term: Term, bounds: Bounds) -> Found:
    opened = select(Need.person_id, Need.author_id, Need.kind).where(Need.created_at.between(*bounds))
    long_ago = datetime.combine(term.last - timedelta(days=WAITING_DAYS), time.min, bounds[1].tzinfo)
    still = or_(Need.closed_at.is_(None), Need.closed_at > bounds[1])
    return {
        "needs_opened": _cases(opened),
        "needs_resolved": _cases(_need_rows(Need.closed_at.between(*bounds), Need.result.in_(_RESOLVED))),
        "needs_waiting": _cases(_need_rows(Need.created_at < long_ago, still)),
    }


def _need_rows(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(Need.person_id, Need.author_id).where(*where)


def _cases(query: Select[*tuple[Any, ...]]) -> list[Case]:
    """Rows of (person, author) or (person, author, category)."""
    return [Case(row[0], row[1], str(row[2].value) if len(row) > 2 else "") for row in db.session.execute(query)]


def _teams() -> Teams:
    """Who meets people in each structure."""
    found: dict[Hashable, set[Hashable]] = {}
    query = select(Membership.structure_id, Membership.user_id).where(Membership.role.in_(FRONT))
    for structure_id, user_id in db.session.execute(query):
        found.setdefault(structure_id, set()).add(user_id)
    return {structure_id: frozenset(people) for structure_id, people in found.items()}


def _sent(bounds: Bounds) -> Sequence[Any]:
    columns = (Referral.person_id, Referral.author_id, Referral.recipient_id, Referral.sent_at, Referral.answered_at)
    query = select(*columns).where(Referral.state.in_(LIVE | ENDED), Referral.sent_at.between(*bounds))
    return db.session.execute(query).all()


def _answer(row: Any, timezone: str, days: OpeningDays) -> str:
    if row.answered_at is None:
        return "other"
    sent, answered = (clock.local(at, timezone).date() for at in (row.sent_at, row.answered_at))
    return "within" if days.between(sent, answered) <= ANSWER_WITHIN else "other"


def _ended(bounds: Bounds) -> Sequence[Any]:
    columns = (Referral.person_id, Referral.recipient_id, Referral.state, Referral.outcome)
    query = select(*columns).where(Referral.state.in_((State.CLOSED, State.DECLINED)))
    return db.session.execute(query.where(Referral.ended_at.between(*bounds))).all()


def _closing(row: Any) -> Case:
    return Case(row.person_id, row.recipient_id, "met" if row.outcome in _MET else "other")


def _travelled(bounds: Bounds) -> list[Case]:
    """People whose last complete assessment is in the period, with an earlier one of the same major version."""
    complete = (
        Assessment.state == AssessmentState.DONE,
        Assessment.mode == Mode.FULL,
        Assessment.index_value.is_not(None),
        ~assessment_policy.is_corrected(),
    )
    lately = select(Assessment.person_id).where(*complete, Assessment.finished_at.between(*bounds))
    columns = (Assessment.person_id, Assessment.author_id, Assessment.index_value, Assessment.instrument_version)
    query = select(*columns).where(*complete, Assessment.finished_at <= bounds[1], Assessment.person_id.in_(lately))
    by_person: dict[Hashable, list[Any]] = {}
    for row in db.session.execute(query.order_by(Assessment.finished_at, Assessment.id)):
        by_person.setdefault(row.person_id, []).append(row)
    return [case for rows in by_person.values() if (case := _journey(rows)) is not None]


def _journey(rows: Sequence[Any]) -> Case | None:
    last = rows[-1]
    same = [row for row in rows if _major(row) == _major(last)]
    if len(same) < 2:
        return None
    return Case(last.person_id, last.author_id, counting.nearer(same[0].index_value, last.index_value))


def _major(row: Any) -> str:
    return str(row.instrument_version).split(".", maxsplit=1)[0]
