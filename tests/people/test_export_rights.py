"""A prepared file is for whoever asked, as long as nothing in it was closed to them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import Membership
from app.kernel import clock, grants
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.writes import commit
from app.people.actions import protecting
from app.people.actions.protecting import SafetyData
from app.people.models import ExportState, FollowUp, PeopleExport, PeopleExportLine, Person
from app.privacy import actions as privacy
from tests.people.helpers import add
from tests.people.sheets import work
from tests.people.test_people_export import WHO, ask, hat, prepared, taken
from tests.support.world import World


def test_a_team_under_secrecy_is_its_own(app: Flask, world: World) -> None:
    add(world, "ccas.social", "Suivie", "Secrète")
    outside = world.client(hat(world, "ccas.manager", "ccas", Role.MANAGER))
    inside = world.client(hat(world, "ccas.head", "ccas", Role.MANAGER, "ccas.social"))
    assert [cells[0] for cells in taken(app, outside)] == ["Nom", "Gauthier"]
    assert [cells[0] for cells in taken(app, inside)] == ["Nom", "Gauthier", "Secrète"]


def test_only_managers_know_of_exports(app: Flask, world: World) -> None:
    for who in ("library.desk", "library.adviser", "coordinator", "dpo", "admin", "elected"):
        assert world.client(who).get("/personnes/exports").status_code == 404
    adviser = world.client("library.adviser")
    assert "Exporter" not in adviser.text(adviser.get("/personnes"), "main")
    manager = world.client(WHO)
    assert "Exporter" in manager.text(manager.get("/personnes"), "main")


def test_a_file_is_for_whoever_asked_with_the_same_hat(app: Flask, world: World) -> None:
    address = prepared(app, world.client(WHO))
    other = world.client(hat(world, "library.second", "library", Role.MANAGER))
    for path in (address, address + "/fichier"):
        assert other.get(path).status_code == 404
        assert world.client("library.adviser").get(path).status_code == 404
    assert app.test_client().get(address + "/fichier").status_code == 303
    assert world.client(WHO).get(address + "/fichier").status_code == 200


def lose(app: Flask, world: World, how: str) -> None:
    """A right is lost between asking and downloading."""
    adviser, amina = world.actors["library.adviser"], world.people["amina"]
    with app.app_context():
        if how == "protected":
            protecting.protect(adviser, grants.on_person(adviser, amina), SafetyData(), world.today)
        elif how == "frozen":
            db.session.execute(update(Person).where(Person.id == amina).values(restricted_on=world.today))
        elif how == "archived":
            privacy.archive(amina)
        elif how == "secret team":
            team = update(FollowUp).where(FollowUp.person_id == amina).values(team_id=world.teams["ccas.social"])
            db.session.execute(team)
        elif how == "handed over":
            away = update(Person).where(Person.id == amina)
            db.session.execute(away.values(referent_structure_id=world.structures["ccas"]))
        elif how == "anonymised":
            privacy.anonymise(None, amina)
        commit()
        db.session.remove()


@pytest.mark.parametrize("how", ["protected", "frozen", "archived", "secret team", "handed over", "anonymised"])
def test_a_right_lost_since_closes_the_file(app: Flask, world: World, how: str) -> None:
    client = world.client(WHO)
    address = prepared(app, client)
    assert client.get(address + "/fichier").status_code == 200
    lose(app, world, how)
    assert client.get(address + "/fichier").status_code == 404
    page = client.get(address)
    assert "Télécharger" not in client.text(page, "main")
    assert client.text(page, "main")


def test_another_perimeter_or_an_ended_access_opens_nothing_of_it(app: Flask, world: World) -> None:
    client = world.client(WHO)
    address = prepared(app, client)
    with app.app_context():
        worn = db.session.get_one(Membership, world.actors[WHO].membership_id)
        worn.team_id = world.teams["ccas.social"]
        commit()
    assert client.get(address + "/fichier").status_code == 404
    with app.app_context():
        worn = db.session.get_one(Membership, world.actors[WHO].membership_id)
        worn.team_id, worn.ended_at = None, clock.now()
        commit()
    assert client.get(address + "/fichier").status_code in {303, 404}


def test_an_access_ended_before_the_worker_came_prepares_nothing(app: Flask, world: World) -> None:
    ask(world.client(WHO))
    with app.app_context():
        db.session.get_one(Membership, world.actors[WHO].membership_id).ended_at = clock.now()
        commit()
    work(app)
    with app.app_context():
        made = db.session.scalars(select(PeopleExport)).one()
        assert (made.state, made.document) == (ExportState.EXPIRED, None)
        assert db.session.scalars(select(PeopleExportLine)).all() == []
