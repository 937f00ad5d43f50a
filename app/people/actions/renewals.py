"""An agreement that nobody asked for again ends what it opened, as if the person had taken it back that day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.kernel import hooks, jobs, journal
from app.kernel.db import db
from app.people.actions.consents import end_shared
from app.people.models import Consent, Person
from app.people.queries import renewals

BATCH = 200
JOB = "consents.lapsed"


def end_lapsed(today: date) -> int:
    """End the shared follow-ups and the card of whoever’s agreement is over (worker); returns how many people."""
    found = renewals.lapsed(today, BATCH)
    for consent in found:
        _end(consent, today)
    if len(found) == BATCH:
        jobs.enqueue(JOB, {})
    return len(found)


def _end(consent: Consent, today: date) -> None:
    db.session.execute(select(Person.id).where(Person.id == consent.person_id).with_for_update())
    end_shared(consent.person_id, today)
    kind = consent.kind.value
    journal.note(None, "consent.lapse", "consent", consent.id, person_id=consent.person_id, kind=kind)
    hooks.announce_consent_ended(None, consent.person_id, consent.id, "consent_ended")
