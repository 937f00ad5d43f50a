"""Whoever follows very many people: the lists stop, and rights asked person by person are those of the whole list."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import Right, Section
from app.kernel.writes import commit
from app.mediation.queries import lists as session_lists
from app.people import queries
from app.people.models import Person
from app.people.queries import lists
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


def test_a_long_list_stops_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        for name in ("Zoé", "Basile", "Chantal"):
            add_person(world, "library.adviser", name, "Martin")
        commit()
        everyone = [row.id for row in queries.followed(actor, 1).rows]
        named = {row.id: row.label for row in queries.followed(actor, 1, "nom").rows}
        assert len(everyone) > 2
        monkeypatch.setattr(lists, "MOST_LISTED", 2)
        page = queries.followed(actor, 1)
        assert (page.total, page.many, [row.id for row in page.rows][:2]) == (2, True, everyone[:2])
        shown = [row.label for row in queries.followed(actor, 1, "nom").rows]
        assert shown == [label for key, label in named.items() if key in everyone[:2]]
    said = world.client("library.adviser").get("/personnes").get_data(as_text=True)
    assert "Plus de 2 personnes suivies" in said.replace("\u00a0", " ")


def test_a_list_that_fits_is_counted(world: World) -> None:
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        page = queries.followed(actor, 1)
        assert (page.many, page.total) == (False, len(page.rows))


def test_long_lists_of_sessions_stop_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = world.actors["library.adviser"]
    monkeypatch.setattr(session_lists, "MOST_LISTED", 0)
    with world.app.app_context():
        page = session_lists.sessions(actor, session_lists.Filters(), 1)
        assert page.total == 0
    client = world.client("library.adviser")
    assert client.get("/seances").status_code == 200


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
