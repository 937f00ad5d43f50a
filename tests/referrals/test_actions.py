"""Verbs of referrals: what each changes, what follows, what is refused."""

from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal.models import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation import actions as sessions
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.needs import actions as needs
from app.needs.actions import CloseData
from app.needs.enums import NeedKind, NeedResult, NeedState, Priority
from app.needs.models import Need
from app.network.models import Structure
from app.people import actions as people
from app.people.models import Consent
from app.referrals import actions, policy, queries
from app.referrals.actions import Meanwhile
from app.referrals.enums import (
    Act,
    Contact,
    Decision,
    DeclineReason,
    EndCause,
    Outcome,
    State,
    TaskKind,
    ToldWay,
)
from app.referrals.models import Referral, ReferralEvent, ReferralTask, ReferralText
from tests.referrals.helpers import RECIPIENT, SENDER, add_need, agreed, prepare, send
from tests.support.world import World, add_person


@pytest.fixture
def here(world: World) -> object:
    with world.app.app_context():
        yield world


def tasks(referral_id: UUID, kind: TaskKind | None = None, done: bool = False) -> list[ReferralTask]:
    query = select(ReferralTask).where(ReferralTask.referral_id == referral_id)
    found = db.session.scalars(query.order_by(ReferralTask.id))
    return [task for task in found if (kind is None or task.kind is kind) and (task.done_at is not None) is done]


def acts(referral_id: UUID) -> list[str]:
    query = select(ReferralEvent.act).where(ReferralEvent.referral_id == referral_id).order_by(ReferralEvent.rank)
    return [act.value for act in db.session.scalars(query)]


def next_task(referral: Referral) -> UUID:
    (task,) = tasks(referral.id, TaskKind.NEXT_ACTION)
    return task.id


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


# ---------------------------------------------------------------- words, mails, journal


def test_the_answer_before_acceptance_holds_no_name(here: World) -> None:
    agent, sender = here.actors[RECIPIENT], here.actors[SENDER]
    referral = send(here)
    actions.ask(agent, referral.id, "Sait-elle lire ?")
    for words in ("Oui, Mme BENALI sait lire.", "amína viendra", "Appelez le 06 12 34 56 78."):
        with pytest.raises(DomainError, match="n’a pas encore accepté"):
            actions.answer(sender, referral.id, words)
    actions.answer(sender, referral.id, "Oui, elle sait lire.")
    assert referral.state is State.SENT
    assert [line.body for line in queries.detail(agent, referral.id).words] == [
        "Sait-elle lire ?",
        "Oui, elle sait lire.",
    ]


def test_messages_open_with_acceptance_and_close_with_the_end(here: World) -> None:
    agent, sender = here.actors[RECIPIENT], here.actors[SENDER]
    referral = send(here)
    assert queries.detail(agent, referral.id).words == ()
    with pytest.raises(Meanwhile):
        actions.message(sender, referral.id, "Une précision.")
    actions.accept(agent, referral.id)
    actions.message(sender, referral.id, "Une précision.")
    actions.message(agent, referral.id, "Bien reçu.")
    assert len(queries.detail(agent, referral.id).words) == 3
    actions.close(agent, referral.id, Outcome.NEED_MET)
    assert [line.body for line in queries.detail(agent, referral.id).words] == ["Bien reçu."]
    assert len(queries.detail(sender, referral.id).words) == 3


def test_words_are_proved_and_may_be_cleared(here: World) -> None:
    referral = send(here)
    event = db.session.scalars(select(ReferralEvent).where(ReferralEvent.act == Act.DRAFT)).one()
    assert event.text_hash is not None
    for text in db.session.scalars(select(ReferralText)):
        db.session.delete(text)
    db.session.flush()
    assert queries.detail(here.actors[SENDER], referral.id).words == ()
    assert event.text_hash is not None


def test_mails_go_to_the_other_side_and_say_nothing(here: World) -> None:
    referral = send(here)
    sent = db.session.scalars(select(OutboxMessage)).all()
    ccas = {here.actors["ccas.adviser"].user_id, here.actors["ccas.social"].user_id}
    assert {mail.user_id for mail in sent} == ccas
    assert {(mail.subject, mail.body) for mail in sent} == {
        (
            "Une orientation a changé",
            (
                "Bonjour,\n\nUne orientation de votre structure a changé. Pour la lire\u00a0:\n"
                f"/orientations/{referral.id}"
            ),
        )
    }
    actions.accept(here.actors[RECIPIENT], referral.id)
    answered = {mail.user_id for mail in db.session.scalars(select(OutboxMessage))} - ccas
    assert answered == {here.actors[key].user_id for key in ("library.adviser", "library.manager", "camille.library")}


def test_a_team_under_secrecy_is_told_alone(here: World) -> None:
    here.people["paul"] = add_person(here, "ccas.social", "Paul", "Dupont")
    referral = send(here, "ccas.social", person="paul", to=("library",))
    assert (referral.team_id, referral.secret) == (here.teams["ccas.social"], True)
    actions.accept(here.actors[SENDER], referral.id)
    told = {mail.user_id for mail in db.session.scalars(select(OutboxMessage))}
    assert here.actors["ccas.social"].user_id in told
    assert here.actors["ccas.adviser"].user_id not in told


def test_the_journal_holds_codes_only(here: World) -> None:
    referral = send(here, message="Le dossier de Madame Benali.")
    actions.ask(here.actors[RECIPIENT], referral.id, "Quel dossier ?")
    actions.decline(here.actors[RECIPIENT], referral.id, DeclineReason.OTHER, "Nous ne faisons pas cela.")
    commit()
    entries = db.session.scalars(select(JournalEntry).where(JournalEntry.object_id == referral.id)).all()
    assert [entry.action for entry in entries] == [
        "referral.draft",
        "referral.send",
        "referral.ask",
        "referral.decline",
    ]
    assert all(entry.person_id == referral.person_id for entry in entries)
    assert '"reason":"other"' in entries[-1].details
    everything = "".join(entry.details for entry in db.session.scalars(select(JournalEntry)))
    assert not any(word in everything for word in ("Benali", "dossier", "faisons"))


def test_coordinators_nudge_without_reading_names(here: World) -> None:
    referral = send(here)
    actions.nudge(here.actors["coordinator"], referral.id, "Pouvez-vous répondre cette semaine ?")
    seen = queries.detail(here.actors["coordinator"], referral.id)
    assert (seen.person, seen.person_id, len(seen.code)) == (None, None, 6)
    assert [line.body for line in seen.words] == ["Pouvez-vous répondre cette semaine ?"]
    assert "Pouvez-vous" in queries.detail(here.actors[RECIPIENT], referral.id).words[0].body
    with pytest.raises(Meanwhile):
        actions.accept(here.actors["coordinator"], referral.id)


def test_given_to_a_colleague_of_the_structure_only(here: World) -> None:
    agent = here.actors[RECIPIENT]
    referral = send(here)
    actions.give(agent, referral.id, here.actors["ccas.social"].user_id)
    assert queries.detail(agent, referral.id).holder == "Ccas Social"
    with pytest.raises(DomainError):
        actions.give(agent, referral.id, here.actors["fs.adviser"].user_id)
    actions.accept(agent, referral.id)
    assert referral.holder_id == here.actors["ccas.social"].user_id


# ---------------------------------------------------------------- sessions are news, records become one


def log_session(world: World, referral: Referral, days_ago: int = 0) -> None:
    agent = world.actors[RECIPIENT]
    held_on = policy.rules().today() - timedelta(days=days_ago)
    data = SessionData(
        held_on=held_on, minutes=30, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE, need_id=referral.need_id
    )
    sessions.log_session(agent, grants.on_person(agent, referral.person_id), data, held_on)


def test_a_session_of_the_recipient_is_the_first_contact(here: World) -> None:
    referral = send(here)
    actions.accept(here.actors[RECIPIENT], referral.id)
    log_session(here, referral)
    due = referral.next_clock_at
    assert due is not None
    with clock.fixed(due):
        actions.run_due_clocks(due)
        assert (referral.state, acts(referral.id)[-1]) == (State.IN_PROGRESS, "start")
        assert queries.detail(here.actors[SENDER], referral.id).events[-1].reason == "Séance faite"


def test_a_session_of_the_recipient_quiets_the_clock(here: World) -> None:
    referral = send(here)
    actions.accept(here.actors[RECIPIENT], referral.id)
    actions.start(here.actors[RECIPIENT], referral.id, Contact.CALL)
    due = referral.next_clock_at
    assert due is not None
    with clock.fixed(due):
        log_session(here, referral, days_ago=2)
        before = len(db.session.scalars(select(OutboxMessage)).all())
        actions.run_due_clocks(due)
        assert len(db.session.scalars(select(OutboxMessage)).all()) == before
        assert referral.next_clock_at is not None
        assert referral.next_clock_at > due + timedelta(days=20)


def test_when_two_records_become_one(here: World) -> None:
    here.people["twin"] = add_person(here, SENDER, "Amina", "Benaly")
    first = send(here)
    twin, other = send(here, person="twin"), send(here, person="twin", to=("fablab",))
    ended = send(here, person="twin", to=("france_services",))
    actions.decline(here.actors["fs.adviser"], ended.id, DeclineReason.FULL)
    actions.moved(here.people["amina"], here.people["twin"])
    assert {one.person_id for one in (first, twin, other, ended)} == {here.people["amina"]}
    assert (twin.state, twin.end_cause) == (State.WITHDRAWN, EndCause.DUPLICATE)
    assert (first.state, other.state, ended.state) == (State.SENT, State.SENT, State.DECLINED)
    assert acts(ended.id)[-1] == "move"
