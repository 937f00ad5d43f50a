"""Three failures lock a card, and codes cannot be looked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.writes import commit
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions import presenting
from app.people.actions.presenting import Facts, Try
from app.people.models import CardTry
from tests.people.deck import WORD, card_of, code_of, made, make, present
from tests.people.helpers import journal
from tests.support.pages import InspectingClient
from tests.support.world import World

# ---------------------------------------------------------------- three failures


def test_three_failures_lock_whoever_makes_them_and_the_right_facts_no_longer_serve(world: World) -> None:
    amina, code = world.people["amina"], made(world)
    for who in ("fs.adviser", "ccas.desk", "camille.fablab"):
        assert present(world.client(who), code, word="Capucine").status_code == 422
    assert card_of(world, amina).tries == 3, "counted although the answer was a refusal"
    assert present(world.client("ccas.adviser"), code).status_code == 422
    desk = world.client("library.desk")
    assert "La carte est bloquée" in desk.text(desk.get(f"/personnes/{amina}/carte"))
    assert desk.get(f"/personnes/{amina}/carte/papier").status_code == 404
    assert make(desk, amina).status_code == 303
    assert present(world.client("ccas.adviser"), code_of(world, amina)).status_code == 303


def test_the_right_facts_forget_the_failures_before_them(world: World, fs: InspectingClient) -> None:
    code = made(world)
    for _round in range(3):
        present(fs, code, word="Capucine")
        present(fs, code, word="Lavande")
        assert present(fs, code).status_code == 303
    assert not card_of(world, world.people["amina"]).locked


def test_the_referent_is_told_of_a_locked_card_by_the_worker_once(world: World, fs: InspectingClient) -> None:
    code = made(world)
    for _rank in range(3):
        present(fs, code, word="Capucine")
    with world.app.app_context():
        assert [card_actions.tell_locked(clock.now()) for _again in range(2)] == [1, 0]
        commit()
        db.session.remove()
    adviser = world.client("library.adviser")
    assert "Proposer une autre carte à Amina Benali" in adviser.text(adviser.get("/"))
    assert "Proposer une autre carte" not in world.client("ccas.adviser").get("/").get_data(as_text=True)
    assert [entry.person_id for entry in journal(world, "card.lock")] == [world.people["amina"]]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=14))
def test_three_failures_lock_whatever_the_interleaving(world: World, steps: list[tuple[bool, int]]) -> None:
    """Tries begin and end in any order. A naive account of what happened must agree with the card.

    Each step begins a try (right or wrong facts), or ends one of those that are under way.
    """
    with world.app.app_context():
        actor, amina = world.actors["library.adviser"], world.people["amina"]
        card = card_actions.make_card(
            actor, grants.on_person(actor, amina), card_actions.CardData(word=WORD), world.today
        )
        code = cards.rules().code_of(card.id)
        waiting: list[tuple[Try, bool, int]] = []
        begun: list[bool] = []
        succeeded: list[int] = []
        for right, which in [*steps, *([(True, 0)] * len(steps))]:
            if which == 0 and waiting:
                _end(world, waiting.pop(0), succeeded)
                continue
            since_last = len(begun) - max(succeeded, default=0)
            counted = presenting.begin_try(actor, code, "192.0.2.1")
            assert (counted.card_id is not None) is (since_last < 3)
            if counted.card_id is not None:
                begun.append(right)
                waiting.append((counted, right, len(begun)))
            db.session.query(CardTry).delete()
        db.session.refresh(card)
        assert (card.tries, card.forgiven) == (len(begun), max(succeeded, default=0))
        assert _most_wrong_in_a_row(begun, succeeded) <= 3
        db.session.rollback()


def _end(world: World, one: tuple[Try, bool, int], succeeded: list[int]) -> None:
    counted, right, number = one
    facts = Facts("", 1958, WORD if right else "Capucine")
    if right:
        presenting.open_with_card(world.actors["library.adviser"], counted, facts, world.today)
        succeeded.append(number)
    else:
        with pytest.raises(DomainError):
            presenting.open_with_card(world.actors["library.adviser"], counted, facts, world.today)


def _most_wrong_in_a_row(begun: list[bool], succeeded: list[int]) -> int:
    most = run = 0
    for number, right in enumerate(begun, 1):
        run = 0 if right and number in succeeded else run + (not right)
        most = max(most, run)
    return most


# ---------------------------------------------------------------- codes cannot be looked for


def test_codes_cannot_be_tried_one_after_the_other_by_one_user(world: World, fs: InspectingClient) -> None:
    code = made(world)
    for _rank in range(cards.USER_TRIES):
        assert present(fs, cards.rules().code_of(uuid4())).status_code == 422
    page = present(fs, code)
    assert (page.status_code, "Trop d’essais" in fs.text(page)) == (429, True)
    assert card_of(world, world.people["amina"]).tries == 0
    assert present(world.client("ccas.adviser"), code).status_code == 303
    with clock.fixed(clock.now() + cards.WINDOW + timedelta(seconds=1)):
        assert present(world.client("fs.adviser"), code).status_code == 303


def test_nor_from_one_address(world: World) -> None:
    with world.app.app_context():
        source = cards.rules().source("127.0.0.1")
        for _rank in range(cards.ADDRESS_TRIES):
            db.session.add(CardTry(user_id=uuid4(), address_hash=source, at=clock.now()))
        commit()
        db.session.remove()
    assert present(world.client("fs.adviser"), made(world)).status_code == 429


def test_successes_are_not_counted(world: World, fs: InspectingClient) -> None:
    code = made(world)
    for _rank in range(cards.USER_TRIES + 1):
        assert present(fs, code).status_code == 303
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CardTry)) == 0
