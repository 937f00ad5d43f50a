"""Lines that are already somebody: registered before, alike, sent twice, by two workers, refused by a rule."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import Membership
from app.kernel import clock, jobs
from app.kernel.db import db
from app.kernel.writes import commit
from app.people.actions import importing, registering
from app.people.actions.comparing import Setup
from app.people.models import FollowUp, ImportedPerson, LineState, Person
from tests.people.helpers import journal, person_count
from tests.people.sheets import (
    cells,
    csv_of,
    imported,
    last_import,
    lines,
    looked_at,
    previewed,
    row,
    someone,
    states,
    work,
)
from tests.support.world import World

WHO = "library.adviser"


def test_the_same_file_twice_registers_nobody_twice(app: Flask, world: World) -> None:
    client = world.client(WHO)
    content = csv_of(*(someone(rank) for rank in range(4)), someone(2))
    imported(app, client, content)
    count = person_count(world)
    assert states(app).count(LineState.FAULTY) == 1
    preview = previewed(app, client, content)
    assert "Il n’y a personne à inscrire" in client.text(preview, "main")
    assert "Déjà inscrites par un import 4" in client.text(preview, ".facts")
    assert person_count(world) == count
    assert client.submit(preview, "#confirmer").status_code == 409


def test_the_same_line_is_recognised_by_the_same_desk_only(app: Flask, world: World) -> None:
    content, count = csv_of(row()), person_count(world)
    imported(app, world.client("ccas.social"), content)
    preview = previewed(app, world.client("ccas.adviser"), content)
    facts = world.client("ccas.adviser").text(preview, ".facts")
    assert "Personnes nouvelles 1" in facts
    assert "Déjà inscrites par un import 0" in facts
    assert "Ressemblent à une personne déjà suivie 0" in facts
    imported(app, world.client(WHO), content)
    assert person_count(world) == count + 2
    with app.app_context():
        team = db.session.scalars(
            select(FollowUp.team_id).join(ImportedPerson, ImportedPerson.person_id == FollowUp.person_id)
        ).all()
        assert set(team) == {world.teams["ccas.social"], None}


def test_a_line_like_somebody_of_the_structure_waits_for_a_decision(app: Flask, world: World) -> None:
    looked_at(world, WHO)
    client, count = world.client(WHO), person_count(world)
    preview = previewed(app, client, csv_of(row(), someone(1)))
    (alike,) = cells(client, preview, "#ressemblances")
    assert alike[:2] == ["2", "Zohra Kaci"]
    assert "sur 100" in alike[2]
    assert "Même téléphone" in alike[3]
    client.submit(preview, "#confirmer")
    work(app)
    assert person_count(world) == count + 1
    assert states(app) == [LineState.ASIDE, LineState.MADE]


def test_a_line_like_somebody_is_registered_when_it_is_another(app: Flask, world: World) -> None:
    looked_at(world, WHO)
    client, count = world.client(WHO), person_count(world)
    imported(app, client, csv_of(row(courriel="autre@essai.example")), anyway=["2"])
    assert person_count(world) == count + 1
    assert states(app) == [LineState.MADE]


@pytest.mark.parametrize("elsewhere", ["ccas.adviser", "library.adviser+protected"])
def test_nothing_is_said_of_people_followed_elsewhere_or_protected(app: Flask, world: World, elsewhere: str) -> None:
    person_id = looked_at(world, elsewhere.partition("+")[0])
    if elsewhere.endswith("protected"):
        with app.app_context():
            db.session.execute(update(Person).where(Person.id == person_id).values(protected=True))
            commit()
    client = world.client(WHO)
    preview = previewed(app, client, csv_of(row()))
    assert client.select(preview, "#ressemblances") == []
    assert "Zohra Kaci" in client.text(preview, "#nouvelles")


def test_a_double_click_and_a_slice_done_twice_register_once(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    preview = previewed(app, client, csv_of(*(someone(rank) for rank in range(5))))
    other_tab = client.get(preview.request.path)
    with patch.object(registering, "BATCH", 2):
        assert client.submit(preview, "#confirmer").status_code == 303
        assert client.submit(preview, "#confirmer").status_code == 303
        assert client.submit(other_tab, "#confirmer").status_code == 303
        with app.app_context():
            assert jobs.work_once()
            db.session.remove()
        assert person_count(world) == count + 2
        run = last_import(app)
        assert "2 sur 5" in client.text(client.get(f"/personnes/import/{run.id}"), "[data-follow]")
        with app.app_context():
            payload = {"import_id": str(run.id), "after": 0}
            registering.write_slice(payload, setup(world))
            commit()
        assert person_count(world) == count + 2
        work(app)
    assert person_count(world) == count + 5
    assert client.submit(other_tab, "#confirmer").status_code == 303
    work(app)
    assert person_count(world) == count + 5
    assert len(journal(world, "person.register")) == count + 5


def setup(world: World) -> Setup:
    return Setup(world.today, "FR")


def test_a_row_that_is_refused_stops_nobody(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    ordinary = registering.register

    def grumbling(actor: object, data: object) -> object:
        if data.person.last_name == someone(1)[0]:  # type: ignore[attr-defined]
            raise importing.DomainError("non")
        return ordinary(actor, data)  # type: ignore[arg-type]

    with patch.object(registering, "register", grumbling):
        imported(app, client, csv_of(*(someone(rank) for rank in range(3))))
    assert person_count(world) == count + 2
    assert states(app) == [LineState.MADE, LineState.FAULTY, LineState.MADE]
    assert len(journal(world, "person.register")) == count + 2


def test_an_access_that_ended_registers_nobody_more(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    client.submit(previewed(app, client, csv_of(row())), "#confirmer")
    with app.app_context():
        hat = db.session.get_one(Membership, world.actors[WHO].membership_id)
        hat.ended_at = clock.now()
        commit()
    work(app)
    assert person_count(world) == count
    assert last_import(app).content is None
    assert [(one.state, one.typed) for one in lines(app)] == [(LineState.ASIDE, None)]
