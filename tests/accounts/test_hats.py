"""Hats and sessions: worn today, checked on each request, ended in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from app.accounts import actions
from app.accounts.models import Membership, User, UserSession
from app.kernel import clock, ids
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from tests.support.world import World

WHO = "library.adviser"


def change(world: World, who: str, **values: object) -> None:
    hat = update(Membership).where(Membership.id == world.actors[who].membership_id).values(**values)
    with world.app.app_context():
        db.session.execute(hat)
        db.session.commit()
        db.session.remove()


def test_each_hat_is_one_press(world: World) -> None:
    client = world.client("camille.library", hat=False)
    page = client.get(client.get("/").location)
    shown = client.text(page, "main")
    assert "Fablab du Pont" in shown
    assert "Médiathèque de Marmande" in shown
    answer = client.submit(page, "main li:nth-child(1) form")
    assert (answer.status_code, answer.location) == (303, "/")
    home = client.get("/")
    assert "Fablab du Pont · conseil" in client.text(home, "header")
    assert client.select(home, "header a[href='/compte/casquette']")


def test_changing_hats_changes_what_one_is(world: World) -> None:
    client = world.client("camille.library")
    page = client.get("/compte/casquette")
    assert "Casquette portée en ce moment" in client.text(page, "main")
    client.submit(page, "main li:nth-child(1) form")
    assert "Fablab du Pont" in client.text(client.get("/"), "header")
    with world.app.app_context():
        worn = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "session.hat")).all()
    assert [entry.membership_id for entry in worn[-2:]] == [
        world.actors["camille.library"].membership_id,
        world.actors["camille.fablab"].membership_id,
    ]


def test_the_only_hat_is_put_on_at_once(world: World) -> None:
    client = world.client(WHO, hat=False)
    assert client.get("/").status_code == 200
    assert not client.select(client.get("/"), "header a[href='/compte/casquette']")


def test_somebody_elses_hat_does_not_exist(world: World) -> None:
    client = world.client("camille.library")
    page = client.get("/compte/casquette")
    for stolen in (world.actors["dpo"].membership_id, "abc", ""):
        answer = client.submit(page, "main li:nth-child(1) form", forged={"membership_id": str(stolen)})
        assert answer.status_code == 404
    assert client.get("/protection/journal").status_code == 404


@pytest.mark.parametrize(
    ("starts", "ends", "worn"),
    [(-10, None, True), (0, 0, True), (-10, 0, True), (-10, -1, False), (1, None, False)],
)
def test_a_hat_is_worn_between_its_days(world: World, starts: int, ends: int | None, worn: bool) -> None:
    client = world.client(WHO)
    days = {"starts_on": starts, "ends_on": ends}
    change(world, WHO, **{key: None if gap is None else world.today + timedelta(days=gap) for key, gap in days.items()})
    answer = client.get("/")
    assert answer.status_code == (200 if worn else 303)
    if not worn:
        assert answer.location == "/compte/casquette"
        assert "Aucune casquette aujourd’hui" in client.text(client.get(answer.location), "main")


def test_an_ended_hat_is_lost_on_the_next_request_and_no_longer_offered(world: World) -> None:
    client = world.client("camille.library")
    assert client.get("/").status_code == 200
    change(world, "camille.library", ends_on=world.today - timedelta(days=1))
    assert client.get("/").location == "/compte/casquette"
    page = client.get("/compte/casquette")
    assert "Médiathèque de Marmande" not in client.text(page, "main")
    answer = client.submit(
        page, "main li form", forged={"membership_id": str(world.actors["camille.library"].membership_id)}
    )
    assert answer.status_code == 404
    client.submit(page, "main li form")
    assert not client.select(client.get("/"), "header a[href='/compte/casquette']")


def test_a_closed_account_is_out_at_once(world: World) -> None:
    client = world.client(WHO)
    with world.app.app_context():
        db.session.execute(update(User).where(User.email == world.emails[WHO]).values(closed_at=clock.now()))
        db.session.commit()
    assert client.get("/").location == "/compte/connexion"


def test_a_session_ends_when_idle(world: World) -> None:
    client, start = world.client(WHO), clock.now()
    with clock.fixed(start + timedelta(minutes=29)):
        assert client.get("/").status_code == 200
    with clock.fixed(start + timedelta(minutes=58)):
        assert client.get("/").status_code == 200
    with clock.fixed(start + timedelta(minutes=89)):
        answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, "/compte/connexion?expiree=1")


def test_a_session_ends_after_ten_hours_even_in_use(world: World) -> None:
    client, start = world.client(WHO), clock.now()
    for minutes in range(25, 600, 25):
        with clock.fixed(start + timedelta(minutes=minutes)):
            assert client.get("/sante").status_code == 200
    with clock.fixed(start + timedelta(minutes=599)):
        assert client.get("/").status_code == 200
    with clock.fixed(start + timedelta(minutes=601)):
        assert client.get("/").status_code == 303


def test_old_sessions_are_forgotten(world: World) -> None:
    world.client(WHO)
    with world.app.app_context():
        for days, left in ((7, 1), (8, 0)):
            with clock.fixed(clock.now() + timedelta(days=days)):
                actions.purge_sessions(timedelta(hours=10))
                commit()
            assert len(db.session.scalars(select(UserSession.id)).all()) == left


def test_a_key_made_up_opens_nothing(world: World) -> None:
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["cle"] = "x" * 43
    assert client.get("/").status_code == 303


@pytest.mark.parametrize(
    ("first", "second"), [(Role.ELECTED, Role.DESK), (Role.DESK, Role.ELECTED), (Role.ELECTED, Role.ELECTED)]
)
def test_an_elected_official_wears_no_other_hat(world: World, first: Role, second: Role) -> None:
    with world.app.app_context():
        user = actions.add_user("elue@essai.example", "Élue", "douze signes au moins", 8)
        actions.add_membership(user, world.structures["library"], first, world.today)
        with pytest.raises(DomainError, match="élue"):
            actions.add_membership(user, world.structures["ccas"], second, world.today)
        refused = _hat(user, world, second)
        with pytest.raises(DBAPIError, match="membership_elected_alone"):
            _in_savepoint(insert(Membership).values(**refused))


def test_a_hat_cannot_become_that_of_an_elected_official(world: World) -> None:
    camille = world.actors["camille.library"].membership_id
    with world.app.app_context(), pytest.raises(DBAPIError, match="membership_elected_alone"):
        _in_savepoint(update(Membership).where(Membership.id == camille).values(role=Role.ELECTED))


def _in_savepoint(statement: Any) -> None:
    with db.session.begin_nested():
        db.session.execute(statement)


def _hat(user: User, world: World, role: Role) -> dict[str, object]:
    where = {"user_id": user.id, "structure_id": world.structures["ccas"]}
    return {"id": ids.new_id(), "created_at": clock.now(), "role": role, "starts_on": date(2026, 1, 1), **where}


def test_wearing_an_unknown_hat(world: World) -> None:
    actor = world.actors[WHO]
    with world.app.app_context(), pytest.raises(NotFound):
        actions.wear(actor.user_id, actor.user_id, actor.user_id, world.today)
