"""Whose agreement and whose follow-ups hold once two records are one: the narrower wins, a refusal is never overridden."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update

from app.kernel import clock, hooks, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.people.duplicates import Answer, Said, narrower
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import Consent, FollowUp


def settle_consents(actor: Actor, kept_id: UUID, removed_id: UUID, today: date) -> Answer:
    """Apply `narrower` to the two last words about the shared register; returns the answer that holds."""
    last = [_last(kept_id), _last(removed_id)]
    holds = narrower(*(_answer(one, today) for one in last))
    if holds.said is Said.REFUSED:
        _refuse(actor, kept_id, removed_id, today)
    elif holds.said is Said.GIVEN:
        _narrow(actor, kept_id, removed_id, last, holds, today)
    db.session.flush()
    return holds


def said(consent: Consent | None, today: date) -> Said:
    """The person’s word on one record: an agreement taken back is a refusal, one that ran out is silence."""
    if consent is None or consent.answer is ConsentAnswer.PENDING:
        return Said.NOTHING
    if consent.answer is ConsentAnswer.REFUSED or consent.withdrawn_at is not None:
        return Said.REFUSED
    return Said.NOTHING if consent.ends_on is not None and consent.ends_on < today else Said.GIVEN


def _answer(consent: Consent | None, today: date) -> Answer:
    word = said(consent, today)
    if consent is None or word is not Said.GIVEN:
        return Answer(word)
    return Answer(word, int(consent.sections), consent.ends_on)


def _last(person_id: UUID) -> Consent | None:
    asked = (Consent.person_id == person_id, Consent.kind == ConsentKind.REGISTER)
    return db.session.scalars(
        select(Consent).where(*asked).order_by(Consent.created_at.desc(), Consent.id.desc())
    ).first()


def _refuse(actor: Actor, kept_id: UUID, removed_id: UUID, today: date) -> None:
    """What still holds is taken back, as if the person said so now, with all that follows from it."""
    both = (kept_id, removed_id)
    given = (Consent.answer == ConsentAnswer.GIVEN, Consent.withdrawn_at.is_(None), Consent.person_id.in_(both))
    for consent in db.session.scalars(select(Consent).where(Consent.kind == ConsentKind.REGISTER, *given)).all():
        consent.withdrawn_at = clock.now()
        codes = {"kind": consent.kind.value, "reason": "merge"}
        journal.note(actor, "consent.withdraw", "consent", consent.id, person_id=consent.person_id, **codes)
        hooks.announce_consent_ended(actor, consent.person_id, consent.id, "consent_withdrawn")
    others = (FollowUp.person_id.in_(both), FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*others).values(ended_on=today))
    db.session.expire_all()


def _narrow(  # noqa: PLR0913
    actor: Actor, kept_id: UUID, removed_id: UUID, last: list[Consent | None], holds: Answer, today: date
) -> None:
    """The last word must be the one that holds; what partners read is cut down to it."""
    words = [one for one in last if one is not None]
    newest = max(words, key=lambda one: (one.created_at, one.id))
    sections = Section(holds.sections)
    if (newest.sections, newest.ends_on, said(newest, today)) != (sections, holds.until, Said.GIVEN):
        model = next(one for one in words if said(one, today) is Said.GIVEN)
        db.session.add(_drawn_from(actor, kept_id, model, sections, holds.until, today))
    others = (FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    query = select(FollowUp).where(FollowUp.person_id.in_((kept_id, removed_id)), *others)
    for one in db.session.scalars(query):
        one.sections &= sections


def _drawn_from(  # noqa: PLR0913
    actor: Actor, kept_id: UUID, model: Consent, sections: Section, until: date | None, today: date
) -> Consent:
    """What both agreements opened, written as the newest: the two that were asked stay as they were said."""
    asked = {
        name: getattr(model, name)
        for name in (
            *("way", "text_version", "language", "people_present", "interpreter", "interpreted_by"),
            *("own_word", "why_not_asked", "age_status", "told_version"),
        )
    }
    consent = Consent(
        id=ids.new_id(),
        person_id=kept_id,
        kind=ConsentKind.REGISTER,
        answer=ConsentAnswer.GIVEN,
        sections=sections,
        starts_on=today,
        ends_on=until,
        recorded_by=actor.user_id,
        structure_id=actor.structure_id,
        **asked,
    )
    kind = consent.kind.value
    journal.note(actor, "consent.narrow", "consent", consent.id, person_id=kept_id, kind=kind, sections=int(sections))
    return consent


def settle_undone(actor: Actor, person_id: UUID, since: datetime, today: date) -> None:
    """After a merge is undone: what it had ended comes back, but not against a word said `since` it was made."""
    last = _last(person_id)
    if last is None or said(last, today) is not Said.REFUSED or (last.withdrawn_at or last.created_at) < since:
        return
    others = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*others).values(ended_on=today))
    hooks.announce_consent_ended(actor, person_id, last.id, "consent_withdrawn")
    db.session.expire_all()


def settle_follow_ups(kept_id: UUID, removed_id: UUID, today: date) -> None:
    """One open follow-up for each structure: the record kept’s, which reads no more than either of the two did."""
    open_ones = FollowUp.ended_on.is_(None)
    mine = db.session.scalars(select(FollowUp).where(FollowUp.person_id == kept_id, open_ones))
    by_structure = {one.structure_id: one for one in mine}
    for other in db.session.scalars(select(FollowUp).where(FollowUp.person_id == removed_id, open_ones)):
        twin = by_structure.get(other.structure_id)
        if twin is None:
            continue
        if twin.kind is FollowUpKind.OTHER:
            twin.sections &= other.sections
        twin.started_on = min(twin.started_on, other.started_on)
        twin.holder_id = twin.holder_id or other.holder_id
        other.ended_on = today
    db.session.flush()
