"""Preparing and sending a referral: what is asked first, what is frozen, what never leaves."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.needs import actions as needs
from app.needs.actions import CloseData
from app.needs.enums import NeedKind, NeedResult, Priority
from app.needs.models import Need
from app.network.models import Structure
from app.people import actions as people
from app.people.models import Consent
from app.referrals import actions, queries
from app.referrals.actions import Meanwhile
from app.referrals.enums import (
    Contact,
    DeclineReason,
    Outcome,
    State,
)
from app.referrals.models import ReferralEvent
from tests.referrals.helpers import RECIPIENT, SENDER, add_need, agreed, prepare, send
from tests.referrals.steps import acts
from tests.support.world import World, add_person

# ---------------------------------------------------------------- preparing and sending


def test_one_event_and_one_date_per_step(here: World) -> None:
    agent = here.actors[RECIPIENT]
    referral = send(here)
    actions.see(agent, referral.id)
    actions.accept(agent, referral.id)
    actions.start(agent, referral.id, Contact.APPOINTMENT)
    actions.close(agent, referral.id, Outcome.NEED_MET)
    assert acts(referral.id) == ["draft", "send", "see", "accept", "start", "close"]
    dates = (referral.sent_at, referral.seen_at, referral.answered_at, referral.started_at, referral.ended_at)
    assert all(dates)
    assert list(dates) == sorted(dates)  # type: ignore[type-var]
    assert referral.holder_id == agent.user_id
    events = db.session.scalars(select(ReferralEvent).order_by(ReferralEvent.rank)).all()
    assert all(before.to_state is after.from_state for before, after in itertools.pairwise(events))


def test_sending_freezes_the_coded_fields(here: World) -> None:
    referral = send(here, urgency=Priority.P2)
    need = db.session.get_one(Need, referral.need_id)
    need.kind, need.priority = NeedKind.EQUIPEMENT, Priority.P3
    db.session.flush()
    preview = queries.detail(here.actors[RECIPIENT], referral.id).preview
    assert (preview.need, preview.urgency) == ("Droits et recours", Priority.P2)


@pytest.mark.parametrize(("told", "wanted"), [(False, "Démarche en ligne"), (True, "Démarche en ligne · Justice")])
def test_a_sensitive_procedure_travels_only_when_agreed(here: World, told: bool, wanted: str) -> None:
    need_id = add_need(here, kind=NeedKind.DEMARCHE_EN_LIGNE, demarche="justice")
    draft = prepare(here, need_id=need_id)
    sent = actions.send(here.actors[SENDER], draft.id, agreed(tell_demarche=told))
    assert queries.detail(here.actors[RECIPIENT], sent.id).preview.need == wanted


@pytest.mark.parametrize("shared", [True, False])
def test_adaptation_travels_only_when_agreed(here: World, shared: bool) -> None:
    here.people["odile"] = add_person(here, SENDER, "Odile", "Marchand", adaptation=("vue",), commune_code="47157")
    sections = SHARED_BY_DEFAULT | (Section.ADAPTATION if shared else Section(0))
    referral = send(here, person="odile", sections=sections)
    preview = queries.detail(here.actors[RECIPIENT], referral.id).preview
    assert preview.adaptation == (("Gros caractères, lecture à voix haute",) if shared else ())
    assert preview.area == "Marmande"


def test_without_consent_nothing_leaves(here: World) -> None:
    draft = prepare(here)
    with pytest.raises(DomainError, match="accord"):
        actions.send(here.actors[SENDER], draft.id)


def test_a_draft_whose_consent_was_withdrawn_does_not_leave(here: World) -> None:
    actor = here.actors[SENDER]
    draft = prepare(here)
    actions.agree(actor, draft.id, agreed())
    granted = grants.on_person(actor, draft.person_id)
    people.withdraw_consent(actor, granted, draft.consent_id, here.today)  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="accord"):
        actions.send(actor, draft.id)


def test_a_refusal_is_recorded_and_sends_nothing(here: World) -> None:
    draft = prepare(here)
    actions.record_refusal(here.actors[SENDER], draft.id, agreed())
    assert draft.state is State.VOID
    consent = db.session.scalars(select(Consent).order_by(Consent.id.desc())).first()
    assert consent is not None
    assert consent.answer.value == "refused"
    assert not consent.holds


@pytest.mark.parametrize("missing", ["recipient", "sender"])
def test_both_structures_signed_the_agreement(here: World, missing: str) -> None:
    key = "ccas" if missing == "recipient" else "library"
    draft = prepare(here)
    db.session.get_one(Structure, here.structures[key]).agreement_signed_on = None
    db.session.flush()
    with pytest.raises(DomainError):
        actions.send(here.actors[SENDER], draft.id, agreed())


def test_a_closed_structure_receives_nothing(here: World) -> None:
    draft = prepare(here)
    db.session.get_one(Structure, here.structures["ccas"]).closed_on = here.today
    db.session.flush()
    with pytest.raises(DomainError, match="ne peut pas recevoir"):
        actions.send(here.actors[SENDER], draft.id, agreed())


def test_raw_answers_are_never_shared(here: World) -> None:
    draft = prepare(here)
    with pytest.raises(DomainError):
        actions.send(here.actors[SENDER], draft.id, agreed(SHARED_BY_DEFAULT | Section.ANSWERS))


def test_an_interpreter_who_is_needed_is_waited_for(here: World) -> None:
    here.people["lin"] = add_person(here, SENDER, "Lin", "Chen", interpreter=True)
    draft = prepare(here, person="lin")
    with pytest.raises(DomainError, match="interprète"):
        actions.send(here.actors[SENDER], draft.id, agreed())
    assert actions.send(here.actors[SENDER], draft.id, agreed(interpreter=True)).state is State.SENT


def test_one_open_referral_per_need_and_recipient(here: World) -> None:
    referral = send(here)
    with pytest.raises(Conflict, match="déjà en cours"):
        prepare(here, need_id=referral.need_id)
    actions.decline(here.actors[RECIPIENT], referral.id, DeclineReason.FULL)
    assert prepare(here, need_id=referral.need_id).state is State.DRAFT


def test_a_draft_is_taken_up_again_rather_than_doubled(here: World) -> None:
    first = prepare(here)
    again = prepare(here, need_id=first.need_id, message="Autres mots.", to=("ccas", "fablab"))
    assert again.id == first.id
    sent = actions.send(here.actors[SENDER], again.id, agreed())
    actions.accept(here.actors[RECIPIENT], sent.id)
    assert [line.body for line in queries.detail(here.actors[RECIPIENT], sent.id).words][-1] == "Autres mots."
    assert queries.detail(here.actors[SENDER], sent.id).named == ("CCAS de Tonneins", "Fablab du Pont")


def test_a_closed_need_is_not_referred(here: World) -> None:
    need_id = add_need(here)
    granted = grants.on_person(here.actors[SENDER], here.people["amina"])
    needs.close_need(here.actors[SENDER], granted, need_id, CloseData(result=NeedResult.RESOLUE))
    with pytest.raises(NotFound):
        prepare(here, need_id=need_id)


def test_void_before_the_opening_only(here: World) -> None:
    first = send(here)
    actions.void(here.actors[SENDER], first.id)
    assert first.state is State.VOID
    second = send(here)
    actions.see(here.actors[RECIPIENT], second.id)
    with pytest.raises(Meanwhile, match="déjà ouvert"):
        actions.void(here.actors[SENDER], second.id)
