"""What follows the end of a referral: whom to tell, what comes next, the consent withdrawn."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.needs.actions import CloseData
from app.needs.enums import NeedResult, NeedState
from app.needs.models import Need
from app.people import actions as people
from app.people.models import Consent
from app.referrals import actions, queries
from app.referrals.actions import Meanwhile
from app.referrals.enums import (
    Decision,
    DeclineReason,
    EndCause,
    Outcome,
    State,
    TaskKind,
    ToldWay,
)
from app.referrals.models import Referral, ReferralEvent, ReferralTask
from tests.referrals.helpers import RECIPIENT, SENDER, agreed, prepare, send
from tests.referrals.steps import acts
from tests.support.world import World


def tasks(referral_id: UUID, kind: TaskKind | None = None, done: bool = False) -> list[ReferralTask]:
    query = select(ReferralTask).where(ReferralTask.referral_id == referral_id)
    found = db.session.scalars(query.order_by(ReferralTask.id))
    return [task for task in found if (kind is None or task.kind is kind) and (task.done_at is not None) is done]


def next_task(referral: Referral) -> UUID:
    (task,) = tasks(referral.id, TaskKind.NEXT_ACTION)
    return task.id


# ---------------------------------------------------------------- what follows


def test_every_ending_but_need_met_waits_for_its_next_action(here: World) -> None:
    agent, sender = here.actors[RECIPIENT], here.actors[SENDER]
    for outcome in set(Outcome) - {Outcome.REDIRECTED}:
        referral = send(here)
        actions.accept(agent, referral.id)
        actions.close(agent, referral.id, outcome)
        assert bool(tasks(referral.id, TaskKind.NEXT_ACTION)) is (outcome is not Outcome.NEED_MET)
        assert len(tasks(referral.id, TaskKind.TELL_PERSON)) == 2
    declined = send(here)
    actions.decline(agent, declined.id, DeclineReason.OUT_OF_SCOPE)
    withdrawn = send(here)
    actions.withdraw(sender, withdrawn.id, EndCause.OTHER_SOLUTION)
    assert len(tasks(declined.id)) == 2
    assert [task.kind for task in tasks(withdrawn.id)] == [TaskKind.NEXT_ACTION]


def test_told_says_how_and_leaves_the_list(here: World) -> None:
    referral = send(here)
    actions.accept(here.actors[RECIPIENT], referral.id)
    (task,) = tasks(referral.id)
    actions.told(here.actors["library.desk"], task.id, ToldWay.PHONE)
    assert (task.told_way, task.done_by) == (ToldWay.PHONE, here.actors["library.desk"].user_id)
    with pytest.raises(Conflict, match="déjà fait"):
        actions.told(here.actors[SENDER], task.id, ToldWay.SMS)
    with pytest.raises(NotFound):
        actions.told(here.actors[RECIPIENT], task.id, ToldWay.SMS)


def test_somebody_who_could_not_be_reached_stays_on_the_list(here: World) -> None:
    referral = send(here)
    actions.accept(here.actors[RECIPIENT], referral.id)
    (task,) = tasks(referral.id)
    later = clock.now() + timedelta(days=10)
    with clock.fixed(later):
        actions.told(here.actors[SENDER], task.id, ToldWay.COULD_NOT)
    assert task.done_at is None
    assert task.due_on > later.date()


def test_the_next_structure_is_one_click_away(here: World) -> None:
    sender = here.actors[SENDER]
    first = send(here, to=("ccas", "france_services", "fablab"))
    actions.decline(here.actors[RECIPIENT], first.id, DeclineReason.FULL)
    second = actions.decide(sender, next_task(first), Decision.NEXT_STRUCTURE)
    assert second.state is State.SENT
    assert (second.recipient_id, second.path_id, second.parent_id) == (
        here.structures["france_services"],
        first.path_id,
        first.id,
    )
    assert second.consent_id == first.consent_id
    actions.accept(here.actors["fs.adviser"], second.id)
    assert (
        queries.detail(here.actors["fs.adviser"], second.id).words[0].body == "Le dossier est dans la pochette bleue."
    )
    actions.close(here.actors["fs.adviser"], second.id, Outcome.DID_NOT_COME)
    third = actions.decide(sender, next_task(second), Decision.NEXT_STRUCTURE)
    assert third.recipient_id == here.structures["fablab"]
    actions.withdraw(sender, third.id, EndCause.NO_LONGER_NEEDED)
    with pytest.raises(DomainError, match="ne nomme pas d’autre"):
        actions.decide(sender, next_task(third), Decision.NEXT_STRUCTURE)


def test_another_partner_is_decided_by_the_new_draft(here: World) -> None:
    sender = here.actors[SENDER]
    first = send(here)
    actions.decline(here.actors[RECIPIENT], first.id, DeclineReason.FULL)
    with pytest.raises(DomainError):
        actions.decide(sender, next_task(first), Decision.ANOTHER_PARTNER)
    child = prepare(here, need_id=first.need_id, to=("fablab",), parent_id=first.id)
    assert child.path_id == first.path_id
    assert [task.decision for task in tasks(first.id, TaskKind.NEXT_ACTION, done=True)] == ["another_partner"]
    actions.discard(sender, child.id)
    assert len(tasks(first.id, TaskKind.NEXT_ACTION)) == 1


def test_a_path_that_comes_back_says_why(here: World) -> None:
    first = send(here)
    actions.decline(here.actors[RECIPIENT], first.id, DeclineReason.MISSING_INFORMATION)
    with pytest.raises(DomainError, match="Dites pourquoi"):
        prepare(here, need_id=first.need_id, parent_id=first.id)
    child = prepare(here, need_id=first.need_id, parent_id=first.id, return_reason="Les papiers sont là.")
    event = db.session.scalars(select(ReferralEvent).where(ReferralEvent.referral_id == child.id)).one()
    assert event.details["returns"] is True
    actions.send(here.actors[SENDER], child.id, agreed())
    actions.accept(here.actors[RECIPIENT], child.id)
    read = [line.body for line in queries.detail(here.actors[RECIPIENT], child.id).words]
    assert "Les papiers sont là." not in read
    assert "Les papiers sont là." in [line.body for line in queries.detail(here.actors[SENDER], child.id).words]


def test_closing_the_need_is_a_decision(here: World) -> None:
    sender = here.actors[SENDER]
    referral = send(here)
    actions.decline(here.actors[RECIPIENT], referral.id, DeclineReason.FULL)
    with pytest.raises(DomainError):
        actions.decide(sender, next_task(referral), Decision.CLOSE_NEED)
    actions.decide(sender, next_task(referral), Decision.CLOSE_NEED, CloseData(result=NeedResult.SANS_SUITE))
    assert db.session.get_one(Need, referral.need_id).state is NeedState.CLOSED
    assert not tasks(referral.id, TaskKind.NEXT_ACTION)


def test_the_desk_does_not_decide(here: World) -> None:
    referral = send(here)
    actions.decline(here.actors[RECIPIENT], referral.id, DeclineReason.FULL)
    with pytest.raises(NotFound):
        actions.decide(here.actors["library.desk"], next_task(referral), Decision.SESSION_WITH_US)


def test_redirecting_drafts_the_child_then_closes(here: World) -> None:
    agent = here.actors[RECIPIENT]
    referral = send(here)
    actions.accept(agent, referral.id)
    with pytest.raises(DomainError, match="Réorientez d’abord"):
        actions.close(agent, referral.id, Outcome.REDIRECTED)
    child = prepare(here, RECIPIENT, need_id=referral.need_id, to=("france_services",), parent_id=referral.id)
    actions.send(agent, child.id, agreed())
    actions.close(agent, referral.id, Outcome.REDIRECTED)
    assert (child.structure_id, child.path_id) == (here.structures["ccas"], referral.path_id)
    assert [task.decision for task in tasks(referral.id, TaskKind.NEXT_ACTION, done=True)] == ["another_partner"]
    assert tasks(referral.id, TaskKind.TELL_PERSON)


def test_reopening_takes_the_end_back(here: World) -> None:
    agent = here.actors[RECIPIENT]
    referral = send(here)
    actions.accept(agent, referral.id)
    actions.close(agent, referral.id, Outcome.DID_NOT_COME)
    assert not grants.on_person(agent, referral.person_id)
    actions.reopen(agent, referral.id, "Elle est revenue.")
    assert (referral.state, referral.outcome, referral.ended_at) == (State.IN_PROGRESS, None, None)
    assert grants.on_person(agent, referral.person_id)
    assert [task.decision for task in tasks(referral.id, TaskKind.NEXT_ACTION, done=True)] == ["superseded"]
    actions.close(agent, referral.id, Outcome.NEED_MET)
    with clock.fixed(clock.now() + timedelta(days=31)), pytest.raises(DomainError, match="30 jours"):
        actions.reopen(agent, referral.id, "Trop tard.")


def test_a_withdrawn_consent_is_not_reopened(here: World) -> None:
    agent, sender = here.actors[RECIPIENT], here.actors[SENDER]
    referral = send(here)
    actions.accept(agent, referral.id)
    actions.close(agent, referral.id, Outcome.NEED_MET)
    db.session.get_one(Consent, referral.consent_id).withdrawn_at = clock.now()
    db.session.flush()
    with pytest.raises(DomainError, match="retiré son accord"):
        actions.reopen(agent, referral.id, "Encore une chose.")
    assert sender


# ---------------------------------------------------------------- consent withdrawn, events


@pytest.mark.parametrize("accepted", [False, True])
def test_withdrawing_the_consent_ends_the_referral_at_once(here: World, accepted: bool) -> None:
    agent, sender = here.actors[RECIPIENT], here.actors[SENDER]
    referral = send(here)
    if accepted:
        actions.accept(agent, referral.id)
    granted = grants.on_person(sender, referral.person_id)
    people.withdraw_consent(sender, granted, referral.consent_id, here.today)  # type: ignore[arg-type]
    assert (referral.state, referral.end_cause) == (State.WITHDRAWN, EndCause.CONSENT_WITHDRAWN)
    assert not grants.on_person(agent, referral.person_id)
    assert acts(referral.id)[-1] == "end_by_event"
    assert [task.kind for task in tasks(referral.id, TaskKind.NEXT_ACTION)] == [TaskKind.NEXT_ACTION]
    with pytest.raises(Meanwhile):
        actions.accept(agent, referral.id)


def test_another_consent_changes_nothing(here: World) -> None:
    sender = here.actors[SENDER]
    referral = send(here)
    others = select(Consent).where(Consent.id != referral.consent_id, Consent.person_id == referral.person_id)
    other = db.session.scalars(others).one()
    people.withdraw_consent(sender, grants.on_person(sender, referral.person_id), other.id, here.today)
    assert referral.state is State.SENT


def test_a_person_or_a_structure_that_leaves_ends_what_is_live(here: World) -> None:
    first, second = send(here), send(here, to=("fablab",))
    actions.end_for_structure(None, here.structures["fablab"])
    assert (first.state, second.end_cause) == (State.SENT, EndCause.STRUCTURE_CLOSED)
    actions.end_for_person(None, here.people["amina"], EndCause.PERSON_DECEASED)
    assert first.end_cause is EndCause.PERSON_DECEASED


def test_the_consent_ends_with_the_referral(here: World) -> None:
    referral = send(here)
    consent = db.session.get_one(Consent, referral.consent_id)
    assert consent.ends_on is None
    actions.accept(here.actors[RECIPIENT], referral.id)
    actions.close(here.actors[RECIPIENT], referral.id, Outcome.NEED_MET)
    db.session.refresh(consent)
    assert consent.ends_on == here.today
