"""Agreements over time: asked again before they end, over everywhere when they do, taken back everywhere at once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.sql import func

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import verify
from app.kernel.writes import commit
from app.people import actions
from app.people.actions import ConsentData
from app.people.actions import renewals as acts
from app.people.enums import ANSWERS_ASKED, ConsentAnswer, ConsentKind
from app.people.models import Consent
from app.people.queries import renewals
from tests.people.deck import OPEN, made, present, shared_with
from tests.people.helpers import archive, follow, journal
from tests.support.due import found
from tests.support.world import World


@pytest.fixture
def amina(world: World) -> UUID:
    """Followed by the library, shared with the fablab."""
    follow(world, world.people["amina"], "fablab")
    return world.people["amina"]


def ends(world: World, person_id: UUID, day: date) -> None:
    """The agreement of this person ends that day."""
    with world.app.app_context():
        db.session.execute(
            update(Consent).where(Consent.person_id == person_id).values(ends_on=day, starts_on=day - YEAR)
        )
        commit()
        db.session.remove()


YEAR = timedelta(days=365)


def run(world: World, today: date) -> int:
    with world.app.app_context():
        done = acts.end_lapsed(today)
        commit()
        db.session.remove()
    return done


def due(world: World, who: str) -> list[UUID]:
    with world.app.app_context():
        rows = found(world.actors[who], world.today, renewals.renewals)
        return [row.person_id for row in rows if row.person_id]


def ask(world: World, person_id: UUID, answer: ConsentAnswer) -> None:
    actor = world.actors["library.adviser"]
    data = ConsentData(
        kind=ConsentKind.REGISTER,
        answer=answer,
        sections=SHARED_BY_DEFAULT if answer is ConsentAnswer.GIVEN else Section(0),
        starts_on=world.today,
        ends_on=world.today + YEAR if answer is ConsentAnswer.GIVEN else None,
    )
    with world.app.app_context():
        actions.answer_register(actor, grants.on_person(actor, person_id), data, world.today)
        commit()
        db.session.remove()


@pytest.mark.parametrize(("days", "asked"), [(31, False), (30, True), (0, True), (-30, True), (-31, False)])
def test_whoever_is_the_referent_asks_again_from_a_month_before(
    world: World, amina: UUID, days: int, asked: bool
) -> None:
    ends(world, amina, world.today + timedelta(days=days))
    for who in ("library.desk", "library.adviser", "library.manager"):
        assert due(world, who) == ([amina] if asked else [])
    for who in ("camille.fablab", "ccas.adviser", "coordinator", "dpo", "admin"):
        assert due(world, who) == []


def test_the_first_screen_says_it_and_leads_to_the_question(world: World, amina: UUID) -> None:
    ends(world, amina, world.today + timedelta(days=12))
    client = world.client("library.adviser")
    page = client.get("/")
    assert "Redemander à Amina Benali" in client.text(page)
    assert client.select(page, f'a[href="/personnes/{amina}/accord"]')


@pytest.mark.parametrize("answer", ANSWERS_ASKED)
def test_an_answer_ends_the_task_whatever_it_is(world: World, amina: UUID, answer: ConsentAnswer) -> None:
    ends(world, amina, world.today + timedelta(days=12))
    ask(world, amina, answer)
    assert due(world, "library.adviser") == []


def test_nobody_is_asked_again_once_the_record_is_archived(world: World, amina: UUID) -> None:
    ends(world, amina, world.today)
    archive(world, amina)
    assert due(world, "library.adviser") == []


def test_the_last_day_still_counts_and_the_next_ends_everything_shared(world: World, amina: UUID) -> None:
    code = made(world)
    ends(world, amina, world.today)
    assert run(world, world.today) == 0
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 200
    assert run(world, world.today + timedelta(days=1)) == 1
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 404
    assert world.client("library.adviser").get(f"/personnes/{amina}").status_code == 200
    assert shared_with(world, amina) == {}
    assert present(world.client("fs.adviser"), code).status_code == 422
    assert [entry.person_id for entry in journal(world, "consent.lapse")] == [amina]
    with world.app.app_context():
        assert verify() == []


def test_the_worker_ends_it_once(world: World, amina: UUID) -> None:
    ends(world, amina, world.today - timedelta(days=1))
    assert [run(world, world.today), run(world, world.today)] == [1, 0]


def test_an_answer_given_since_keeps_everything_open(world: World, amina: UUID) -> None:
    ends(world, amina, world.today - timedelta(days=1))
    ask(world, amina, ConsentAnswer.GIVEN)
    assert run(world, world.today) == 0
    assert world.client("camille.fablab").get(f"/personnes/{amina}").status_code == 200


def test_the_other_rooms_hear_it_as_they_hear_of_a_withdrawal(
    world: World, amina: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Actor | None, UUID, str]] = []

    def hear(actor: Actor | None, person_id: UUID, consent_id: UUID, cause: str) -> None:
        told.append((actor, person_id, cause))

    monkeypatch.setattr("app.kernel.hooks.consent_ended", [hear])
    ends(world, amina, world.today - timedelta(days=1))
    run(world, world.today)
    assert told == [(None, amina, "consent_ended")]


def test_taking_back_closes_the_card_and_the_follow_ups_for_the_next_request(world: World, amina: UUID) -> None:
    code = made(world)
    elsewhere = world.client("camille.fablab")
    assert elsewhere.get(f"/personnes/{amina}").status_code == 200
    desk = world.client("library.desk")
    link = desk.select(desk.get(f"/personnes/{amina}"), "#accords a[href$='/retirer']")[0]
    desk.submit(desk.get(str(link["href"])), "#retirer")
    assert elsewhere.get(f"/personnes/{amina}").status_code == 404
    assert present(world.client("fs.adviser"), code).status_code == 422
    assert shared_with(world, amina) == {}
    with world.app.app_context():
        still = (
            select(func.count()).select_from(Consent).where(Consent.person_id == amina, Consent.withdrawn_at.is_(None))
        )
        assert db.session.scalar(still) == 0
    assert world.client("fs.adviser").get(OPEN).status_code == 200
