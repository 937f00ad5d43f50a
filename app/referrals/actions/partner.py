"""What a partner without an account does by a link, on the side « partner » of the same table. Nobody is signed in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.kernel import clock, journal
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.i18n import lazy_gettext as _
from app.people import actions as people_actions
from app.referrals import machine, policy, queries
from app.referrals.actions.answering import check_nameless
from app.referrals.actions.core import Done, Meanwhile, end_consent, record
from app.referrals.actions.linking import Dead
from app.referrals.enums import Act, Contact, DeclineReason, Outcome, Side
from app.referrals.machine import Needs
from app.referrals.models import PartnerLink, Referral
from app.referrals.queries import Serving

# Only an account drafts the next referral, with the person’s new agreement.
OUTCOMES = tuple(one for one in Outcome if one is not Outcome.REDIRECTED)
READ_WINDOW = timedelta(minutes=10)
GRANT = "link"


def seen(link_id: UUID) -> None:
    """The page was opened: dated once, « seen » once; journalled every ten minutes. Nothing when the link has ended."""
    found = queries.serving(PartnerLink.id == link_id, lock=True)
    if found is None:
        return
    now, link, referral = clock.now(), found.link, found.referral
    if link.read_at is None or now - link.read_at > READ_WINDOW:
        link.read_at = now
        _note_read(referral, "referral.link_open")
    if link.opened_at is None:
        link.opened_at = now
    if Act.SEE in machine.acts_for(referral.state, referral.seen_at is not None, Side.PARTNER):
        record(None, referral, Side.PARTNER, Act.SEE)


def read(referral_id: UUID) -> None:
    """The agreed sections were shown: the person may ask who read them."""
    _note_read(db.session.get_one(Referral, referral_id), "referral.read")


def _note_read(referral: Referral, action: str) -> None:
    recipient = str(referral.recipient_id)
    journal.note(None, action, "referral", referral.id, person_id=referral.person_id, grant=GRANT, structure=recipient)


def _ready(found: Serving, act: Act, stamp: int) -> Referral:
    """The referral, locked, ready for this act. Dead when the link ended; Meanwhile when the screen is stale."""
    held = queries.serving(PartnerLink.id == found.link.id, lock=True)
    if held is None:
        raise Dead
    referral, known = held.referral, queries.stamp_of(held.referral.id)
    possible = machine.acts_for(referral.state, referral.seen_at is not None, Side.PARTNER)
    if stamp != known or act not in possible:
        words = _("Entre-temps, cette demande a changé : %(state)s. Relisez, puis recommencez si besoin.")
        raise Meanwhile(str(words) % {"state": referral.state.label}, known)
    return referral


def accept(found: Serving, stamp: int) -> Referral:
    """Yes: what the agreement names opens. The link has served; news are given by another one."""
    referral = _ready(found, Act.ACCEPT, stamp)
    record(None, referral, Side.PARTNER, Act.ACCEPT)
    return referral


def decline(found: Serving, reason: DeclineReason, words: str, stamp: int) -> Referral:
    """No, for a reason; the words may suggest somebody else. Neither the person’s name nor contact may be in them."""
    referral = _ready(found, Act.DECLINE, stamp)
    check_nameless(referral, words)
    referral.decline_reason = reason
    record(None, referral, Side.PARTNER, Act.DECLINE, Done(frozenset({Needs.REASON}), reason.value, words=words))
    return referral


def start(found: Serving, contact: Contact, stamp: int) -> Referral:
    """A first contact was made or fixed."""
    referral = _ready(found, Act.START, stamp)
    record(None, referral, Side.PARTNER, Act.START, Done(frozenset({Needs.CONTACT}), contact.value))
    people_actions.met(referral.person_id, policy.rules().today())
    return referral


def news(found: Serving, words: str, stamp: int) -> Referral:
    """A word to the sender; the clock of what goes on begins again."""
    referral = _ready(found, Act.MESSAGE, stamp)
    given = frozenset({Needs.WORDS}) if words.strip() else frozenset()
    record(None, referral, Side.PARTNER, Act.MESSAGE, Done(given, words=words))
    return referral


def close(found: Serving, outcome: Outcome, words: str, stamp: int) -> Referral:
    """How it ended. The link and what it opened end with it."""
    if outcome not in OUTCOMES:
        raise DomainError(_("Dites comment l’orientation se termine."), "outcome")
    referral = _ready(found, Act.CLOSE, stamp)
    referral.outcome = outcome
    record(None, referral, Side.PARTNER, Act.CLOSE, Done(frozenset({Needs.OUTCOME}), outcome.value, words=words))
    if outcome is Outcome.NEED_MET:
        end_consent(referral)
    return referral


def proof(found: Serving) -> str:
    """What the page carries once the code was right, so that answering does not ask for it again."""
    return policy.rules().keys.proof(found.link.id, found.link.code_hash, clock.now())


def proven(found: Serving, given: str) -> bool:
    """Whether this page was opened by the present code, not long ago."""
    return policy.rules().keys.proves(found.link.id, found.link.code_hash, given, clock.now())
