"""What the recipient answers, and what is said around it."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from sqlalchemy import select

from app.accounts import queries as account_queries
from app.kernel.access import ADVISING, Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.network import queries as network_queries
from app.people.models import PersonContact, PersonIdentity
from app.referrals import policy, queries
from app.referrals.actions.core import Done, open_for, record
from app.referrals.actions.winding import elapsed
from app.referrals.enums import Act, DeclineReason, Side
from app.referrals.machine import Needs
from app.referrals.models import Referral

WORDS = frozenset({Needs.WORDS})


def see(actor: Actor, referral_id: UUID) -> None:
    """The recipient's first opening, dated once; nothing when it was seen, or is no longer to be seen."""
    try:
        referral = queries.locked(actor, referral_id)
    except NotFound:
        return
    if policy.side_of(actor, referral) is Side.RECIPIENT and policy.may(actor, referral, Act.SEE):
        record(actor, referral, Side.RECIPIENT, Act.SEE)


def take(actor: Actor, referral_id: UUID, stamp: int | None = None) -> Referral:
    """« Je m’en occupe ». A colleague who leaves orphans nothing: the structure keeps it."""
    referral, side = open_for(actor, referral_id, Act.TAKE, stamp)
    referral.holder_id = actor.user_id
    record(actor, referral, side, Act.TAKE)
    return referral


def give(actor: Actor, referral_id: UUID, colleague_id: UUID, stamp: int | None = None) -> Referral:
    """Give it to a colleague of the recipient's structure."""
    referral, side = open_for(actor, referral_id, Act.GIVE, stamp)
    current = account_queries.colleagues(actor.structure_id, policy.rules().today(), ADVISING)
    if colleague_id not in {one.user_id for one in current}:
        raise DomainError(_("Choisissez une ou un collègue de votre structure."), "colleague")
    referral.holder_id = colleague_id
    record(actor, referral, side, Act.GIVE, Done(frozenset({Needs.COLLEAGUE}), details={"to": str(colleague_id)}))
    return referral


def ask(actor: Actor, referral_id: UUID, words: str, stamp: int | None = None) -> Referral:
    """Ask the sender something; the clock of « sent » stops until the answer."""
    referral, side = open_for(actor, referral_id, Act.ASK, stamp)
    details = {"elapsed": elapsed(referral)}
    record(actor, referral, side, Act.ASK, Done(_words(words), details=details, words=words))
    return referral


def answer(actor: Actor, referral_id: UUID, words: str, stamp: int | None = None) -> Referral:
    """Answer the question. It is read before acceptance: neither the person's name nor contact may be in it."""
    referral, side = open_for(actor, referral_id, Act.ANSWER, stamp)
    check_nameless(referral, words)
    record(actor, referral, side, Act.ANSWER, Done(_words(words), words=words))
    return referral


def accept(actor: Actor, referral_id: UUID, stamp: int | None = None) -> Referral:
    """Accept: what the consent names opens to the structure. Whoever accepts holds it, unless a colleague already did."""
    referral, side = open_for(actor, referral_id, Act.ACCEPT, stamp)
    referral.holder_id = referral.holder_id or actor.user_id
    record(actor, referral, side, Act.ACCEPT)
    return referral


def decline(  # noqa: PLR0913
    actor: Actor,
    referral_id: UUID,
    reason: DeclineReason,
    words: str = "",
    suggested_id: UUID | None = None,
    stamp: int | None = None,
) -> Referral:
    """Decline with a reason; another structure may be suggested."""
    referral, side = open_for(actor, referral_id, Act.DECLINE, stamp)
    if suggested_id is not None and network_queries.structure(suggested_id).id == actor.structure_id:
        raise DomainError(_("Proposez une autre structure que la vôtre."), "suggested")
    referral.decline_reason, referral.suggested_id = reason, suggested_id
    details = {"suggested": str(suggested_id)} if suggested_id else {}
    record(actor, referral, side, Act.DECLINE, Done(frozenset({Needs.REASON}), reason.value, details, words))
    return referral


def message(actor: Actor, referral_id: UUID, words: str, stamp: int | None = None) -> Referral:
    """A word to the other side, once accepted."""
    referral, side = open_for(actor, referral_id, Act.MESSAGE, stamp)
    record(actor, referral, side, Act.MESSAGE, Done(_words(words), words=words))
    return referral


def nudge(actor: Actor, referral_id: UUID, words: str, stamp: int | None = None) -> Referral:
    """The coordinator writes to the late side."""
    referral, side = open_for(actor, referral_id, Act.NUDGE, stamp)
    record(actor, referral, side, Act.NUDGE, Done(_words(words), words=words))
    return referral


def _words(words: str) -> frozenset[Needs]:
    return WORDS if words.strip() else frozenset()


def check_nameless(referral: Referral, words: str) -> None:
    """Refuse words that hold the person's name, phone or mail: they would be read before acceptance."""
    identity = db.session.get(PersonIdentity, referral.person_id)
    if identity is None:
        return
    said = set(re.findall(r"\w+", _plain(words)))
    names = re.findall(r"\w+", _plain(f"{identity.first_name} {identity.last_name} {identity.usual_name}"))
    digits = re.sub(r"\D", "", words)
    query = select(PersonContact).where(PersonContact.person_id == referral.person_id)
    ways = [*identity.reached, *(one.contact for one in db.session.scalars(query))]
    called = any(one.phone[-9:] in digits for one in ways if one.phone)
    mailed = any(one.email.casefold() in words.casefold() for one in ways if one.email)
    if any(len(name) > 2 and name in said for name in names) or called or mailed:
        raise DomainError(
            _(
                "Le partenaire n’a pas encore accepté : retirez le nom ou les coordonnées de la personne de votre réponse."
            ),
            "words",
        )


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))
