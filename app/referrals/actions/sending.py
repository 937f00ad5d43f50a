"""The agreement and the sending: who was there, what may be read, then the coded fields are frozen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import NOTHING, Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.needs.models import Need
from app.people import actions as people_actions
from app.people import policy as people_policy
from app.people.actions import ConsentData
from app.people.actions.hearing import asked_of
from app.people.capacity import Fault, InterpretedBy, interpreting_fault
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, ConsentWay
from app.people.models import Consent, Person
from app.people.queries.representation import situation
from app.referrals import policy
from app.referrals.actions.core import Done, open_for, record
from app.referrals.actions.drafting import DraftData, already_open, check_receives, create, give_task_back, same_open
from app.referrals.enums import Act, Present, Side
from app.referrals.machine import Needs
from app.referrals.models import Referral
from app.referrals.queries.preview import coded
from app.referrals.queries.sending import message_of, openable, wanted_recipients


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What the person said, in front of whom and how. `people_present`: codes, joined by a space."""

    sections: Section = NOTHING
    way: ConsentWay = ConsentWay.ORAL
    language: str = "fr"
    people_present: str = ""
    interpreter: bool = False
    interpreted_by: InterpretedBy | None = None
    tell_demarche: bool = False


def agree(actor: Actor, referral_id: UUID, agreement: Agreement, stamp: int | None = None) -> Referral:
    """The person agrees in front of the actor: the consent is recorded and kept with the draft, which may leave later."""
    referral = _draft_of_ours(actor, referral_id, stamp)
    granted = _granted(actor, referral)
    if not people_policy.can_record_consent(actor, granted):
        raise NotFound
    _check_agreement(actor, referral, agreement)
    data = _consent_data(ConsentAnswer.GIVEN, agreement, tuple(wanted_recipients(referral)))
    referral.consent_id = people_actions.record_consent(actor, referral.person_id, data).id
    fields = coded(actor, granted, referral, agreement.sections, agreement.tell_demarche)
    referral.need_demarche = fields.need_demarche
    db.session.flush()
    return referral


def _check_agreement(actor: Actor, referral: Referral, agreement: Agreement) -> None:
    if Section.IDENTITY not in agreement.sections:
        raise DomainError(
            _("Sans son nom, le partenaire ne peut pas recevoir la personne : remettez-lui plutôt un papier.")
        )
    if agreement.sections & ~openable(actor, referral.person_id):
        raise DomainError(
            _("Vous ne pouvez pas partager une partie de la fiche qui ne vous est pas ouverte."), "sections"
        )
    _check_presence(referral, agreement)


def _check_presence(referral: Referral, agreement: Agreement) -> None:
    """A child agrees with whoever represents them; an interpreter who is needed is there (domain/access.md)."""
    person = db.session.get_one(Person, referral.person_id)
    present = set(agreement.people_present.split())
    if person.age_status is AgeStatus.UNDER_15 and Present.REPRESENTATIVE.value not in present:
        raise DomainError(_("Avant 15 ans, l’accord se donne avec la personne qui représente l’enfant."), "present")
    fault = interpreting_fault(situation(referral.person_id), asked_of(_consent_data(ConsentAnswer.GIVEN, agreement)))
    if fault is Fault.MINOR_INTERPRETS:
        raise DomainError(fault.label, "interpreted_by")
    if fault is not None:
        raise DomainError(
            _("Cette personne a besoin d’un interprète : l’accord attend qu’il soit là. Le brouillon est gardé."),
            "interpreted_by",
        )


def _consent_data(answer: ConsentAnswer, agreement: Agreement, recipients: tuple[UUID, ...] = ()) -> ConsentData:
    return ConsentData(
        kind=ConsentKind.REFERRAL,
        answer=answer,
        way=agreement.way,
        language=agreement.language,
        sections=agreement.sections,
        recipients=recipients,
        people_present=agreement.people_present,
        interpreter=agreement.interpreter or agreement.interpreted_by not in {None, InterpretedBy.NOBODY},
        interpreted_by=agreement.interpreted_by,
        starts_on=policy.rules().today(),
    )


def record_refusal(actor: Actor, referral_id: UUID, agreement: Agreement, stamp: int | None = None) -> Referral:
    """The person refuses: it is recorded, nothing leaves, and a paper sheet may be handed over instead (rule 12)."""
    referral = _draft_of_ours(actor, referral_id, stamp)
    if not people_policy.can_record_consent(actor, _granted(actor, referral)):
        raise NotFound
    data = _consent_data(ConsentAnswer.REFUSED, agreement, tuple(wanted_recipients(referral)))
    people_actions.record_consent(actor, referral.person_id, data)
    record(actor, referral, Side.SENDER, Act.DISCARD)
    give_task_back(referral)
    return referral


def send(actor: Actor, referral_id: UUID, agreement: Agreement | None = None, stamp: int | None = None) -> Referral:
    """Send a draft: the agreement is recorded now, or was when it was prepared; the coded fields are frozen.

    NotFound for the desk unless the network lets it send; DomainError without an agreement that names the recipient.
    """
    referral, side = open_for(actor, referral_id, Act.SEND, stamp)
    if agreement is not None:
        agree(actor, referral_id, agreement)
    consent = _valid_consent(referral)
    check_receives(actor, referral.recipient_id)
    _check_need(referral)
    _freeze(actor, referral, consent)
    record(actor, referral, side, Act.SEND, Done(frozenset({Needs.CONSENT})))
    return referral


def _valid_consent(referral: Referral) -> Consent:
    today = policy.rules().today()
    query = select(Consent).where(Consent.id == referral.consent_id, policy.holds_on(today))
    consent = db.session.scalars(query.where(Consent.kind == ConsentKind.REFERRAL)).first()
    if consent is None or referral.recipient_id not in {one.structure_id for one in consent.recipients}:
        raise DomainError(
            _(
                "Sans l’accord de la personne pour ce partenaire, l’orientation ne part pas. L’aide donnée ici n’y change rien."
            )
        )
    return consent


def _check_need(referral: Referral) -> None:
    need = db.session.get_one(Need, referral.need_id)
    if need.closed_at is not None:
        raise DomainError(_("Cette demande est terminée : il n’y a plus rien à demander à un partenaire."))


def _freeze(actor: Actor, referral: Referral, consent: Consent) -> None:
    told = referral.need_demarche is not None
    fields = coded(actor, _granted(actor, referral), referral, consent.sections, told)
    for name in ("need_kind", "need_demarche", "profile", "area_code", "area_label", "adaptation"):
        setattr(referral, name, getattr(fields, name))


def send_next(actor: Actor, parent: Referral, structure_id: UUID) -> Referral:
    """The next structure of the same agreement, without calling the person back (rule 3). The desk's waits as a draft."""
    check_receives(actor, structure_id)
    granted = _granted(actor, parent)
    if not policy.can_draft(actor, granted.may_write):
        raise NotFound
    data = DraftData(
        need_id=parent.need_id, recipients=(structure_id,), message=message_of(parent.id), urgency=parent.urgency
    )
    known = same_open(data)
    if known is not None:
        raise Conflict(already_open(actor, known))
    child = create(actor, granted, data, parent)
    child.consent_id, child.need_demarche = parent.consent_id, parent.need_demarche
    db.session.flush()
    return send(actor, child.id) if policy.can_send(actor) else child


def _draft_of_ours(actor: Actor, referral_id: UUID, stamp: int | None) -> Referral:
    return open_for(actor, referral_id, Act.DISCARD, stamp)[0]


def _granted(actor: Actor, referral: Referral) -> Granted:
    granted = grants.on_person(actor, referral.person_id)
    if not granted:
        raise NotFound
    return granted
