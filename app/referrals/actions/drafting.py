"""Preparing and sending: the need, the partners in the person's order, the message, the agreement, then all is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel import grants, ids
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound, name_constraint
from app.kernel.grants import NOTHING, Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.needs import queries as need_queries
from app.needs.enums import SENSITIVE_DEMARCHES, Priority
from app.needs.models import Need
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.people import actions as people_actions
from app.people import policy as people_policy
from app.people.actions import ConsentData
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, ConsentWay
from app.people.models import Consent, Person, PersonAdaptation
from app.referrals import policy, queries
from app.referrals.actions.core import Done, end_consent, finish_next_actions, keep_words, open_for, record
from app.referrals.enums import LIVE, OPENED, Act, Decision, Present, Side, State, TaskKind
from app.referrals.machine import Needs
from app.referrals.models import Referral, ReferralTask
from app.referrals.queries.preview import coded
from app.referrals.queries.sending import message_of, openable, wanted_recipients

_TO = "recipient"
ALREADY_OPEN = _("Une orientation est déjà en cours vers ce partenaire pour cette demande.")
name_constraint("uq_referral_open", ALREADY_OPEN, "recipient")
name_constraint("referral.need_id, referral.recipient_id", ALREADY_OPEN, "recipient")


@dataclass(frozen=True, kw_only=True)
class DraftData:
    """What is prepared: the need, up to three structures in order, the message that opens with acceptance.

    `parent`: the referral that this one follows, in the same path. `return_reason`: why a path comes back to a
    structure it left (rule 10); it stays with the sender.
    """

    need_id: UUID
    recipients: tuple[UUID, ...]
    message: str = ""
    urgency: Priority | None = None
    parent_id: UUID | None = None
    return_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What the person said, in front of whom and how. `people_present`: codes, joined by a space."""

    sections: Section = NOTHING
    way: ConsentWay = ConsentWay.ORAL
    language: str = "fr"
    people_present: str = ""
    interpreter: bool = False
    tell_demarche: bool = False


def draft(actor: Actor, granted: Granted, data: DraftData) -> Referral:
    """Prepare a referral. A draft of ours for the same need and partner is taken up again rather than doubled.

    NotFound when the actor may not; DomainError on a closed need, a partner who may not receive, a missing reason to
    come back; Conflict when one is already under way.
    """
    if not policy.can_draft(actor, granted.may_write) or not need_queries.is_open(actor, granted, data.need_id):
        raise NotFound
    _check_recipients(actor, data.recipients)
    parent = _parent(actor, granted, data)
    _check_return(parent, data)
    known = _same(data)
    referral = _again(actor, known, data) if known else _new(actor, granted, data, parent)
    if parent is not None and parent.state not in LIVE:
        finish_next_actions(parent, actor, Decision.ANOTHER_PARTNER)
    return referral


def _check_recipients(actor: Actor, recipients: tuple[UUID, ...]) -> None:
    if not recipients or len(recipients) > people_actions.MAX_RECIPIENTS or len(set(recipients)) != len(recipients):
        raise DomainError(_("Choisissez un à trois partenaires différents."), "recipient")
    for structure_id in recipients:
        check_receives(actor, structure_id)


def check_receives(actor: Actor, structure_id: UUID) -> None:
    """Both structures are active and bound by a signed agreement, or DomainError."""
    today = policy.rules().today()
    if structure_id == actor.structure_id:
        raise DomainError(_("Choisissez une autre structure que la vôtre."), "recipient")
    if not network_policy.can_share(network_queries.structure(actor.structure_id), today):
        raise DomainError(
            _("Votre structure n’a pas encore signé la convention du réseau : elle ne peut rien partager.")
        )
    if not network_policy.can_share(network_queries.structure(structure_id), today):
        raise DomainError(
            _("Ce partenaire ne peut pas recevoir d’orientation en ce moment. Choisissez-en un autre."), _TO
        )


def _parent(actor: Actor, granted: Granted, data: DraftData) -> Referral | None:
    """The referral this one follows: ended and ours, or received by us and still open (we redirect)."""
    if data.parent_id is None:
        return None
    parent = queries.locked(actor, data.parent_id)
    side = policy.side_of(actor, parent)
    redirects = side is Side.RECIPIENT and parent.state in OPENED
    follows = side is Side.SENDER and parent.state not in LIVE | {State.DRAFT}
    if parent.person_id != granted.person_id or not (redirects or follows):
        raise NotFound
    return parent


def _check_return(parent: Referral | None, data: DraftData) -> None:
    if returns(parent, data.recipients[0]) and not data.return_reason:
        raise DomainError(_("Ce partenaire a déjà eu cette demande. Dites pourquoi elle lui revient."), "return_reason")


def returns(parent: Referral | None, recipient_id: UUID) -> bool:
    """Whether the path already went through this structure (rule 10)."""
    if parent is None:
        return False
    query = select(Referral.structure_id, Referral.recipient_id).where(
        Referral.path_id == parent.path_id, Referral.state != State.VOID
    )
    return any(recipient_id in (row[0], row[1]) for row in db.session.execute(query))


def _same(data: DraftData) -> Referral | None:
    query = select(Referral).where(Referral.need_id == data.need_id, Referral.recipient_id == data.recipients[0])
    return db.session.scalars(query.where(Referral.state.in_(LIVE | {State.DRAFT})).with_for_update()).first()


def _again(actor: Actor, known: Referral, data: DraftData) -> Referral:
    """Take up our own draft: its words and partners are replaced by a second « draft » event."""
    if known.state is not State.DRAFT or policy.side_of(actor, known) is not Side.SENDER:
        raise Conflict(ALREADY_OPEN, "recipient")
    known.consent_id = None
    known.urgency = data.urgency or known.urgency
    record(actor, known, Side.SENDER, Act.DRAFT, _drafted(data, returns=False))
    return known


def _new(actor: Actor, granted: Granted, data: DraftData, parent: Referral | None) -> Referral:
    need = db.session.get_one(Need, data.need_id)
    comes_back = returns(parent, data.recipients[0])
    referral_id = ids.new_id()
    referral = Referral(
        id=referral_id,
        person_id=granted.person_id,
        need_id=need.id,
        recipient_id=data.recipients[0],
        parent_id=parent.id if parent else None,
        path_id=parent.path_id if parent else referral_id,
        need_kind=need.kind,
        need_demarche=None if need.demarche in SENSITIVE_DEMARCHES else need.demarche,
        urgency=data.urgency or need.priority,
        adaptation=[],
        **people_policy.authorship(actor),
    )
    db.session.add(referral)
    db.session.flush()
    event = record(actor, referral, Side.SENDER, Act.DRAFT, _drafted(data, comes_back))
    if comes_back:
        keep_words(actor, referral, event, Act.SEND, data.return_reason)
    return referral


def _drafted(data: DraftData, returns: bool) -> Done:
    details: dict[str, Any] = {"then": [str(one) for one in data.recipients[1:]], "returns": returns}
    words = data.message
    return Done(frozenset({Needs.OPEN_NEED}), details=details, words=words)


def agree(actor: Actor, referral_id: UUID, agreement: Agreement, stamp: int | None = None) -> Referral:
    """The person agrees in front of the actor: the consent is recorded and kept with the draft, which may leave later."""
    referral = _draft_of_ours(actor, referral_id, stamp)
    granted = _granted(actor, referral)
    if not people_policy.can_record_consent(actor, granted):
        raise NotFound
    _check_agreement(actor, referral, agreement)
    data = _consent_data(ConsentAnswer.GIVEN, agreement, tuple(wanted_recipients(referral)), policy.rules().today())
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
    adaptation = db.session.get(PersonAdaptation, referral.person_id)
    if adaptation is not None and adaptation.interpreter and not agreement.interpreter:
        raise DomainError(
            _("Cette personne a besoin d’un interprète : l’accord attend qu’il soit là. Le brouillon est gardé."),
            "present",
        )


def _consent_data(
    answer: ConsentAnswer, agreement: Agreement, recipients: tuple[UUID, ...], today: date
) -> ConsentData:
    return ConsentData(
        kind=ConsentKind.REFERRAL,
        answer=answer,
        way=agreement.way,
        language=agreement.language,
        sections=agreement.sections,
        recipients=recipients,
        people_present=agreement.people_present,
        interpreter=agreement.interpreter,
        starts_on=today,
    )


def record_refusal(actor: Actor, referral_id: UUID, agreement: Agreement, stamp: int | None = None) -> Referral:
    """The person refuses: it is recorded, nothing leaves, and a paper sheet may be handed over instead (rule 12)."""
    referral = _draft_of_ours(actor, referral_id, stamp)
    if not people_policy.can_record_consent(actor, _granted(actor, referral)):
        raise NotFound
    data = _consent_data(ConsentAnswer.REFUSED, agreement, tuple(wanted_recipients(referral)), policy.rules().today())
    people_actions.record_consent(actor, referral.person_id, data)
    record(actor, referral, Side.SENDER, Act.DISCARD)
    _give_task_back(referral)
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
    if _same(data) is not None:
        raise Conflict(ALREADY_OPEN)
    child = _new(actor, granted, data, parent)
    child.consent_id, child.need_demarche = parent.consent_id, parent.need_demarche
    db.session.flush()
    return send(actor, child.id) if policy.can_send(actor) else child


def discard(actor: Actor, referral_id: UUID, stamp: int | None = None) -> Referral:
    """Give a draft up. What it was to follow comes back on the list."""
    referral, side = open_for(actor, referral_id, Act.DISCARD, stamp)
    record(actor, referral, side, Act.DISCARD)
    end_consent(referral)
    _give_task_back(referral)
    return referral


def void(actor: Actor, referral_id: UUID, stamp: int | None = None) -> Referral:
    """Take back what was sent by mistake, before the recipient opened it."""
    referral, side = open_for(actor, referral_id, Act.VOID, stamp)
    record(actor, referral, side, Act.VOID)
    end_consent(referral)
    _give_task_back(referral)
    return referral


def _give_task_back(referral: Referral) -> None:
    """A child that never left decides nothing: the parent's next action waits again."""
    if referral.parent_id is None:
        return
    query = select(ReferralTask).where(
        ReferralTask.referral_id == referral.parent_id, ReferralTask.kind == TaskKind.NEXT_ACTION
    )
    for task in db.session.scalars(query):
        task.done_at = task.done_by = task.decision = None
    db.session.flush()


def _draft_of_ours(actor: Actor, referral_id: UUID, stamp: int | None) -> Referral:
    return open_for(actor, referral_id, Act.DISCARD, stamp)[0]


def _granted(actor: Actor, referral: Referral) -> Granted:
    granted = grants.on_person(actor, referral.person_id)
    if not granted:
        raise NotFound
    return granted


__all__ = ["Agreement", "DraftData", "agree", "discard", "draft", "record_refusal", "send", "send_next", "void"]
