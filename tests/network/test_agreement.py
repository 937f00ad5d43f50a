"""The network agreement: nothing is shared before it is signed nor once it ended, by any door. Teams and declarations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import grants, ids
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.network import actions, policy
from app.network.models import Structure, Team
from app.people import actions as people
from app.people.actions import ConsentData
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import FollowUp, Person
from app.referrals import actions as referrals
from app.referrals.enums import EndCause, State
from app.referrals.models import Referral
from tests.referrals.helpers import agreed, prepare, send
from tests.support.queries import count_queries
from tests.support.world import World, add_person

LEFT = ("agreement_signed_on", "agreement_ended_on", "closed_on")


def structure(world: World, key: str) -> Structure:
    return db.session.get_one(Structure, world.structures[key])


def unbind(world: World, key: str, how: str) -> None:
    """The structure is no longer bound, without any hook: what each door says by itself."""
    values: dict[str, Any] = {
        "agreement_signed_on": world.today + timedelta(days=1),
        "agreement_ended_on": world.today,
        "closed_on": world.today,
    }
    setattr(structure(world, key), how, values[how])
    db.session.flush()


def share(world: World, key: str) -> None:
    """The structure follows Amina too, by a sharing card for instance."""
    values = {"kind": FollowUpKind.OTHER, "sections": SHARED_BY_DEFAULT, "started_on": world.today}
    db.session.add(
        FollowUp(id=ids.new_id(), person_id=world.people["amina"], structure_id=world.structures[key], **values)
    )
    db.session.flush()


def address(world: World, page: str = "", key: str = "ccas") -> str:
    return f"/administration/structures/{world.structures[key]}{page}"


# ---------------------------------------------------------------- every door


@pytest.mark.parametrize("how", LEFT)
@pytest.mark.parametrize("side", ["ccas", "library"])
def test_a_shared_follow_up_opens_nothing_unless_both_are_bound(world: World, how: str, side: str) -> None:
    with world.app.app_context():
        share(world, "ccas")
        agent, person = world.actors["ccas.adviser"], world.people["amina"]
        assert grants.on_person(agent, person)
        unbind(world, side, how)
        assert not grants.on_person(agent, person)
        assert person not in db.session.scalars(grants.visible_ids(agent)).all()


@pytest.mark.parametrize("how", LEFT)
@pytest.mark.parametrize("side", ["ccas", "library"])
def test_an_accepted_referral_opens_nothing_unless_both_are_bound(world: World, how: str, side: str) -> None:
    with world.app.app_context():
        referral = send(world)
        referrals.accept(world.actors["ccas.adviser"], referral.id)
        assert grants.on_person(world.actors["ccas.adviser"], world.people["amina"])
        unbind(world, side, how)
        assert not grants.on_person(world.actors["ccas.adviser"], world.people["amina"])


@pytest.mark.parametrize("how", LEFT)
def test_one_s_own_people_stay_one_s_own(world: World, how: str) -> None:
    with world.app.app_context():
        unbind(world, "library", how)
        granted = grants.on_person(world.actors["library.adviser"], world.people["amina"])
        assert granted.opens(Section.IDENTITY)
        assert granted.may_write


@pytest.mark.parametrize("how", LEFT)
@pytest.mark.parametrize("side", ["ccas", "library"])
def test_a_referral_neither_leaves_nor_arrives(world: World, how: str, side: str) -> None:
    with world.app.app_context():
        unbind(world, side, how)
        with pytest.raises(DomainError, match=r"convention|ne peut pas recevoir"):
            send(world)


def test_a_draft_prepared_before_does_not_leave_after(world: World) -> None:
    with world.app.app_context():
        draft = prepare(world)
        unbind(world, "library", "agreement_ended_on")
        with pytest.raises(DomainError, match="convention"):
            referrals.send(world.actors["library.adviser"], draft.id, agreed())


@pytest.mark.parametrize("how", LEFT)
def test_the_shared_register_is_not_opened(world: World, how: str) -> None:
    data = ConsentData(
        kind=ConsentKind.REGISTER, answer=ConsentAnswer.GIVEN, sections=SHARED_BY_DEFAULT, starts_on=world.today
    )
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        people.answer_register(actor, granted, data, world.today)
        unbind(world, "library", how)
        with pytest.raises(DomainError, match="convention"):
            people.answer_register(actor, granted, data, world.today)
        with pytest.raises(DomainError, match="convention"):
            add_person(world, "newcomer.adviser", "Nour", "Sans")
        refused = ConsentData(
            kind=ConsentKind.REGISTER, answer=ConsentAnswer.REFUSED, sections=SHARED_BY_DEFAULT, starts_on=world.today
        )
        assert people.answer_register(actor, granted, refused, world.today)


# ---------------------------------------------------------------- leaving


def test_leaving_ends_referrals_and_shared_follow_ups_on_both_sides_at_once(world: World) -> None:
    with world.app.app_context():
        referral = send(world)
        share(world, "fablab")
        shared = FollowUp(
            id=ids.new_id(),
            person_id=world.people["jean"],
            structure_id=world.structures["library"],
            kind=FollowUpKind.OTHER,
            sections=SHARED_BY_DEFAULT,
            started_on=world.today,
        )
        db.session.add(shared)
        actions.end_agreement(world.actors["coordinator"], structure(world, "library"), world.today, closes=False)
        ended = db.session.get_one(Referral, referral.id)
        assert (ended.state, ended.end_cause) == (State.WITHDRAWN, EndCause.STRUCTURE_CLOSED)
        open_ones = select(FollowUp.kind).where(FollowUp.ended_on.is_(None))
        assert set(db.session.scalars(open_ones)) == {FollowUpKind.REFERENT}
        assert db.session.get_one(Person, world.people["amina"]).referent_structure_id == world.structures["library"]


def test_signing_again_opens_nothing_of_before(world: World) -> None:
    with world.app.app_context():
        share(world, "ccas")
        coordinator, ccas = world.actors["coordinator"], structure(world, "ccas")
        actions.end_agreement(coordinator, ccas, world.today, closes=True)
        assert not policy.can_share(ccas, world.today)
        actions.record_agreement(coordinator, ccas, world.today, world.today)
        assert policy.can_share(ccas, world.today)
        assert ccas.active
        assert not grants.on_person(world.actors["ccas.adviser"], world.people["amina"])


def test_only_the_network_records_and_ends_an_agreement(world: World) -> None:
    with world.app.app_context():
        ccas = structure(world, "ccas")
        for who in ("library.manager", "ccas.adviser", "dpo", "elected"):
            with pytest.raises(NotFound):
                actions.record_agreement(world.actors[who], ccas, world.today, world.today)
            with pytest.raises(NotFound):
                actions.end_agreement(world.actors[who], ccas, world.today, closes=True)
        tomorrow = world.today + timedelta(days=1)
        with pytest.raises(DomainError, match="aujourd’hui ou avant"):
            actions.record_agreement(world.actors["admin"], ccas, tomorrow, world.today)
        actions.end_agreement(world.actors["admin"], ccas, world.today, closes=False)
        with pytest.raises(Conflict):
            actions.end_agreement(world.actors["admin"], ccas, world.today, closes=False)


# ---------------------------------------------------------------- screens


def test_a_structure_joins_declares_and_signs(world: World) -> None:
    client = world.client("coordinator")
    page = client.get("/administration/structures/nouvelle")
    wrong = client.submit(page, "main form", name="", siret="12")
    assert wrong.status_code == 422
    made = client.submit(
        page, "main form", name="Le Relais", kind="association", commune_code="Marmande", sensitive=True
    )
    assert made.status_code == 303
    shown = client.get(made.location)
    assert "ne partage rien" in client.text(shown, "main")
    early = client.submit(client.get(f"{made.location}/convention"), "main form", signed_on=world.today.isoformat())
    assert "base légale" in client.text(early, "main")
    declared = client.get(f"{made.location}/declaration")
    assert (
        client.submit(
            declared, "main form", legal_basis="interet_legitime", dpo_contact="dpo@relais.example"
        ).status_code
        == 303
    )
    late = (world.today + timedelta(days=2)).isoformat()
    assert client.submit(client.get(f"{made.location}/convention"), "main form", signed_on=late).status_code == 422
    signed = client.submit(client.get(f"{made.location}/convention"), "main form", signed_on=world.today.isoformat())
    assert signed.status_code == 303
    after = client.text(client.get(made.location), "main")
    assert "ne partage rien" not in after
    assert "dpo@relais.example" in after
    assert "Le Relais" in client.text(client.get("/administration/structures"), "main")


def test_a_structure_declares_its_own_and_nothing_else(world: World) -> None:
    client = world.client("library.manager")
    own = address(world, "", "library")
    assert (
        client.submit(
            client.get(f"{own}/declaration"),
            "main form",
            legal_basis="interet_legitime",
            dpo_contact="dpo@ville.example",
        ).status_code
        == 303
    )
    assert "Dpo" in client.text(client.get(own), "#donnees")
    for closed in (
        f"{own}/convention",
        f"{own}/depart",
        f"{own}/modifier",
        address(world),
        address(world, "/declaration"),
    ):
        assert client.get(closed).status_code == 404


def test_two_people_declare_at_once_and_both_texts_are_shown(world: World) -> None:
    first, second = world.client("coordinator"), world.client("admin")
    pages = [one.get(address(world, "/declaration")) for one in (first, second)]
    assert first.submit(pages[0], "main form", dpo_contact="un@ccas.example").status_code == 303
    stale = second.submit(pages[1], "main form", dpo_contact="deux@ccas.example")
    assert stale.status_code == 409
    assert "un@ccas.example" in second.text(stale, "main")


def test_leaving_says_what_happens_first(world: World) -> None:
    client = world.client("admin")
    page = client.get(address(world, "/depart"))
    assert "orientations en cours" in client.text(page, "main")
    assert client.submit(page, "main form", closes=True).status_code == 303
    assert "a quitté le réseau" in client.text(client.get("/administration/structures"), "main")
    again = client.submit(client.get(address(world, "/depart")), "main form")
    assert again.status_code == 409


def test_the_list_costs_the_same_for_many(world: World) -> None:
    client = world.client("admin")
    client.get("/administration/structures")
    with world.app.app_context():
        engine = db.engine
    with count_queries(engine) as few:
        client.get("/administration/structures")
    with world.app.app_context():
        for rank in range(10):
            kind = structure(world, "ccas").kind
            actions.add_structure(None, actions.StructureData(name=f"S{rank}", kind=kind))
        commit()
    with count_queries(engine) as many:
        client.get("/administration/structures")
    many.assert_same_as(few)
    many.assert_at_most(5)


# ---------------------------------------------------------------- teams


def test_a_manager_creates_a_team_and_puts_people_in_it(world: World) -> None:
    client = world.client("library.manager")
    page = client.get(address(world, "/equipes/nouvelle", "library"))
    desk, adviser = (world.actors[f"library.{role}"].membership_id for role in ("desk", "adviser"))
    made = client.submit(page, "main form", name="Accueil", under_secrecy=True, members=[str(desk), str(adviser)])
    assert made.status_code == 303
    with world.app.app_context():
        team = db.session.scalars(select(Team).where(Team.name == "Accueil")).one()
        team_id = team.id
        assert team.under_secrecy
    shown = client.text(client.get(address(world, "/equipes", "library")), "main")
    assert "Library Desk" in shown
    edit = client.get(f"/administration/equipes/{team_id}")
    assert "Si vous retirez le secret" in client.text(edit, "main")
    assert client.submit(edit, "main form", name="Bureau", members=[str(desk)]).status_code == 303
    listed = client.text(client.get(address(world, "/equipes", "library")), "tbody")
    assert "Library Desk" in listed
    assert "Library Adviser" not in listed


def test_teams_of_elsewhere_are_hidden_and_names_are_not_taken_twice(world: World) -> None:
    client = world.client("library.manager")
    assert client.get(f"/administration/equipes/{world.teams['ccas.social']}").status_code == 404
    assert client.get(address(world, "/equipes")).status_code == 404
    page = client.get(address(world, "/equipes/nouvelle", "library"))
    forged = {"members": str(world.actors["ccas.adviser"].membership_id)}
    assert client.submit(page, "main form", name="Accueil", forged=forged).status_code == 422
    assert client.submit(page, "main form", name="Accueil").status_code == 303
    twice = client.submit(client.get(address(world, "/equipes/nouvelle", "library")), "main form", name="Accueil")
    assert twice.status_code == 409


def test_a_hat_in_a_team_under_secrecy_writes_under_secrecy_from_the_next_request(world: World) -> None:
    with world.app.app_context():
        team = actions.add_team(world.actors["library.manager"], world.structures["library"], "Social", True)
        commit()
        team_id = team.id
    manager, agent = world.client("library.manager"), world.client("library.adviser")
    page = manager.get(f"/administration/membres/{world.actors['library.adviser'].membership_id}")
    assert manager.submit(page, "main form", team=str(team_id)).status_code == 303
    new = agent.get("/personnes/nouvelle")
    assert new.status_code == 200
    agent.submit(
        new,
        "main form",
        first_name="Rosa",
        last_name="Secrète",
        notice_way="paper",
        answer="refused",
    )
    with world.app.app_context():
        kept = db.session.scalars(select(FollowUp.team_id).where(FollowUp.team_id == team_id)).all()
        assert kept == [team_id]
    assert "Secrète" not in manager.text(manager.get("/personnes"))
