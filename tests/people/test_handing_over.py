"""« Passer le relais » : both sides agree, the person has always one referent structure, and is told."""

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
from app.kernel.grants import EVERYTHING, SHARED_BY_DEFAULT
from app.kernel.journal import verify
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.network.models import Structure
from app.people.actions import consents, ending_hand_overs, protecting
from app.people.actions.protecting import SafetyData
from app.people.enums import FollowUpKind, HandOverEnd, HandOverState
from app.people.models import Consent, FollowUp, HandOver, Person
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import Contact, Outcome
from tests.people.helpers import add, archive, follow, journal, whole_journal
from tests.people.relays import answer, count, follow_ups, newest, propose, referent
from tests.support.queries import count_queries
from tests.support.world import World, build_world


def _shared(world: World, structure: str = "ccas") -> UUID:
    """Amina, whom the CCAS follows beside the library."""
    amina = world.people["amina"]
    follow(world, amina, structure)
    return amina


def _proposed(world: World, structure: str = "ccas") -> UUID:
    """The id of a proposal to a structure that follows."""
    amina = _shared(world, structure)
    assert propose(world.client("library.adviser"), amina, world.structures[structure]).status_code == 303
    return newest(world, amina).id


def _acted(world: World, act: object, *arguments: object) -> None:
    with world.app.app_context():
        act(*arguments)  # type: ignore[operator]
        commit()
        db.session.remove()


def _state(world: World) -> tuple[HandOverState, HandOverEnd | None]:
    one = newest(world, world.people["amina"])
    return one.state, one.end_reason


# ---------------------------------------------------------------- both sides agree


def test_nothing_moves_before_the_other_side_accepts(world: World) -> None:
    amina = _shared(world)
    proposed = propose(world.client("library.adviser"), amina, world.structures["ccas"])
    assert proposed.location == f"/personnes/relais/{newest(world, amina).id}"
    assert referent(world, amina) == world.structures["library"]
    done = answer(world.client("ccas.adviser"), newest(world, amina).id, answer="accept")
    assert done.status_code == 303
    assert referent(world, amina) == world.structures["ccas"]
    ended, beside, begun = follow_ups(world, amina)
    assert (ended.ended_on, beside.ended_on, begun.ended_on) == (world.today, world.today, None)
    assert (begun.sections, begun.kind, begun.started_on) == (EVERYTHING, FollowUpKind.REFERENT, world.today)
    assert begun.holder_id == world.actors["ccas.adviser"].user_id
    assert world.client("library.adviser").get(f"/personnes/{amina}").status_code == 404
    page = world.client("ccas.desk").get(f"/personnes/{amina}")
    assert "après Médiathèque de Marmande" in world.client("ccas.desk").text(page, "#histoire")


def test_another_structure_that_follows_asks_and_the_referent_answers(world: World) -> None:
    amina = _shared(world)
    assert propose(world.client("ccas.adviser"), amina, None, reason="already_there").status_code == 303
    one = newest(world, amina)
    assert (one.asked, one.from_structure_id) == (True, world.structures["library"])
    assert answer(world.client("library.manager"), one.id, answer="accept").status_code == 303
    assert referent(world, amina) == world.structures["ccas"]
    assert follow_ups(world, amina)[-1].holder_id == world.actors["ccas.adviser"].user_id


def test_nobody_answers_their_own_proposal(world: World) -> None:
    hand_over_id = _proposed(world)
    ours = world.client("library.manager")
    page = ours.get(f"/personnes/relais/{hand_over_id}")
    assert not ours.select(page, "#repondre")
    sent = ours.post(f"/personnes/relais/{hand_over_id}", data=_forged(ours, page, answer="accept"))
    assert sent.status_code == 404
    theirs = world.client("ccas.adviser")
    other = theirs.get(f"/personnes/relais/{hand_over_id}")
    withdrawn = theirs.post(f"/personnes/relais/{hand_over_id}/retirer", data=_forged(theirs, other))
    assert withdrawn.status_code == 404
    assert referent(world, world.people["amina"]) == world.structures["library"]


def _forged(client: object, page: object, **fields: str) -> dict[str, str]:
    inputs = client.select(page, "main form input[type=hidden]")  # type: ignore[attr-defined]
    return {str(one["name"]): str(one["value"]) for one in inputs} | fields


def test_declining_says_why_and_moves_nothing(world: World) -> None:
    hand_over_id = _proposed(world)
    ccas = world.client("ccas.adviser")
    silent = answer(ccas, hand_over_id, answer="decline")
    assert silent.status_code == 422
    assert "Dites pourquoi vous refusez" in ccas.text(silent)
    assert answer(ccas, hand_over_id, answer="decline", reason="full").status_code == 303
    assert _state(world) == (HandOverState.DECLINED, HandOverEnd.FULL)
    assert referent(world, world.people["amina"]) == world.structures["library"]
    late = ccas.get(f"/personnes/relais/{hand_over_id}")
    assert "pas de place pour l’instant" in ccas.text(late)


def test_the_maker_takes_it_back_and_may_propose_again(world: World) -> None:
    hand_over_id, amina = _proposed(world), world.people["amina"]
    library = world.client("library.adviser")
    again = library.get(f"/personnes/{amina}/relais")
    assert not library.select(again, "#relais")
    page = library.get(f"/personnes/relais/{hand_over_id}")
    assert library.submit(page, "form[action$=retirer]").status_code == 303
    assert _state(world)[0] is HandOverState.WITHDRAWN
    assert propose(library, amina, world.structures["ccas"]).status_code == 303
    assert count(world) == 2


def test_an_answer_after_the_answer_says_what_happened(world: World) -> None:
    hand_over_id = _proposed(world)
    first, second = world.client("ccas.adviser"), world.client("camille.library")
    page = first.get(f"/personnes/relais/{hand_over_id}")
    library = world.client("library.adviser")
    library.submit(library.get(f"/personnes/relais/{hand_over_id}"), "form[action$=retirer]")
    late = first.submit(page, "#repondre", data={"answer": "accept"})
    assert late.status_code == 409
    assert "ce changement est retiré" in first.text(late)
    assert second.get(f"/personnes/relais/{hand_over_id}").status_code == 200


# ---------------------------------------------------------------- who may receive


def test_a_structure_that_does_not_follow_needs_the_persons_word(world: World) -> None:
    amina, library = world.people["amina"], world.client("library.adviser")
    refused = propose(library, amina, world.structures["ccas"])
    assert refused.status_code == 422
    assert "demandez-lui d’abord" in library.text(refused, ".field--error")
    assert count(world) == 0
    assert propose(library, amina, world.structures["ccas"], person_agrees=True).status_code == 303
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{newest(world, amina).id}")
    assert "Benali" not in page.get_data(as_text=True)
    assert "Adulte" in ccas.text(page)
    assert ccas.get(f"/personnes/{amina}").status_code == 404
    assert answer(ccas, newest(world, amina).id, answer="accept").status_code == 303
    assert "Benali" in ccas.text(ccas.get(f"/personnes/{amina}"))


@pytest.mark.parametrize("structure", ["newcomer", "shelter", "library"])
def test_some_structures_are_not_offered_and_are_refused(world: World, structure: str) -> None:
    """Without an agreement; sensitive and unknown of the person; the referent itself."""
    amina, library = world.people["amina"], world.client("library.adviser")
    page = library.get(f"/personnes/{amina}/relais")
    offered = [str(one["value"]) for one in library.select(page, "select[name=to] option")]
    assert str(world.structures[structure]) not in offered
    forged = {"to": str(world.structures[structure]), "reason": "moved", "person_agrees": "y"}
    assert library.submit(page, "#relais", forged=forged).status_code == 422
    assert count(world) == 0


def test_a_structure_that_left_receives_nothing(world: World) -> None:
    hand_over_id = _proposed(world)
    _acted(world, ending_hand_overs.structure_left, None, world.structures["ccas"])
    assert _state(world) == (HandOverState.ENDED, HandOverEnd.STRUCTURE)
    client = world.client("ccas.adviser")
    assert client.get(f"/personnes/relais/{hand_over_id}").status_code == 200


def test_the_agreement_is_looked_at_again_when_it_is_accepted(world: World) -> None:
    hand_over_id = _proposed(world)
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    with world.app.app_context():
        db.session.execute(
            update(Structure).where(Structure.id == world.structures["library"]).values(agreement_signed_on=None)
        )
        commit()
        db.session.remove()
    refused = ccas.submit(page, "#repondre", data={"answer": "accept"})
    assert refused.status_code in {404, 422}
    assert referent(world, world.people["amina"]) == world.structures["library"]


def test_for_a_protected_person_only_the_structures_they_named(world: World) -> None:
    amina, library = _shared(world), world.client("library.adviser")
    follow(world, amina, "france_services")
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        data = SafetyData(named=(world.structures["ccas"],))
        protecting.protect(actor, grants.on_person(actor, amina), data, world.today)
        commit()
        db.session.remove()
    page = library.get(f"/personnes/{amina}/relais")
    offered = [str(one["value"]) for one in library.select(page, "select[name=to] option")]
    assert offered == [str(world.structures["ccas"])]
    forged = {"to": str(world.structures["france_services"]), "reason": "moved", "person_agrees": "y"}
    assert library.submit(page, "#relais", forged=forged).status_code == 422
    assert propose(library, amina, world.structures["ccas"]).status_code == 303


@pytest.mark.parametrize("named", [True, False])
def test_protecting_ends_a_proposal_to_whoever_is_not_named(world: World, named: bool) -> None:
    _proposed(world)
    actor, amina = world.actors["library.adviser"], world.people["amina"]
    data = SafetyData(named=(world.structures["ccas"],) if named else ())
    with world.app.app_context():
        protecting.protect(actor, grants.on_person(actor, amina), data, world.today)
        commit()
        db.session.remove()
    assert _state(world)[0] is (HandOverState.OPEN if named else HandOverState.ENDED)


@pytest.mark.parametrize("agrees", [True, False])
def test_what_the_person_takes_back_ends_it_too(world: World, agrees: bool) -> None:
    """An agreement that runs out leaves what the person agreed to aloud; one taken back leaves nothing."""
    amina = _shared(world)
    propose(
        world.client("library.adviser"), amina, world.structures["ccas"], **({"person_agrees": True} if agrees else {})
    )
    with world.app.app_context():
        consent_id = db.session.scalars(select(Consent.id).where(Consent.person_id == amina)).one()
        ending_hand_overs.consent_ended(None, amina, consent_id, "consent_ended")
        commit()
        db.session.remove()
    assert _state(world)[0] is (HandOverState.OPEN if agrees else HandOverState.ENDED)
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        consents.withdraw_consent(actor, grants.on_person(actor, amina), consent_id, world.today)
        commit()
        db.session.remove()
    assert _state(world) == (HandOverState.ENDED, HandOverEnd.CONSENT)


def test_a_structure_that_stops_following_asks_no_more(world: World) -> None:
    amina, ccas = _shared(world), world.client("ccas.adviser")
    propose(ccas, amina, None)
    ccas.submit(ccas.get(f"/personnes/{amina}/ne-plus-suivre"), "#ne-plus-suivre")
    assert _state(world) == (HandOverState.ENDED, HandOverEnd.UNFOLLOWED)


def test_a_frozen_record_does_not_move(world: World) -> None:
    hand_over_id, amina = _proposed(world), world.people["amina"]
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    with world.app.app_context():
        db.session.get_one(Person, amina).restricted_on = world.today
        commit()
        db.session.remove()
    assert ccas.submit(page, "#repondre", data={"answer": "accept"}).status_code == 409
    assert world.client("library.adviser").get(f"/personnes/{amina}/relais").status_code == 404
    assert referent(world, amina) == world.structures["library"]


# ---------------------------------------------------------------- who reads it


@pytest.mark.parametrize("who", ["fs.adviser", "ccas.desk", "library.desk", "coordinator", "dpo", "admin"])
def test_a_proposal_exists_for_its_two_sides_alone(world: World, who: str) -> None:
    hand_over_id, client = _proposed(world), world.client(who)
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
    hand_over_id = _proposed(world)
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
    hand_over_id, amina = _proposed(world), world.people["amina"]
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
    hand_over_id = _proposed(world)
    answer(world.client("ccas.adviser"), hand_over_id, answer="decline", reason="person_declined")
    assert [one.object_id for one in journal(world, "hand_over.propose")] == [hand_over_id]
    assert journal(world, "hand_over.decline")[0].person_id == world.people["amina"]
    assert "Benali" not in whole_journal(world)


# ---------------------------------------------------------------- time, and two people at once


def test_what_nobody_answers_ends_after_a_month(world: World) -> None:
    hand_over_id = _proposed(world)
    last = world.today + timedelta(days=30)
    with world.app.app_context():
        assert ending_hand_overs.expire(last) == 0
        assert ending_hand_overs.expire(last + timedelta(days=1)) == 1
        commit()
        db.session.remove()
    assert _state(world)[0] is HandOverState.EXPIRED
    assert "resté sans réponse" in _titles(world, "library.adviser")
    late = world.client("ccas.adviser").get(f"/personnes/relais/{hand_over_id}")
    assert late.status_code == 200


def test_an_answer_after_the_delay_is_refused_even_before_the_night(world: World) -> None:
    hand_over_id = _proposed(world)
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    with world.app.app_context():
        db.session.get_one(HandOver, hand_over_id).expires_on = world.today - timedelta(days=1)
        commit()
        db.session.remove()
    assert ccas.submit(page, "#repondre", data={"answer": "accept"}).status_code == 409
    assert referent(world, world.people["amina"]) == world.structures["library"]


def test_the_database_refuses_a_second_open_proposal_and_a_person_without_referent(world: World) -> None:
    hand_over_id = _proposed(world)
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
    hand_over_id, amina = _proposed(world), world.people["amina"]
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
    amina = _shared(world)
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
    hand_over_id, amina = _proposed(world), world.people["amina"]
    answer(world.client("ccas.adviser"), hand_over_id, answer="accept")
    library = world.client("library.adviser")
    page = library.get(f"/personnes/{amina}/rester-suivie")
    assert library.submit(page, "#rester", data={"present": True}).status_code == 303
    assert referent(world, amina) == world.structures["ccas"]
    kinds = [(one.structure_id, one.kind) for one in follow_ups(world, amina) if one.ended_on is None]
    assert (world.structures["library"], FollowUpKind.OTHER) in kinds


def test_an_archived_person_is_not_handed_over(world: World) -> None:
    hand_over_id, amina = _proposed(world), world.people["amina"]
    archive(world, amina)
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    assert "Benali" not in ccas.text(page)
    answered = ccas.submit(page, "#repondre", data={"answer": "accept"})
    assert answered.status_code in {404, 422}


def test_merged_records_keep_one_open_proposal(world: World) -> None:
    kept = world.people["amina"]
    removed = add(world, "library.adviser", "Amina", "Benaly")
    _proposed(world)
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
    amina, client = _shared(world), world.client("ccas.adviser")
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
