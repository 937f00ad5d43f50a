"""Whose record opens to whom, as far as the register alone knows. Referrals add their own grants in `app/wiring.py`."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, case, exists, literal, or_, true

from app.kernel import clock
from app.kernel.access import ADVISING, FRONT, Actor, Role
from app.kernel.grants import EVERYTHING, Grant, Granted, Right, Section, role_sections, row
from app.network import policy as network_policy
from app.network.models import Team
from app.people.enums import ConsentKind, FollowUpKind, NoteVisibility, PersonState
from app.people.models import (
    Authored,
    Consent,
    ConsentRecipient,
    FollowUp,
    NamedStructure,
    Person,
    PersonNote,
)

REFERENT = "referent_follow_up"
OTHER = "other_follow_up"


def referent_grants(actor: Actor) -> Select[Any]:
    """The structure that follows as referent reads and writes everything, within its teams' perimeters."""
    return _follow_up_grants(actor, FollowUpKind.REFERENT)


def other_grants(actor: Actor) -> Select[Any]:
    """Another structure that follows reads the sections its consent opened, and writes."""
    return _follow_up_grants(actor, FollowUpKind.OTHER)


def _follow_up_grants(actor: Actor, kind: FollowUpKind) -> Select[Any]:
    sections = EVERYTHING if kind is FollowUpKind.REFERENT else FollowUp.sections
    return unless_restricted(
        row(FollowUp.person_id, sections, Right.WRITE, f"{kind.value}_follow_up", FollowUp.id)
        .join(Person, Person.id == FollowUp.person_id)
        .outerjoin(Team, Team.id == FollowUp.team_id)
        .where(FollowUp.kind == kind, FollowUp.structure_id == actor.structure_id, FollowUp.ended_on.is_(None))
        .where(Person.state == PersonState.ACTIVE)
        .where(_perimeter(actor), *_bound(kind))
    )


def unless_restricted(rows: Select[Any]) -> Select[Any]:
    """The same grants (Person being joined), which only read a restricted record (RGPD art. 18)."""
    person_id, sections, right, source, source_id = rows.selected_columns
    frozen = case((Person.restricted_on.is_(None), right), else_=literal(Right.READ.value, String))
    return rows.with_only_columns(person_id, sections, frozen.label("right"), source, source_id)


def _bound(kind: FollowUpKind) -> list[ColumnElement[bool]]:
    """Nothing is shared but between structures bound by the network agreement; one's own people stay one's own."""
    if kind is FollowUpKind.REFERENT:
        return []
    bound = network_policy.bound_ids(clock.now().date())
    return [FollowUp.structure_id.in_(bound), Person.referent_structure_id.in_(bound), _named()]


def _named() -> ColumnElement[bool]:
    """A protected person opens only to the structures they named, whatever they agreed to share with the others."""
    mine = (NamedStructure.person_id == FollowUp.person_id, NamedStructure.structure_id == FollowUp.structure_id)
    return or_(Person.protected.is_(False), exists().where(*mine))


def granted_as_referent(actor: Actor, person_id: UUID, follow_up_id: UUID) -> Granted:
    """What `referent_grants` opens to whoever has just registered somebody, known without asking the database."""
    sections = EVERYTHING & role_sections(actor.role)
    return Granted(person_id, (Grant(person_id, sections, Right.WRITE, REFERENT, follow_up_id),))


def _perimeter(actor: Actor) -> Any:
    """A follow-up held by a team under secrecy is that team's alone; others belong to the whole structure."""
    open_team = or_(FollowUp.team_id.is_(None), Team.under_secrecy.is_(False))
    return or_(open_team, FollowUp.team_id == actor.team_id) if actor.team_id else open_team


def readable(actor: Actor, granted: Granted, section: Section, model: type[Authored]) -> ColumnElement[bool]:
    """SQL: the rows of one person that this actor may read.

    What one's own structure wrote (a team under secrecy: that team alone), and what others wrote in a section that a
    grant opens, except what was written under professional secrecy.
    """
    ours = written_by_us(actor, model)
    if not granted.opens(section):
        return ours
    theirs = (model.structure_id != actor.structure_id) & model.secret.is_(False)
    return or_(ours, theirs)


def written_by_us(actor: Actor, model: type[Authored]) -> ColumnElement[bool]:
    """SQL: written by the actor's structure, and not by a team under secrecy that is not theirs."""
    shared = model.team_id.is_(None)
    perimeter = or_(shared, model.team_id == actor.team_id) if actor.team_id else shared
    return (model.structure_id == actor.structure_id) & perimeter


def can_register(actor: Actor) -> bool:
    """The desk, advisers and managers register people."""
    return actor.role in {Role.DESK, Role.ADVISER, Role.MANAGER}


def can_edit(actor: Actor, granted: Granted) -> bool:
    """Whoever follows the person corrects their identity and contact."""
    return granted.may_write and granted.opens(Section.IDENTITY | Section.CONTACT)


def can_record_consent(actor: Actor, granted: Granted) -> bool:
    """Whoever follows the person records a consent or its withdrawal; the desk too, in front of the person."""
    return granted.may_write


def can_withdraw_consent(granted: Granted) -> bool:
    """An agreement is always taken back, even when the record is restricted."""
    return granted.may_write or any(grant.source in {REFERENT, OTHER} for grant in granted.grants)


def can_read_consent(actor: Actor, granted: Granted, consent: Consent) -> bool:
    """The referent reads every agreement; others, the shared register’s and those they recorded or are named by."""
    if is_referent(granted) or consent.kind is ConsentKind.REGISTER:
        return True
    return actor.structure_id in {consent.structure_id, *(one.structure_id for one in consent.recipients)}


def consents_readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL of `can_read_consent`, on the consents of one person."""
    if is_referent(granted):
        return true()
    named = exists().where(
        ConsentRecipient.consent_id == Consent.id, ConsentRecipient.structure_id == actor.structure_id
    )
    ours = Consent.structure_id == actor.structure_id
    return or_(Consent.kind == ConsentKind.REGISTER, ours, named)


def is_referent(granted: Granted) -> bool:
    """The actor reads this person as their referent structure."""
    return any(grant.source == REFERENT for grant in granted.grants)


def sees_history(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers read the whole history; the desk reads open needs and dates of sessions."""
    return actor.role in ADVISING and bool(granted)


def may_have_card(person: Person) -> bool:
    """Whether a sharing card may exist, or go on opening, for this person (`domain/access.md`, sharing card)."""
    return person.state is PersonState.ACTIVE and not person.protected


def can_protect(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers of the referent structure set and lift a protected situation."""
    return actor.role in ADVISING and keeps_card(granted)


def keeps_card(granted: Granted) -> bool:
    """The referent structure makes, replaces and cancels the card, with the person at its desk."""
    return granted.may_write and any(grant.source == REFERENT for grant in granted.grants)


def other_follow_up(granted: Granted) -> UUID | None:
    """The shared follow-up by which this hat reads the person: its structure may end it."""
    return next((grant.source_id for grant in granted.grants if grant.source == OTHER), None)


def authorship(actor: Actor) -> dict[str, Any]:
    """The values of `Authored` for a row that this actor writes."""
    return {
        "author_id": actor.user_id,
        "structure_id": actor.structure_id,
        "team_id": actor.team_id if actor.team_is_secret else None,
        "secret": actor.secret,
    }


def can_look_for_duplicates(actor: Actor) -> bool:
    """Advisers and managers look through the records that may be the same person, and hear of those registered elsewhere."""
    return actor.role in ADVISING


def can_merge(actor: Actor, *granted: Granted) -> bool:
    """Both records are written by this hat as referent: merging decides for the whole record, and opens neither to anybody."""
    ours = all(any(grant.source == REFERENT for grant in one.grants) and can_edit(actor, one) for one in granted)
    return can_look_for_duplicates(actor) and ours


def visibilities(actor: Actor) -> tuple[NoteVisibility, ...]:
    """Whom a note may be opened to. Under secrecy nothing travels; a team under secrecy keeps its notes to itself."""
    team = (NoteVisibility.TEAM,) if actor.team_id else ()
    if actor.team_is_secret:
        return (NoteVisibility.AUTHOR, *team)
    network = () if actor.secret else (NoteVisibility.NETWORK,)
    return (NoteVisibility.AUTHOR, *team, NoteVisibility.STRUCTURE, *network)


def default_visibility(actor: Actor) -> NoteVisibility:
    """The structure; the team when it is under secrecy."""
    return NoteVisibility.TEAM if actor.team_is_secret else NoteVisibility.STRUCTURE


def note_readable(
    actor: Actor, model: type[Authored], visibility: Any, for_team_id: Any, travels: bool
) -> ColumnElement[bool]:
    """SQL, on rows that may be read: the author's note, the team's, the structure's, and with `travels` the network's.

    The desk reads the notes it wrote: `notes` is not among its sections (access.md).
    """
    structure = model.structure_id == actor.structure_id
    own = mine(actor, model)
    if actor.role not in ADVISING:
        return own
    found = [own, and_(structure, visibility.in_((NoteVisibility.STRUCTURE, NoteVisibility.NETWORK)))]
    if actor.team_id is not None:
        found.append(and_(structure, visibility == NoteVisibility.TEAM, for_team_id == actor.team_id))
    if travels:
        found.append(and_(visibility == NoteVisibility.NETWORK, model.secret.is_(False)))
    return or_(*found)


def mine(actor: Actor, model: type[Authored]) -> ColumnElement[bool]:
    """SQL: written by this user wearing a hat of the same structure."""
    return and_(model.structure_id == actor.structure_id, model.author_id == actor.user_id)


def notes_readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL: the notes about one person that this actor may read; a hidden one is on no screen."""
    theirs = and_(PersonNote.person_id == granted.person_id, PersonNote.hidden_at.is_(None))
    rows = readable(actor, granted, Section.NOTES, PersonNote)
    travels = granted.opens(Section.NOTES)
    opened = note_readable(actor, PersonNote, PersonNote.visibility, PersonNote.for_team_id, travels)
    return and_(theirs, rows, opened)


def can_write_note(actor: Actor, granted: Granted) -> bool:
    """Whoever follows the person writes about them."""
    return actor.role in FRONT and granted.may_write


def wrote(actor: Actor, note: PersonNote) -> bool:
    """Its author, wearing a hat of the same structure (and of the same team, under secrecy)."""
    ours = note.structure_id == actor.structure_id and note.team_id in (None, actor.team_id)
    return ours and note.author_id == actor.user_id


def can_change_note(actor: Actor, granted: Granted, note: PersonNote, today: date, timezone: str) -> bool:
    """Its author corrects or deletes it on the day it was written; afterwards it is only hidden."""
    fresh = clock.local(note.created_at, timezone).date() == today
    return granted.may_write and wrote(actor, note) and note.hidden_at is None and fresh


def can_hide_note(actor: Actor, granted: Granted, note: PersonNote) -> bool:
    """Its author takes it off the screens, whenever."""
    return granted.may_write and wrote(actor, note) and note.hidden_at is None
