"""« Interlocuteur » : the colleague whom the person knows. It opens nothing, and nobody is orphaned when they leave."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Membership
from app.kernel import grants
from app.kernel.db import db
from app.kernel.writes import commit
from app.people.models import FollowUp
from app.people.queries import holders
from tests.people.helpers import follow, journal
from tests.support.pages import InspectingClient
from tests.support.world import World, add_person, build_world


def _choose(client: InspectingClient, person_id: UUID, holder: str) -> TestResponse:
    return client.submit(client.get(f"/personnes/{person_id}/interlocuteur"), "#interlocuteur", holder=holder)


def _holder(world: World, person_id: UUID, structure: str = "library") -> UUID | None:
    with world.app.app_context():
        held = (FollowUp.person_id == person_id, FollowUp.structure_id == world.structures[structure])
        return db.session.scalars(select(FollowUp.holder_id).where(*held, FollowUp.ended_on.is_(None))).one()


def _shown(client: InspectingClient, person_id: UUID) -> str:
    return client.text(client.get(f"/personnes/{person_id}"), "[data-panel=relais]")


def test_become_hand_to_a_colleague_stop(world: World) -> None:
    amina, client = world.people["amina"], world.client("library.adviser")
    assert "Personne en particulier" in _shown(client, amina)
    me, colleague = (str(world.actors[who].user_id) for who in ("library.adviser", "library.desk"))
    for chosen, name in ((me, "Library Adviser"), (colleague, "Library Desk")):
        assert _choose(client, amina, chosen).status_code == 303
        assert name in _shown(client, amina)
    assert _choose(client, amina, "personne").status_code == 303
    assert _holder(world, amina) is None
    assert len(journal(world, "follow_up.hold")) == 3


def test_each_structure_has_its_own(world: World) -> None:
    amina = world.people["amina"]
    follow(world, amina, "ccas")
    ours, theirs = world.client("library.adviser"), world.client("ccas.adviser")
    assert _choose(theirs, amina, str(world.actors["ccas.desk"].user_id)).status_code == 303
    assert _holder(world, amina) is None
    assert "Ccas" not in _shown(ours, amina)
    assert "Ccas Desk" in _shown(theirs, amina)


@pytest.mark.parametrize("who", ["ccas.adviser", "coordinator", "elected", "camille.fablab"])
def test_only_colleagues_who_meet_people_there_are_offered(world: World, who: str) -> None:
    amina, client = world.people["amina"], world.client("library.adviser")
    user_id = str(world.actors[who].user_id)
    page = client.get(f"/personnes/{amina}/interlocuteur")
    offered = {str(one["value"]) for one in client.select(page, "input[name=holder]")}
    if who == "camille.fablab":
        assert user_id in offered, "camille also advises at the library"
        return
    assert user_id not in offered
    assert client.submit(page, "#interlocuteur", forged={"holder": user_id}).status_code == 422
    assert _holder(world, amina) is None


def test_a_team_under_secrecy_offers_its_own_alone(world: World) -> None:
    actor = world.actors["ccas.social"]
    with world.app.app_context():
        person_id = add_person(world, "ccas.social", "Secrète", "Suivie")
        granted = grants.on_person(actor, person_id)
        named = [one.user_id for one in holders.colleagues(granted, world.today)]
        commit()
        db.session.remove()
    assert named == [actor.user_id]
    assert world.client("ccas.adviser").get(f"/personnes/{person_id}/interlocuteur").status_code == 404


def test_a_colleague_who_leaves_orphans_nothing(world: World) -> None:
    amina, client = world.people["amina"], world.client("library.adviser")
    desk = world.actors["library.desk"]
    _choose(client, amina, str(desk.user_id))
    with world.app.app_context():
        hat = db.session.get_one(Membership, desk.membership_id)
        hat.ends_on = world.today - timedelta(days=1)
        commit()
        db.session.remove()
    assert "n’est plus dans la structure" in _shown(client, amina)
    page = client.get(f"/personnes/{amina}/interlocuteur")
    assert "choisissez quelqu’un d’autre" in client.text(page)
    assert client.submit(page, "#interlocuteur", holder="personne").status_code == 303
    assert _holder(world, amina) is None


def test_whoever_reads_by_a_referral_alone_has_no_say(world: World) -> None:
    client = world.client("fs.adviser")
    assert client.get(f"/personnes/{world.people['amina']}/interlocuteur").status_code == 404


def test_two_colleagues_choose_at_once_and_the_second_is_told(committed_app: Flask) -> None:
    world = build_world(committed_app)
    amina = world.people["amina"]
    chosen = {"library.adviser": "library.desk", "library.manager": "library.manager"}
    clients = {who: world.client(who) for who in chosen}
    pages = {who: client.get(f"/personnes/{amina}/interlocuteur") for who, client in clients.items()}
    barrier = Barrier(2)

    def send(who: str) -> TestResponse:
        barrier.wait()
        return clients[who].submit(pages[who], "#interlocuteur", holder=str(world.actors[chosen[who]].user_id))

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(chosen, pool.map(send, chosen), strict=True))
    assert sorted(one.status_code for one in answers.values()) == [303, 409]
    late = next(who for who, one in answers.items() if one.status_code == 409)
    assert "est devenu l’interlocuteur" in clients[late].text(answers[late])
    again = clients[late].submit(answers[late], "#interlocuteur", holder=str(world.actors[chosen[late]].user_id))
    assert again.status_code == 303
    assert _holder(world, amina) == world.actors[chosen[late]].user_id
