"""Preparing: the need, the partners in the person's order, the message; giving a draft up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel import ids
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound, name_constraint
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.needs import queries as need_queries
from app.needs.enums import SENSITIVE_DEMARCHES, Priority
from app.needs.models import Need
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.people import actions as people_actions
from app.people import policy as people_policy
from app.referrals import policy, queries
from app.referrals.actions.core import Done, end_consent, finish_next_actions, keep_words, open_for, record
from app.referrals.enums import LIVE, OPENED, Act, Decision, Side, State, TaskKind
from app.referrals.machine import Needs
from app.referrals.models import Referral, ReferralTask

_TO = "recipient"
ALREADY_OPEN = _("Une orientation est déjà en cours vers ce partenaire pour cette demande.")
# To whoever reads the need without seeing that referral: neither who asked, nor where it stands.
SOLICITED = _("Cette structure a déjà été sollicitée pour cette demande.")
PREPARED = _("Une orientation vers cette structure se prépare déjà pour cette demande.")
OWN_NEED = _(
    "Notez d’abord cette demande dans votre équipe : sous le secret professionnel, une orientation part d’une demande que "
    "les autres ne lisent pas."
)
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


def draft(actor: Actor, granted: Granted, data: DraftData) -> Referral:
    """Prepare a referral. A draft of ours for the same need and partner is taken up again rather than doubled.

    NotFound when the actor may not; DomainError on a closed need, a partner who may not receive, a missing reason to
    come back; Conflict when one is already under way.
    """
    if not policy.can_draft(actor, granted.may_write) or not need_queries.is_open(actor, granted, data.need_id):
        raise NotFound
    _check_recipients(actor, data.recipients)
    _check_secrecy(actor, data)
    parent = _parent(actor, granted, data)
    _check_return(parent, data)
    known = same_open(data)
    referral = _again(actor, known, data) if known else create(actor, granted, data, parent)
    if parent is not None and parent.state not in LIVE:
        finish_next_actions(parent, actor, Decision.ANOTHER_PARTNER)
    return referral


def _check_recipients(actor: Actor, recipients: tuple[UUID, ...]) -> None:
    if not recipients or len(recipients) > people_actions.MAX_RECIPIENTS or len(set(recipients)) != len(recipients):
        raise DomainError(_("Choisissez un à trois partenaires différents."), "recipient")
    for structure_id in recipients:
        check_receives(actor, structure_id)


def _check_secrecy(actor: Actor, data: DraftData) -> None:
    if policy.refers_apart(actor, data.parent_id) and not db.session.get_one(Need, data.need_id).secret:
        raise DomainError(OWN_NEED, "need")


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


def same_open(data: DraftData) -> Referral | None:
    """What is already under way for this need and partner, locked."""
    query = select(Referral).where(Referral.need_id == data.need_id, Referral.recipient_id == data.recipients[0])
    return db.session.scalars(query.where(Referral.state.in_(LIVE | {State.DRAFT})).with_for_update()).first()


def _again(actor: Actor, known: Referral, data: DraftData) -> Referral:
    """Take up our own draft: its words and partners are replaced by a second « draft » event."""
    if known.state is not State.DRAFT or policy.side_of(actor, known) is not Side.SENDER:
        raise Conflict(already_open(actor, known), "recipient")
    known.consent_id = None
    known.urgency = data.urgency or known.urgency
    record(actor, known, Side.SENDER, Act.DRAFT, _drafted(data, returns=False))
    return known


def already_open(actor: Actor, known: Referral) -> str:
    """What is said of the referral under way to whoever tries another one (rule 6), as far as they may know of it."""
    if policy.side_of(actor, known) is not None:
        return ALREADY_OPEN
    return PREPARED if known.state is State.DRAFT else SOLICITED


def create(actor: Actor, granted: Granted, data: DraftData, parent: Referral | None) -> Referral:
    """A draft in the path of its parent, or the first of its own."""
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


def discard(actor: Actor, referral_id: UUID, stamp: int | None = None) -> Referral:
    """Give a draft up. What it was to follow comes back on the list."""
    referral, side = open_for(actor, referral_id, Act.DISCARD, stamp)
    record(actor, referral, side, Act.DISCARD)
    end_consent(referral)
    give_task_back(referral)
    return referral


def void(actor: Actor, referral_id: UUID, stamp: int | None = None) -> Referral:
    """Take back what was sent by mistake, before the recipient opened it."""
    referral, side = open_for(actor, referral_id, Act.VOID, stamp)
    record(actor, referral, side, Act.VOID)
    end_consent(referral)
    give_task_back(referral)
    return referral


def give_task_back(referral: Referral) -> None:
    """A child that never left decides nothing: the parent's next action waits again."""
    if referral.parent_id is None:
        return
    query = select(ReferralTask).where(
        ReferralTask.referral_id == referral.parent_id, ReferralTask.kind == TaskKind.NEXT_ACTION
    )
    for task in db.session.scalars(query):
        task.done_at = task.done_by = task.decision = None
    db.session.flush()
