"""What a network in good order has done besides meeting people: accesses reviewed within the year, sharing cards made."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.enums import Verdict
from app.cli.demo import calendar
from app.cli.demo.network import Network
from app.kernel import clock, grants
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.writes import commit
from app.people.actions import cards as people_cards
from app.people.models import FollowUp, Person

REVIEWED, CARDS = timedelta(days=120), 12
WORDS = ("coquelicot", "tournesol", "hirondelle", "confiture", "marronnier", "cerf-volant")


def keep_house(network: Network, timezone: str, today: date, rng: Random) -> None:
    """Four months ago the managers said who keeps an access; yesterday a few people took a card home."""
    with clock.fixed(calendar.moment(today - REVIEWED, 0, timezone)):
        for manager in _managers(network):
            hats = account_queries.hats_in(manager.structure_id, today - REVIEWED)
            accounts.review(manager, manager.structure_id, {hat.id: Verdict.KEEP for hat in hats})
    yesterday = today - timedelta(days=1)
    with clock.fixed(calendar.moment(yesterday, 0, timezone)):
        _make_cards(network.front("library")[-1], yesterday, rng)
        commit()


def _managers(network: Network) -> list[Actor]:
    found = {hat.structure_id: hat for hats in network.hats.values() for hat in hats if hat.role is Role.MANAGER}
    return list(found.values())


def _make_cards(actor: Actor, day: date, rng: Random) -> None:
    made = 0
    for person_id in db.session.scalars(_recent(actor)):
        try:
            people_cards.make_card(
                actor, grants.on_person(actor, person_id), people_cards.CardData(word=rng.choice(WORDS)), day
            )
        except DomainError:
            continue
        made += 1
        if made == CARDS:
            return


def _recent(actor: Actor) -> Select[UUID]:
    theirs = select(FollowUp.person_id).where(FollowUp.structure_id == actor.structure_id, FollowUp.ended_on.is_(None))
    known = select(Person.id).where(Person.id.in_(theirs), Person.birth_year.is_not(None))
    return known.order_by(Person.last_contact_on.desc(), Person.id).limit(CARDS * 4)
