"""A frozen record reads only, everywhere; an objection closes every sharing at once; taking back an agreement stays possible."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import Right, Section
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.people.enums import FollowUpKind
from app.people.models import Consent, FollowUp
from app.privacy.enums import RightKind
from app.referrals import actions as referrals
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.people import deck
from tests.privacy.test_erasure import life_of
from tests.privacy.test_rights_requests import ask
from tests.referrals.helpers import agreed, prepare, send
from tests.support.world import World

DONE = {"outcome": "done", "way": "face"}


def frozen(world: World) -> UUID:
    made = ask(world, RightKind.RESTRICTION)
    client = world.client("library.adviser")
    assert client.submit(client.get(f"/protection/demandes/{made}/repondre"), "#reponse", data=DONE).status_code == 303
    return made


def test_a_frozen_record_is_read_and_not_written(world: World) -> None:
    frozen(world)
    client, amina = world.client("library.adviser"), world.people["amina"]
    page = client.get(f"/personnes/{amina}")
    assert "Fiche gelée" in client.text(page, "main")
    assert not client.select(page, ".person-actions a")
    for end in ("modifier", "carte", "accord"):
        assert client.get(f"/personnes/{amina}/{end}").status_code == 404
    assert client.get(f"/personnes/{amina}/demandes/nouvelle").status_code in {403, 404}
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, amina)
        assert (bool(granted), granted.may_write, granted.opens(Section.NOTES)) == (True, False, True)
        assert {grant.right for grant in granted.grants} == {Right.READ}


def test_another_structure_that_follows_reads_only_too(world: World) -> None:
    with world.app.app_context():
        shared = FollowUp(
            person_id=world.people["amina"],
            structure_id=world.structures["france_services"],
            kind=FollowUpKind.OTHER,
            sections=Section.IDENTITY | Section.CONTACT,
            started_on=world.today,
        )
        db.session.add(shared)
        commit()
        assert grants.on_person(world.actors["fs.adviser"], world.people["amina"]).may_write
    frozen(world)
    with world.app.app_context():
        granted = grants.on_person(world.actors["fs.adviser"], world.people["amina"])
        assert (bool(granted), granted.may_write) == (True, False)


def test_an_agreement_is_still_taken_back(world: World) -> None:
    frozen(world)
    client, amina = world.client("library.adviser"), world.people["amina"]
    (link,) = client.select(client.get(f"/personnes/{amina}"), "a[href$=retirer]")
    assert client.submit(client.get(str(link["href"])), "#retirer").status_code == 303
    with world.app.app_context():
        assert db.session.scalars(select(Consent).where(Consent.person_id == amina)).one().withdrawn_at is not None


def test_it_is_unfrozen_and_both_are_journalled(world: World) -> None:
    made, client = frozen(world), world.client("library.adviser")
    page = client.get(f"/protection/demandes/{made}")
    assert client.submit(page, "form[action$=degeler]").status_code == 303
    with world.app.app_context():
        assert grants.on_person(world.actors["library.adviser"], world.people["amina"]).may_write
        query = select(JournalEntry.action).where(JournalEntry.action.in_(["right.freeze", "right.unfreeze"]))
        assert list(db.session.scalars(query.order_by(JournalEntry.seq))) == ["right.freeze", "right.unfreeze"]


def test_an_objection_closes_every_sharing(world: World) -> None:
    with world.app.app_context():
        person = life_of(world).id
        world.people["zephyrine"] = person
        commit()
    made, officer = ask(world, RightKind.OBJECTION, person="zephyrine"), world.client("dpo")
    assert (
        officer.submit(officer.get(f"/protection/demandes/{made}/repondre"), "#reponse", data=DONE).status_code == 303
    )
    with world.app.app_context():
        consents = db.session.scalars(select(Consent).where(Consent.person_id == person)).all()
        assert len(consents) == 2
        assert all(one.withdrawn_at is not None for one in consents)
        assert set(db.session.scalars(select(Referral.state).where(Referral.person_id == person))) == {State.WITHDRAWN}
        assert grants.on_person(world.actors["library.adviser"], person).may_write


def test_while_frozen_nothing_more_is_shared_and_it_goes_on_afterwards(world: World) -> None:
    """A card, a referral not yet accepted, a draft not yet sent: each would open the record to somebody new."""
    with world.app.app_context():
        waiting, prepared = send(world, to=("ccas",)).id, prepare(world, to=("fablab",)).id
        commit()
    code, made = deck.made(world), frozen(world)
    partner, sender = world.actors["ccas.adviser"], world.actors["library.adviser"]
    assert deck.present(world.client("fs.adviser"), code).status_code == 422
    assert deck.shared_with(world, world.people["amina"]) == {}
    with world.app.app_context():
        for act in (
            lambda: referrals.accept(partner, waiting),
            lambda: referrals.send(sender, prepared, agreed()),
        ):
            with pytest.raises((DomainError, NotFound)):
                act()
            db.session.rollback()
        assert not grants.on_person(partner, world.people["amina"])
    client = world.client("library.adviser")
    client.submit(client.get(f"/protection/demandes/{made}"), "form[action$=degeler]")
    assert deck.present(world.client("fs.adviser"), code).status_code == 303
    with world.app.app_context():
        referrals.accept(partner, waiting)
        assert grants.on_person(partner, world.people["amina"])
        db.session.rollback()


def test_the_partner_is_told_that_it_waits_and_keeps_the_referral(world: World) -> None:
    with world.app.app_context():
        waiting = send(world, to=("ccas",)).id
        commit()
    frozen(world)
    client = world.client("ccas.adviser")
    answer = client.submit(client.get(f"/orientations/{waiting}"), "form[action$='/accepter']", follow_redirects=True)
    assert "suspendue pour le moment" in client.text(answer)
    with world.app.app_context():
        assert db.session.get_one(Referral, waiting).state is State.SENT
