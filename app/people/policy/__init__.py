"""Whose record opens to whom, as far as the register alone knows. Referrals add their own grants in `app/wiring`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select, true

from app.kernel import clock
from app.kernel.access import ADVISING, FRONT, Actor, Role
from app.kernel.constants import constant
from app.kernel.grants import EVERYTHING, Grant, Granted, Right, Section, opens, role_sections, row
from app.network import policy as network_policy
from app.network.models import Team
from app.people.enums import ConsentKind, FollowUpKind, PersonState
from app.people.models import (
    Authored,
    Consent,
    ConsentRecipient,
    FollowUp,
    NamedStructure,
    PeopleImport,
    Person,
    PersonNote,
)
from app.people.policy.files import can_export as can_export
from app.people.policy.files import can_read_export as can_read_export
from app.people.policy.files import exportable as exportable
from app.people.policy.handing import made_by_side as made_by_side
from app.people.policy.handing import on_a_side as on_a_side
from app.people.policy.handing import side_of as side_of
from app.people.policy.notes import can_change_note as can_change_note
from app.people.policy.notes import can_hide_note as can_hide_note
from app.people.policy.notes import can_write_note as can_write_note
from app.people.policy.notes import default_visibility as default_visibility
from app.people.policy.notes import mine as mine
from app.people.policy.notes import note_readable as note_readable
from app.people.policy.notes import visibilities as visibilities
from app.people.policy.notes import wrote as wrote

REFERENT = "referent_follow_up"
OTHER = "other_follow_up"


def referent_grants(actor: Actor) -> Select[Any]:
    """The structure that follows as referent reads and writes everything, within its teams' perimeters."""
    return _follow_up_grants(actor, FollowUpKind.REFERENT)


def other_grants(actor: Actor) -> Select[Any]:
    """Another structure that follows reads the sections its consent opened, and writes."""
    return _follow_up_grants(actor, FollowUpKind.OTHER)


def _follow_up_grants(actor: Actor, kind: FollowUpKind) -> Select[Any]:
    return unless_restricted(
        row(FollowUp.person_id, _opened_by(kind), Right.WRITE, f"{kind.value}_follow_up", FollowUp.id)
        .join(Person, Person.id == FollowUp.person_id)
        .outerjoin(Team, Team.id == FollowUp.team_id)
        .where(FollowUp.kind == kind, FollowUp.structure_id == actor.structure_id, _open())
        .where(active(), _perimeter(actor), *_bound(kind))
    )


def _opened_by(kind: FollowUpKind) -> Any:
    """Everything for the referent; for another structure, what the person agreed to."""
    return EVERYTHING if kind is FollowUpKind.REFERENT else FollowUp.sections


def _open() -> ColumnElement[bool]:
    """SQL: the follow-up goes on."""
    return FollowUp.ended_on.is_(None)


def active() -> ColumnElement[bool]:
    """SQL: the record is neither in the archive nor answered for by another one."""
    return Person.state == PersonState.ACTIVE


def followed_as_referent(actor: Actor) -> ColumnElement[bool]:
    """SQL, beside Person: the people of `referent_grants`, found through an index of `person` instead of grant by grant.

    For counting and ordering very many; what is shown of each is asked of the grants (`grants.opens`).
    """
    if not role_sections(actor.role):
        return false()
    mine = (Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
    if not actor.beside_secret_team:
        return and_(*mine)
    others = (Team.id != actor.team_id,) if actor.team_id else ()
    elsewhere = (Team.structure_id == actor.structure_id, Team.under_secrecy.is_(True), *others)
    held = select(FollowUp.person_id).join(Team, Team.id == FollowUp.team_id).where(*elsewhere)
    hidden = held.where(FollowUp.kind == FollowUpKind.REFERENT, FollowUp.ended_on.is_(None))
    return and_(*mine, Person.id.not_in(hidden))


def read_as_referent(actor: Actor) -> ColumnElement[bool]:
    """SQL, beside Person: those whose referent is our structure and whose identity this hat reads.

    The same as asking the grants about each, which is done only of those whom a team under secrecy keeps to itself.
    """
    own = followed_as_referent(actor)
    if not actor.beside_secret_team:
        return own
    ours = (Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
    return or_(own, and_(*ours, opens(actor, Person.id)))


def unless_restricted(rows: Select[Any]) -> Select[Any]:
    """The same grants (Person being joined), which only read a restricted record (RGPD art. 18)."""
    person_id, sections, right, source, source_id = rows.selected_columns
    frozen = case((Person.restricted_on.is_(None), right), else_=constant(Right.READ.value))
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
    """Whether a sharing card may exist, or go on opening, for this person (`domain/access.md`, sharing card).

    While a record is restricted nothing more of it is shared (RGPD art. 18): its card waits.
    """
    return person.state is PersonState.ACTIVE and not person.protected and person.restricted_on is None


def can_protect(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers of the referent structure set and lift a protected situation."""
    return actor.role in ADVISING and keeps_card(granted)


def can_represent(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers of the referent structure note who represents the person, and under which measure."""
    return can_protect(actor, granted) and granted.opens(Section.REPRESENTATIVE)


def can_mandate(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers who may write, and read who represents the person: the desk never acts for somebody."""
    return actor.role in ADVISING and granted.may_write and granted.opens(Section.IDENTITY | Section.REPRESENTATIVE)


def keeps_card(granted: Granted) -> bool:
    """The referent structure makes, replaces and cancels the card, with the person at its desk."""
    return granted.may_write and any(grant.source == REFERENT for grant in granted.grants)


def other_follow_up(granted: Granted) -> UUID | None:
    """The shared follow-up by which this hat reads the person: its structure may end it."""
    return next((grant.source_id for grant in granted.grants if grant.source == OTHER), None)


def can_pass_on(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers of the referent structure propose that another one takes over."""
    return actor.role in ADVISING and keeps_card(granted)


def can_ask_to_take_over(actor: Actor, granted: Granted) -> bool:
    """Advisers and managers of another structure that follows the person ask to become the referent."""
    return actor.role in ADVISING and granted.may_write and other_follow_up(granted) is not None


def follow_up_of(granted: Granted) -> UUID | None:
    """The follow-up of the hat’s own structure, as referent or beside it; None when it reads by a referral alone."""
    return next((grant.source_id for grant in granted.grants if grant.source in {REFERENT, OTHER}), None)


def can_choose_holder(actor: Actor, granted: Granted) -> bool:
    """Whoever follows the person says which colleague the person knows: it opens and closes nothing."""
    return actor.role in FRONT and granted.may_write and follow_up_of(granted) is not None


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


def can_import(actor: Actor) -> bool:
    """Advisers and managers register people from a file."""
    return actor.role in ADVISING and can_register(actor)


def can_read_import(actor: Actor, run: PeopleImport) -> bool:
    """One’s own files, wearing the same hat."""
    return can_import(actor) and run.membership_id == actor.membership_id


def notes_readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL: the notes about one person that this actor may read; a hidden one is on no screen."""
    theirs = and_(PersonNote.person_id == granted.person_id, PersonNote.hidden_at.is_(None))
    rows = readable(actor, granted, Section.NOTES, PersonNote)
    travels = granted.opens(Section.NOTES)
    opened = note_readable(actor, PersonNote, PersonNote.visibility, PersonNote.for_team_id, travels)
    return and_(theirs, rows, opened)
