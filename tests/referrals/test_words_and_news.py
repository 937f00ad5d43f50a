"""Words, mails and the journal of a referral; sessions are news, records become one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.journal.models import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation import actions as sessions
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.referrals import actions, policy, queries
from app.referrals.actions import Meanwhile
from app.referrals.enums import (
    Act,
    Contact,
    DeclineReason,
    EndCause,
    Outcome,
    State,
)
from app.referrals.models import Referral, ReferralEvent, ReferralText
from tests.referrals.helpers import RECIPIENT, SENDER, send
from tests.referrals.steps import acts
from tests.support.world import World, add_person

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
