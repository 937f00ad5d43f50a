"""« Suivis à vérifier » : rule 13, who has not been met for long, who knows nobody; within rights, or by pseudonyms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people.models import FollowUp, Person
from app.pilotage.queries import care
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.models import Referral
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World, add_person

PATH = "/pilotage/suivis-a-verifier"


def _change(world: World, model: type, row_id: UUID, column: str = "id", **values: Any) -> None:
    with world.app.app_context():
        db.session.execute(update(model).where(getattr(model, column) == row_id).values(**values))
        commit()
        db.session.remove()


def _sent(world: World) -> UUID:
    """A referral of the library to the CCAS that waits."""
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        granted = grants.on_person(actor, world.people["amina"])
        need = needs.open_need(actor, granted, NeedData(kind=NeedKind.BOITE_MAIL))
        draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=(world.structures["ccas"],)))
        referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT))
        commit()
        found = draft.id
        db.session.remove()
    return found


def _page(client: InspectingClient) -> str:
    return client.text(client.get(PATH), "main")


def test_nobody_is_lost_when_all_is_well(world: World) -> None:
    _sent(world)
    for who in ("library.adviser", "coordinator"):
        assert "Tout est en ordre" in _page(world.client(who))


def test_whom_nobody_has_met_is_one_click_away(world: World) -> None:
    client, amina = world.client("library.adviser"), world.people["amina"]
    assert "0 personne pas vue depuis 6 mois" in _page(client)
    _change(world, Person, amina, last_contact_on=world.today - timedelta(days=200))
    page = client.get(PATH)
    assert "1 personne pas vue depuis 6 mois" in client.text(page)
    assert "0 personne pas vue depuis 12 mois" in client.text(page)
    link = client.select(page, "#personnes a")[0]["href"]
    assert "Amina Benali" in client.text(client.get(str(link)), "tbody")


def test_who_knows_nobody_in_particular_nor_anybody_who_is_still_there(world: World) -> None:
    client, amina = world.client("library.adviser"), world.people["amina"]
    assert "1 personne sans interlocuteur" in _page(client)
    holder = world.actors["library.desk"].user_id
    _change(world, FollowUp, amina, "person_id", holder_id=holder)
    assert "0 personne sans interlocuteur" in _page(client)
    _change(world, FollowUp, amina, "person_id", holder_id=world.actors["fs.adviser"].user_id)
    assert "1 personne sans interlocuteur" in _page(client)


def test_a_referral_without_clock_is_shown_to_both_sides_and_the_coordinator(world: World) -> None:
    referral_id = _sent(world)
    _change(world, Referral, referral_id, next_clock_at=clock.now() - timedelta(days=3))
    for who in ("library.adviser", "ccas.adviser", "coordinator"):
        client = world.client(who)
        page = client.get(PATH)
        assert "1 orientation ouverte sans échéance" in client.text(page), who
        assert client.select(page, f"#regle a[href$='{referral_id}']"), who
        assert "Benali" not in client.text(page)
    assert "Tout est en ordre" in _page(world.client("fs.adviser"))


def test_somebody_without_referent_is_a_pseudonym(world: World) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        code = db.session.get_one(Person, amina).code
    _change(world, FollowUp, amina, "person_id", ended_on=world.today)
    for who in ("library.manager", "coordinator"):
        words = _page(world.client(who))
        assert "1 personne sans structure référente" in words
        assert code in words
        assert "Benali" not in words
    assert "Tout est en ordre" in _page(world.client("ccas.adviser"))


def test_the_coordinator_reads_counts_by_structure_and_no_name(world: World) -> None:
    _change(world, Person, world.people["jean"], last_contact_on=world.today - timedelta(days=400))
    client = world.client("coordinator")
    page = client.get(PATH)
    cells = client.select(page, "tbody tr:has(th:-soup-contains('CCAS de Tonneins')) td")
    assert [cell.get_text(strip=True) for cell in cells] == ["1", "1", "1", "1"]
    assert "Gauthier" not in client.text(page)
    quality = client.get("/pilotage/qualite")
    assert "Tout est en ordre" in client.text(quality, "#suivis")


def test_the_counts_are_those_of_the_team(world: World) -> None:
    with world.app.app_context():
        person_id = add_person(world, "ccas.social", "Secrète", "Suivie")
        commit()
        db.session.remove()
    _change(world, Person, person_id, last_contact_on=world.today - timedelta(days=200))
    assert "1 personne pas vue depuis 6 mois" in _page(world.client("ccas.social"))
    assert "0 personne pas vue depuis 6 mois" in _page(world.client("ccas.adviser"))


@pytest.mark.parametrize("who", ["library.desk", "elected", "dpo", "admin"])
def test_others_do_not_have_it(world: World, who: str) -> None:
    assert world.client(who).get(PATH).status_code == 404


@pytest.mark.parametrize("who", ["library.adviser", "coordinator"])
def test_queries_do_not_grow(world: World, who: str) -> None:
    referral_id = _sent(world)
    _change(world, Referral, referral_id, next_clock_at=clock.now() - timedelta(days=3))
    with world.app.app_context(), count_queries(db.session) as few:
        care.verified(world.actors[who], world.today, clock.now())
    with world.app.app_context():
        for rank in range(5):
            add_person(world, "library.adviser", "Ana", f"Nomen{rank}")
        commit()
        db.session.remove()
    with world.app.app_context(), count_queries(db.session) as many:
        care.verified(world.actors[who], world.today, clock.now())
    many.assert_same_as(few)
    many.assert_at_most(9)
