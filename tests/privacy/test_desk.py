"""The officer’s desk: agreements by code, who shares with whom without small counts, the archive; of their structure alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, update
from werkzeug.test import TestResponse

from app.accounts.models import Membership
from app.kernel import clock, grants, ids
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.people import actions as people
from app.people.actions.data import ConsentData, PersonData, Registration
from app.people.enums import CardEvent, ConsentAnswer, ConsentKind, FollowUpKind, NoticeWay
from app.people.models import CardNotice, Consent, FollowUp, Person
from app.privacy import policy, queries
from app.privacy.enums import ConsentState
from app.privacy.models import RetentionReport
from app.privacy.queries import sharing
from app.privacy.queries.sharing import Way
from tests.referrals.helpers import send
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World, add_person

DESK, CONSENTS, MAP = "/protection", "/protection/accords", "/protection/partages"
K = 5


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    """Counts under five are hidden, so that a test needs few people."""
    monkeypatch.setattr(policy, "_rules", [replace(policy.rules(), secrecy_k=K)])
    return world


def code_of(world: World, key: str) -> str:
    with world.app.app_context():
        return db.session.get_one(Person, world.people[key]).code


def listed(client: InspectingClient, state: ConsentState, **criteria: str) -> str:
    page: TestResponse = client.get(f"{CONSENTS}?etat={state.value}")
    if criteria:
        page = client.submit(page, "form.desk-filters", follow_redirects=True, data=criteria)
    return client.text(page, "tbody")


def consent_of(world: World, key: str) -> Consent:
    query = select(Consent).where(Consent.person_id == world.people[key], Consent.kind == ConsentKind.REGISTER)
    return db.session.scalars(query).one()


@pytest.mark.parametrize("role", ["library.manager", "library.adviser", "coordinator", "admin", "elected"])
def test_no_other_hat_reads_the_desk(world: World, role: str) -> None:
    actor = world.actors[role]
    with world.app.app_context():
        for read in (
            lambda: queries.desk(actor, world.today),
            lambda: queries.consent_page(actor, ConsentState.HOLDING, {}, world.today),
            lambda: sharing.sharing_map(actor),
        ):
            with pytest.raises(NotFound):
                read()


def test_an_agreement_is_in_one_list_by_its_day(world: World) -> None:
    client, code, today = world.client("dpo"), code_of(world, "amina"), world.today
    for ends_on, where in (
        (today + timedelta(days=31), {ConsentState.HOLDING}),
        (today + timedelta(days=30), {ConsentState.HOLDING, ConsentState.SOON}),
        (today, {ConsentState.HOLDING, ConsentState.SOON}),
        (today - timedelta(days=1), {ConsentState.ENDED}),
    ):
        with world.app.app_context():
            consent = consent_of(world, "amina")
            consent.starts_on, consent.ends_on = today - timedelta(days=400), ends_on
            commit()
        found = {state for state in ConsentState if code in listed(client, state)}
        assert found == where, ends_on


def test_taken_back_refused_replaced_and_never_asked(world: World) -> None:
    actor, today = world.actors["library.adviser"], world.today
    with world.app.app_context():
        for key, answer in (("refused", ConsentAnswer.REFUSED), ("silent", None), ("twice", ConsentAnswer.GIVEN)):
            given = ConsentData(kind=ConsentKind.REGISTER, answer=answer, sections=SHARED_BY_DEFAULT, starts_on=today)  # type: ignore[arg-type]
            asked = given if answer else None
            person = PersonData(first_name=key, last_name="Essai")
            data = Registration(person=person, notice_way=NoticeWay.PAPER, register=asked, today=today)
            world.people[key] = people.register(actor, data).id
        again = ConsentData(
            kind=ConsentKind.REGISTER, answer=ConsentAnswer.GIVEN, sections=SHARED_BY_DEFAULT, starts_on=today
        )
        people.answer_register(actor, grants.on_person(actor, world.people["twice"]), again, today)
        granted = grants.on_person(actor, world.people["amina"])
        people.withdraw_consent(actor, granted, consent_of(world, "amina").id, today)
        commit()
    client = world.client("dpo")
    lists = {state: listed(client, state) for state in ConsentState}
    codes = {key: code_of(world, key) for key in ("refused", "silent", "twice", "amina")}
    where = {key: {state for state in lists if code in lists[state]} for key, code in codes.items()}
    assert where["refused"] == {ConsentState.REFUSED}
    assert where["silent"] == {ConsentState.WAITING}
    assert where["amina"] == {ConsentState.WITHDRAWN}
    assert ConsentState.HOLDING in where["twice"]
    assert lists[ConsentState.HOLDING].count(codes["twice"]) == 1
    assert "Essai" not in " ".join(lists.values())


def test_consents_of_another_structure_are_not_this_officer_s(world: World) -> None:
    client, code = world.client("dpo"), code_of(world, "jean")
    assert not any(code in listed(client, state) for state in ConsentState)
    asked = client.submit(client.get(CONSENTS), "form.desk-filters", follow_redirects=True, data={"code": code})
    assert code not in client.text(asked, "tbody")
    assert code not in asked.request.full_path


def test_by_kind_by_structure_and_by_code(world: World) -> None:
    with world.app.app_context():
        send(world, to=("ccas",))
        world.people["lea"] = add_person(world, "library.adviser", "Léa", "Martin")
        commit()
    client, amina, lea = world.client("dpo"), code_of(world, "amina"), code_of(world, "lea")
    every = listed(client, ConsentState.HOLDING)
    assert (every.count(amina), every.count(lea)) == (2, 1)
    to_ccas = listed(client, ConsentState.HOLDING, structure=str(world.structures["ccas"]))
    assert (to_ccas.count(amina), to_ccas.count(lea), "CCAS de Tonneins" in to_ccas) == (1, 0, True)
    assert listed(client, ConsentState.HOLDING, kind="referral").count(amina) == 1
    assert lea not in listed(client, ConsentState.HOLDING, code=amina)


def test_a_hidden_structure_is_neither_offered_nor_named(world: World) -> None:
    with world.app.app_context():
        send(world, to=("shelter",))
        commit()
    client = world.client("dpo")
    page = client.get(f"{CONSENTS}?etat=holding")
    assert "Structure partenaire" in client.text(page, "tbody")
    assert "Maison des femmes" not in client.text(page)
    assert str(world.structures["shelter"]) not in page.text


def shared_with(world: World, structure: str, count: int, sections: Section = SHARED_BY_DEFAULT) -> list[UUID]:
    """So many people of the library whom this structure follows too. Commits nothing."""
    made = [add_person(world, "library.adviser", f"P{rank}", structure) for rank in range(count)]
    db.session.add_all(
        FollowUp(
            id=ids.new_id(),
            person_id=one,
            structure_id=world.structures[structure],
            kind=FollowUpKind.OTHER,
            sections=sections,
            started_on=world.today,
        )
        for one in made
    )
    db.session.flush()
    return made


def lines_of(world: World) -> dict[tuple[str, str], Any]:
    return dict(sharing.sharing_map(world.actors["dpo"]).by_pair)


def test_the_map_counts_people_in_each_direction_and_hides_small_counts(small: World) -> None:
    with small.app.app_context():
        shared_with(small, "ccas", K)
        shared_with(small, "france_services", K - 1)
        for rank in range(K):
            small.people[f"sent{rank}"] = add_person(small, "library.adviser", f"Envoi{rank}", "Essai")
            send(small, person=f"sent{rank}", to=("fablab",))
        found = lines_of(small)
    library = "Médiathèque de Marmande"
    many, few = found[library, "CCAS de Tonneins"], found[library, "France Services Seyches"]
    assert (many.ways[Way.FOLLOW_UP].value, many.ways[Way.REFERRAL].value) == (K, 0)
    assert few.ways[Way.FOLLOW_UP].hidden
    assert found[library, "Fablab du Pont"].ways[Way.REFERRAL].value == K


def test_one_person_referred_several_times_is_one_person(small: World) -> None:
    with small.app.app_context():
        for _time in range(K):
            send(small, to=("fablab",))
        assert lines_of(small)["Médiathèque de Marmande", "Fablab du Pont"].ways[Way.REFERRAL].hidden


def test_sections_are_told_when_opened_of_enough_people(small: World) -> None:
    with small.app.app_context():
        shared_with(small, "ccas", K, Section.IDENTITY | Section.NEEDS)
        shared_with(small, "ccas", 1, Section.IDENTITY | Section.NOTES)
        told = lines_of(small)["Médiathèque de Marmande", "CCAS de Tonneins"].sections
    assert len(told) == 2


def test_structures_with_hidden_names_are_one_line_of_different_people(small: World) -> None:
    with small.app.app_context():
        first = shared_with(small, "shelter", K - 1)
        db.session.execute(update_sensitive(small, "fablab"))
        for one in first:
            db.session.add(other_follow_up(small, one, "fablab"))
        db.session.flush()
        (line,) = lines_of(small).values()
    assert line.recipient == "Structures partenaires"
    assert line.ways[Way.FOLLOW_UP].hidden
    assert line.sections == ()


def update_sensitive(world: World, key: str) -> Any:
    from app.network.models import Structure  # noqa: PLC0415

    return update(Structure).where(Structure.id == world.structures[key]).values(sensitive=True)


def other_follow_up(world: World, person_id: UUID, key: str) -> FollowUp:
    return FollowUp(
        id=ids.new_id(),
        person_id=person_id,
        structure_id=world.structures[key],
        kind=FollowUpKind.OTHER,
        sections=SHARED_BY_DEFAULT,
        started_on=world.today,
    )


def test_what_ended_is_not_on_the_map_nor_what_others_share_between_them(small: World) -> None:
    with small.app.app_context():
        ended = shared_with(small, "ccas", K)
        query = update(FollowUp).where(FollowUp.person_id.in_(ended), FollowUp.kind == FollowUpKind.OTHER)
        db.session.execute(query.values(ended_on=small.today))
        for rank in range(K):
            one = add_person(small, "ccas.adviser", f"Q{rank}", "Ailleurs")
            db.session.add(other_follow_up(small, one, "france_services"))
        db.session.flush()
        assert lines_of(small) == {}


def test_cards_opened_lately(small: World) -> None:
    with small.app.app_context():
        opened = [add_person(small, "library.adviser", f"C{rank}", "Carte") for rank in range(K)]
        for one in opened:
            db.session.add(
                CardNotice(
                    person_id=one,
                    event=CardEvent.OPENED,
                    structure_id=small.structures["library"],
                    from_structure_id=small.structures["ccas"],
                )
            )
        db.session.flush()
        line = lines_of(small)["Médiathèque de Marmande", "CCAS de Tonneins"]
        with clock.fixed(clock.now() + timedelta(days=31)):
            later = lines_of(small)
    assert line.ways[Way.CARD].value == K
    assert later == {}


def test_the_pages_and_that_they_are_journalled(small: World) -> None:
    with small.app.app_context():
        shared_with(small, "ccas", K)
        shared_with(small, "france_services", 1)
        commit()
    client = small.client("dpo")
    page = client.get(MAP)
    words = client.text(page, "main")
    assert "CCAS de Tonneins" in words
    assert f"moins de {K}" in words
    desk = client.text(client.get(DESK), "main")
    assert "Aucune demande n’attend de réponse." in desk
    assert "L’archivage de nuit est éteint" in desk
    client.get(CONSENTS)
    with small.app.app_context():
        acts = set(db.session.scalars(select(JournalEntry.action)))
    assert {"sharing.map", "consent.list"} <= acts


def test_a_review_that_is_late_says_so(world: World) -> None:
    client = world.client("dpo")
    assert "Elle devait être faite" not in client.text(client.get(DESK))
    with world.app.app_context():
        begun = update(Membership).where(Membership.structure_id == world.structures["library"])
        db.session.execute(begun.values(starts_on=world.today - timedelta(days=366)))
        commit()
    assert "Elle devait être faite" in client.text(client.get(DESK))


def test_queries_do_not_grow_with_the_register(world: World) -> None:
    client = world.client("dpo")
    few: dict[str, Any] = {}
    with world.app.app_context():
        engine = db.engine
        send(world, to=("ccas",))
        shared_with(world, "ccas", 1)
        commit()
    pages = {DESK: 18, MAP: 18, f"{CONSENTS}?etat=holding": 14, "/protection/conservation": 12}
    for page in pages:
        client.get(page)
        with count_queries(engine) as few[page]:
            client.get(page)
    with world.app.app_context():
        for structure in ("ccas", "france_services", "fablab"):
            shared_with(world, structure, 20)
        total = db.session.scalar(select(func.count()).select_from(Consent)) or 0
        commit()
    assert total > 50
    for page, most in pages.items():
        with count_queries(engine) as many:
            client.get(page)
        many.assert_same_as(few[page])
        many.assert_at_most(most)


def test_the_first_screen_says_what_waits_at_the_desk(world: World) -> None:
    """Counts only, each with its list; nothing when nothing waits, and no more queries for a larger register."""
    client, engine = world.client("dpo"), engine_of(world)
    assert client.select(client.get("/"), "#a-faire h4") == []
    soon, old = world.today + timedelta(days=12), world.today - timedelta(days=700)
    with world.app.app_context():
        db.session.execute(update(Consent).where(Consent.id == consent_of(world, "amina").id).values(ends_on=soon))
        db.session.execute(update(Person).where(Person.id == world.people["amina"]).values(last_contact_on=old))
        begun = update(Membership).where(Membership.structure_id == world.structures["library"])
        db.session.execute(begun.values(starts_on=world.today - timedelta(days=366)))
        structure_id = world.structures["library"]
        counts = {"active": True, "soon": 1, "to_archive": 0, "to_anonymise": 0, "held_back": 2, "archived": 3}
        db.session.add(RetentionReport(id=ids.new_id(), structure_id=structure_id, day=world.today, **counts))
        commit()
    with count_queries(engine) as few:
        page = client.get("/")
    titles = [tag.get_text(strip=True) for tag in client.select(page, "#a-faire h4")]
    assert titles[0] == "Revue des accès de la structure"
    assert titles[1] == "1 fiche bientôt archivée"
    assert titles[2].startswith("Compte rendu de conservation du")
    assert titles[3] == "1 accord finit dans le mois"
    assert "Amina" not in client.text(page, "main")
    for link in client.select(page, "#a-faire h4 a"):
        assert client.get(str(link["href"])).status_code == 200
    with world.app.app_context():
        for rank in range(10):
            add_person(world, "library.adviser", f"Prénom{rank}", "Nom")
        db.session.execute(update(Consent).where(Consent.kind == ConsentKind.REGISTER).values(ends_on=soon))
        commit()
    with count_queries(engine) as many:
        more = client.get("/")
    assert "accords finissent dans le mois" in client.text(more, "main")
    many.assert_same_as(few)
    many.assert_at_most(16)


def test_reports_that_stop_are_seen(world: World) -> None:
    with world.app.app_context():
        structure_id, day = world.structures["library"], world.today - timedelta(days=5)
        counts = {"active": False, "soon": 0, "to_archive": 0, "to_anonymise": 0, "held_back": 0}
        db.session.add(RetentionReport(id=ids.new_id(), structure_id=structure_id, day=day, **counts))
        commit()
    client = world.client("dpo")
    assert "se sont arrêtés" in client.text(client.get("/"), "#a-faire-late + ol")


def engine_of(world: World) -> Engine:
    with world.app.app_context():
        return db.engine


def test_a_long_list_is_paged(world: World) -> None:
    with world.app.app_context():
        for rank in range(51):
            add_person(world, "library.adviser", f"Prénom{rank}", "Nom")
        commit()
    client = world.client("dpo")
    first = client.get(f"{CONSENTS}?etat=holding")
    second = client.get(f"{CONSENTS}?etat=holding&page=2")
    codes = [client.text(page, "tbody th").split() for page in (first, second)]
    assert [len(one) for one in codes] == [50, 2]
    assert not set(codes[0]) & set(codes[1])
