"""Turning 15 or 18: the referent structure is told, until the record says the new age."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.kernel.db import db
from app.kernel.writes import commit
from app.people.enums import AgeStatus
from app.people.models import Person
from app.people.queries import birthdays
from tests.people.helpers import add, archive, follow, register
from tests.support.due import found
from tests.support.world import World

UNDER_15, FROM_15, ADULT = AgeStatus.UNDER_15, AgeStatus.FROM_15, AgeStatus.ADULT


def aged(world: World, age: int | None, status: AgeStatus) -> UUID:
    """Somebody of the library born so many years before this one."""
    person_id = add(world, "library.adviser", "Lou", "Martin")
    with world.app.app_context():
        person = db.session.get_one(Person, person_id)
        person.age_status, person.birth_year = status, None if age is None else world.today.year - age
        commit()
        db.session.remove()
    return person_id


def told(world: World, who: str = "library.adviser") -> list[tuple[UUID, int, bool]]:
    with world.app.app_context():
        rows = found(world.actors[who], world.today, birthdays.birthdays)
        said = [(row.person_id, birthdays.birthday(row, world.today.year)) for row in rows]
        return [(person_id, one.age, one.certain) for person_id, one in said if person_id]


@pytest.mark.parametrize(
    ("age", "status", "expected"),
    [
        (14, UNDER_15, None),
        (15, UNDER_15, (15, False)),
        (16, UNDER_15, (15, True)),
        (17, FROM_15, None),
        (18, FROM_15, (18, False)),
        (19, FROM_15, (18, True)),
        (15, FROM_15, None),
        (18, ADULT, None),
        (None, UNDER_15, None),
    ],
)
def test_who_is_told(world: World, age: int | None, status: AgeStatus, expected: tuple[int, bool] | None) -> None:
    lou = aged(world, age, status)
    assert told(world) == ([(lou, *expected)] if expected else [])


def test_only_the_referent_is_told_and_only_of_the_living_base(world: World) -> None:
    lou = aged(world, 15, UNDER_15)
    follow(world, lou, "fablab")
    assert [len(told(world, who)) for who in ("library.desk", "library.manager")] == [1, 1]
    for who in ("camille.fablab", "ccas.adviser", "coordinator", "dpo"):
        assert told(world, who) == []
    archive(world, lou)
    assert told(world) == []


def test_the_first_screen_says_it_until_the_age_is_corrected(world: World) -> None:
    lou = aged(world, 15, UNDER_15)
    client = world.client("library.adviser")
    assert "Lou Martin a 15 ans cette année" in client.text(client.get("/"))
    page = client.get(f"/personnes/{lou}/corriger")
    assert client.submit(page, "#corriger", data={"age_status": "15_17"}).status_code == 303
    assert "Lou Martin a 15 ans" not in client.text(client.get("/"))


def test_registering_a_child_proposes_a_session_without_a_name(world: World) -> None:
    client = world.client("library.desk")
    page = register(client, age_status="under_15", answer="refused")
    assert page.status_code == 422
    assert client.select(page, "main a[href='/seances/nouvelle']")
