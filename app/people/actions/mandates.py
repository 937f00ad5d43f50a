"""A mandate: the person asks an accredited structure to act for them in one online procedure, for a time (access.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.network import queries as network_queries
from app.people import policy
from app.people.actions.consents import record_consent
from app.people.actions.data import ConsentData
from app.people.actions.hearing import FIELDS, asked_of
from app.people.capacity import (
    Asked,
    Fault,
    InterpretedBy,
    Matter,
    OwnWord,
    SignedBy,
    WhyNotAsked,
    mandate_fault,
    signing,
)
from app.people.enums import ConsentAnswer, ConsentKind, ConsentWay
from app.people.models import Consent, Mandate
from app.people.queries import representation

# One day, one month, six months, one year: access.md, « Consent ».
DAYS = (1, 31, 182, 365)


@dataclass(frozen=True, kw_only=True)
class MandateData:
    """What was signed. `purpose`: the procedure, in words; `days`: one of `DAYS`; `written`: the paper is signed."""

    matter: Matter
    purpose: str
    days: int
    signed_by: SignedBy
    written: bool = False
    people_present: str = ""
    own_word: OwnWord | None = None
    why_not_asked: WhyNotAsked | None = None
    interpreted_by: InterpretedBy | None = None
    today: date


def give_mandate(actor: Actor, granted: Granted, data: MandateData) -> Consent:
    """Keep a mandate. NotFound unless this hat reads who represents the person and may write.

    DomainError, on its field: no accreditation, or the rules of `capacity.mandate_fault`.
    """
    if not policy.can_mandate(actor, granted):
        raise NotFound
    if not network_queries.is_accredited(actor.structure_id):
        raise DomainError(
            _("Votre structure n’est pas habilitée Aidants Connect : elle ne peut pas agir à la place de quelqu’un.")
        )
    if data.days not in DAYS:
        raise DomainError(_("Choisissez une durée de la liste."), "days")
    asked = _consent(data)
    _check(granted, data, asked_of(asked))
    consent = record_consent(actor, granted.person_id, asked)
    said = {"matter": data.matter, "signed_by": data.signed_by, "purpose": data.purpose}
    db.session.add(Mandate(consent_id=consent.id, **said))
    db.session.flush()
    return consent


def _consent(data: MandateData) -> ConsentData:
    """The last day counts: a mandate of one day ends today."""
    return ConsentData(
        kind=ConsentKind.MANDATE,
        answer=ConsentAnswer.GIVEN,
        way=ConsentWay.WRITTEN,
        people_present=data.people_present,
        interpreter=data.interpreted_by not in {None, InterpretedBy.NOBODY},
        interpreted_by=data.interpreted_by,
        own_word=data.own_word,
        why_not_asked=data.why_not_asked,
        starts_on=data.today,
        ends_on=data.today + timedelta(days=data.days - 1),
    )


def _check(granted: Granted, data: MandateData, asked: Asked) -> None:
    who = representation.situation(granted.person_id)
    fault = mandate_fault(who, data.matter, data.signed_by, asked, written=data.written)
    if fault is Fault.SIGNED_BY_ANOTHER:
        raise DomainError(signing(who, data.matter).label, "signed_by")
    if fault is Fault.WAITS:
        absent = asked.why is WhyNotAsked.ABSENT
        raise DomainError(
            _("Un mandat n’attend pas : signez-le quand tout le monde est là."),
            "why_not_asked" if absent else "interpreted_by",
        )
    if fault is not None:
        raise DomainError(fault.label, FIELDS[fault])
