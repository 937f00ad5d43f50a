"""The link of a partner without an account: made, sent, cancelled by the sender; each wrong code counted (rule 11)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update

from app.kernel import clock, ids, journal, outbox
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound, name_constraint
from app.kernel.i18n import lazy_gettext as _
from app.referrals import mails, policy, queries
from app.referrals.actions.core import end_link, tell
from app.referrals.enums import LinkEnd, LinkStep, Side
from app.referrals.machine import tokens
from app.referrals.models import PartnerLink, PartnerTry, Referral
from app.referrals.queries import Serving

MEANWHILE = _("Une ou un collègue vient de préparer un autre lien. Rechargez la page.")
name_constraint("uq_partner_link_open", MEANWHILE)


class TooManyTries(DomainError):
    """Too many wrong codes from this address."""

    status = 429


class Dead(NotFound):
    """The link does not serve: unknown, ended, locked, past its deadline. One page for all of them."""


@dataclass(frozen=True)
class Made:
    """What is shown once: the address and the second code."""

    link_id: UUID
    address: str
    code: str


@dataclass(frozen=True)
class Try:
    """A try that was counted; `number`: which one of that link."""

    id: UUID
    link_id: UUID
    number: int


def make_link(actor: Actor, referral_id: UUID) -> Made:
    """A link and a code for the present step; those made before open nothing any more. NotFound when this hat may not."""
    referral = queries.locked(actor, referral_id)
    page = queries.link_page(actor, referral_id)
    end_link(referral.id, LinkEnd.RENEWED)
    link_id, code, keys = ids.random_key(), ids.new_code(tokens.CODE_LENGTH), policy.rules().keys
    db.session.add(
        PartnerLink(
            id=link_id,
            referral_id=referral.id,
            step=page.step,
            token_hash=keys.token_hash(keys.token_of(link_id)),
            code_hash=keys.code_hash(link_id, code),
            made_by=actor.user_id,
        )
    )
    db.session.flush()
    _note(actor, referral, "referral.link_make", page.step)
    return Made(link_id, mails.partner_link(link_id), tokens.shown_code(code))


def cancel_link(actor: Actor, referral_id: UUID) -> Referral:
    """The link opens nothing any more. Conflict when none was waiting."""
    referral = queries.locked(actor, referral_id)
    queries.link_page(actor, referral_id)
    if not end_link(referral.id, LinkEnd.CANCELLED):
        raise Conflict(_("Il n’y a plus de lien à annuler."))
    _note(actor, referral, "referral.link_end")
    return referral


def mail_link(actor: Actor, referral_id: UUID) -> Referral:
    """Send the link to the structure’s own address: no name, no need, never the code. Conflict when no link serves."""
    referral = queries.locked(actor, referral_id)
    if not queries.link_page(actor, referral_id).address:
        raise DomainError(_("L’annuaire ne donne pas d’adresse pour ce partenaire : donnez le lien autrement."))
    found = queries.serving(PartnerLink.referral_id == referral.id)
    if found is None:
        raise Conflict(_("Ce lien ne sert plus. Préparez-en un autre."))
    found.link.mailed_at = clock.now()
    db.session.flush()
    # The « reader » is the link: its address is looked for when the mail leaves, and only while it serves.
    outbox.queue(found.link.id, mails.partner(found.link.id))
    _note(actor, referral, "referral.link_mail")
    return referral


def _note(actor: Actor | None, referral: Referral, action: str, step: LinkStep | None = None) -> None:
    code = step.value if step else None
    journal.note(actor, action, "referral", referral.id, person_id=referral.person_id, step=code)


# ---------------------------------------------------------------- the second code


def begin_try(token: str, address: str) -> Try:
    """Count a try of the link and of the address before anything is compared. To be committed at once.

    Raises Dead for a link that does not serve, TooManyTries for an address that was wrong too often.
    """
    now, source = clock.now(), policy.rules().keys.source(address)
    if queries.wrong_codes_from(source, now - tokens.WINDOW) >= tokens.ADDRESS_TRIES:
        raise TooManyTries(_("Trop d’essais. Attendez un quart d’heure, puis recommencez."))
    found = queries.by_token(token)
    if found is None:
        raise Dead
    number = _count(found.link.id)
    one = PartnerTry(id=ids.random_key(), address_hash=source, at=now)
    db.session.add(one)
    db.session.flush()
    return Try(one.id, found.link.id, number)


def _count(link_id: UUID) -> int:
    """One more try in one statement, so that tries made at once are all counted; a locked link takes none."""
    left: ColumnElement[bool] = PartnerLink.tries - PartnerLink.forgiven < tokens.TRIES
    mine = (PartnerLink.id == link_id, PartnerLink.ended_at.is_(None), left)
    counted = update(PartnerLink).where(*mine).values(tries=PartnerLink.tries + 1).returning(PartnerLink.tries)
    number = db.session.scalar(counted.execution_options(synchronize_session=False))
    if number is None:
        raise Dead
    return int(number)


def check_code(counted: Try, typed: str) -> Serving:
    """The link that the code opens. DomainError on a wrong code, Dead when it is the third or the link ended meanwhile."""
    found = queries.tried(counted.link_id)
    if found is None:
        raise Dead
    if not tokens.same(found.link.code_hash, policy.rules().keys.code_hash(found.link.id, typed)):
        if found.link.tries - found.link.forgiven >= tokens.TRIES:
            raise Dead
        raise DomainError(WRONG, "code")
    _forgive(counted)
    return found


WRONG = _("Ce code n’ouvre pas la demande. Relisez-le. Trois erreurs bloquent le lien.")


def _forgive(counted: Try) -> None:
    """The code was right: this try and those before it are forgotten; those begun since are not."""
    db.session.execute(delete(PartnerTry).where(PartnerTry.id == counted.id))
    mine = (PartnerLink.id == counted.link_id, PartnerLink.forgiven < counted.number)
    values = {"forgiven": counted.number, "confirmed_at": clock.now()}
    db.session.execute(update(PartnerLink).where(*mine).values(**values).execution_options(synchronize_session=False))


def lock_if_spent(link_id: UUID) -> None:
    """A third wrong code ends the link, and the sender is told; nothing when it is not spent."""
    referral = queries.spent(link_id)
    if referral is None:
        return
    end_link(referral.id, LinkEnd.LOCKED)
    _note(None, referral, "referral.link_locked")
    tell(referral, Side.PARTNER)


def purge_tries() -> None:
    """Forget wrong codes after the window in which they count (worker)."""
    db.session.execute(delete(PartnerTry).where(PartnerTry.at < clock.now() - tokens.WINDOW))
