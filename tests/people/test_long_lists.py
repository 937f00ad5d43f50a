"""Whoever follows very many people: every page is there, and rights asked person by person are those of the whole list."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Right, Section
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.mediation.queries import lists as session_lists
from app.people import queries
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person
from tests.support.queries import count_queries
from tests.support.world import World, add_person

SECTIONS = [*Section, Section.IDENTITY | Section.NEEDS, Section.IDENTITY | Section.PLAN | Section.ANSWERS]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_rights_asked_one_by_one_are_those_of_the_whole(world: World, section: Section) -> None:
    with world.app.app_context():
        for name, actor in world.actors.items():
            whole = set(db.session.scalars(grants.visible_ids(actor, section)))
            one_by_one = set(db.session.scalars(select(Person.id).where(grants.opens(actor, Person.id, section))))
            assert one_by_one == whole, name


def test_rights_to_write_are_asked_apart(world: World) -> None:
    with world.app.app_context():
        for name, actor in world.actors.items():
            query = select(Person.id).where(grants.opens(actor, Person.id, Section.IDENTITY, Right.WRITE))
            granted = {
                person_id: grants.on_person(actor, person_id) for person_id in db.session.scalars(select(Person.id))
            }
            writable = {
                person_id
                for person_id, one in granted.items()
                if any(grant.right is Right.WRITE and Section.IDENTITY in grant.sections for grant in one.grants)
            }
            assert set(db.session.scalars(query)) == writable, name


def test_the_two_ways_of_finding_whom_a_hat_follows_are_one(world: World) -> None:
    """Counting goes through an index of `person`, rights through the grants: nobody more, nobody less."""
    with world.app.app_context():
        for who in ("ccas.social", "ccas.adviser", "library.desk", "fs.adviser"):
            add_person(world, who, "Ana", who.replace(".", "-"))
        for structure in ("ccas", "fablab", "newcomer"):
            _share(world, world.people["amina"], structure)
        db.session.get_one(Person, add_person(world, "library.adviser", "Ana", "Archivée")).state = PersonState.ARCHIVED
        db.session.flush()
        for name, actor in world.actors.items():
            page = queries.followed(actor, 1)
            visible = set(db.session.scalars(grants.visible_ids(actor)))
            assert {row.id for row in page.rows} == visible, name
            assert page.total == len(visible), name
        db.session.rollback()


def _share(world: World, person_id: UUID, structure: str) -> None:
    values = {"person_id": person_id, "structure_id": world.structures[structure], "started_on": world.today}
    db.session.add(FollowUp(**values, kind=FollowUpKind.OTHER, sections=SHARED_BY_DEFAULT))


def test_a_page_joins_both_lists_in_one_order(world: World) -> None:
    """Whom we follow as referent and whom we follow beside another are read apart, and shown together."""
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        ours = [add_person(world, "library.adviser", "Ana", f"Nomen{rank}") for rank in (0, 2, 4)]
        theirs = [add_person(world, "ccas.adviser", "Ana", f"Nomen{rank}") for rank in (1, 3, 5)]
        for person_id in theirs:
            _share(world, person_id, "library")
        db.session.flush()
        expected = [world.people["amina"], *(one for pair in zip(ours, theirs, strict=True) for one in pair)]
        listed = [row.id for number in (1, 2, 3, 4) for row in queries.followed(actor, number, "nom", size=2).rows]
        assert listed == expected
        backwards = [row.id for number in (1, 2) for row in queries.followed(actor, number, "nom_z", size=4).rows]
        assert backwards == expected[::-1]
        assert queries.followed(actor, 99, "nom", size=2).number == 4
        db.session.rollback()


def test_sessions_beyond_the_first_pages_are_all_there(world: World) -> None:
    actor = world.actors["library.adviser"]
    data = {"minutes": 30, "themes": (Theme.EMAIL,), "place_kind": PlaceKind.A_DISTANCE}
    with world.app.app_context():
        granted = grants.on_person(actor, world.people["amina"])
        for rank in range(60):
            held_on = world.today - timedelta(days=rank)
            mediation.log_session(actor, granted, SessionData(held_on=held_on, **data), world.today)
        pages = [session_lists.sessions(actor, session_lists.Filters(), number) for number in (1, 2, 3, 4)]
        assert [page.total for page in pages] == [60] * 4
        days = [line.held_on for page in pages[:3] for line in page.rows]
        assert days == [world.today - timedelta(days=rank) for rank in range(60)]
        assert pages[3].number == 3
        db.session.rollback()


def test_the_navigation_is_asked_once_for_a_page_of_several_templates(world: World) -> None:
    client = world.client("library.adviser")
    address = f"/personnes/{world.people['amina']}"
    client.get(address)
    with world.app.app_context():
        bind = db.session.get_bind()
    with count_queries(bind) as counted:
        client.get(address)
    inbox = [text for text in counted.statements if text.startswith("SELECT count(*)") and "FROM referral" in text]
    assert len(inbox) == 1, counted.told()


def test_a_search_is_a_range_of_keys_and_not_a_pattern(world: World) -> None:
    """LIKE would read every key of the network."""
    actor = world.actors["library.adviser"]
    with world.app.app_context(), count_queries(db.session) as counted:
        queries.search(actor, "ami")
    assert not [text for text in counted.statements if "search_key" in text and "LIKE" in text]
