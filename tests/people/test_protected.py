"""A protected situation: set and lifted at the referent’s; each effect fails here when the flag is ignored."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people.actions import likeness, merging, protecting
from app.people.actions.merging import MergeData
from app.people.actions.protecting import SafetyData
from app.people.models import DuplicatePair, LikenessNotice, NamedStructure, Person, PersonSafety
from app.people.queries import cards, protection
from app.privacy import actions as privacy
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.models import Referral
from app.referrals.queries.preview import area_of
from tests.people.deck import made, present, shared_with
from tests.people.helpers import add, follow, found, journal, whole_journal
from tests.support.pages import InspectingClient
from tests.support.world import World

WAY = "le mardi matin au travail"
WORD = "ornithorynque"
EXPRESS = {"M1": "langue", "U2": "droit", "L1": "peu", "S1": "bloque", "C2": "avec", "T2": "avec"}


@pytest.fixture
def amina(world: World) -> UUID:
    """Followed by the library, shared with the fablab and France Services."""
    for structure in ("fablab", "france_services"):
        follow(world, world.people["amina"], structure)
    return world.people["amina"]


def protect(client: InspectingClient, person_id: UUID, **fields: object) -> int:
    """Fill « Situation protégée » and send it."""
    page = client.get(f"/personnes/{person_id}/protection")
    said = {"safe_way": WAY, "secret_code": WORD, **fields}
    return client.submit(page, "#proteger", data=said).status_code


def protected(world: World, person_id: UUID, who: str = "library.adviser", named: tuple[UUID, ...] = ()) -> None:
    with world.app.app_context():
        actor = world.actors[who]
        data = SafetyData(safe_way=WAY, code_word=WORD, named=named)
        protecting.protect(actor, grants.on_person(actor, person_id), data, world.today)
        commit()
        db.session.remove()


def looked(world: World) -> None:
    with world.app.app_context():
        likeness.look(world.today)
        commit()
        db.session.remove()


def count(world: World, model: type) -> int:
    with world.app.app_context():
        return len(list(db.session.scalars(select(model))))


@pytest.mark.parametrize("who", ["library.adviser", "library.manager"])
def test_an_adviser_or_a_manager_of_the_referent_protects(world: World, amina: UUID, who: str) -> None:
    client = world.client(who)
    assert protect(client, amina) == 303
    page = client.text(client.get(f"/personnes/{amina}"))
    assert WAY in page
    assert WORD in page
    assert "Pas de papier" in page
    assert [entry.person_id for entry in journal(world, "person.protect")] == [amina]
    assert WORD not in whole_journal(world)
    assert WAY not in whole_journal(world)


@pytest.mark.parametrize("who", ["library.desk", "camille.fablab", "fs.adviser", "ccas.adviser", "dpo", "coordinator"])
def test_nobody_else_does(world: World, amina: UUID, who: str) -> None:
    assert world.client(who).get(f"/personnes/{amina}/protection").status_code == 404
    assert world.client(who).get(f"/personnes/{amina}/protection/lever").status_code == 404


def test_the_desk_reads_how_to_reach_her_and_cannot_change_it(world: World, amina: UUID) -> None:
    protected(world, amina)
    client = world.client("library.desk")
    page = client.get(f"/personnes/{amina}")
    assert WORD in client.text(page)
    assert not client.select(page, "a[href$='/protection']")


def test_only_the_structures_she_names_go_on(world: World, amina: UUID) -> None:
    fablab = world.structures["fablab"]
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{amina}/protection")
    assert not client.select(page, "input[name=named][checked]"), "nobody is named in advance"
    assert protect(client, amina, named=[str(fablab)]) == 303
    assert set(shared_with(world, amina)) == {fablab}
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 200
    assert world.client("fs.adviser").get(f"/personnes/{amina}").status_code == 404
    assert found(world.client("fs.adviser"), "Benali") == []
    assert client.select(client.get(f"/personnes/{amina}/protection"), "input[name=named][checked]")
    assert protect(client, amina, named=[]) == 303
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 404


def test_sharing_in_general_does_not_open_her_however_it_began(world: World, amina: UUID) -> None:
    protected(world, amina)
    follow(world, amina, "ccas", SHARED_BY_DEFAULT)
    assert world.client("ccas.adviser").get(f"/personnes/{amina}").status_code == 404
    assert found(world.client("ccas.adviser"), "Benali") == []


def test_a_structure_that_does_not_follow_her_cannot_be_slipped_in(world: World, amina: UUID) -> None:
    protected(world, amina, named=(world.structures["ccas"],))
    assert count(world, NamedStructure) == 0


def test_her_card_ends_and_none_is_made(world: World, amina: UUID) -> None:
    code = made(world)
    protected(world, amina)
    assert present(world.client("ccas.adviser"), code).status_code == 422
    with world.app.app_context():
        kept = cards.cards_of(grants.on_person(world.actors["library.adviser"], amina), world.today)
        assert (kept.current, kept.may_have) == (None, False)
    assert "Il n’y a pas de carte" in world.client("library.desk").get(f"/personnes/{amina}/carte").text


def test_she_is_compared_with_nobody(world: World, amina: UUID) -> None:
    protected(world, amina)
    same = {"phone": "+33612345678", "birth_year": 1958}
    add(world, "library.adviser", "Amina", "Benali", **same)
    add(world, "ccas.adviser", "Amina", "Benali", **same)
    looked(world)
    people = {world.people["amina"]}
    with world.app.app_context():
        for pair in db.session.scalars(select(DuplicatePair)):
            assert not people & {pair.low_id, pair.high_id}
        for notice in db.session.scalars(select(LikenessNotice)):
            assert not people & {notice.person_id, notice.other_id}


def test_what_she_was_compared_with_is_forgotten_and_comes_back_when_lifted(world: World, amina: UUID) -> None:
    add(world, "library.adviser", "Amina", "Benali", phone="+33612345678", birth_year=1958)
    looked(world)
    assert count(world, DuplicatePair) == 1
    protected(world, amina)
    assert count(world, DuplicatePair) == 0
    looked(world)
    assert count(world, DuplicatePair) == 0
    client = world.client("library.adviser")
    assert client.submit(client.get(f"/personnes/{amina}/protection/lever"), "#lever").status_code == 303
    looked(world)
    assert count(world, DuplicatePair) == 1


def test_two_records_of_one_person_are_protected_if_one_was(world: World, amina: UUID) -> None:
    add(world, "library.adviser", "Amina", "Benali", phone="+33612345678", birth_year=1958)
    looked(world)
    with world.app.app_context():
        pair = db.session.scalars(select(DuplicatePair)).one()
        removed = max(pair.low_id, pair.high_id)
        db.session.get_one(Person, removed).protected = True
        db.session.add(PersonSafety(person_id=removed, safe_way=WAY, code_word=WORD))
        commit()
        done = merging.merge(world.actors["library.adviser"], pair.id, MergeData(), world.today)
        commit()
        kept = db.session.get_one(Person, done.kept_id)
        assert done.removed_id == removed
        assert kept.protected
        known = protection.safety(grants.on_person(world.actors["library.adviser"], kept.id))
        assert known == protection.Safety(WAY, WORD)
        assert db.session.get(PersonSafety, removed) is None


def test_her_commune_is_not_told_whatever_its_population(world: World, amina: UUID) -> None:
    with world.app.app_context():
        person = db.session.get_one(Person, amina)
        person.commune_code = "47157"
        assert area_of(person)[1] == "Marmande"
        person.protected = True
        code, label = area_of(person)
        assert code != "47157"
        assert label
        assert label != "Marmande"


def test_paper_is_offered_with_a_warning_and_says_nothing(world: World, amina: UUID) -> None:
    client = world.client("library.desk")
    assert "Médiathèque" in client.get(f"/personnes/{amina}/coupon").text
    protected(world, amina)
    warned = client.get(f"/personnes/{amina}/coupon")
    assert "Pas de papier" in client.text(warned)
    assert not client.select(warned, ".slip-code")
    assert len(journal(world, "person.print")) == 1, "the warning is no print"
    link = str(client.select(warned, "a[href*=discret]")[0]["href"])
    paper = client.get(link)
    assert client.select(paper, ".slip-code")
    assert "Médiathèque" not in client.text(paper, "main")
    assert len(journal(world, "person.print")) == 2


def test_lifting_erases_the_words_and_reopens_nothing(world: World, amina: UUID) -> None:
    protected(world, amina)
    client = world.client("library.manager")
    assert client.submit(client.get(f"/personnes/{amina}/protection/lever"), "#lever").status_code == 303
    assert count(world, PersonSafety) == 0
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 404
    assert WORD not in client.text(client.get(f"/personnes/{amina}"))
    assert len(journal(world, "person.unprotect")) == 1


def test_anonymising_leaves_nothing_of_it(world: World, amina: UUID) -> None:
    protected(world, amina, named=(world.structures["fablab"],))
    with world.app.app_context():
        privacy.anonymise(None, amina)
        commit()
        assert not db.session.get_one(Person, amina).protected
    assert count(world, PersonSafety) == count(world, NamedStructure) == 0


def test_neither_the_plan_nor_where_to_go_is_printed_without_a_warning(world: World, amina: UUID) -> None:
    """Drawn once, the discreet paper names nobody; and a live referral no longer tells the commune."""
    made = life(world, amina)
    protected(world, amina)
    client = world.client("library.adviser")
    for address in (f"/evaluations/{made['assessment']}/pour-la-personne", f"/orientations/{made['referral']}/papier"):
        warned = client.get(address)
        assert "Pas de papier" in client.text(warned), address
        paper = client.get(str(client.select(warned, "a[href*=discret]")[0]["href"]))
        assert "Pas de papier" not in client.text(paper)
        for name in ("Médiathèque", "CCAS", "Benali"):
            assert name not in client.text(paper, "main"), (address, name)
    assert len(journal(world, "assessment.print")) == len(journal(world, "referral.print")) == 1
    with world.app.app_context():
        referral = db.session.get_one(Referral, made["referral"])
        assert referral.area_code != "47157"
        assert referral.area_label != "Marmande"


def life(world: World, person_id: UUID) -> dict[str, UUID]:
    """A finished assessment, and a referral sent to the CCAS while nothing was protected."""
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        db.session.get_one(Person, person_id).commune_code = "47157"
        db.session.flush()
        granted = grants.on_person(actor, person_id)
        begun = assessments.start(actor, granted, Mode.EXPRESS)
        assessments.save_sheet(actor, granted, begun.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
        assessments.finish(actor, granted, begun.id)
        need = needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION))
        draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=(world.structures["ccas"],)))
        referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT))
        assert db.session.get_one(Referral, draft.id).area_code == "47157"
        made = {"assessment": begun.id, "referral": draft.id}
        commit()
        db.session.remove()
    return made
