"""Who translated an agreement to refer; which contact a call list shows, and which is not given away before acceptance."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.writes import commit
from app.people.actions import protecting, reaching
from app.people.actions.data import PersonData
from app.people.actions.protecting import SafetyData
from app.people.capacity import InterpretedBy
from app.people.contacts import Contact, ContactKind
from app.people.models import Consent
from app.referrals import actions
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.referrals.helpers import RECIPIENT, SENDER, agreed, prepare, send
from tests.support.pages import InspectingClient
from tests.support.world import World, add_person

RELAY = Contact(kind=ContactKind.RELAY, value="+33639980077", who="Sa fille Inès", no_message=True)


@pytest.fixture
def lin(world: World) -> str:
    """A draft about somebody who needs an interpreter: its address."""
    with world.app.app_context():
        world.people["lin"] = add_person(world, SENDER, "Lin", "Chen", interpreter=True)
        draft = prepare(world, person="lin").id
        commit()
        db.session.remove()
    return f"/orientations/{draft}/envoyer"


def submit(client: InspectingClient, address: str, **fields: Any) -> Any:
    return client.submit(client.get(address), answer="given", button="Envoyer l’orientation", data=fields)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ({}, "attend qu’il soit là"),
        ({"interpreted_by": "nobody"}, "attend qu’il soit là"),
        ({"interpreted_by": "minor"}, "Un mineur ne traduit jamais"),
    ],
)
def test_nothing_leaves_without_an_interpreter(world: World, lin: str, by: dict[str, str], said: str) -> None:
    client = world.client(SENDER)
    page = submit(client, lin, **by)
    assert page.status_code == 422
    assert said in client.text(page, ".field:has([name=interpreted_by]) .field__error")
    with world.app.app_context():
        assert {one.state for one in db.session.scalars(select(Referral))} == {State.DRAFT}


def test_who_translated_is_kept_with_the_agreement(world: World, lin: str) -> None:
    assert submit(world.client(SENDER), lin, interpreted_by="adult").status_code == 303
    with world.app.app_context():
        referral = db.session.scalars(select(Referral)).one()
        consent = db.session.get_one(Consent, referral.consent_id)
        assert (consent.interpreted_by, consent.interpreter) == (InterpretedBy.ADULT, True)


def test_a_minor_never_translates_even_when_nobody_is_needed(world: World) -> None:
    with world.app.app_context():
        draft = prepare(world)
        with pytest.raises(DomainError, match="mineur"):
            actions.send(world.actors[SENDER], draft.id, agreed(interpreted_by=InterpretedBy.MINOR))


def note(world: World, *contacts: Contact) -> None:
    """Other ways to reach Amina, whose record has a number."""
    with world.app.app_context():
        reaching.write(world.people["amina"], PersonData(contacts=contacts))
        commit()
        db.session.remove()


def called(world: World) -> str:
    """What the call list says of how to reach her, once the partner has answered."""
    with world.app.app_context():
        referral = send(world)
        actions.accept(world.actors[RECIPIENT], referral.id)
        commit()
        db.session.remove()
    client = world.client(SENDER)
    return client.text(client.get("/orientations/a-faire"), "#prevenir tbody")


def test_the_call_list_shows_what_is_tried_first_and_says_no_message(world: World) -> None:
    note(world, Contact(**{**vars(RELAY), "first": True}))
    words = called(world).replace("\u00a0", " ")
    assert "Sa fille Inès" in words
    assert "06 39 98 00 77" in words
    assert "Ne pas laisser de message" in words


def test_the_call_list_shows_the_record_s_number_unless_told_otherwise(world: World) -> None:
    with world.app.app_context():
        world.people["amina"] = add_person(world, SENDER, "Amina", "Zidane", phone="+33612345678")
        commit()
        db.session.remove()
    note(world, RELAY)
    words = called(world).replace("\u00a0", " ")
    assert "06 12 34 56 78" in words
    assert "Inès" not in words


def test_the_call_list_says_nothing_of_how_to_reach_a_protected_person(world: World) -> None:
    note(world, RELAY)
    with world.app.app_context():
        actor, amina = world.actors[SENDER], world.people["amina"]
        protecting.protect(actor, grants.on_person(actor, amina), SafetyData(safe_way="le mardi"), world.today)
        commit()
        db.session.remove()
    words = called(world)
    assert "Ouvrez sa fiche" in words
    for kept in ("Inès", "mardi", "0077", "00 77", "Ni téléphone"):
        assert kept not in words.replace("\u00a0", " ")


def test_no_contact_is_given_away_before_acceptance(world: World) -> None:
    note(world, RELAY, Contact(kind=ContactKind.EMAIL, value="amina@exemple.fr"))
    with world.app.app_context():
        referral = send(world)
        actions.ask(world.actors[RECIPIENT], referral.id, "Pour quand ?")
        for words in ("Appelez le 06 39 98 00 77", "Écrivez à Amina@exemple.fr"):
            with pytest.raises(DomainError, match="n’a pas encore accepté"):
                actions.answer(world.actors[SENDER], referral.id, words)
