"""« Ouvrir avec une carte » : what opens, what never does, and that no refusal can be told from another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.network.models import Structure
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions import presenting, withdraw_consent
from app.people.actions.presenting import Facts, Try
from app.people.enums import CardEvent, ConsentAnswer, ConsentKind, FollowUpKind, PersonState
from app.people.models import CardNotice, CardTry, Consent, FollowUp, Person, SharingCard
from app.people.queries import cards as records
from tests.people.deck import OPEN, WORD, YEAR, card_of, code_of, made, make, present, shared_with
from tests.people.helpers import add, follow, journal
from tests.support.pages import InspectingClient
from tests.support.queries import Queries, count_queries
from tests.support.world import World

REFUSED = "Cette carte ne s’ouvre pas ainsi."


@pytest.fixture
def fs(world: World) -> InspectingClient:
    return world.client("fs.adviser")


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


def asked(world: World, client: InspectingClient, code: str, word: str = WORD) -> tuple[TestResponse, Queries]:
    """Present a card, counting what is asked of the database."""
    with world.app.app_context():
        bind = db.engine
    screen = client.get(OPEN)
    said = {"present": True, "code": code, "secret_year": YEAR, "secret_word": word}
    with count_queries(bind) as queries:
        return client.submit(screen, "#ouvrir", data=said), queries


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


# ---------------------------------------------------------------- who is told


def test_the_referent_is_told_on_its_list_and_by_a_mail_without_a_name(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    present(fs, made(world))
    adviser = world.client("library.adviser")
    home = adviser.get("/")
    assert "Amina Benali : le suivi a changé" in adviser.text(home)
    with world.app.app_context():
        mails = list(db.session.scalars(select(OutboxMessage)))
        told = {mail.user_id for mail in mails}
        assert told == {world.actors[who].user_id for who in ("library.adviser", "library.manager", "camille.library")}
        for mail in mails:
            assert not [
                word for word in ("Amina", "Benali", "France Services", "1958") if word in mail.body + mail.subject
            ]
        notice = db.session.scalars(select(CardNotice)).one()
        assert str(notice.id) in mails[0].body
    page = adviser.get(f"/personnes/cartes/avis/{notice.id}")
    assert "France Services Seyches a ouvert sa fiche avec sa carte" in adviser.text(page)
    assert fs.get(f"/personnes/cartes/avis/{notice.id}").status_code == 404
    assert adviser.submit(page, "#vu").location == f"/personnes/{amina}"
    assert "le suivi a changé" not in adviser.text(adviser.get("/"))
    assert adviser.get(f"/personnes/cartes/avis/{notice.id}").status_code == 404


def test_the_name_of_a_sensitive_structure_is_not_said(world: World) -> None:
    present(world.client("shelter.adviser"), made(world))
    adviser = world.client("library.adviser")
    home = adviser.text(adviser.get("/"))
    assert "Structure partenaire a ouvert sa fiche" in home
    assert "Maison des femmes" not in home


def test_a_secret_team_is_told_alone(world: World) -> None:
    world.people["social"] = add(world, "ccas.social", "Nadia", "Costa", birth_year=1958)
    present(world.client("fs.adviser"), made(world, "social", "ccas.social"))
    with world.app.app_context():
        assert set(db.session.scalars(select(OutboxMessage.user_id))) == {world.actors["ccas.social"].user_id}
    assert "Nadia" in world.client("ccas.social").get("/").get_data(as_text=True)
    assert "Nadia" not in world.client("ccas.adviser").get("/").get_data(as_text=True)


def test_opening_and_refusing_are_journalled(world: World, fs: InspectingClient) -> None:
    code, amina = made(world), world.people["amina"]
    present(fs, code, word="Capucine")
    present(fs, cards.rules().code_of(uuid4()))
    present(fs, code)
    assert [entry.person_id for entry in journal(world, "card.refused")] == [amina, None]
    opened = journal(world, "card.open")
    assert [(entry.person_id, entry.grant) for entry in opened] == [(amina, "other_follow_up")]
    assert opened[0].structure_id == world.structures["france_services"]


# ---------------------------------------------------------------- who follows already


def test_whoever_follows_already_only_opens_the_page(world: World, fs: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    assert present(world.client("library.desk"), code).location == f"/personnes/{amina}"
    assert shared_with(world, amina) == {}
    follow(world, amina, "france_services", Section.IDENTITY | Section.CONTACT)
    assert present(fs, code).status_code == 303
    (follow_up,) = shared_with(world, amina).values()
    assert follow_up.sections == Section.IDENTITY | Section.CONTACT


def test_another_team_of_ones_own_structure_is_not_gone_round(world: World) -> None:
    """The desk of the CCAS, when its social workers under secrecy follow: told so, and it is no failure."""
    world.people["social"] = add(world, "ccas.social", "Nadia", "Costa", birth_year=1958)
    code = made(world, "social", "ccas.social")
    client = world.client("ccas.desk")
    page = present(client, code)
    assert (page.status_code, "Une équipe de votre structure" in client.text(page)) == (409, True)
    assert client.get(f"/personnes/{world.people['social']}").status_code == 404
    card = card_of(world, world.people["social"])
    assert (card.tries, card.forgiven) == (1, 1)


def test_what_a_secret_team_opens_is_that_teams(world: World) -> None:
    amina = world.people["amina"]
    assert present(world.client("ccas.social"), made(world)).status_code == 303
    assert world.client("ccas.social").get(f"/personnes/{amina}").status_code == 200
    assert world.client("ccas.adviser").get(f"/personnes/{amina}").status_code == 404


# ---------------------------------------------------------------- ceasing to follow, and staying


def test_a_structure_ceases_to_follow_and_the_card_opens_again(world: World, fs: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    present(fs, code)
    page = fs.get(f"/personnes/{amina}")
    assert "Ne plus suivre" in fs.text(page, "#suivi")
    assert fs.submit(fs.get(f"/personnes/{amina}/ne-plus-suivre"), "#ne-plus-suivre").status_code == 303
    assert fs.get(f"/personnes/{amina}").status_code == 404
    assert shared_with(world, amina) == {}
    assert [entry.person_id for entry in journal(world, "follow_up.end")] == [amina]
    with world.app.app_context():
        assert set(db.session.scalars(select(CardNotice.event))) == {CardEvent.OPENED, CardEvent.LEFT}
    assert present(fs, code).status_code == 303
    assert world.client("library.desk").get(f"/personnes/{amina}/ne-plus-suivre").status_code == 404, "the referent’s"


def test_the_person_is_asked_to_stay_followed(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    present(fs, made(world))
    assert fs.get(f"/personnes/{amina}/rester-suivie").status_code == 404, "followed already"
    fs.submit(fs.get(f"/personnes/{amina}/ne-plus-suivre"), "#ne-plus-suivre")
    screen = fs.get(f"/personnes/{amina}/rester-suivie")
    assert "Amina" not in fs.text(screen)
    assert fs.submit(screen, "#rester").status_code == 422
    assert fs.submit(screen, "#rester", present=True).location == f"/personnes/{amina}"
    (follow_up,) = shared_with(world, amina).values()
    assert follow_up.sections == SHARED_BY_DEFAULT
    assert world.client("ccas.adviser").get(f"/personnes/{amina}/rester-suivie").status_code == 404


def test_after_ninety_days_it_is_too_late_to_ask(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        for days, structure in ((90, "france_services"), (91, "ccas")):
            ended = world.today - timedelta(days=days)
            one = FollowUp(person_id=amina, structure_id=world.structures[structure], kind=FollowUpKind.OTHER)
            one.sections, one.started_on, one.ended_on = SHARED_BY_DEFAULT, ended, ended
            db.session.add(one)
        commit()
        db.session.remove()
    assert fs.get(f"/personnes/{amina}/rester-suivie").status_code == 200
    assert world.client("ccas.adviser").get(f"/personnes/{amina}/rester-suivie").status_code == 404


def test_the_page_of_somebody_opened_by_card_costs_no_more_than_any(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    _page, opening = asked(world, fs, made(world))
    opening.assert_at_most(60)
    with world.app.app_context():
        bind = db.engine
    fs.get(f"/personnes/{amina}")
    with count_queries(bind) as page:
        fs.get(f"/personnes/{amina}")
    page.assert_at_most(34)


def test_the_agreement_that_counts_is_the_last_word(world: World) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        held = db.session.scalars(select(Consent).where(Consent.person_id == amina)).one()
        for kind, answer in ((ConsentKind.REGISTER, ConsentAnswer.REFUSED), (ConsentKind.MANDATE, ConsentAnswer.GIVEN)):
            db.session.add(_copy(held, kind, answer))
            db.session.flush()
        assert records.agreement(amina, world.today) is None
        db.session.add(_copy(held, ConsentKind.REGISTER, ConsentAnswer.GIVEN))
        db.session.flush()
        found = records.agreement(amina, world.today)
        assert found is not None
        assert found.id != held.id


def _copy(held: Consent, kind: ConsentKind, answer: ConsentAnswer) -> Consent:
    names = ("person_id", "way", "text_version", "language", "sections", "starts_on", "recorded_by", "structure_id")
    values = {name: getattr(held, name) for name in names}
    return Consent(kind=kind, answer=answer, **values)
