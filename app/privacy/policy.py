"""What a data protection officer may read, who handles a rights request, and its clock."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.kernel.access import ADVISING, Actor, Role
from app.kernel.grants import Granted
from app.kernel.journal import JournalEntry
from app.people import policy as people_policy
from app.people.models import Consent, Person

# RGPD art. 12.3: one month, extended by two more.
MONTHS, MORE_MONTHS = 1, 2
# « Bientôt » : what is left when the reminder appears.
SOON = timedelta(days=10)
# CNIL, référentiel « accueil, hébergement et accompagnement social » : two years after the last contact.
ACTIVE_MONTHS, WARNING_MONTHS = 24, 2
COPY_LIFETIME = timedelta(hours=72)


@dataclass(frozen=True)
class Rules:
    """What the installation says: its time zone and its network’s name."""

    timezone: str
    network_name: str
    archive_months: int = 12
    # Whether the worker archives and anonymises each night, or only tells what it would do.
    retention: bool = False
    # Counts of fewer people are not told.
    secrecy_k: int = 11
    public_url: str = ""


_rules: list[Rules] = []


def install(rules: Rules) -> None:
    """Called by `app/wiring`."""
    _rules[:] = [rules]


def rules() -> Rules:
    """The rules installed."""
    return _rules[0]


def can_read_journal(actor: Actor) -> bool:
    """The DPO reads the journal of the structure that named them."""
    return actor.role is Role.DPO


def journal_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL: what that structure's members did, and what anybody did on the people it follows as referent."""
    followed: Any = select(Person.id).where(Person.referent_structure_id == actor.structure_id)
    return or_(JournalEntry.structure_id == actor.structure_id, JournalEntry.person_id.in_(followed))


def consent_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL: agreements recorded by that structure, and those of the people it follows as referent (joined)."""
    return or_(Consent.structure_id == actor.structure_id, Person.referent_structure_id == actor.structure_id)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month (règlement 1182/71, art. 3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due(received_on: date, *, extended: bool = False) -> date:
    """The last day to answer. A day off is not added: the person does not wait for it."""
    return months_after(received_on, MONTHS + (MORE_MONTHS if extended else 0))


@dataclass(frozen=True)
class Limits:
    """Last contacts up to these days: to be told of, to be archived, to be anonymised."""

    warn: date
    archive: date
    anonymise: date


def limits(today: date) -> Limits:
    """Counted from the last contact with the person."""
    warn, archive = ACTIVE_MONTHS - WARNING_MONTHS, ACTIVE_MONTHS
    anonymise = archive + rules().archive_months
    return Limits(*(months_after(today, -months) for months in (warn, archive, anonymise)))


def archive_ends(last_contact_on: date) -> date:
    """From which day an archived record may be anonymised."""
    return months_after(last_contact_on, ACTIVE_MONTHS + rules().archive_months)


def can_record(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers of the referent structure note what the person asks."""
    return actor.role in ADVISING and any(grant.source == people_policy.REFERENT for grant in granted.grants)


def is_officer(actor: Actor, structure_id: UUID) -> bool:
    """The data protection officer whom that structure named: reads, prepares and answers its requests."""
    return actor.role is Role.DPO and actor.structure_id == structure_id
