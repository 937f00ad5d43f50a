"""One change of a referral: the table asked, dates and clock set, one event written, tasks made, both sides told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from app.kernel import clock, formats, i18n, ids, journal, outbox
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound, Stale
from app.kernel.i18n import gettext as _
from app.people.models import Consent, Person
from app.referrals import machine, mails, policy, queries
from app.referrals.actions.winding import wind
from app.referrals.enums import ENDED, LIVE, OPENED, Act, Decision, LinkEnd, Side, State, TaskKind
from app.referrals.machine import Needs
from app.referrals.models import PartnerLink, Referral, ReferralEvent, ReferralTask, ReferralText

# What concerns nobody on the other side, or says nothing new.
SILENT = frozenset({Act.DRAFT, Act.DISCARD, Act.SEE, Act.TAKE, Act.MOVE})


class Meanwhile(Stale):
    """Something happened to the referral since the screen was shown (409); what was typed is kept by the form."""

    def __init__(self, told: str, stamp: int) -> None:
        super().__init__((), stamp)
        self.message = told
        self.args = (told,)


@dataclass(frozen=True)
class Done:
    """What comes with an act: the kinds of things given, the reason code, other codes, words."""

    given: frozenset[Needs] = frozenset()
    reason: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def open_for(actor: Actor, referral_id: UUID, act: Act, stamp: int | None) -> tuple[Referral, Side]:
    """The referral, locked, ready for this act. NotFound when hidden or not for this role; Meanwhile when it changed.

    `stamp` is what the screen knew (`queries.stamp_of`); None when no screen was shown.
    """
    referral = queries.locked(actor, referral_id)
    side = policy.side_of(actor, referral)
    if side is None:
        raise NotFound
    known = queries.stamp_of(referral.id)
    possible = machine.acts_for(referral.state, referral.seen_at is not None, side)
    if (stamp is not None and stamp != known) or act not in possible:
        raise Meanwhile(_told(actor, referral, act, stamp, known), known)
    if not policy.may(actor, referral, act):
        raise _refusal(act)
    return referral, side


def _refusal(act: Act) -> DomainError:
    if act is Act.REOPEN:
        return DomainError(
            _("Une orientation se rouvre dans les 30 jours qui suivent sa fin. Préparez-en une nouvelle.")
        )
    return NotFound()


def _told(actor: Actor, referral: Referral, act: Act, stamp: int | None, known: int) -> str:
    """« Entre-temps : Acceptée, par Claire Dubois, le 3 mars 2026 à 14 h 30. »"""
    if act is Act.VOID and referral.seen_at is not None and stamp in (None, known):
        return _("Le partenaire a déjà ouvert cette orientation : elle ne s’annule plus, mais vous pouvez la retirer.")
    since = stamp if stamp is not None and stamp != known else known - 1
    happened = [_sentence(*one) for one in queries.happened_since(actor, referral, since)]
    return _("Entre-temps : %(what)s. Ce que vous avez écrit est gardé ; relisez avant de recommencer.") % {
        "what": " ; ".join(happened) or referral.state.label
    }


def _sentence(act: Act, at: datetime, by: str) -> str:
    when = formats.moment(at, policy.rules().timezone)
    words = {"what": act.label, "who": by, "when": when}
    return _("%(what)s par %(who)s le %(when)s", **words) if by else _("%(what)s le %(when)s", **words)


def record(actor: Actor | None, referral: Referral, side: Side, act: Act, done: Done = Done()) -> ReferralEvent:
    """Change the referral by one act of the table, with everything that follows from it."""
    if act in OPENING:
        _check_not_restricted(referral)
    before = None if act is Act.DRAFT else referral.state
    now = clock.now()
    after = _applied(referral, before, act, side, done, now)
    referral.state = after
    _date(referral, act, now)
    wind(referral, before, act, now)
    event = _event(actor, referral, side, act, (before, after), done, now)
    _follow(referral, event, before, after)
    journal.note(
        actor,
        f"referral.{act.value}",
        "referral",
        referral.id,
        person_id=referral.person_id,
        state=after.value,
        reason=done.reason,
    )
    if act not in SILENT:
        tell(referral, side)
    return event


# What makes more of a record known to another structure.
OPENING = frozenset({Act.SEND, Act.ACCEPT, Act.REOPEN})


def _check_not_restricted(referral: Referral) -> None:
    """Nothing more of a restricted record is shared until it is no longer (RGPD art. 18)."""
    if db.session.scalar(select(Person.restricted_on).where(Person.id == referral.person_id)) is not None:
        raise DomainError(
            i18n.lazy_gettext(
                "Cette orientation est suspendue pour le moment. La structure référente de la personne sait pourquoi."
            )
        )


def _applied(referral: Referral, before: State | None, act: Act, side: Side, done: Done, now: datetime) -> State:  # noqa: PLR0913
    days = (now - referral.ended_at).days if referral.ended_at else 0
    seen = referral.seen_at is not None
    try:
        return machine.apply(before, act, side, seen=seen, given=done.given, days_since_end=days)
    except machine.Missing as error:
        raise DomainError(_MISSING[error.needs]) from error
    except machine.TooLate as error:
        raise _refusal(act) from error
    except machine.NotAllowed as error:
        raise Conflict(_("Cette action n’est plus possible : %(state)s.") % {"state": referral.state.label}) from error


_MISSING = {
    Needs.OPEN_NEED: i18n.lazy_gettext("Choisissez une demande en cours."),
    Needs.CONSENT: i18n.lazy_gettext("L’accord de la personne doit nommer ce partenaire."),
    Needs.COLLEAGUE: i18n.lazy_gettext("Choisissez une ou un collègue."),
    Needs.WORDS: i18n.lazy_gettext("Écrivez quelques mots."),
    Needs.REASON: i18n.lazy_gettext("Choisissez une raison."),
    Needs.CONTACT: i18n.lazy_gettext("Dites comment le premier contact a eu lieu."),
    Needs.OUTCOME: i18n.lazy_gettext("Dites comment l’orientation se termine."),
    Needs.CAUSE: i18n.lazy_gettext("La cause manque."),
    Needs.DEADLINE: i18n.lazy_gettext("L’échéance n’est pas passée."),
}


def _date(referral: Referral, act: Act, now: datetime) -> None:
    """A date per step: sent, seen, answered, started, ended. A reopening takes the end back."""
    if act is Act.SEND:
        referral.sent_at = now
    if act is Act.SEE:
        referral.seen_at = referral.seen_at or now
    if act in {Act.ACCEPT, Act.DECLINE}:
        referral.answered_at = now
    if act is Act.START:
        referral.started_at = now
    if act is Act.REOPEN:
        referral.ended_at = referral.outcome = None
        referral.started_at = referral.started_at or now
    if referral.state in ENDED | {State.VOID}:
        referral.ended_at = now


def _event(  # noqa: PLR0913
    actor: Actor | None,
    referral: Referral,
    side: Side,
    act: Act,
    states: tuple[State | None, State],
    done: Done,
    now: datetime,
) -> ReferralEvent:
    db.session.flush()
    last = db.session.scalar(select(func.max(ReferralEvent.rank)).where(ReferralEvent.referral_id == referral.id))
    event = ReferralEvent(
        id=ids.new_id(),
        referral_id=referral.id,
        rank=(last or 0) + 1,
        at=now,
        user_id=actor.user_id if actor else None,
        membership_id=actor.membership_id if actor else None,
        side=side,
        act=act,
        from_state=states[0],
        to_state=states[1],
        reason=done.reason,
        details=done.details,
    )
    event.text_hash = _proof(event.id, done.words)
    db.session.add(event)
    db.session.flush()
    keep_words(actor, referral, event, act, done.words)
    return event


def _proof(event_id: UUID, words: str) -> str | None:
    """Hash salted with the event's id: proves that words did not change, says nothing once they are cleared."""
    return hashlib.sha256(f"{event_id}\x1f{words}".encode()).hexdigest() if words else None


def keep_words(actor: Actor | None, referral: Referral, event: ReferralEvent, act: Act, words: str) -> None:
    """Keep the words of an event in their own table, which anonymisation clears."""
    if not words:
        return
    user_id = actor.user_id if actor else None
    values = {"at": event.at, "side": event.side, "act": act, "user_id": user_id, "body": words}
    db.session.add(ReferralText(id=ids.new_id(), referral_id=referral.id, event_id=event.id, **values))
    db.session.flush()


def _follow(referral: Referral, event: ReferralEvent, before: State | None, after: State) -> None:
    """Tasks of the sender (rule 8 and « next action »), and what a reopening makes pointless."""
    if machine.tells_person(after, before):
        _task(referral, event, TaskKind.TELL_PERSON, 1)
    if after in ENDED and machine.needs_next_action(after, referral.outcome):
        _task(referral, event, TaskKind.NEXT_ACTION, 2)
    if event.act is Act.REOPEN:
        finish_next_actions(referral, None, Decision.SUPERSEDED)
    step = policy.step_of(before)
    if step is not None and step is not policy.step_of(after):
        end_link(referral.id, LinkEnd.DONE)


def _task(referral: Referral, event: ReferralEvent, kind: TaskKind, opening_days: int) -> None:
    rules = policy.rules()
    soon = 0 if referral.urgency in machine.URGENT else opening_days
    task = ReferralTask(
        id=ids.new_id(),
        referral_id=referral.id,
        event_id=event.id,
        structure_id=referral.structure_id,
        kind=kind,
        due_on=rules.days.add(rules.today(), soon),
    )
    db.session.add(task)
    db.session.flush()


def finish_next_actions(referral: Referral, actor: Actor | None, decision: Decision) -> None:
    """The next action of this referral is decided: it leaves the sender's list."""
    query = select(ReferralTask).where(ReferralTask.referral_id == referral.id, ReferralTask.done_at.is_(None))
    for task in db.session.scalars(query.where(ReferralTask.kind == TaskKind.NEXT_ACTION)):
        task.done_at, task.decision = clock.now(), decision.value
        task.done_by = actor.user_id if actor else None
    db.session.flush()


def tell(referral: Referral, by: Side, waiting: bool = False) -> None:
    """Tell the other side by mail (both when nobody of them did it), in each reader's language (rule 9)."""
    if outbox.is_silent():
        return
    rules = policy.rules()
    write = mails.waiting if waiting else mails.changed
    for structure_id, team_id in _audience(referral, by):
        for user_id, language in queries.mail_targets(structure_id, team_id, rules.today()):
            with i18n.speaking(language):
                outbox.queue(user_id, write(referral.id, rules.public_url))


def _audience(referral: Referral, by: Side) -> list[tuple[UUID, UUID | None]]:
    sender = (referral.structure_id, referral.team_id)
    recipient = (referral.recipient_id, None)
    if by is Side.SENDER:
        return [recipient]
    return [sender] if by in {Side.RECIPIENT, Side.PARTNER} else [sender, recipient]


def end_link(referral_id: UUID, cause: LinkEnd) -> bool:
    """The link that a partner holds opens nothing any more; its code is forgotten. False when there was none."""
    waiting = update(PartnerLink).where(PartnerLink.referral_id == referral_id, PartnerLink.ended_at.is_(None))
    ended = waiting.values(ended_at=clock.now(), end_cause=cause, code_hash="").returning(PartnerLink.id)
    return db.session.execute(ended.execution_options(synchronize_session=False)).first() is not None


def end_consent(referral: Referral) -> None:
    """The agreement of a referral ends with its path: nothing of it is live, nothing of it may be tried next."""
    if referral.consent_id is None:
        return
    same = (Referral.consent_id == referral.consent_id, Referral.state.in_(OPENED | LIVE))
    if db.session.scalar(select(Referral.id).where(*same, Referral.id != referral.id).limit(1)) is None:
        today = policy.rules().today()
        query = update(Consent).where(Consent.id == referral.consent_id, Consent.ends_on.is_(None))
        db.session.execute(query.values(ends_on=today))
