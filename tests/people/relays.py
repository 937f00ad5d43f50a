"""What the tests of the change of referent structure do again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.people.models import FollowUp, HandOver, Person
from tests.support.pages import InspectingClient
from tests.support.world import World


def propose(client: InspectingClient, person_id: UUID, to: UUID | None, **fields: Any) -> TestResponse:
    """Fill « Passer le relais » (or, with `to` None, ask to become the referent) and send it."""
    said = {"reason": "moved", **({"to": str(to)} if to else {}), **fields}
    return client.submit(client.get(f"/personnes/{person_id}/relais"), "#relais", data=said)


def answer(client: InspectingClient, hand_over_id: UUID, **fields: Any) -> TestResponse:
    """Answer a proposal."""
    return client.submit(client.get(f"/personnes/relais/{hand_over_id}"), "#repondre", data=fields)


def newest(world: World, person_id: UUID) -> HandOver:
    """The last proposal about somebody."""
    with world.app.app_context():
        query = select(HandOver).where(HandOver.person_id == person_id).order_by(HandOver.created_at.desc())
        one = db.session.scalars(query.order_by(HandOver.id.desc()).limit(1)).one()
        db.session.expunge_all()
        return one


def count(world: World) -> int:
    """How many proposals there are."""
    with world.app.app_context():
        return len(list(db.session.scalars(select(HandOver.id))))


def referent(world: World, person_id: UUID) -> UUID | None:
    """The person’s referent structure; the follow-up and the record must say the same."""
    with world.app.app_context():
        person = db.session.get_one(Person, person_id)
        held = select(FollowUp.structure_id).where(
            FollowUp.person_id == person_id, FollowUp.kind == "referent", FollowUp.ended_on.is_(None)
        )
        assert list(db.session.scalars(held)) == [person.referent_structure_id]
        return person.referent_structure_id


def follow_ups(world: World, person_id: UUID) -> list[FollowUp]:
    """Every follow-up of somebody, the first first."""
    with world.app.app_context():
        found = select(FollowUp).where(FollowUp.person_id == person_id).order_by(FollowUp.created_at, FollowUp.id)
        rows = list(db.session.scalars(found))
        db.session.expunge_all()
        return rows
