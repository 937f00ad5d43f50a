"""Retention: two years after the last contact the record is archived, then anonymised (`domain/access.md`; CNIL)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import journal
from app.kernel.db import db
from app.people.enums import PersonState
from app.people.models import Person
from app.privacy.actions.erasing import anonymise, end_consents
from app.privacy.queries import retention as due


@dataclass(frozen=True)
class Retained:
    """What was done, or would be: counts only, so that the report tells nothing of anybody."""

    archived: int
    anonymised: int
    held_back: int


def retain(today: date, *, dry_run: bool, save: Callable[[], None]) -> Retained:
    """Archive and anonymise whose time has come; with `dry_run` only count. `save` commits after each person.

    Anonymising comes first: nobody is archived and anonymised by the same run.
    """
    over, old, kept = due.to_anonymise(today), due.to_archive(today), due.held_back(today)
    if not dry_run:
        for person_id in over:
            anonymise(None, person_id)
            save()
        for person_id in old:
            archive(person_id)
            save()
    return Retained(len(old), len(over), kept)


def archive(person_id: UUID) -> Person:
    """Close a record: read by nobody but the officer, through a rights request; nothing of it is shared any more."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    end_consents(None, person)
    person.state = PersonState.ARCHIVED
    db.session.flush()
    journal.note(None, "person.archive", "person", person_id, person_id=person_id)
    return person
