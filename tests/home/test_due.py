"""What is due, asked of every room at once: what a hat may not read is not in it, and all that it may read is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.kernel import due, grants, panels
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.due import Branch, Row, Source
from app.kernel.grants import NOTHING, Section, role_sections
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind, Priority
from app.needs.queries import due_needs
from app.needs.queries.due import MOST
from app.network import actions as network
from app.network.models import Team
from app.people.models import FollowUp, Person
from app.privacy.queries import retention
from tests.people.helpers import add
from tests.support.due import found
from tests.support.queries import count_queries
from tests.support.world import World

HATS = (
    "library.desk",
    "library.adviser",
    "library.manager",
    "fs.adviser",
    "ccas.adviser",
    "camille.fablab",
    "dpo",
    "coordinator",
)


def _urgent(world: World, person_id: UUID) -> None:
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        data = NeedData(kind=NeedKind.CONNEXION, priority=Priority.P1)
        needs.open_need(actor, grants.on_person(actor, person_id), data)
        commit()
        db.session.remove()


def _unfollowed(world: World, people: list[UUID]) -> None:
    with world.app.app_context():
        ended = update(FollowUp).where(FollowUp.person_id.in_(people)).values(ended_on=world.today)
        db.session.execute(ended)
        commit()
        db.session.remove()


@pytest.mark.usefixtures("staged")
@pytest.mark.parametrize("who", HATS)
def test_what_is_told_is_what_the_grants_open(world: World, who: str) -> None:
    """Row by row, against the rights asked one person at a time."""
    with world.app.app_context():
        actor, read = world.actors[who], 0
        for source in (one for one in panels.task_providers if isinstance(one, Source)):
            told = [row.id for row in due.rows(actor, world.today + timedelta(days=400), (source,))[0]]
            branches = source.rows(actor, world.today + timedelta(days=400))
            assert sorted(told) == sorted(row_id for branch in branches for row_id in _granted(actor, branch))
            read += len(told)
    assert read > 0 or who in {"coordinator", "dpo", "camille.fablab"}


def _granted(actor: Actor, branch: Branch) -> list[UUID]:
    """The rows of a branch whose person the actor may read, as far as `on_person` says."""
    if branch.section not in role_sections(actor.role):
        return []
    lines = db.session.execute(branch.query.order_by(*branch.order)).all()
    opened = [one.id for one in lines if branch.section is NOTHING or _opens(actor, one.person_id, branch.section)]
    return opened[: branch.most]


def _opens(actor: Actor, person_id: UUID, section: Section) -> bool:
    return grants.on_person(actor, person_id).opens(section)


def test_people_who_left_hide_nobody(world: World) -> None:
    """More of them than are read at once: whoever comes after them is still told."""
    still = [add(world, "library.adviser", f"Ici{rank}", "Personne") for rank in range(3)]
    for person_id in still:
        _urgent(world, person_id)
    left = add(world, "library.adviser", "Partie", "Personne")
    for _rank in range(MOST + 1):
        _urgent(world, left)
    _unfollowed(world, [left])
    with world.app.app_context(), count_queries(db.engine) as asked:
        rows = found(world.actors["library.adviser"], world.today, due_needs)
    assert [row.person_id for row in rows] == still[::-1]
    assert len(asked) == 2
    with world.app.app_context(), count_queries(db.engine) as asked:
        assert found(world.actors["library.adviser"], world.today, _nothing) == []
    assert len(asked) == 0


def _nothing(_actor: Actor, _today: object) -> tuple[Branch, ...]:
    return ()


def test_no_more_than_the_most_is_told_in_order(world: World) -> None:
    person = add(world, "library.adviser", "Une", "Personne")
    for _rank in range(MOST + 4):
        _urgent(world, person)
    with world.app.app_context():
        rows: list[Row] = found(world.actors["library.adviser"], world.today, due_needs)
    assert len(rows) == MOST
    noted = [row.at for row in rows if row.at]
    assert noted == sorted(noted, reverse=True)


def test_the_whole_of_a_group_is_a_page(world: World) -> None:
    person = add(world, "library.adviser", "Une", "Personne")
    for _rank in range(11):
        _urgent(world, person)
    client = world.client("library.adviser")
    page = client.get("/")
    assert len(client.select(page, "#a-faire li")) == 8
    assert "11 choses vous attendent." in client.text(page, "#a-faire")
    assert "Urgent (11)" in client.text(page, "#a-faire-urgent")
    (link,) = client.select(page, "#a-faire .front-more a")
    assert (link.get_text(), link["href"]) == ("Et encore 3 choses (Urgent)", "/?groupe=urgent#a-faire-urgent")
    whole = client.get(str(link["href"]))
    assert len(client.select(whole, "#a-faire li")) == 11
    assert client.select(whole, "#a-faire .front-more") == []
    for other in ("late", "%22%3E", "urgent2"):
        assert len(client.select(client.get(f"/?groupe={other}"), "#a-faire li")) == 8


def _quiet(world: World, count: int, team: UUID | None = None) -> list[UUID]:
    """People of the library not met for 23 months, held by this team."""
    people = [add(world, "library.adviser", f"Q{rank}", "Personne") for rank in range(count)]
    with world.app.app_context():
        long_ago = world.today - timedelta(days=705)
        db.session.execute(update(Person).where(Person.id.in_(people)).values(last_contact_on=long_ago))
        db.session.execute(update(FollowUp).where(FollowUp.person_id.in_(people)).values(team_id=team))
        commit()
        db.session.remove()
    return people


def _soon(world: World, actor: Actor) -> int:
    with world.app.app_context():
        return sum(due.count_of(row) for row in found(actor, world.today, retention.soon_archived))


def test_what_a_team_under_secrecy_holds_is_counted_for_it_alone(world: World) -> None:
    with world.app.app_context():
        team = network.add_team(None, world.structures["library"], "Écrivains publics").id
        db.session.execute(update(Team).where(Team.id == team).values(under_secrecy=True))
        commit()
        db.session.remove()
    _quiet(world, 2)
    _quiet(world, 3, team)
    one = world.actors["library.adviser"]
    theirs = Actor(one.user_id, one.membership_id, Role.ADVISER, one.structure_id, team, team_is_secret=True)
    assert [_soon(world, one), _soon(world, theirs)] == [2, 5]
    assert [_soon(world, world.actors[who]) for who in ("library.desk", "ccas.adviser", "dpo")] == [0, 0, 0]


def test_many_are_said_without_counting_them_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _quiet(world, 3)
    client = world.client("library.adviser")
    assert "3 fiches bientôt archivées" in client.text(client.get("/"), "#a-faire")
    with world.app.app_context():
        people = db.session.scalars(select(Person.id)).all()
    assert len(people) > 3
    _quiet(world, due.MOST_COUNTED)
    assert "Plus de 100 fiches bientôt archivées" in client.text(client.get("/"), "#a-faire")
