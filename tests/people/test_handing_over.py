"""« Passer le relais » : both sides agree, and may receive; the person has always one referent structure."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import EVERYTHING
from app.kernel.writes import commit
from app.network.models import Structure
from app.people.actions import consents, ending_hand_overs, protecting
from app.people.actions.protecting import SafetyData
from app.people.enums import FollowUpKind, HandOverEnd, HandOverState
from app.people.models import Consent, Person
from tests.people.handing import proposed_to, shared, state_of
from tests.people.helpers import follow
from tests.people.relays import answer, count, follow_ups, newest, propose, referent
from tests.support.world import World


def _acted(world: World, act: object, *arguments: object) -> None:
    with world.app.app_context():
        act(*arguments)  # type: ignore[operator]
        commit()
        db.session.remove()


# ---------------------------------------------------------------- both sides agree


def test_nothing_moves_before_the_other_side_accepts(world: World) -> None:
    amina = shared(world)
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
    amina = shared(world)
    assert propose(world.client("ccas.adviser"), amina, None, reason="already_there").status_code == 303
    one = newest(world, amina)
    assert (one.asked, one.from_structure_id) == (True, world.structures["library"])
    assert answer(world.client("library.manager"), one.id, answer="accept").status_code == 303
    assert referent(world, amina) == world.structures["ccas"]
    assert follow_ups(world, amina)[-1].holder_id == world.actors["ccas.adviser"].user_id


def test_nobody_answers_their_own_proposal(world: World) -> None:
    hand_over_id = proposed_to(world)
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
    hand_over_id = proposed_to(world)
    ccas = world.client("ccas.adviser")
    silent = answer(ccas, hand_over_id, answer="decline")
    assert silent.status_code == 422
    assert "Dites pourquoi vous refusez" in ccas.text(silent)
    assert answer(ccas, hand_over_id, answer="decline", reason="full").status_code == 303
    assert state_of(world) == (HandOverState.DECLINED, HandOverEnd.FULL)
    assert referent(world, world.people["amina"]) == world.structures["library"]
    late = ccas.get(f"/personnes/relais/{hand_over_id}")
    assert "pas de place pour l’instant" in ccas.text(late)


def test_the_maker_takes_it_back_and_may_propose_again(world: World) -> None:
    hand_over_id, amina = proposed_to(world), world.people["amina"]
    library = world.client("library.adviser")
    again = library.get(f"/personnes/{amina}/relais")
    assert not library.select(again, "#relais")
    page = library.get(f"/personnes/relais/{hand_over_id}")
    assert library.submit(page, "form[action$=retirer]").status_code == 303
    assert state_of(world)[0] is HandOverState.WITHDRAWN
    assert propose(library, amina, world.structures["ccas"]).status_code == 303
    assert count(world) == 2


def test_an_answer_after_the_answer_says_what_happened(world: World) -> None:
    hand_over_id = proposed_to(world)
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
    hand_over_id = proposed_to(world)
    _acted(world, ending_hand_overs.structure_left, None, world.structures["ccas"])
    assert state_of(world) == (HandOverState.ENDED, HandOverEnd.STRUCTURE)
    client = world.client("ccas.adviser")
    assert client.get(f"/personnes/relais/{hand_over_id}").status_code == 200


def test_the_agreement_is_looked_at_again_when_it_is_accepted(world: World) -> None:
    hand_over_id = proposed_to(world)
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
    amina, library = shared(world), world.client("library.adviser")
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
    proposed_to(world)
    actor, amina = world.actors["library.adviser"], world.people["amina"]
    data = SafetyData(named=(world.structures["ccas"],) if named else ())
    with world.app.app_context():
        protecting.protect(actor, grants.on_person(actor, amina), data, world.today)
        commit()
        db.session.remove()
    assert state_of(world)[0] is (HandOverState.OPEN if named else HandOverState.ENDED)


@pytest.mark.parametrize("agrees", [True, False])
def test_what_the_person_takes_back_ends_it_too(world: World, agrees: bool) -> None:
    """An agreement that runs out leaves what the person agreed to aloud; one taken back leaves nothing."""
    amina = shared(world)
    propose(
        world.client("library.adviser"), amina, world.structures["ccas"], **({"person_agrees": True} if agrees else {})
    )
    with world.app.app_context():
        consent_id = db.session.scalars(select(Consent.id).where(Consent.person_id == amina)).one()
        ending_hand_overs.consent_ended(None, amina, consent_id, "consent_ended")
        commit()
        db.session.remove()
    assert state_of(world)[0] is (HandOverState.OPEN if agrees else HandOverState.ENDED)
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        consents.withdraw_consent(actor, grants.on_person(actor, amina), consent_id, world.today)
        commit()
        db.session.remove()
    assert state_of(world) == (HandOverState.ENDED, HandOverEnd.CONSENT)


def test_a_structure_that_stops_following_asks_no_more(world: World) -> None:
    amina, ccas = shared(world), world.client("ccas.adviser")
    propose(ccas, amina, None)
    ccas.submit(ccas.get(f"/personnes/{amina}/ne-plus-suivre"), "#ne-plus-suivre")
    assert state_of(world) == (HandOverState.ENDED, HandOverEnd.UNFOLLOWED)


def test_a_frozen_record_does_not_move(world: World) -> None:
    hand_over_id, amina = proposed_to(world), world.people["amina"]
    ccas = world.client("ccas.adviser")
    page = ccas.get(f"/personnes/relais/{hand_over_id}")
    with world.app.app_context():
        db.session.get_one(Person, amina).restricted_on = world.today
        commit()
        db.session.remove()
    assert ccas.submit(page, "#repondre", data={"answer": "accept"}).status_code == 409
    assert world.client("library.adviser").get(f"/personnes/{amina}/relais").status_code == 404
    assert referent(world, amina) == world.structures["library"]
