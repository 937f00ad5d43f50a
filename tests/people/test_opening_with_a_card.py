"""A card opens the sections of the agreement, and no refusal can be told from another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.network.models import Structure
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions import withdraw_consent
from app.people.enums import ConsentAnswer, PersonState
from app.people.models import Consent, Person, SharingCard
from tests.people.deck import OPEN, WORD, YEAR, card_of, made, present, shared_with
from tests.people.opening import asked
from tests.support.pages import InspectingClient
from tests.support.queries import Queries
from tests.support.world import World

REFUSED = "Cette carte ne s’ouvre pas ainsi."


def test_it_opens_the_sections_of_the_agreement_and_a_follow_up_begins(world: World, fs: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    assert fs.get(f"/personnes/{amina}").status_code == 404
    answer = present(fs, cards.shown_code(code).lower(), word=" TOURNESOL ")
    assert (answer.status_code, answer.location) == (303, f"/personnes/{amina}")
    assert "Amina" in fs.text(fs.get(answer.location), "h1")
    (follow_up,) = shared_with(world, amina).values()
    assert (follow_up.structure_id, follow_up.sections) == (world.structures["france_services"], SHARED_BY_DEFAULT)
    with world.app.app_context():
        granted = grants.on_person(world.actors["fs.adviser"], amina)
        assert granted.sections == SHARED_BY_DEFAULT
        assert not granted.opens(Section.NOTES)
        assert db.session.get_one(Person, amina).last_contact_on == world.today


@pytest.mark.parametrize("who", ["ccas.desk", "fs.adviser", "camille.fablab", "shelter.adviser"])
def test_any_front_hat_of_a_structure_of_the_network(world: World, who: str) -> None:
    code = made(world)
    assert present(world.client(who), code).status_code == 303


def test_a_structure_without_an_agreement_opens_nothing(world: World) -> None:
    code = made(world)
    client = world.client("newcomer.adviser")
    page = client.get(OPEN)
    assert not client.select(page, "#ouvrir")
    assert "pas de convention signée" in client.text(page)
    token = client.select(client.get("/personnes/nouvelle"), "input[name=csrf_token]")[0]["value"]
    said = {"present": "y", "code": code, "secret_year": YEAR, "secret_word": WORD, "csrf_token": token}
    assert client.post(OPEN, data=said).status_code == 422
    assert card_of(world, world.people["amina"]).tries == 0


def test_the_person_has_to_be_there(world: World, fs: InspectingClient) -> None:
    said = {"code": made(world), "secret_year": YEAR, "secret_word": WORD}
    page = fs.submit(fs.get(OPEN), "#ouvrir", data=said)
    assert (page.status_code, "en présence de la personne" in fs.text(page)) == (422, True)
    assert card_of(world, world.people["amina"]).tries == 0


@pytest.mark.parametrize(
    ("year", "word"), [("1957", WORD), (YEAR, "Capucine"), ("1957", "Capucine"), (YEAR, "Tournesols")]
)
def test_both_facts_are_needed(world: World, fs: InspectingClient, year: str, word: str) -> None:
    code = made(world)
    page = present(fs, code, year, word)
    assert (page.status_code, REFUSED in fs.text(page)) == (422, True)
    assert shared_with(world, world.people["amina"]) == {}


def test_what_was_said_is_not_shown_again(world: World, fs: InspectingClient) -> None:
    page = present(fs, made(world), "1957", "Capucine")
    assert page.status_code == 422
    assert not [said for said in ("Capucine", "1957") if said in page.get_data(as_text=True)]


# ---------------------------------------------------------------- no refusal can be told from another


def _locked(world: World) -> str:
    code = made(world)
    with world.app.app_context():
        db.session.scalars(select(SharingCard)).one().tries = 3
        commit()
    return code


def _cancelled(world: World) -> str:
    code = made(world)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        card_actions.cancel_card(actor, grants.on_person(actor, world.people["amina"]))
        commit()
    return code


def _replaced(world: World) -> str:
    code = made(world)
    made(world)
    return code


def _withdrawn(world: World) -> str:
    code = made(world)
    with world.app.app_context():
        actor, amina = world.actors["library.adviser"], world.people["amina"]
        consent = db.session.scalars(select(Consent.id).where(Consent.person_id == amina)).one()
        withdraw_consent(actor, grants.on_person(actor, amina), consent, world.today)
        commit()
    return code


def _changed(world: World, model: type, of: str, **values: object) -> str:
    code = made(world)
    ids = {"person": world.people["amina"], "structure": world.structures["library"]}
    with world.app.app_context():
        which = Consent.person_id == ids[of] if model is Consent else model.id == ids[of]  # type: ignore[attr-defined]
        row = db.session.scalars(select(model).where(which)).one()
        for name, value in values.items():
            setattr(row, name, value)
        commit()
        db.session.remove()
    return code


def _ran_out(world: World) -> str:
    yesterday = world.today - timedelta(days=1)
    return _changed(world, Consent, "person", starts_on=yesterday, ends_on=yesterday)


def _refused_since(world: World) -> str:
    return _changed(world, Consent, "person", answer=ConsentAnswer.REFUSED)


def _archived(world: World) -> str:
    return _changed(world, Person, "person", state=PersonState.ARCHIVED)


def _year_gone(world: World) -> str:
    return _changed(world, Person, "person", birth_year=None)


def _left_the_network(world: World) -> str:
    return _changed(world, Structure, "structure", agreement_ended_on=world.today)


CLOSED: dict[str, Callable[[World], str]] = {
    "locked": _locked,
    "cancelled": _cancelled,
    "replaced": _replaced,
    "agreement taken back": _withdrawn,
    "agreement that ran out": _ran_out,
    "refused since": _refused_since,
    "archived": _archived,
    "birth year erased": _year_gone,
    "referent without an agreement of the network": _left_the_network,
}


def anonymous(page: TestResponse, code: str) -> str:
    """The page without what changes from one request to the next, nor what was typed."""
    text = page.get_data(as_text=True).replace(code, "CODE")
    return re.sub(r'(name="(?:csrf_token|form_key)"[^>]*value=|value=)"[^"]{20,}"', r"\1", text)


def shapes(queries: Queries) -> list[str]:
    """The statements in order. The journal’s may name a card and a person, or nobody: its columns apart."""
    return [re.sub(r"(INSERT INTO journal_entry) .*", r"\1", text) for text in queries.statements]


@pytest.mark.parametrize("why", CLOSED)
def test_every_refusal_is_that_of_an_unknown_code(world: World, fs: InspectingClient, why: str) -> None:
    code = CLOSED[why](world)
    unknown = cards.rules().code_of(uuid4())
    present(fs, unknown)
    (known_page, known), (unknown_page, nothing) = asked(world, fs, code), asked(world, fs, unknown)
    assert (known_page.status_code, unknown_page.status_code) == (422, 422)
    assert anonymous(known_page, code) == anonymous(unknown_page, unknown)
    assert REFUSED in fs.text(known_page)
    assert shapes(known) == shapes(nothing)
    assert known_page.headers.get("Content-Type") == unknown_page.headers.get("Content-Type")


def test_a_wrong_word_is_that_of_an_unknown_code_even_the_third_time(world: World, fs: InspectingClient) -> None:
    code, unknown = made(world), cards.rules().code_of(uuid4())
    pages = [asked(world, fs, which, "Capucine") for which in (unknown, code, code, code, code)]
    first_page, first = pages[0]
    for page, queries in pages[1:]:
        assert anonymous(page, code) == anonymous(first_page, unknown)
        assert shapes(queries) == shapes(first)
    assert card_of(world, world.people["amina"]).locked


def test_the_statements_of_a_refusal_are_few(world: World, fs: InspectingClient) -> None:
    present(fs, "K7MQ2XAB")
    _page, queries = asked(world, fs, "K7MQ2XAB")
    queries.assert_at_most(20)
