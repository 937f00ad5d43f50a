"""The page before sending: what the partner will see at once, and what the agreement will open if they accept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from app.kernel import grants
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import Conflict, NotFound
from app.kernel.grants import SHAREABLE, Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.network import queries as network_queries
from app.people import queries as people_queries
from app.people.enums import Adaptation
from app.people.queries import PersonCard
from app.referrals import policy
from app.referrals.enums import Act, Side, State
from app.referrals.models import Referral, ReferralEvent, ReferralText
from app.referrals.queries.load import consent_of, stamp_of
from app.referrals.queries.preview import Preview, coded, future_preview, sensitive_demarche


@dataclass(frozen=True)
class Opened:
    """A section that the agreement may open, and what is in it, in one line."""

    section: Section
    content: str


@dataclass(frozen=True)
class Sending:
    """A draft, ready to be agreed to and sent."""

    id: UUID
    person_id: UUID
    person: str
    code: str
    recipients: tuple[str, ...]
    preview: Preview
    opened: tuple[Opened, ...]
    openable: Section
    agreed: Section
    has_agreement: bool
    message: str
    sensitive_demarche: str
    interpreter_needed: bool
    under_secrecy: bool
    stamp: int
    acts: frozenset[Act]


def sending(actor: Actor, referral_id: UUID, sections: Section, tell_demarche: bool) -> tuple[Sending, Granted]:
    """The draft with both previews, as if `sections` were agreed. NotFound unless it is ours, Conflict once it left."""
    referral = _draft(actor, referral_id)
    card = people_queries.card(actor, referral.person_id)
    consent = consent_of(referral)
    agreed = consent.sections if consent and consent.holds else sections
    sensitive = sensitive_demarche(referral)
    granted = card.granted
    return Sending(
        referral.id,
        referral.person_id,
        card.identity.label if card.identity else card.code,
        card.code,
        _recipients(actor, referral),
        future_preview(coded(actor, granted, referral, agreed, tell_demarche or _told(referral))),
        _opened(card),
        openable(actor, referral.person_id),
        agreed,
        bool(consent and consent.holds),
        message_of(referral_id),
        str(sensitive.label) if sensitive else "",
        bool(card.adaptation and card.adaptation.interpreter),
        actor.secret,
        stamp_of(referral_id),
        policy.acts(actor, referral),
    ), granted


def _draft(actor: Actor, referral_id: UUID) -> Referral:
    query = select(Referral).where(Referral.id == referral_id, policy.sent_by_us(actor))
    referral = db.session.scalars(query).first()
    if referral is None or policy.side_of(actor, referral) is not Side.SENDER:
        raise NotFound
    if referral.state is not State.DRAFT:
        raise Conflict(_("Ce n’est plus un brouillon : l’orientation est partie, ou le brouillon a été abandonné."))
    return referral


def _told(referral: Referral) -> bool:
    """A draft whose agreement was prepared says whether the procedure may be told."""
    return referral.need_demarche is not None


def _recipients(actor: Actor, referral: Referral) -> tuple[str, ...]:
    ids = wanted_recipients(referral)
    names = network_queries.names(actor, set(ids))
    return tuple(names[one] for one in ids)


def wanted_recipients(referral: Referral) -> list[UUID]:
    """The structures of a draft, in the person's order: kept by its first event until the agreement names them."""
    query = select(ReferralEvent.details).where(
        ReferralEvent.referral_id == referral.id, ReferralEvent.act == Act.DRAFT
    )
    details = db.session.scalar(query.order_by(ReferralEvent.rank.desc()).limit(1)) or {}
    others = [UUID(one) for one in details.get("then", [])]
    return [referral.recipient_id, *(one for one in others if one != referral.recipient_id)]


def message_of(referral_id: UUID) -> str:
    """The message that opens with acceptance: that of the last time the draft was written."""
    query = select(ReferralText.body).join(ReferralEvent, ReferralEvent.id == ReferralText.event_id)
    mine = query.where(ReferralText.referral_id == referral_id, ReferralText.act == Act.DRAFT)
    return db.session.scalar(mine.order_by(ReferralEvent.rank.desc()).limit(1)) or ""


def openable(actor: Actor, person_id: UUID) -> Section:
    """What the actor's structure may let another one read, whatever the desk itself reads: never raw answers."""
    return grants.on_person(replace(actor, role=Role.ADVISER), person_id).sections & SHAREABLE


def _opened(card: PersonCard) -> tuple[Opened, ...]:
    identity, contact, adaptation = card.identity, card.contact, card.adaptation
    year = f" · {identity.birth_year}" if identity and identity.birth_year else ""
    reached = [one.words for one in contact.ways] if contact else []
    content = {
        Section.IDENTITY: f"{identity.label}{year}" if identity else "",
        Section.CONTACT: " · ".join(one for one in reached if one),
        Section.ADAPTATION: ", ".join(str(Adaptation(code).label) for code in adaptation.needs) if adaptation else "",
    }
    return tuple(Opened(section, words) for section, words in content.items() if words)
