"""Writing down what a person asks, extending the delay, answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import ids, journal
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound, check_version
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import Moved
from app.people import actions as people_actions
from app.people.models import Person
from app.privacy import policy, queries
from app.privacy.actions.erasing import anonymise
from app.privacy.enums import (
    AskedWay,
    ExtensionReason,
    IdentityCheck,
    RefusalReason,
    RequestState,
    RightKind,
    RightOutcome,
)
from app.privacy.models import RightsRequest, RightsRequestText
from app.privacy.queries.requests import found

MERGED = (Moved("rights_request"),)
EXPLAINED = frozenset({RightOutcome.PARTLY, RightOutcome.REFUSED})


@dataclass(frozen=True, kw_only=True)
class RequestData:
    """What the person asks, when and how it came, and how we know that it is them."""

    kind: RightKind
    received_on: date
    way: AskedWay
    identity_check: IdentityCheck
    asked: str = ""


@dataclass(frozen=True, kw_only=True)
class ExtensionData:
    """Why two more months, and how the person was told."""

    reason: ExtensionReason
    told_way: AskedWay
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerData:
    """What was done and said. `told_remedies`: a refusal was told with the ways to complain (RGPD art. 12.4)."""

    outcome: RightOutcome
    way: AskedWay
    reason: RefusalReason | None = None
    words: str = ""
    told_remedies: bool = False
    confirmed: bool = False
    version: int | None = None


def record_request(actor: Actor, granted: Granted, data: RequestData, today: date) -> RightsRequest:
    """An adviser or manager of the referent structure notes a request; the month runs from the day it was received."""
    if not policy.can_record(actor, granted):
        raise NotFound
    return _record(actor, granted.person_id, data, today)


def record_by_code(actor: Actor, code: str, data: RequestData, today: date) -> RightsRequest:
    """The officer notes a request of the person who bears this code and whom their structure follows."""
    if actor.role is not Role.DPO:
        raise NotFound
    person_id = queries.followed_by_code(actor.structure_id, code)
    if person_id is None:
        raise DomainError(
            _("Votre structure ne suit personne qui porte ce code. Relisez-le, par exemple K7MQ2X."), "code"
        )
    return _record(actor, person_id, data, today)


def _record(actor: Actor, person_id: UUID, data: RequestData, today: date) -> RightsRequest:
    if data.received_on > today:
        raise DomainError(_("Le jour de la demande ne peut pas être dans le futur."), "received_on")
    one = RightsRequest(
        id=ids.new_id(),
        person_id=person_id,
        structure_id=actor.structure_id,
        kind=data.kind,
        received_on=data.received_on,
        due_on=policy.due(data.received_on),
        way=data.way,
        identity_check=data.identity_check,
        recorded_by=actor.user_id,
    )
    db.session.add(one)
    db.session.flush()
    db.session.add(RightsRequestText(request_id=one.id, asked=data.asked, answered=""))
    db.session.flush()
    journal.note(actor, "right.ask", "rights_request", one.id, person_id=person_id, right=data.kind.value)
    return one


def extend_request(actor: Actor, request_id: UUID, data: ExtensionData, today: date) -> RightsRequest:
    """Two more months, once, before the first has passed, the person being told why (RGPD art. 12.3)."""
    one = _open(actor, request_id, data.version)
    if one.state is not RequestState.OPEN:
        raise Conflict(_("Le délai a déjà été prolongé : la loi ne permet pas de le faire deux fois."))
    if today > one.due_on:
        raise Conflict(_("Le mois est passé : le délai ne peut plus être prolongé. Répondez dès que possible."))
    one.state, one.extended_on, one.extension_reason = RequestState.EXTENDED, today, data.reason
    one.told_way, one.due_on = data.told_way, policy.due(one.received_on, extended=True)
    db.session.flush()
    journal.note(actor, "right.extend", "rights_request", one.id, person_id=one.person_id, reason=data.reason.value)
    return one


def answer_request(actor: Actor, request_id: UUID, data: AnswerData, today: date) -> RightsRequest:
    """Close a request with what was done. Erasing is done here, at once and for ever, by the officer alone."""
    one = _open(actor, request_id, data.version)
    _check_answer(actor, one, data)
    one.state, one.outcome, one.answered_on = RequestState.ANSWERED, data.outcome, today
    one.answered_by, one.answer_way = actor.user_id, data.way
    one.refusal_reason = data.reason if data.outcome in EXPLAINED else None
    words = db.session.get(RightsRequestText, one.id)
    if words is not None:
        words.answered = data.words
    db.session.flush()
    journal.note(actor, "right.answer", "rights_request", one.id, person_id=one.person_id, result=data.outcome.value)
    _do(actor, one, data, today)
    return one


def _do(actor: Actor, one: RightsRequest, data: AnswerData, today: date) -> None:
    """What a granted request does by itself, in the same transaction."""
    if data.outcome is not RightOutcome.DONE:
        return
    if one.kind is RightKind.ERASURE:
        anonymise(actor, one.person_id)
    elif one.kind is RightKind.OBJECTION:
        people_actions.withdraw_everything(actor, one.person_id, today)
    elif one.kind is RightKind.RESTRICTION:
        _freeze(actor, one, today)


def unfreeze(actor: Actor, request_id: UUID) -> RightsRequest:
    """The record is written again. NotFound unless it was frozen by this request, and still is."""
    one, _granted = found(actor, request_id)
    if one.kind is not RightKind.RESTRICTION or one.outcome is not RightOutcome.DONE:
        raise NotFound
    if db.session.get_one(Person, one.person_id).restricted_on is None:
        raise Conflict(_("Cette fiche n’est plus gelée."))
    _freeze(actor, one, None)
    return one


def _freeze(actor: Actor, one: RightsRequest, since: date | None) -> None:
    person = db.session.get_one(Person, one.person_id, with_for_update=True)
    person.restricted_on = since
    db.session.flush()
    action = "right.unfreeze" if since is None else "right.freeze"
    journal.note(actor, action, "person", person.id, person_id=person.id)


def _erases(one: RightsRequest, data: AnswerData) -> bool:
    return one.kind is RightKind.ERASURE and data.outcome is RightOutcome.DONE


def _check_answer(actor: Actor, one: RightsRequest, data: AnswerData) -> None:
    if data.outcome in EXPLAINED and data.reason is None:
        raise DomainError(_("Dites pourquoi : la personne a le droit de le savoir."), "reason")
    if data.outcome in EXPLAINED and not data.told_remedies:
        message = _(
            "Dites à la personne qu’elle peut écrire à la CNIL ou aller devant un juge, puis cochez cette case."
        )
        raise DomainError(message, "told_remedies")
    if not _erases(one, data):
        return
    if actor.role is not Role.DPO:
        raise DomainError(_("L’effacement est fait par la personne déléguée à la protection des données."), "outcome")
    if not data.confirmed:
        raise DomainError(_("L’effacement est définitif : cochez cette case pour le confirmer."), "confirmed")


def _open(actor: Actor, request_id: UUID, version: int | None) -> RightsRequest:
    one, _granted = found(actor, request_id)
    if one.state is RequestState.ANSWERED:
        raise Conflict(_("Une réponse a déjà été donnée à cette demande."))
    check_version(one.version, version)
    return one
