"""Agreements: asked again, refused, taken back; what ends, and when."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import hooks
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.people import actions
from app.people.actions import ConsentData
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, FollowUpKind, NoticeWay
from app.people.models import Consent, FollowUp
from tests.people.helpers import add, follow, journal
from tests.support.pages import InspectingClient
from tests.support.world import World


@pytest.fixture
def amina(world: World) -> UUID:
    """Followed by the library, shared with the fablab."""
    follow(world, world.people["amina"], "fablab")
    return world.people["amina"]


def consent_of(world: World, person_id: UUID, kind: ConsentKind = ConsentKind.REGISTER) -> UUID:
    with world.app.app_context():
        query = select(Consent.id).where(Consent.person_id == person_id, Consent.kind == kind)
        return db.session.scalars(query.order_by(Consent.created_at.desc())).one()


def open_follow_ups(world: World, person_id: UUID) -> dict[UUID, Section]:
    with world.app.app_context():
        query = select(FollowUp).where(FollowUp.person_id == person_id, FollowUp.ended_on.is_(None))
        return {one.structure_id: one.sections for one in db.session.scalars(query) if one.kind is FollowUpKind.OTHER}


def answer(client: InspectingClient, person_id: UUID, given: str, **fields: object) -> int:
    page = client.get(f"/personnes/{person_id}/accord")
    return client.submit(page, "#accord", data={"answer": given, **fields}).status_code


def test_taking_back_says_what_happens_then_ends_the_others_at_once(world: World, amina: UUID) -> None:
    desk, elsewhere = world.client("library.desk"), world.client("camille.fablab")
    address = f"/personnes/{amina}/accords/{consent_of(world, amina)}/retirer"
    assert desk.select(desk.get(f"/personnes/{amina}"), f'a[href="{address}"]')
    page = desk.get(address)
    assert "n’ouvrent plus sa fiche" in desk.text(page)
    assert elsewhere.get(f"/personnes/{amina}").status_code == 200
    assert desk.submit(page, "#retirer").location == f"/personnes/{amina}"
    assert elsewhere.get(f"/personnes/{amina}").status_code == 404
    assert open_follow_ups(world, amina) == {}
    assert "accord retiré" in desk.text(desk.get(f"/personnes/{amina}"))
    assert not desk.select(desk.get(f"/personnes/{amina}"), "a[href$='/retirer']")


def test_nothing_ends_before_the_confirmation(world: World, amina: UUID) -> None:
    world.client("library.desk").get(f"/personnes/{amina}/accords/{consent_of(world, amina)}/retirer")
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 200


def test_an_agreement_is_taken_back_once(world: World, amina: UUID) -> None:
    desk = world.client("library.desk")
    address = f"/personnes/{amina}/accords/{consent_of(world, amina)}/retirer"
    page = desk.get(address)
    first = desk.submit(page, "#retirer")
    assert desk.submit(page, "#retirer").location == first.location
    assert desk.get(address).status_code == 404
    assert len(journal(world, "consent.withdraw")) == 1


def test_the_other_structure_may_hear_it_too_and_loses_the_page(world: World, amina: UUID) -> None:
    client = world.client("camille.fablab")
    page = client.get(f"/personnes/{amina}/accords/{consent_of(world, amina)}/retirer")
    assert client.submit(page, "#retirer").location == "/personnes"
    assert client.get(f"/personnes/{amina}").status_code == 404
    assert world.client("library.desk").get(f"/personnes/{amina}").status_code == 200


def test_higher_rooms_are_told_in_the_same_transaction(
    world: World, amina: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[UUID, UUID, str]] = []

    def hear(actor: Actor | None, person_id: UUID, consent_id: UUID, cause: str) -> None:
        told.append((person_id, consent_id, cause))

    monkeypatch.setattr(hooks, "consent_ended", [hear])
    consent_id = consent_of(world, amina)
    client = world.client("library.adviser")
    client.submit(client.get(f"/personnes/{amina}/accords/{consent_id}/retirer"), "#retirer")
    assert told == [(amina, consent_id, "consent_withdrawn")]


def test_when_a_higher_room_refuses_nothing_is_taken_back(
    world: World, amina: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("refused")

    monkeypatch.setattr(hooks, "consent_ended", [burst])
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{amina}/accords/{consent_of(world, amina)}/retirer")
    with pytest.raises(RuntimeError):
        client.submit(page, "#retirer")
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 200


def test_refusing_when_asked_again_takes_back_what_held(world: World, amina: UUID) -> None:
    assert answer(world.client("library.desk"), amina, "refused") == 303
    assert open_follow_ups(world, amina) == {}
    client = world.client("library.desk")
    assert "Registre partagé : refus" in client.text(client.get(f"/personnes/{amina}"))


def test_agreeing_again_replaces_and_narrows_what_others_read(world: World, amina: UUID) -> None:
    client, elsewhere = world.client("library.adviser"), world.client("camille.fablab")
    assert "06 12 34 56 78" in elsewhere.text(elsewhere.get(f"/personnes/{amina}"))
    assert answer(client, amina, "given", sections=[str(int(Section.NEEDS))]) == 303
    assert open_follow_ups(world, amina) == {world.structures["fablab"]: Section.IDENTITY | Section.NEEDS}
    assert "06 12 34 56 78" not in elsewhere.text(elsewhere.get(f"/personnes/{amina}"))
    page = client.get(f"/personnes/{amina}")
    assert len(client.select(page, "#accords a[href$='/retirer']")) == 1
    assert "remplacé depuis" in client.text(page, "#accords")
    assert "à redemander avant le" in client.text(page, "#accords")


def test_taking_back_the_last_answer_takes_back_the_former_ones(world: World, amina: UUID) -> None:
    client = world.client("library.adviser")
    answer(client, amina, "given")
    link = client.select(client.get(f"/personnes/{amina}"), "#accords a[href$='/retirer']")[0]
    client.submit(client.get(str(link["href"])), "#retirer")
    with world.app.app_context():
        assert all(one.withdrawn_at for one in db.session.scalars(select(Consent).where(Consent.person_id == amina)))


def test_an_answer_is_needed(world: World, amina: UUID) -> None:
    client = world.client("library.adviser")
    page = client.submit(client.get(f"/personnes/{amina}/accord"), "#accord")
    assert page.status_code == 422
    assert "ce que la personne a répondu" in client.text(page, ".error-summary")


def test_a_child_does_not_agree_alone(world: World) -> None:
    child = _child(world)
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{child}/accord")
    alone = client.submit(page, "#accord", data={"answer": "given"})
    assert alone.status_code == 422
    assert "représente l’enfant" in client.text(alone, ".error-summary")
    unheard = client.submit(alone, "#accord", data={"representative": "tuteur"})
    assert unheard.status_code == 422
    assert "ce qu’elle a dit elle-même" in client.text(unheard, ".field:has([name=own_word]) .field__error")
    assert client.submit(unheard, "#accord", data={"own_word": "agrees"}).status_code == 303


def _child(world: World) -> UUID:
    refused = ConsentData(kind=ConsentKind.REGISTER, answer=ConsentAnswer.REFUSED, starts_on=world.today)
    with world.app.app_context():
        person = actions.PersonData(age_status=AgeStatus.UNDER_15)
        data = actions.Registration(person=person, notice_way=NoticeWay.PAPER, register=refused, today=world.today)
        person_id = actions.register(world.actors["library.adviser"], data).id
        commit()
        db.session.remove()
    return person_id


def _referral_consent(world: World, person_id: UUID, to: str) -> UUID:
    data = ConsentData(
        kind=ConsentKind.REFERRAL,
        answer=ConsentAnswer.GIVEN,
        sections=Section.IDENTITY,
        recipients=(world.structures[to],),
        starts_on=world.today,
    )
    with world.app.app_context():
        consent_id = actions.record_consent(world.actors["library.adviser"], person_id, data).id
        commit()
        db.session.remove()
    return consent_id


def test_where_somebody_was_referred_is_not_shown_to_other_followers(world: World, amina: UUID) -> None:
    consent_id = _referral_consent(world, amina, "ccas")
    ours, theirs = world.client("library.adviser"), world.client("camille.fablab")
    assert "CCAS de Tonneins" in ours.text(ours.get(f"/personnes/{amina}"), "#accords")
    assert "CCAS" not in theirs.text(theirs.get(f"/personnes/{amina}"))
    assert theirs.get(f"/personnes/{amina}/accords/{consent_id}/retirer").status_code == 404


def test_taking_back_a_referral_leaves_the_shared_register(world: World, amina: UUID) -> None:
    consent_id = _referral_consent(world, amina, "ccas")
    client = world.client("library.adviser")
    client.submit(client.get(f"/personnes/{amina}/accords/{consent_id}/retirer"), "#retirer")
    assert set(open_follow_ups(world, amina)) == {world.structures["fablab"]}


def test_the_agreement_of_somebody_else_does_not_open_under_this_address(world: World, amina: UUID) -> None:
    other = add(world, "library.adviser", "Rose", "Marchal")
    consent_id = consent_of(world, other)
    assert world.client("library.adviser").get(f"/personnes/{amina}/accords/{consent_id}/retirer").status_code == 404
