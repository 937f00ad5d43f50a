"""What a person's history says of the register itself: registration, who follows, agreements, notices, free notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, false, or_

from app.kernel import timeline
from app.kernel.access import Actor
from app.kernel.grants import Granted
from app.people import policy
from app.people.enums import FollowUpKind, HandOverState
from app.people.models import Consent, FollowUp, HandOver, Notice, Person, PersonNote, PersonNoteText

FOLLOW, CONSENT, NOTE = "follow", "consent", "note"


def follow_lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: when the person was registered, and which structures began and ceased to follow them.

    An ended follow-up is the referent's and its own structure's to read; those that go on are at the head of the page.
    """
    registered = timeline.row(FOLLOW, "registered", Person.id, Person.created_at, timezone)
    shown = or_(FollowUp.structure_id == actor.structure_id, FollowUp.ended_on.is_(None))
    theirs = (FollowUp.person_id == granted.person_id, *(() if policy.is_referent(granted) else (shown,)))
    began = _follow("began", FollowUp.started_on, timezone).where(FollowUp.kind == FollowUpKind.OTHER, *theirs)
    ended = _follow("ended", FollowUp.ended_on, timezone).where(FollowUp.ended_on.is_not(None), *theirs)
    return (registered.where(Person.id == granted.person_id), began, ended, _passed(granted, timezone))


def _passed(granted: Granted, timezone: str) -> Select[Any]:
    """The changes of referent structure, for whoever follows the person."""
    who: dict[str, Any] = {"structure": HandOver.to_structure_id, "other": HandOver.from_structure_id}
    line = timeline.row(FOLLOW, "passed", HandOver.id, HandOver.ended_at, timezone, codes=(HandOver.reason,), **who)
    follows = policy.follow_up_of(granted) is not None
    done = (HandOver.person_id == granted.person_id, HandOver.state == HandOverState.ACCEPTED)
    return line.where(*done) if follows else line.where(false())


def _follow(step: str, day: Any, timezone: str) -> Select[Any]:
    return timeline.row(
        FOLLOW, step, FollowUp.id, FollowUp.created_at, timezone, day=day, structure=FollowUp.structure_id
    )


def consent_lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: the answers that this actor may read, those taken back, and the information notices."""
    mine = (Consent.person_id == granted.person_id, policy.consents_readable(actor, granted))
    codes = (Consent.kind, Consent.answer, Consent.way, Consent.ends_on)
    who: dict[str, Any] = {"structure": Consent.structure_id, "author": Consent.recorded_by}
    asked = timeline.row(
        CONSENT, "asked", Consent.id, Consent.created_at, timezone, day=Consent.starts_on, codes=codes, **who
    )
    withdrawn = timeline.row(CONSENT, "withdrawn", Consent.id, Consent.withdrawn_at, timezone, codes=codes)
    notice = timeline.row(
        CONSENT, "notice", Notice.id, Notice.created_at, timezone, codes=(Notice.way, Notice.text_version)
    )
    return (
        asked.where(*mine),
        withdrawn.where(*mine, Consent.withdrawn_at.is_not(None)),
        notice.where(Notice.person_id == granted.person_id),
    )


def note_lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: the notes that this actor may read."""
    who: dict[str, Any] = {"structure": PersonNote.structure_id, "author": PersonNote.author_id}
    codes = (PersonNote.visibility, timeline.flag(policy.mine(actor, PersonNote)))
    row = timeline.row(
        NOTE,
        "written",
        PersonNote.id,
        PersonNote.created_at,
        timezone,
        codes=codes,
        words=PersonNoteText.body,
        **who,
    )
    found = row.join(PersonNoteText, PersonNoteText.note_id == PersonNote.id)
    return (found.where(policy.notes_readable(actor, granted)),)
