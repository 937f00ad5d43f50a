"""Two years of the network's life, day after day, through the same verbs as the screens.

What is written most often (registrations, needs, sessions) goes by the bulk way of these verbs, a day at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cli.demo import calendar
from app.cli.demo.agreements import end_what_lapsed, for_a_year, plan_renewal
from app.cli.demo.draws import closing, need_data, stranger, visit_data, welcomer, workshop
from app.cli.demo.life import Followed, Life
from app.cli.demo.people import pick, registration, somebody
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.needs import actions as needs
from app.needs.models import Need
from app.network.models import Place, Structure, Team
from app.people import actions as people
from app.referrals import actions as referrals


@dataclass(frozen=True)
class Volume:
    """How much happens: people registered, sessions with nobody known, workshops; referrals follow from the people."""

    people: int = 400
    anonymous: int = 420
    workshops: int = 180
    years: int = 2


# How many needs nothing and nobody ends.
DEAD_END = 0.03
Referring = Callable[[Life, Followed], None]
Assessing = Callable[[Life, Followed], None]


def live(  # noqa: PLR0913
    life: Life, volume: Volume, days: list[date], refer: Referring, assess: Assessing, beside: Callable[[int], None]
) -> None:
    """Make every day happen, committing once a month. `refer` and `assess` are what follows a first meeting.

    `beside` is told the rank of each day once it is over, before the commit if there is one.
    """
    arrivals = calendar.spread(volume.people, days, life.rng)
    anonymous = calendar.spread(volume.anonymous, days, life.rng)
    workshops = calendar.spread(volume.workshops, days, life.rng)
    with _remembering(life):
        for rank, day in enumerate(days):
            life.today = day
            acts: list[Callable[[], object]] = life.due()
            acts += [lambda: arrive(life, refer, assess)] * arrivals.get(day, 0)
            acts += [lambda: meet_somebody(life)] * anonymous.get(day, 0)
            acts += [lambda: hold_workshop(life)] * workshops.get(day, 0)
            _day(life, acts)
            beside(rank)
            if rank % 20 == 19 or day == days[-1]:
                commit()
                _forget(life)


@contextmanager
def _remembering(life: Life) -> Iterator[None]:
    """The session forgets what nobody holds, and every verb asks for it again: hold what it loads, until `_forget`."""

    def hold(session: Session, instance: object) -> None:
        life.held.append(instance)

    session = db.session()
    for moment in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session, moment, hold)
    _forget(life)
    try:
        yield
    finally:
        for moment in ("loaded_as_persistent", "pending_to_persistent"):
            event.remove(session, moment, hold)


def _forget(life: Life) -> None:
    """Once a month, everything but the directory."""
    db.session.expunge_all()
    life.held.clear()
    for table in (Structure, Place, Team, User):
        db.session.scalars(select(table)).all()


def _day(life: Life, acts: list[Callable[[], object]]) -> None:
    opening = calendar.moment(life.today, 0, life.timezone)
    with clock.fixed(opening - timedelta(hours=1)):
        referrals.run_due_clocks(clock.now())
        end_what_lapsed(life)
    for rank, act in enumerate(acts):
        with clock.fixed(calendar.moment(life.today, rank, life.timezone)):
            act()
    with clock.fixed(calendar.moment(life.today, len(acts), life.timezone)):
        life.end_day()


def arrive(life: Life, refer: Referring, assess: Assessing) -> None:
    """Somebody comes for the first time: registered, a need noted, a session, and what follows."""
    actor = welcomer(life)
    who = somebody(life.rng, life.registered, life.today)
    life.registered += 1
    told = for_a_year(registration(life.rng, who, life.today))
    known = people.register_in(life.batch, actor, told, life.today)
    need = need_data(life, who)
    need_id = needs.open_need_in(life.batch, actor, known.granted, need, None)
    followed = Followed(known, need_id, who.wanted, need.priority, actor)
    life.granted[actor.membership_id, known.id] = known.granted
    meet(life, followed, actor)
    if actor.role is not Role.DESK and life.rng.random() < 0.55:
        life.evening.append(lambda: assess(life, followed))
    _plan(life, followed, refer)
    plan_renewal(life, followed, told.register)


def _plan(life: Life, followed: Followed, refer: Referring) -> None:
    """How many times they come back, and how often a partner is asked."""
    gap = 0
    for _visit in range(min(16, int(life.rng.expovariate(1 / 5.2)))):
        gap += life.rng.randint(3, 14)
        life.later(gap, lambda: meet(life, followed, followed.actor))
    life.later(gap + life.rng.randint(20, 60), lambda: finish(life, followed))
    for _referral in range(pick(life.rng, ((0, 6), (1, 20), (2, 30), (3, 44)))):
        life.later(life.rng.randint(1, 75), lambda: refer(life, followed))


def finish(life: Life, followed: Followed) -> None:
    """The need ends where it began, when no partner has ended it."""
    if followed.need_id in life.closed or life.rng.random() < DEAD_END:
        return
    granted = life.rights(followed.actor, followed.person_id)
    needs.close_need(followed.actor, granted, followed.need_id, closing(life))
    life.closed.add(followed.need_id)


def meet(life: Life, followed: Followed, actor: Actor) -> None:
    """A session with somebody of the register; about their need while it is open, else about one that it opens."""
    values = visit_data(life, actor, followed.wanted)
    if actor is followed.actor and followed.need_id not in life.closed:
        data = SessionData(**values, need_id=followed.need_id)  # type: ignore[arg-type]
        mediation.log_session_in(
            life.batch, actor, followed.known, data, life.today, life.spot(data.place_id), need_open=True
        )
        life.met[followed.person_id] = life.today
    else:
        _meet_about_another(life, followed, actor, SessionData(**values))  # type: ignore[arg-type]
    life.sessions += 1


def _meet_about_another(life: Life, followed: Followed, actor: Actor, data: SessionData) -> None:
    """A session that opens a need of its own, ended in its turn."""
    session = mediation.log_session(actor, life.rights(actor, followed.person_id), data, life.today)
    need_id = session.need_id
    if need_id is not None and life.rng.random() > DEAD_END:
        life.later(life.rng.randint(1, 30), lambda: _end_another(life, followed, actor, need_id))


def _end_another(life: Life, followed: Followed, actor: Actor, need_id: UUID) -> None:
    granted = life.rights(actor, followed.person_id)
    if granted.may_write and need_id not in life.closed:
        needs.close_need(actor, granted, need_id, closing(life))
        life.closed.add(need_id)


def end_own_needs(life: Life, followed: Followed, actor: Actor) -> None:
    """What the actor's structure noted itself ends before it stops following the person."""
    mine = (Need.person_id == followed.person_id, Need.structure_id == actor.structure_id, Need.closed_at.is_(None))
    for need_id in db.session.scalars(select(Need.id).where(*mine)).all():
        _end_another(life, followed, actor, need_id)


def meet_somebody(life: Life) -> None:
    """A session with somebody who is not in the register."""
    actor = welcomer(life)
    who, data = stranger(life, actor)
    mediation.log_anonymous_in(life.batch, actor, who, data, life.today, life.spot(data.place_id))
    life.sessions += 1


def hold_workshop(life: Life) -> None:
    """A workshop, counted."""
    actor, counts, data = workshop(life)
    mediation.log_workshop_in(life.batch, actor, counts, data, life.today, life.spot(data.place_id))
    life.sessions += 1
