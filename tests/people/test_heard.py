"""Children, adults under a measure, interpreters: what the screens ask, refuse, keep, and make wait."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.writes import commit
from app.people import actions
from app.people.actions import MINORS_VERSION, ConsentData, PersonData, Registration, likeness, merging
from app.people.actions.merging import MergeData
from app.people.capacity import InterpretedBy, Measure, OwnWord, RepresentativeKind, Scope, WhyNotAsked
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, NoticeWay
from app.people.models import Consent, DuplicatePair, Person
from app.people.queries import birthdays, cards, renewals, representation
from tests.people.helpers import archive, only_new, register
from tests.people.test_representation import under
from tests.support.due import found
from tests.support.pages import InspectingClient
from tests.support.world import World


@pytest.fixture
def desk(world: World) -> InspectingClient:
    return world.client("library.desk")


def last(world: World, person_id: UUID) -> Consent:
    """The last answer about the shared register."""
    with world.app.app_context():
        query = select(Consent).where(Consent.person_id == person_id, Consent.kind == ConsentKind.REGISTER)
        found = db.session.scalars(query.order_by(Consent.created_at.desc(), Consent.id.desc())).first()
        assert found is not None
        db.session.expunge_all()
        return found


def shares(world: World, person_id: UUID) -> bool:
    """Whether an agreement holds today."""
    with world.app.app_context():
        return cards.agreement(person_id, world.today) is not None


def waiting(world: World, who: str = "library.adviser") -> list[tuple[UUID, bool]]:
    with world.app.app_context():
        rows = found(world.actors[who], world.today, renewals.waiting)
        return [(row.person_id, renewals.is_unheard(row)) for row in rows if row.person_id]


def ask(client: InspectingClient, person_id: UUID, given: str = "given", **fields: Any) -> Any:
    page = client.get(f"/personnes/{person_id}/accord")
    return client.submit(page, "#accord", data={"answer": given, **fields})


CHILD: dict[str, Any] = {"age_status": "under_15", "representative": "parent", "answer": "given"}


def test_who_represents_a_child_is_kept_with_how_to_reach_them(world: World, desk: InspectingClient) -> None:
    said = {"representative_name": "Inès Morvan", "representative_phone": "06 39 98 00 51", "own_word": "agrees"}
    assert register(desk, **CHILD, **said).status_code == 303
    child = only_new(world)
    with world.app.app_context():
        kept = representation.known(child.id).people
    assert [(one.kind, one.name, one.phone) for one in kept] == [
        (RepresentativeKind.PARENT, "Inès Morvan", "+33639980051")
    ]
    given = last(world, child.id)
    assert (given.answer, given.own_word, given.age_status) == (
        ConsentAnswer.GIVEN,
        OwnWord.AGREES,
        AgeStatus.UNDER_15,
    )
    page = world.client("library.adviser").get(f"/personnes/{child.id}")
    assert "Elle est d’accord" in desk.text(page, "#accords")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"own_word": "agrees"}, ConsentAnswer.GIVEN),
        ({"own_word": "not_asked", "why_not_asked": "too_young"}, ConsentAnswer.GIVEN),
        ({"own_word": "not_asked", "why_not_asked": "absent"}, ConsentAnswer.PENDING),
    ],
)
def test_the_child_s_own_word_is_kept(
    world: World, desk: InspectingClient, said: dict[str, str], answer: ConsentAnswer
) -> None:
    assert register(desk, **CHILD, **said).status_code == 303
    child = only_new(world).id
    kept = last(world, child)
    assert kept.answer is answer
    assert kept.own_word == said["own_word"]
    assert kept.why_not_asked == said.get("why_not_asked")
    assert shares(world, child) is (answer is ConsentAnswer.GIVEN)
    assert waiting(world) == ([(child, True)] if answer is ConsentAnswer.PENDING else [])


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"own_word": "refuses"}, "own_word", "n’est pas d’accord"),
        ({"own_word": "not_asked"}, "why_not_asked", "Dites pourquoi"),
    ],
)
def test_a_child_who_says_no_is_heard(
    world: World, desk: InspectingClient, said: dict[str, str], field: str, words: str
) -> None:
    page = register(desk, **CHILD, **said)
    assert page.status_code == 422
    assert words in desk.text(page, f".field:has([name={field}]) .field__error")


def test_a_refusal_needs_nobody_s_word(world: World, desk: InspectingClient) -> None:
    assert register(desk, **(CHILD | {"answer": "refused"})).status_code == 303
    assert last(world, only_new(world).id).answer is ConsentAnswer.REFUSED


def test_the_screen_proposes_a_session_without_a_name(desk: InspectingClient) -> None:
    page = desk.get("/personnes/nouvelle")
    card = ".when-child"
    assert "inscrit sans nom" in desk.text(page, card)
    assert desk.select(page, f"{card} a[href='/seances/nouvelle']")


def test_from_15_one_answers_alone_and_is_told_what_parents_can_know(world: World, desk: InspectingClient) -> None:
    assert "peuvent demander à lire ta fiche" in desk.text(desk.get("/personnes/nouvelle"), ".when-teen")
    assert register(desk, age_status="15_17", answer="given").status_code == 303
    teen = only_new(world).id
    given = last(world, teen)
    assert (given.answer, given.told_version, given.own_word) == (ConsentAnswer.GIVEN, MINORS_VERSION, None)
    assert "peuvent demander à lire ta fiche" in desk.text(desk.get(f"/personnes/{teen}/accord"))
    register(desk, answer="given")
    assert last(world, only_new(world).id).told_version == ""


def grown(world: World, who: str = "library.adviser") -> list[tuple[UUID, AgeStatus]]:
    with world.app.app_context():
        rows = found(world.actors[who], world.today, birthdays.grown)
        return [(row.person_id, AgeStatus(row.codes[0])) for row in rows if row.person_id]


@pytest.mark.parametrize(("before", "after"), [("under_15", "15_17"), ("15_17", "adult"), ("under_15", "adult")])
def test_once_grown_the_person_is_asked_themselves(
    world: World, desk: InspectingClient, before: str, after: str
) -> None:
    register(desk, **(CHILD | {"age_status": before}), own_word="agrees")
    person = only_new(world).id
    assert grown(world) == []
    page = desk.get(f"/personnes/{person}/corriger")
    assert desk.submit(page, "#corriger", data={"age_status": after}).status_code == 303
    assert grown(world) == [(person, AgeStatus(after))]
    assert [grown(world, who) for who in ("camille.fablab", "coordinator", "dpo")] == [[], [], []]
    task = f"a[href='/personnes/{person}/accord']"
    assert desk.select(desk.get("/"), task)
    assert ask(desk, person).status_code == 303
    assert grown(world) == []
    assert not desk.select(desk.get("/"), task)


def test_who_refused_or_left_is_not_asked_at_18(world: World, desk: InspectingClient) -> None:
    register(desk, **(CHILD | {"age_status": "15_17"}))
    one = only_new(world).id
    register(desk, **(CHILD | {"age_status": "15_17", "answer": "refused"}))
    other = only_new(world).id
    with world.app.app_context():
        for person_id in (one, other):
            db.session.get_one(Person, person_id).age_status = AgeStatus.ADULT
        commit()
        db.session.remove()
    assert [person_id for person_id, _age in grown(world)] == [one]
    archive(world, one)
    assert grown(world) == []


TRANSLATED = [
    ("professional", ConsentAnswer.GIVEN),
    ("team", ConsentAnswer.GIVEN),
    ("adult", ConsentAnswer.GIVEN),
    ("nobody", ConsentAnswer.PENDING),
]


@pytest.mark.parametrize(("by", "answer"), TRANSLATED)
def test_an_interpreter_who_is_needed_is_waited_for(
    world: World, desk: InspectingClient, by: str, answer: ConsentAnswer
) -> None:
    sent = register(desk, first_name="Lin", interpreter=True, answer="given", interpreted_by=by)
    assert sent.status_code == 303
    lin = only_new(world).id
    kept = last(world, lin)
    assert (kept.answer, kept.interpreted_by) == (answer, InterpretedBy(by))
    assert kept.interpreter is (answer is ConsentAnswer.GIVEN)
    assert bool(kept.sections) is (answer is ConsentAnswer.GIVEN)
    assert shares(world, lin) is (answer is ConsentAnswer.GIVEN)
    assert waiting(world) == ([(lin, False)] if answer is ConsentAnswer.PENDING else [])


def test_a_minor_never_interprets(world: World, desk: InspectingClient) -> None:
    page = register(desk, first_name="Lin", interpreter=True, answer="given", interpreted_by="minor")
    assert page.status_code == 422
    assert "Un mineur ne traduit jamais" in desk.text(page, ".field:has([name=interpreted_by]) .field__error")
    assert ask(desk, world.people["amina"], interpreted_by="minor").status_code == 422


def test_who_translated_is_asked(desk: InspectingClient) -> None:
    page = register(desk, first_name="Lin", interpreter=True, answer="given")
    assert page.status_code == 422
    assert "Dites qui a traduit" in desk.text(page, ".field:has([name=interpreted_by]) .field__error")


def test_an_answer_that_waits_says_so_and_is_asked_again(world: World, desk: InspectingClient) -> None:
    register(desk, first_name="Lin", interpreter=True, answer="given", interpreted_by="nobody")
    lin = only_new(world).id
    page = desk.text(desk.get(f"/personnes/{lin}"), "#accords")
    assert "en attente" in page
    assert "Rien n’est partagé" in page
    home = desk.get("/")
    assert "attend un interprète" in desk.text(home)
    assert desk.select(home, f"a[href='/personnes/{lin}/accord']")
    assert [waiting(world, who) for who in ("camille.fablab", "coordinator", "dpo")] == [[], [], []]
    assert ask(desk, lin, interpreted_by="volunteer").status_code == 303
    assert shares(world, lin)
    assert waiting(world) == []
    page = desk.text(desk.get(f"/personnes/{lin}"), "#accords")
    assert "traduit par" in page


def test_an_agreement_that_holds_is_not_replaced_by_an_answer_that_waits(world: World, desk: InspectingClient) -> None:
    register(desk, first_name="Lin", interpreter=True, answer="given", interpreted_by="team")
    lin = only_new(world).id
    page = ask(desk, lin, interpreted_by="nobody")
    assert page.status_code == 422
    assert "tient encore" in desk.text(page, ".field:has([name=answer]) .field__error")
    assert last(world, lin).answer is ConsentAnswer.GIVEN
    assert ask(desk, lin, given="refused").status_code == 303, "a refusal never waits"
    assert not shares(world, lin)


def test_who_was_there_is_kept_from_the_first_day(world: World, desk: InspectingClient) -> None:
    assert register(desk, **CHILD, own_word="agrees", present=["professional"]).status_code == 303
    assert last(world, only_new(world).id).people_present == "parent professional"


def test_who_was_there_is_kept_as_kinds(world: World, desk: InspectingClient) -> None:
    amina = world.people["amina"]
    assert ask(desk, amina, present=["relative", "professional"]).status_code == 303
    assert last(world, amina).people_present == "relative professional"
    assert "avec : Un proche, Un professionnel" in desk.text(desk.get(f"/personnes/{amina}"), "#accords").replace(
        "\u00a0", " "
    )


def test_an_adult_under_a_measure_is_asked_herself(world: World) -> None:
    amina, client = world.people["amina"], world.client("library.adviser")
    under(world, amina, Measure.TUTELLE, Scope.BOTH)
    unheard = ask(client, amina)
    assert unheard.status_code == 422
    assert "ce qu’elle a dit elle-même" in client.text(unheard, ".field:has([name=own_word]) .field__error")
    silent = {"own_word": "not_asked", "why_not_asked": "cannot_answer"}
    alone = ask(client, amina, **silent)
    assert alone.status_code == 422
    assert "Elle seule peut répondre" in client.text(alone, ".field:has([name=own_word]) .field__error")
    assert ask(client, amina, present=["representative"], **silent).status_code == 303
    kept = last(world, amina)
    assert (kept.answer, kept.why_not_asked) == (ConsentAnswer.GIVEN, WhyNotAsked.CANNOT_ANSWER)
    assert ask(client, amina, own_word="agrees").status_code == 303
    assert ask(client, amina, own_word="refuses").status_code == 422


def test_a_merge_never_takes_a_waiting_answer_for_a_yes(world: World) -> None:
    known = PersonData(first_name="Lin", last_name="Chen", phone="+33612345699", birth_year=1950, interpreter=True)
    given = ConsentData(
        kind=ConsentKind.REGISTER, answer=ConsentAnswer.GIVEN, sections=SHARED_BY_DEFAULT, starts_on=world.today
    )
    data = Registration(person=known, notice_way=NoticeWay.PAPER, register=given, today=world.today)
    with world.app.app_context():
        for _rank in range(2):
            actions.register(world.actors["library.adviser"], data)
        commit()
        db.session.remove()
    with world.app.app_context():
        likeness.look(world.today)
        pair = db.session.scalars(select(DuplicatePair)).one()
        kept = merging.merge(world.actors["library.adviser"], pair.id, MergeData(), world.today).kept_id
        commit()
        db.session.remove()
    assert not shares(world, kept)
    assert last(world, kept).answer is ConsentAnswer.PENDING
