"""What a person agreed to, and the notices they received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.kernel.statements import built
from app.people import policy
from app.people.capacity import InterpretedBy, OwnWord, WhyNotAsked
from app.people.enums import ConsentAnswer, ConsentKind, ConsentWay
from app.people.models import Consent


@dataclass(frozen=True)
class ConsentLine:
    """One consent, given or refused. `holds` today; `replaced` when the shared register was asked about again since."""

    id: UUID
    kind: ConsentKind
    answer: ConsentAnswer
    way: ConsentWay
    sections: Section
    recipients: tuple[UUID, ...]
    starts_on: date
    ends_on: date | None
    withdrawn_at: datetime | None
    holds: bool
    replaced: bool = False
    present: tuple[str, ...] = ()
    interpreted_by: InterpretedBy | None = None
    own_word: OwnWord | None = None
    why_not_asked: WhyNotAsked | None = None
    purpose: str = ""


def consents(actor: Actor, granted: Granted, today: date) -> list[ConsentLine]:
    """The consents of a person that this actor may read, newest first."""
    every = db.session.scalars(_consents(), granted.named).unique()
    found = [one for one in every if policy.can_read_consent(actor, granted, one)]
    latest = next((c.id for c in found if c.kind is ConsentKind.REGISTER), None)
    return [_line(c, today, c.kind is ConsentKind.REGISTER and c.id != latest) for c in found]


@built
def _consents() -> Select[Consent]:
    whole = (joinedload(Consent.mandate), joinedload(Consent.recipients))
    query = select(Consent).options(*whole).where(Consent.person_id == grants.SOMEBODY)
    return query.order_by(Consent.created_at.desc(), Consent.id.desc())


def consent(actor: Actor, granted: Granted, consent_id: UUID, today: date) -> ConsentLine:
    """One consent of the person, or NotFound."""
    found = next((line for line in consents(actor, granted, today) if line.id == consent_id), None)
    if found is None:
        raise NotFound
    return found


def _line(consent: Consent, today: date, replaced: bool) -> ConsentLine:
    return ConsentLine(
        consent.id,
        consent.kind,
        consent.answer,
        consent.way,
        consent.sections,
        tuple(one.structure_id for one in consent.recipients),
        consent.starts_on,
        consent.ends_on,
        consent.withdrawn_at,
        consent.holds and not replaced and not _ended(consent, today),
        replaced,
        tuple(consent.people_present.split()),
        consent.interpreted_by,
        consent.own_word,
        consent.why_not_asked,
        consent.mandate.purpose if consent.mandate else "",
    )


def _ended(consent: Consent, today: date) -> bool:
    """An agreement holds on its last day; that of a referral ends with the referral, at once."""
    if consent.ends_on is None:
        return False
    return consent.ends_on <= today if consent.kind is ConsentKind.REFERRAL else consent.ends_on < today
