"""What is counted for a period: from participation facts, needs, referrals, assessments. Nothing here is published as it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select

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
from app.needs.enums import NeedKind, NeedResult
from app.needs.models import Need
from app.people.enums import AgeBand
from app.pilotage.formulas import counting
from app.pilotage.formulas.counting import Case, Teams, Visit
from app.pilotage.formulas.terms import Term
from app.pilotage.indicators import ANSWER_WITHIN
from app.pilotage.secrecy import Count, Counted, Part, Total
from app.referrals.enums import ENDED, LIVE, Outcome, State
from app.referrals.models import Referral
from app.territory import communes

AREA = "reseau"
ELSEWHERE, UNKNOWN = "ailleurs", "inconnue"
WAITING_DAYS = 90
_MET = frozenset({Outcome.NEED_MET, Outcome.PARTLY_MET})
_RESOLVED = (NeedResult.RESOLUE, NeedResult.EN_PARTIE)


@dataclass(frozen=True)
class Rows:
    """Visits of the period, and those of its workshops."""

    visits: list[Visit]
    in_workshops: list[Visit]


def counted(term: Term, commune_codes: Sequence[str], timezone: str, days: OpeningDays) -> Counted:
    """Everything a summary counts, for the whole network. Eleven queries, whatever the number of rows."""
    bounds = _bounds(term, timezone)
    rows = _visits(term)
    totals, breakdowns = _activity(term, rows, commune_codes)
    for more_totals, more_breakdowns in (_needs(term, bounds), _referrals(bounds, timezone, days), _travelled(bounds)):
        totals |= more_totals
        breakdowns |= more_breakdowns
    return Counted(totals, breakdowns)


Found = tuple[dict[str, Total], dict[str, tuple[Part, ...]]]
Bounds = tuple[datetime, datetime]


def _bounds(term: Term, timezone: str) -> Bounds:
    zone = ZoneInfo(timezone)
    return datetime.combine(term.first, time.min, zone), datetime.combine(term.last, time.max, zone)


def _visits(term: Term) -> Rows:
    fact, log = ParticipationFact, SessionLog
    what = (fact.subject_key, fact.anonymous, log.author_id, fact.age_band, fact.area_code)
    query = (
        select(*what, log.kind, func.count().label("times"), func.max(fact.held_on).label("last"))
        .join(Participation, Participation.id == fact.participation_id)
        .join(log, log.id == Participation.session_id)
        .where(fact.held_on.between(term.first, term.last))
        .group_by(*what, log.kind)
    )
    found = [(row.kind, _visit(row)) for row in db.session.execute(query)]
    return Rows([visit for _kind, visit in found], [v for kind, v in found if kind is SessionKind.COLLECTIF])


def _visit(row: Any) -> Visit:
    area = row.area_code or UNKNOWN
    return Visit(row.subject_key, row.anonymous, row.author_id, row.age_band.value, area, row.times, row.last)


def _activity(term: Term, rows: Rows, commune_codes: Sequence[str]) -> Found:
    visits = rows.visits
    where = _placing(commune_codes)
    groups = {code: found.epci_code or "" for code in commune_codes if (found := communes.by_code(code))}
    bands = [band.value for band in AgeBand]
    totals = {
        "people": counting.people(visits),
        "accompaniments": counting.accompaniments(visits),
        "anonymous": counting.accompaniments(visits, anonymous=True),
        **_sessions(term, rows),
    }
    breakdowns = {
        "novelty": counting.newcomers(visits, _first_days(term), term.first),
        "age": counting.spread(visits, lambda visit: visit.age, bands, {}),
        "commune": counting.spread(visits, where, (*commune_codes, ELSEWHERE, UNKNOWN), groups),
    }
    return totals, breakdowns


def _placing(commune_codes: Sequence[str]) -> Callable[[Visit], str]:
    """The commune of the territory where somebody lives (Paris for its arrondissements), or outside, or unknown."""
    inside = frozenset(commune_codes)
    known: dict[str, str] = {UNKNOWN: UNKNOWN}

    def where(visit: Visit) -> str:
        if visit.commune not in known:
            found = communes.by_code(visit.commune)
            code = (found.parent or found.code) if found else visit.commune
            known[visit.commune] = code if code in inside else ELSEWHERE
        return known[visit.commune]

    return where


def _first_days(term: Term) -> Mapping[Hashable, date]:
    fact = ParticipationFact
    seen = select(fact.subject_key).where(fact.held_on.between(term.first, term.last), fact.anonymous.is_(False))
    query = select(fact.subject_key, func.min(fact.held_on)).where(fact.subject_key.in_(seen))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(fact.subject_key))}


def _sessions(term: Term, rows: Rows) -> dict[str, Total]:
    log = SessionLog
    query = select(log.author_id, log.kind, func.count().label("held"), func.sum(log.minutes).label("minutes"))
    query = query.where(log.held_on.between(term.first, term.last)).group_by(log.author_id, log.kind)
    found = db.session.execute(query).all()
    workshops = [row for row in found if row.kind is SessionKind.COLLECTIF]
    hours = round(sum(row.minutes for row in found) / 60)
    return {
        "hours": _of_sessions(hours, found, rows.visits),
        "workshops": _of_sessions(sum(row.held for row in workshops), workshops, rows.in_workshops),
    }


def _of_sessions(value: int, found: Sequence[Any], visits: Sequence[Visit]) -> Total:
    subjects = frozenset(visit.subject for visit in visits)
    return Total(Count(value, subjects), frozenset(row.author_id for row in found))


def _needs(term: Term, bounds: Bounds) -> Found:
    opened = _cases(select(Need.person_id, Need.author_id, Need.kind).where(Need.created_at.between(*bounds)))
    resolved = _cases(_need_rows(Need.closed_at.between(*bounds), Need.result.in_(_RESOLVED)))
    long_ago = datetime.combine(term.last - timedelta(days=WAITING_DAYS), time.min, bounds[1].tzinfo)
    still = or_(Need.closed_at.is_(None), Need.closed_at > bounds[1])
    waiting = _cases(_need_rows(Need.created_at < long_ago, still))
    totals = {
        "needs_opened": counting.total(opened),
        "needs_resolved": counting.total(resolved),
        "needs_waiting": counting.total(waiting),
    }
    return totals, {"kind": counting.parts(opened, "needs_opened", [kind.value for kind in NeedKind])}


def _need_rows(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(Need.person_id, Need.author_id).where(*where)


def _cases(query: Select[*tuple[Any, ...]]) -> list[Case]:
    """Rows of (person, author) or (person, author, category)."""
    return [Case(row[0], row[1], str(row[2].value) if len(row) > 2 else "") for row in db.session.execute(query)]


def _referrals(bounds: Bounds, timezone: str, days: OpeningDays) -> Found:
    """Delays and refusals describe those who receive: three advisers of their structures at least."""
    sent, teams = _sent(bounds), _teams()
    answered = [Case(row.person_id, row.recipient_id, _answer(row, timezone, days)) for row in sent]
    ended = _ended(bounds)
    closed = [_closing(row) for row in ended if row.state is State.CLOSED]
    declined = [Case(row.person_id, row.recipient_id) for row in ended if row.state is State.DECLINED]
    totals = {
        "referrals_sent": counting.total([Case(row.person_id, row.author_id) for row in sent]),
        "referrals_closed": counting.total(closed, teams),
        "referrals_declined": counting.total(declined, teams),
    }
    breakdowns = {
        "answer": counting.parts(answered, "referrals_sent", ("within", "other"), teams),
        "outcome": counting.parts(closed, "referrals_closed", ("met", "other"), teams),
    }
    return totals, breakdowns


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


def _travelled(bounds: Bounds) -> Found:
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
    cases = [case for rows in by_person.values() if (case := _journey(rows)) is not None]
    totals = {"travelled": counting.total(cases)}
    return totals, {"distance": counting.parts(cases, "travelled", ("nearer", "other"))}


def _journey(rows: Sequence[Any]) -> Case | None:
    last = rows[-1]
    same = [row for row in rows if _major(row) == _major(last)]
    if len(same) < 2:
        return None
    return Case(last.person_id, last.author_id, counting.nearer(same[0].index_value, last.index_value))


def _major(row: Any) -> str:
    return str(row.instrument_version).split(".", maxsplit=1)[0]
