"""What the tests of sharing cards do again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel import grants
from app.kernel.db import db
from app.kernel.writes import commit
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions.cards import CardData
from app.people.enums import FollowUpKind
from app.people.models import FollowUp, SharingCard
from tests.support.pages import InspectingClient
from tests.support.world import World

OPEN = "/personnes/ouvrir-avec-une-carte"
WORD = "Tournesol"
YEAR = "1958"


def make(client: InspectingClient, person_id: UUID, **fields: Any) -> TestResponse:
    """Fill the card’s form at the referent’s desk."""
    page = client.get(f"/personnes/{person_id}/carte")
    return client.submit(page, "#carte", data={"present": True, "secret_word": WORD, **fields})


def made(world: World, person: str = "amina", who: str = "library.adviser") -> str:
    """The code of a card made for this person, whose word is `WORD`."""
    with world.app.app_context():
        actor = world.actors[who]
        granted = grants.on_person(actor, world.people[person])
        card_actions.make_card(actor, granted, CardData(word=WORD, birth_year=1958), world.today)
        commit()
        db.session.remove()
    return code_of(world, world.people[person])


def code_of(world: World, person_id: UUID) -> str:
    """The code printed on the person’s open card."""
    return cards.rules().code_of(card_of(world, person_id).id)


def card_of(world: World, person_id: UUID) -> SharingCard:
    """The person’s newest card."""
    with world.app.app_context():
        newest = select(SharingCard).where(SharingCard.person_id == person_id).order_by(SharingCard.created_at.desc())
        card = db.session.scalars(newest.limit(1)).one()
        db.session.expunge_all()
        return card


def present(client: InspectingClient, code: str, year: str = YEAR, word: str = WORD) -> TestResponse:
    """Fill « Ouvrir avec une carte » and send it."""
    said = {"present": True, "code": code, "secret_year": year, "secret_word": word}
    return client.submit(client.get(OPEN), "#ouvrir", data=said)


def shared_with(world: World, person_id: UUID) -> dict[UUID, FollowUp]:
    """The open shared follow-ups of somebody, by structure."""
    with world.app.app_context():
        open_ones = (FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
        found = list(db.session.scalars(select(FollowUp).where(FollowUp.person_id == person_id, *open_ones)))
        db.session.expunge_all()
        return {one.structure_id: one for one in found}
