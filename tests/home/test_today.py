"""« À faire » for each hat: what is on it, what is not, and at what price."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.accounts import actions as accounts
from app.kernel import grants, panels
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.kernel.panels import Task
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind, Priority
from app.pilotage import actions as pilotage
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term
from app.pilotage.queries.summaries import Frame
from app.referrals.enums import TaskKind
from app.referrals.models import Referral, ReferralTask
from app.referrals.queries import todo_pages
from app.referrals.queries.lists import PAGE
from tests.people.helpers import add
from tests.support.queries import count_queries
from tests.support.world import World

HATS = ("library.desk", "library.adviser", "library.manager", "coordinator", "elected", "dpo", "admin")


def _titles(world: World, who: str) -> list[str]:
    client = world.client(who)
    return [tag.get_text(strip=True) for tag in client.select(client.get("/"), "#a-faire h4")]


def _need(world: World, person_id: UUID, who: str = "library.adviser", **data: object) -> None:
    with world.app.app_context():
        actor = world.actors[who]
        needs.open_need(actor, grants.on_person(actor, person_id), NeedData(kind=NeedKind.CONNEXION, **data))  # type: ignore[arg-type]
        commit()
        db.session.remove()


@pytest.mark.parametrize(
    ("days", "priority", "group"),
    [(None, "P1", "urgent"), (2, "P3", "week"), (0, "P3", "today"), (20, "P3", ""), (None, "P2", "")],
)
@pytest.mark.parametrize("who", ["library.desk", "library.adviser", "library.manager"])
def test_a_need_whose_day_is_near(world: World, days: int | None, priority: str, group: str, who: str) -> None:
    due = None if days is None else world.today + timedelta(days=days)
    _need(world, world.people["amina"], due_on=due, priority=Priority(priority))
    client = world.client(who)
    page = client.get("/")
    told = [tag for tag in client.select(page, "#a-faire li") if "Demande à traiter" in tag.get_text()]
    assert bool(told) is bool(group)
    if group:
        assert "Amina Benali" in told[0].get_text()
        assert client.select(page, f"#a-faire-{group}")


def test_it_is_told_to_the_structure_that_noted_it_only(world: World) -> None:
    _need(world, world.people["amina"], priority=Priority.P1)
    for who in ("fs.adviser", "ccas.adviser", "coordinator", "dpo", "admin", "elected"):
        assert not [one for one in _titles(world, who) if "Demande à traiter" in one]


@pytest.mark.usefixtures("staged")
def test_the_coordinator_is_told_of_what_waits_too_long_without_a_name(world: World) -> None:
    with world.app.app_context():
        db.session.execute(update(Referral).values(at_risk=True))
        commit()
        db.session.remove()
    client = world.client("coordinator")
    words = client.text(client.get("/"), "#a-faire")
    assert "attendent trop" in words
    assert "Prénom" not in words
    assert not [one for one in _titles(world, "admin") if "trop" in one]


def test_an_elected_official_is_told_of_a_new_summary(world: World) -> None:
    with world.app.app_context():
        settings = world.app.extensions["settings"]
        frame = Frame(settings.timezone, OpeningDays(), settings.secrecy_k, settings.network_name)
        pilotage.publish(world.actors["coordinator"], Term(2022), SummaryData("Une année calme."), frame)
        commit()
        db.session.remove()
    assert _titles(world, "elected") == ["Lire la synthèse : année 2022".replace(" :", "\xa0:")]


def test_invitations_wait_with_whoever_decides(world: World) -> None:
    with world.app.app_context():
        for rank, key in enumerate(("library", "library", "ccas")):
            accounts.invite(
                world.actors["admin"], world.structures[key], f"invite{rank}@essai.example", Role.DESK, None
            )
        commit()
        db.session.remove()
    manager, admin = world.client("library.manager"), world.client("admin")
    assert "2 invitations attendent une réponse" in manager.text(manager.get("/"), "#a-faire")
    assert "CCAS" not in manager.text(manager.get("/"), "#a-faire")
    words = admin.text(admin.get("/"), "#a-faire")
    assert "2 invitations attendent une réponse" in words
    assert "1 invitation attend une réponse" in words
    assert "invite0" not in words
    assert not [one for one in _titles(world, "library.adviser") if "invitation" in one]


def test_structures_to_complete_are_the_administrators(world: World) -> None:
    titles = _titles(world, "admin")
    assert "1 structure sans convention" in titles
    assert "5 structures sans responsable" in titles
    assert "1 structure sans convention" in _titles(world, "coordinator")
    assert not [one for one in _titles(world, "library.manager") if "structure" in one]


@pytest.mark.parametrize("who", HATS)
def test_nothing_to_do_gives_somewhere_to_go(world: World, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "task_providers", [])
    client = world.client(who)
    link = client.select(client.get("/"), "#a-faire .empty a")[0]["href"]
    assert client.get(str(link)).status_code == 200


@pytest.mark.parametrize("who", HATS)
def test_it_costs_the_same_whatever_waits(world: World, who: str) -> None:
    person_id = add(world, "library.adviser", "Une", "Personne")
    _need(world, person_id, priority=Priority.P1)
    few = _asked(world, who)
    for rank in range(4):
        _need(world, add(world, "library.adviser", f"Autre{rank}", "Personne"), priority=Priority.P1)
        _need(world, person_id, due_on=world.today)
    assert _asked(world, who) == few


# Everything that is due is one statement, then the names of people and of structures; the others are of one hat alone.
ASKED = {
    "library.desk": 5,
    "library.adviser": 6,
    "library.manager": 8,
    "coordinator": 6,
    "elected": 3,
    "dpo": 11,
    "admin": 6,
}


@pytest.mark.parametrize("who", HATS)
def test_how_much_is_asked(world: World, who: str) -> None:
    _need(world, world.people["amina"], priority=Priority.P1)
    assert _asked(world, who) == ASKED[who]


def _asked(world: World, who: str) -> int:
    client = world.client(who)
    with world.app.app_context():
        bind = db.engine
    client.get("/")
    with count_queries(bind) as queries:
        client.get("/")
    return len(queries)


@pytest.mark.usefixtures("staged")
def test_the_call_list_turns_its_pages(world: World) -> None:
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        first = db.session.scalars(
            select(ReferralTask).where(ReferralTask.structure_id == actor.structure_id, ReferralTask.done_at.is_(None))
        ).first()
        assert first is not None
        for _rank in range(PAGE + 2):
            db.session.add(
                ReferralTask(
                    referral_id=first.referral_id,
                    event_id=first.event_id,
                    structure_id=first.structure_id,
                    kind=TaskKind.TELL_PERSON,
                    due_on=world.today,
                )
            )
        commit()
        total = todo_pages(actor, {TaskKind.TELL_PERSON: 1})[TaskKind.TELL_PERSON].total
        db.session.remove()
    assert total > PAGE
    client = world.client("library.adviser")
    page = client.get("/orientations/a-faire")
    assert len(client.select(page, "#prevenir tbody tr")) == PAGE
    following = str(client.select(page, "#prevenir a[rel=next]")[0]["href"])
    assert following == "/orientations/a-faire?page=2#prevenir"
    assert len(client.select(client.get(following), "#prevenir tbody tr")) == total - PAGE
    assert len(client.select(client.get("/orientations/a-faire?page=99"), "#prevenir tbody tr")) == total - PAGE


def test_tasks_of_one_group_follow_their_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    days = (30, 9, 12)
    made = [Task(world.today + timedelta(days=one), f"dans {one}", "", "/mentions") for one in days]
    monkeypatch.setattr(panels, "task_providers", [lambda _actor: made])
    assert _titles(world, "library.adviser") == ["dans 9", "dans 12", "dans 30"]
