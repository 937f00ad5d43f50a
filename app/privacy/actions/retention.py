"""Retention: two years after the last contact the record is archived, then anonymised (`domain/access.md`; CNIL)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.kernel import journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError
from app.kernel.grants import EVERYTHING
from app.kernel.i18n import lazy_gettext as _
from app.network import queries as network
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person
from app.privacy.actions.erasing import anonymise, end_consents
from app.privacy.enums import UnarchiveReason
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


def unarchive(actor: Actor, person_id: UUID, reason: UnarchiveReason, today: date) -> Person:
    """Open a record again at its referent structure, in the same team as before, as if the person had come that day.

    Agreements, cards and shared follow-ups stay ended: the person is asked again. NotFound when the record is not in
    the archive of the officer’s structure; DomainError when that structure has left.
    """
    due.archived_record(actor, person_id)
    person = db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.state is not PersonState.ARCHIVED or person.referent_structure_id is None:
        raise Conflict(_("Cette fiche n’est plus dans l’archive."))
    if network.structure(person.referent_structure_id).closed_on is not None:
        raise DomainError(_("La structure référente a quitté le réseau : personne ne peut plus suivre cette fiche."))
    person.state, person.last_contact_on = PersonState.ACTIVE, today
    db.session.add(_followed_again(person, person.referent_structure_id, today))
    db.session.flush()
    journal.note(actor, "person.unarchive", "person", person_id, person_id=person_id, reason=reason.value)
    return person


def _followed_again(person: Person, structure_id: UUID, today: date) -> FollowUp:
    """By the team that followed last: a team under secrecy goes on being alone to read."""
    before = select(FollowUp.team_id).where(FollowUp.person_id == person.id, FollowUp.kind == FollowUpKind.REFERENT)
    before = before.where(FollowUp.structure_id == structure_id)
    team_id = db.session.scalars(before.order_by(FollowUp.ended_on.desc(), FollowUp.created_at.desc()).limit(1)).first()
    return FollowUp(
        person_id=person.id,
        structure_id=structure_id,
        team_id=team_id,
        kind=FollowUpKind.REFERENT,
        sections=EVERYTHING,
        started_on=today,
    )


def archive(person_id: UUID) -> Person:
    """Close a record: read by nobody but the officer, through a rights request; nothing of it is shared any more."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    end_consents(None, person)
    person.state = PersonState.ARCHIVED
    db.session.flush()
    journal.note(None, "person.archive", "person", person_id, person_id=person_id)
    return person
