"""What a network in good order does besides meeting people: accesses reviewed every year, sharing cards made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.enums import Verdict
from app.accounts.models import User
from app.cli.demo.life import Life
from app.kernel import grants
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.people.actions import cards as people_cards
from app.people.models import FollowUp, Person

CARDS = 12
YEAR = timedelta(days=365)
# How many days ago each structure said who keeps an access, the first one nearest: the last two are late this year.
REVIEWED = (40, 63, 81, 95, 120, 144, 158, 171)
FORGOTTEN = {"repair": 371, "town": 384}
WORDS = ("coquelicot", "tournesol", "hirondelle", "confiture", "marronnier", "cerf-volant")


def keep_house(life: Life, first: date) -> None:
    """Plan it, each act on its day: reviews all along, and the cards that a few people take home on the last day."""
    others = (key for key in life.network.structures if key not in FORGOTTEN)
    ages = {**dict(zip(others, REVIEWED, strict=True)), **FORGOTTEN}
    for key, age in ages.items():
        for day in _every_year(life.last - timedelta(days=age), first):
            life.on(day, partial(_review, life, _reviewer(life, key), life.network.structures[key]))
    life.on(life.last, lambda: _sign_in(life))
    life.on(life.last, lambda: _make_cards(life, life.network.front("library")[-1]))


def _sign_in(life: Life) -> None:
    """Everybody came lately: today, yesterday or the day before."""
    for rank, user in enumerate(db.session.scalars(select(User).order_by(User.created_at, User.id))):
        user.last_seen_on = life.last - timedelta(days=rank % 3)


def _every_year(last: date, first: date) -> Iterator[date]:
    """The day of the last review and the same one of the years before, as long as there was something to review."""
    day = last
    while day > first + YEAR / 2:
        yield day
        day -= YEAR


def _reviewer(life: Life, key: str) -> Actor:
    """The manager of the structure; whoever administers the network when it has none."""
    hats = life.network.hats
    managers = [hat for hat in hats[key] if hat.role is Role.MANAGER]
    return managers[0] if managers else next(hat for some in hats.values() for hat in some if hat.role is Role.ADMIN)


def _review(life: Life, reviewer: Actor, structure_id: UUID) -> None:
    hats = account_queries.hats_in(structure_id, life.today)
    accounts.review(reviewer, structure_id, {hat.id: Verdict.KEEP for hat in hats})


def _make_cards(life: Life, actor: Actor) -> None:
    made = 0
    for person_id in db.session.scalars(recent(actor).limit(CARDS * 4)):
        try:
            people_cards.make_card(
                actor,
                grants.on_person(actor, person_id),
                people_cards.CardData(word=life.rng.choice(WORDS)),
                life.today,
            )
        except DomainError:
            continue
        made += 1
        if made == CARDS:
            return


def recent(actor: Actor) -> Select[UUID]:
    """Whom the actor's structure follows and whose birth year is known, the last met first."""
    theirs = select(FollowUp.person_id).where(FollowUp.structure_id == actor.structure_id, FollowUp.ended_on.is_(None))
    known = select(Person.id).where(Person.id.in_(theirs), Person.birth_year.is_not(None))
    return known.order_by(Person.last_contact_on.desc(), Person.id)
