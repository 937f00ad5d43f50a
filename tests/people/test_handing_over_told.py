"""« Passer le relais » : who reads a proposal, who is told, when it ends, and what two people at once do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.journal import verify
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people.actions import ending_hand_overs
from app.people.enums import FollowUpKind, HandOverState
from app.people.models import FollowUp, HandOver, Person
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import Contact, Outcome
from tests.people.handing import proposed_to, shared, state_of
from tests.people.helpers import add, archive, journal, whole_journal
from tests.people.relays import answer, count, follow_ups, newest, propose, referent
from tests.support.queries import count_queries
from tests.support.world import World, build_world

# ---------------------------------------------------------------- who reads it


@pytest.mark.parametrize("who", ["fs.adviser", "ccas.desk", "library.desk", "coordinator", "dpo", "admin"])
def test_a_proposal_exists_for_its_two_sides_alone(world: World, who: str) -> None:
    hand_over_id, client = proposed_to(world), world.client(who)
    for path in ("", "/retirer", "/vu", "/prevenue"):
        address = f"/personnes/relais/{hand_over_id}{path}"
        answer = client.post(address, data={}) if path else client.get(address)
        assert answer.status_code in ({400, 404} if path else {404}), path


def test_a_team_under_secrecy_reads_its_own_alone(world: World) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        held = FollowUp(
            person_id=amina,
            structure_id=world.structures["ccas"],
            team_id=world.teams["ccas.social"],
            kind=FollowUpKind.OTHER,
            sections=SHARED_BY_DEFAULT,
            started_on=world.today,
        )
        db.session.add(held)
        commit()
        db.session.remove()
    propose(world.client("library.adviser"), amina, world.structures["ccas"])
    one = newest(world, amina)
    assert world.client("ccas.adviser").get(f"/personnes/relais/{one.id}").status_code == 404
    assert answer(world.client("ccas.social"), one.id, answer="accept").status_code == 303
    assert follow_ups(world, amina)[-1].team_id == world.teams["ccas.social"]
    assert world.client("ccas.adviser").get(f"/personnes/{amina}").status_code == 404
    assert world.client("ccas.social").get(f"/personnes/{amina}").status_code == 200


def test_a_team_under_secrecy_that_accepts_keeps_it_to_itself(world: World) -> None:
    amina = world.people["amina"]
    propose(world.client("library.adviser"), amina, world.structures["ccas"], person_agrees=True)
    assert answer(world.client("ccas.social"), newest(world, amina).id, answer="accept").status_code == 303
    assert world.client("ccas.adviser").get(f"/personnes/{amina}").status_code == 404
    assert world.client("ccas.social").get(f"/personnes/{amina}").status_code == 200


# ---------------------------------------------------------------- told, in the application and by mail


def test_both_sides_are_told_by_a_mail_that_names_nobody(world: World) -> None:
    hand_over_id = proposed_to(world)
    answer(world.client("ccas.adviser"), hand_over_id, answer="accept")
    with world.app.app_context():
        mails = list(db.session.scalars(select(OutboxMessage)))
    told = {mail.user_id for mail in mails}
    for who in ("library.adviser", "library.manager", "ccas.adviser", "ccas.social", "camille.library"):
        assert world.actors[who].user_id in told, who
    assert world.actors["fs.adviser"].user_id not in told
    for mail in mails:
        assert "Benali" not in mail.subject + mail.body
        assert f"/personnes/relais/{hand_over_id}" in mail.body


def _titles(world: World, who: str) -> str:
    client = world.client(who)
    return client.text(client.get("/"), "#a-faire")


def test_each_side_has_something_to_do_until_it_is_done(world: World) -> None:
    hand_over_id, amina = proposed_to(world), world.people["amina"]
    assert "Répondre : changer la structure référente de Amina Benali" in _titles(world, "ccas.adviser")
    assert "structure référente" not in _titles(world, "library.adviser")
    ccas, library = world.client("ccas.adviser"), world.client("library.adviser")
    answer(ccas, hand_over_id, answer="accept")
    assert "Prévenir Amina Benali" in _titles(world, "ccas.adviser")
    assert "Lire la réponse de CCAS de Tonneins" in _titles(world, "library.adviser")
    assert "Benali" not in _titles(world, "library.adviser")
    page = library.get(f"/personnes/relais/{hand_over_id}")
    assert "Benali" not in library.text(page)
    assert library.submit(page, "form[action$=vu]").status_code == 303
    assert "Lire la réponse" not in _titles(world, "library.adviser")
    assert ccas.submit(ccas.get(f"/personnes/relais/{hand_over_id}"), "form[action$=prevenue]").status_code == 303
    assert "Prévenir Amina" not in _titles(world, "ccas.adviser")
    assert newest(world, amina).told_by == world.actors["ccas.adviser"].user_id


def test_every_act_is_journalled_by_codes(world: World) -> None:
    hand_over_id = proposed_to(world)
    answer(world.client("ccas.adviser"), hand_over_id, answer="decline", reason="person_declined")
    assert [one.object_id for one in journal(world, "hand_over.propose")] == [hand_over_id]
    assert journal(world, "hand_over.decline")[0].person_id == world.people["amina"]
    assert "Benali" not in whole_journal(world)


# ---------------------------------------------------------------- time, and two people at once


def test_what_nobody_answers_ends_after_a_month(world: World) -> None:
    hand_over_id = proposed_to(world)
    last = world.today + timedelta(days=30)
    with world.app.app_context():
        assert ending_hand_overs.expire(last) == 0
        assert ending_hand_overs.expire(last + timedelta(days=1)) == 1
        commit()
        db.session.remove()
    assert state_of(world)[0] is HandOverState.EXPIRED
    assert "resté sans réponse" in _titles(world, "library.adviser")
    late = world.client("ccas.adviser").get(f"/personnes/relais/{hand_over_id}")
    assert late.status_code == 200


def test_an_answer_after_the_delay_is_refused_even_before_the_night(world: World) -> None:
    hand_over_id = proposed_to(world)
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    with world.app.app_context():
        db.session.get_one(HandOver, hand_over_id).expires_on = world.today - timedelta(days=1)
        commit()
        db.session.remove()
    assert ccas.submit(page, "#repondre", data={"answer": "accept"}).status_code == 409
    assert referent(world, world.people["amina"]) == world.structures["library"]


def test_the_database_refuses_a_second_open_proposal_and_a_person_without_referent(world: World) -> None:
    hand_over_id = proposed_to(world)
    with world.app.app_context():
        one = db.session.get_one(HandOver, hand_over_id)
        names = [column.name for column in HandOver.__table__.columns if column.name != "id"]
        db.session.add(HandOver(**{name: getattr(one, name) for name in names}))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
        orphan = update(Person).where(Person.id == world.people["amina"]).values(referent_structure_id=None)
        with pytest.raises(IntegrityError):
            db.session.execute(orphan)
        db.session.rollback()


def test_two_answers_at_once_make_one(committed_app: Flask) -> None:
    world = build_world(committed_app)
    hand_over_id, amina = proposed_to(world), world.people["amina"]
    said = {"ccas.adviser": {"answer": "accept"}, "ccas.social": {"answer": "decline", "reason": "full"}}
    screens = {who: (world.client(who), fields) for who, fields in said.items()}
    pages = {who: client.get(f"/personnes/relais/{hand_over_id}") for who, (client, _) in screens.items()}
    barrier = Barrier(2)

    def send(who: str) -> int:
        client, fields = screens[who]
        barrier.wait()
        return client.submit(pages[who], "#repondre", data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, said))
    assert statuses == [303, 409]
    moved = newest(world, amina).state is HandOverState.ACCEPTED
    assert referent(world, amina) == world.structures["ccas" if moved else "library"]
    with committed_app.app_context():
        assert verify() == []


def test_two_proposals_at_once_make_one(committed_app: Flask) -> None:
    world = build_world(committed_app)
    amina = shared(world)
    library, ccas = world.client("library.adviser"), world.client("ccas.adviser")
    screens = [(library, {"to": str(world.structures["ccas"]), "reason": "moved"}), (ccas, {"reason": "moved"})]
    pages = [client.get(f"/personnes/{amina}/relais") for client, _ in screens]
    barrier = Barrier(2)

    def send(rank: int) -> int:
        client, fields = screens[rank]
        barrier.wait()
        return client.submit(pages[rank], "#relais", data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [303, 409]
    assert count(world) == 1


# ---------------------------------------------------------------- afterwards


def test_whoever_was_the_referent_may_ask_the_person_to_stay(world: World) -> None:
    hand_over_id, amina = proposed_to(world), world.people["amina"]
    answer(world.client("ccas.adviser"), hand_over_id, answer="accept")
    library = world.client("library.adviser")
    page = library.get(f"/personnes/{amina}/rester-suivie")
    assert library.submit(page, "#rester", data={"present": True}).status_code == 303
    assert referent(world, amina) == world.structures["ccas"]
    kinds = [(one.structure_id, one.kind) for one in follow_ups(world, amina) if one.ended_on is None]
    assert (world.structures["library"], FollowUpKind.OTHER) in kinds


def test_an_archived_person_is_not_handed_over(world: World) -> None:
    hand_over_id, amina = proposed_to(world), world.people["amina"]
    archive(world, amina)
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    assert "Benali" not in ccas.text(page)
    answered = ccas.submit(page, "#repondre", data={"answer": "accept"})
    assert answered.status_code in {404, 422}


def test_merged_records_keep_one_open_proposal(world: World) -> None:
    kept = world.people["amina"]
    removed = add(world, "library.adviser", "Amina", "Benaly")
    proposed_to(world)
    library = world.client("library.adviser")
    propose(library, removed, world.structures["france_services"], person_agrees=True)
    with world.app.app_context():
        for moved in ending_hand_overs.MERGED:
            assert moved.move is not None
            moved.move(kept, removed)
        db.session.flush()
        states = sorted(
            one.state.value for one in db.session.scalars(select(HandOver).where(HandOver.person_id == kept))
        )
        assert states == ["ended", "open"]
        db.session.rollback()


def test_queries_do_not_grow_with_what_waits(world: World) -> None:
    amina, client = shared(world), world.client("ccas.adviser")
    propose(world.client("library.adviser"), amina, world.structures["ccas"])
    with world.app.app_context():
        bind = db.engine
    client.get("/")
    with count_queries(bind) as few:
        client.get("/")
    for rank in range(4):
        other = add(world, "library.adviser", "Ana", f"Nomen{rank}")
        propose(world.client("library.adviser"), other, world.structures["ccas"], person_agrees=True)
    with count_queries(bind) as many:
        client.get("/")
    many.assert_same_as(few)


def test_once_its_work_is_closed_the_recipient_finds_the_way_to_ask(world: World) -> None:
    library, ccas, amina = world.actors["library.adviser"], world.actors["ccas.adviser"], world.people["amina"]
    with world.app.app_context():
        granted = grants.on_person(library, amina)
        need = needs.open_need(library, granted, NeedData(kind=NeedKind.BOITE_MAIL))
        draft = referrals.draft(library, granted, DraftData(need_id=need.id, recipients=(ccas.structure_id,)))
        referrals.send(library, draft.id, Agreement(sections=SHARED_BY_DEFAULT))
        referrals.accept(ccas, draft.id)
        referrals.start(ccas, draft.id, next(iter(Contact)))
        commit()
        path = f"/orientations/{draft.id}"
        db.session.remove()
    client = world.client("ccas.adviser")
    assert not client.select(client.get(path), "a[href$=rester-suivie]")
    with world.app.app_context():
        referrals.close(ccas, UUID(path.rsplit("/", 1)[1]), Outcome.NEED_MET)
        commit()
        db.session.remove()
    page = client.get(path)
    assert "Benali" not in client.text(page)
    link = client.select(page, "a[href$=rester-suivie]")[0]["href"]
    assert client.get(str(link)).status_code == 200
    sender = world.client("library.adviser")
    assert not sender.select(sender.get(path), "a[href$=rester-suivie]")
