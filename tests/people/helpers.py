"""What the tests of the register do again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person
from tests.support.pages import InspectingClient
from tests.support.world import World, add_person

ANSWERS: dict[str, Any] = {"notice_way": "paper", "answer": "refused"}


def register(client: InspectingClient, **fields: Any) -> TestResponse:
    """Fill « Inscrire une personne » and send it."""
    return client.submit(client.get("/personnes/nouvelle"), "#inscrire", data={**ANSWERS, **fields})


def search(client: InspectingClient, text: str) -> TestResponse:
    """Type this in the box of the list."""
    return client.submit(client.get("/personnes"), "form[role=search]", q=text, follow_redirects=True)


def found(client: InspectingClient, text: str) -> list[str]:
    """The names that a search shows, in order."""
    page = search(client, text)
    assert page.status_code == 200, (text, page.status_code)
    return names_of(client, page)


def names_of(client: InspectingClient, page: TestResponse) -> list[str]:
    """The names of the lines of a list."""
    return [tag.get_text(strip=True) for tag in client.select(page, "tbody th a")]


def add(world: World, who: str, first: str = "", last: str = "", **data: object) -> UUID:
    """Somebody registered by this hat, committed."""
    with world.app.app_context():
        person_id = add_person(world, who, first, last, **data)
        commit()
        db.session.remove()
    return person_id


def follow(world: World, person_id: UUID, structure: str, sections: Section = SHARED_BY_DEFAULT) -> None:
    """Another structure follows the person, as a consent allowed."""
    with world.app.app_context():
        one = FollowUp(
            person_id=person_id,
            structure_id=world.structures[structure],
            kind=FollowUpKind.OTHER,
            sections=sections,
            started_on=world.today,
        )
        db.session.add(one)
        commit()
        db.session.remove()


def archive(world: World, person_id: UUID) -> None:
    """The person leaves the active base."""
    with world.app.app_context():
        db.session.get_one(Person, person_id).state = PersonState.ARCHIVED
        commit()
        db.session.remove()


def person_count(world: World) -> int:
    """How many people the register holds."""
    with world.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person)) or 0


def only_new(world: World) -> Person:
    """The person registered last, their identity loaded."""
    with world.app.app_context():
        person = db.session.scalars(select(Person).order_by(Person.created_at.desc(), Person.id.desc())).first()
        assert person is not None
        assert person.identity is not None
        assert person.adaptation is None or person.adaptation.needs is not None
        db.session.expunge_all()
        return person


def journal(world: World, action: str) -> list[JournalEntry]:
    """The entries of the journal about this act."""
    with world.app.app_context():
        entries = list(db.session.scalars(select(JournalEntry).where(JournalEntry.action == action)))
        db.session.expunge_all()
        return entries


def whole_journal(world: World) -> str:
    """Every word that the journal holds."""
    with world.app.app_context():
        rows = db.session.scalars(select(JournalEntry))
        return "\n".join(f"{row.action} {row.object_type} {row.grant} {row.details}" for row in rows)
