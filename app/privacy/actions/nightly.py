"""Retention, each night: a report for the officers, a reminder to the structures, and the work itself where it is on.

The network turns it on (`MAILLAGE_RETENTION=1`); until then nothing is changed and the report says what would be.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from app.accounts import queries as accounts
from app.kernel import clock, jobs, journal, outbox
from app.kernel.access import Role
from app.kernel.db import db
from app.privacy import mails, policy
from app.privacy.actions.erasing import anonymise
from app.privacy.actions.retention import archive
from app.privacy.models import RetentionReport
from app.privacy.queries import retention as due

RETENTION_JOB = "privacy.retention"
# Not the same kind: each end of the recurring one plans the next night’s.
SLICE_JOB = "privacy.retention_slice"
# One transaction does this many records of a structure; the others wait for the next slice.
SLICE = 50
# Nobody is archived before their structure has had this long to call them.
NOTICE = timedelta(days=30)
KEPT = timedelta(days=730)


class Phase(StrEnum):
    """Anonymising comes first, whole: nobody is archived and anonymised the same night."""

    ANONYMISE = "anonymise"
    ARCHIVE = "archive"


def retain_tonight(_payload: dict[str, Any]) -> None:
    """A night’s reports, then its work where it is on, in slices (worker). Run twice the same night, it changes nothing."""
    _reports(_today())
    if policy.rules().retention:
        _next(Phase.ANONYMISE)


def retain_slice(payload: dict[str, Any]) -> None:
    """Some of the records of each structure; queues the next slice while there is one (worker)."""
    today, phase = _today(), Phase(payload["phase"])
    act = _anonymise if phase is Phase.ANONYMISE else _archive
    more = [act(report, today) for report in _reports(today)]
    if any(more):
        _next(phase)
    elif phase is Phase.ANONYMISE:
        _next(Phase.ARCHIVE)


def _today() -> date:
    return clock.today(policy.rules().timezone)


def _next(phase: Phase) -> None:
    jobs.enqueue(SLICE_JOB, {"phase": phase.value})


def _reports(today: date) -> list[RetentionReport]:
    """The reports of the day, made the first time, before anything is done."""
    found = list(db.session.scalars(select(RetentionReport).where(RetentionReport.day == today)))
    known = {report.structure_id for report in found}
    made = [_report(key, one, today) for key, one in due.counted(today).items() if key not in known]
    db.session.add_all(made)
    db.session.flush()
    return [*found, *made]


def _report(structure_id: UUID, counted: due.Counted, today: date) -> RetentionReport:
    report = RetentionReport(
        structure_id=structure_id,
        day=today,
        active=policy.rules().retention,
        soon=counted.soon,
        to_archive=counted.to_archive,
        to_anonymise=counted.to_anonymise,
        held_back=counted.held_back,
    )
    report.reminded = report.active and _remind(report)
    journal.note(None, "retention.run", "retention", report.id, result="on" if report.active else "off")
    return report


def _remind(report: RetentionReport) -> bool:
    """Tell the structure’s managers, or its advisers when it has none, once a month while somebody is concerned."""
    count = report.soon + report.to_archive
    if not count or _reminded_since(report.structure_id, report.day.replace(day=1)):
        return False
    for user_id in _readers(report.structure_id, report.day):
        outbox.queue(user_id, mails.soon_archived(count, policy.rules().public_url))
    return True


def _readers(structure_id: UUID, today: date) -> list[UUID]:
    found: list[UUID] = []
    for role in (Role.MANAGER, Role.ADVISER):
        found = found or [one.user_id for one in accounts.colleagues(structure_id, today, frozenset({role}))]
    return found


def _reminded_since(structure_id: UUID, first: date) -> bool:
    told = (RetentionReport.structure_id == structure_id, RetentionReport.reminded.is_(True))
    return bool(db.session.scalar(select(func.count()).where(*told, RetentionReport.day >= first)))


def _anonymise(report: RetentionReport, today: date) -> bool:
    """A slice; whether there may be more."""
    found = due.to_anonymise(today, report.structure_id, SLICE)
    for person_id in found:
        anonymise(None, person_id)
    report.anonymised += len(found)
    return len(found) == SLICE


def _archive(report: RetentionReport, today: date) -> bool:
    """A slice, once the structure has been told for a month; whether there may be more."""
    if not _told_long_ago(report.structure_id, today):
        return False
    found = due.to_archive(today, report.structure_id, SLICE)
    for person_id in found:
        archive(person_id)
    report.archived += len(found)
    return len(found) == SLICE


def _told_long_ago(structure_id: UUID, today: date) -> bool:
    told = (RetentionReport.structure_id == structure_id, RetentionReport.reminded.is_(True))
    return bool(db.session.scalar(select(func.count()).where(*told, RetentionReport.day <= today - NOTICE)))


def purge_reports(today: date) -> None:
    """Forget the reports of more than two years ago (worker)."""
    db.session.execute(delete(RetentionReport).where(RetentionReport.day < today - KEPT))
