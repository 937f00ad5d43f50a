"""Very many people and sessions, for load: drawn as the story draws them, written by the bulk way of the same actions.

Who comes when is dealt first (whole numbers, a few megabytes); then each day happens in order, journal included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from app.cli.demo import calendar
from app.cli.demo.draws import closing, need_data, stranger, visit_data, welcomer, workshop
from app.cli.demo.life import Life
from app.cli.demo.people import registration, somebody
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.bulk import Batch
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.needs import actions as needs
from app.needs.actions import CloseData
from app.needs.enums import Demarche, NeedKind
from app.people import actions as people
from app.people.actions import Known

WORKSHOPS, STRANGERS = 0.06, 0.14
WORKING_DAY = timedelta(hours=8)
EVENING = timedelta(hours=8, minutes=15)
MOST_ROWS = 60_000
AHEAD = 20


@dataclass
class Plan:
    """By rank of the day: who arrives and who comes back (ranks of people); strangers and workshops, how many."""

    arrivals: list[list[int]]
    visits: list[list[int]]
    endings: list[list[int]]
    strangers: list[int]
    workshops: list[int]
    last_visit: list[int]
    ending: list[int | None]


@dataclass(slots=True)
class Follower:
    """Somebody of the crowd once registered, and whoever follows them."""

    known: Known
    actor: Actor
    need_id: UUID
    wanted: tuple[NeedKind, Demarche | None]
    ended: tuple[CloseData, datetime] | None


@dataclass
class Crowd:
    """What the crowd keeps in mind from one day to the next."""

    days: list[date]
    plan: Plan
    batch: Batch = field(default_factory=Batch)
    followers: dict[int, Follower] = field(default_factory=dict)
    people: int = 0
    sessions: int = 0
    spared: int = 0
    counted: int = 0


def gather(count: int, sessions: int, days: list[date], rng: Random) -> Crowd:
    """Deal `count` people and exactly `sessions` sessions over the days; at least one session each."""
    seasons = [calendar.SEASONS[day.month] for day in days]
    ranks = range(len(days))
    workshops = min(round(sessions * WORKSHOPS), sessions - count)
    strangers = min(round(sessions * STRANGERS), sessions - count - workshops)
    arrived = rng.choices(ranks, seasons, k=count)
    visits, too_late = _visits(arrived, sessions - count - workshops - strangers, len(days), rng)
    last = [max([start, *coming]) for start, coming in zip(arrived, visits, strict=True)]
    ending = [_ending(rank, len(days), rng) for rank in last]
    plan = Plan(
        arrivals=_by_day([[start] for start in arrived], len(days)),
        visits=_by_day(visits, len(days)),
        endings=_by_day([[] if end is None else [end] for end in ending], len(days)),
        strangers=_counts(rng.choices(ranks, seasons, k=strangers + too_late), len(days)),
        workshops=_counts(rng.choices(ranks, seasons, k=workshops), len(days)),
        last_visit=last,
        ending=ending,
    )
    return Crowd(days, plan)


def _visits(arrived: list[int], total: int, days: int, rng: Random) -> tuple[list[list[int]], int]:
    """The days on which each person comes back: many times for a few, a week or two apart; and how many fell too late."""
    coming: list[list[int]] = [[] for _person in arrived]
    if not arrived:
        return coming, total
    weights = list(accumulate(rng.expovariate(1) for _person in arrived))
    too_late = 0
    for person in rng.choices(range(len(arrived)), cum_weights=weights, k=total):
        day = (coming[person][-1] if coming[person] else arrived[person]) + rng.randint(3, 14)
        if day < days:
            coming[person].append(day)
        else:
            too_late += 1
    return coming, too_late


def _ending(last: int, days: int, rng: Random) -> int | None:
    """The day on which the need ends; most are ended, some never are."""
    end = last + rng.randint(20, 60)
    return end if end < days and rng.random() < 0.85 else None


def _by_day(people: list[list[int]], days: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _day in range(days)]
    for person, ranks in enumerate(people):
        for rank in ranks:
            found[rank].append(person)
    return found


def _counts(ranks: list[int], days: int) -> list[int]:
    found = [0] * days
    for rank in ranks:
        found[rank] += 1
    return found


def live_day(crowd: Crowd, life: Life, rank: int) -> None:
    """Everything the crowd does on one day, in a drawn order, then the needs that end."""
    acts = _acts(crowd, life, rank)
    life.rng.shuffle(acts)
    opening = calendar.moment(crowd.days[rank], 0, life.timezone)
    for order, (act, person) in enumerate(acts):
        with clock.fixed(opening + WORKING_DAY * order / len(acts)):
            act(crowd, life, person)
    for person in crowd.plan.endings[rank]:
        with clock.fixed(_evening(opening, person)):
            _end(crowd, person)
    if len(crowd.batch) > MOST_ROWS:
        crowd.batch.write()


Act = Callable[[Crowd, Life, int], None]


def _acts(crowd: Crowd, life: Life, rank: int) -> list[tuple[Act, int]]:
    """Who does what that day."""
    plan = crowd.plan
    acts: list[tuple[Act, int]] = [(_arrive, person) for person in plan.arrivals[rank]]
    acts += [(_come_back, person) for person in plan.visits[rank]]
    acts += [(_meet_stranger, 0)] * _strangers(crowd, life, rank)
    acts += [(_hold_workshop, 0)] * plan.workshops[rank]
    crowd.people += len(plan.arrivals[rank])
    crowd.sessions += len(acts)
    return acts


def _strangers(crowd: Crowd, life: Life, rank: int) -> int:
    """What the story logs beside the crowd is taken off the strangers, a little ahead of time, so that the total is exact."""
    planned, ahead = crowd.plan.strangers[rank], AHEAD if life.sessions else 0
    if rank == len(crowd.days) - 1:
        return max(0, planned + crowd.spared - life.sessions)
    spared = min(planned, max(0, life.sessions + ahead - crowd.spared))
    crowd.spared += spared
    return planned - spared


def _evening(opening: datetime, person: int) -> datetime:
    return opening + EVENING + timedelta(seconds=person % 3600)


def _arrive(crowd: Crowd, life: Life, person: int) -> None:
    actor, last = welcomer(life), crowd.days[crowd.plan.last_visit[person]]
    who = somebody(life.rng, person, life.today)
    known = people.register_in(crowd.batch, actor, registration(life.rng, who, life.today), last)
    ended = _ended(crowd, life, person)
    need_id = needs.open_need_in(crowd.batch, actor, known.granted, need_data(life, who), ended)
    crowd.followers[person] = Follower(known, actor, need_id, who.wanted, ended)
    _come_back(crowd, life, person)


def _ended(crowd: Crowd, life: Life, person: int) -> tuple[CloseData, datetime] | None:
    end = crowd.plan.ending[person]
    if end is None:
        return None
    return closing(life), _evening(calendar.moment(crowd.days[end], 0, life.timezone), person)


def _come_back(crowd: Crowd, life: Life, person: int) -> None:
    one = crowd.followers[person]
    values = {**visit_data(life, one.actor, one.wanted), "need_id": one.need_id}
    data = SessionData(**values)  # type: ignore[arg-type]
    need_open = one.ended is None or clock.now() < one.ended[1]
    mediation.log_session_in(crowd.batch, one.actor, one.known, data, life.today, life.spot(data.place_id), need_open)


def _end(crowd: Crowd, person: int) -> None:
    one = crowd.followers.pop(person)
    if one.ended is not None:
        needs.note_closing(one.actor, one.known.granted, one.need_id, one.ended[0])


def _meet_stranger(crowd: Crowd, life: Life, _person: int) -> None:
    actor = welcomer(life)
    who, data = stranger(life, actor)
    mediation.log_anonymous_in(crowd.batch, actor, who, data, life.today, life.spot(data.place_id))


def _hold_workshop(crowd: Crowd, life: Life, _person: int) -> None:
    actor, counts, data = workshop(life)
    mediation.log_workshop_in(crowd.batch, actor, counts, data, life.today, life.spot(data.place_id))
