"""Correcting a session, and saying afterwards with whom it was."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.kernel import formats, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, Difference, DomainError, NotFound, check_version
from app.kernel.grants import Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.mediation import policy
from app.mediation.actions.data import SessionData, check
from app.mediation.actions.log import need_of_session, write
from app.mediation.actions.rows import fact_values, text_values
from app.mediation.enums import Act, Material, SessionKind, Theme
from app.mediation.models import Participation, ParticipationFact, SessionLog, SessionText
from app.needs.enums import Demarche, Organisme
from app.people import actions as people
from app.people.enums import AgeBand, Genre, SocialStatus, age_band
from app.people.models import Person


def correct_session(actor: Actor, session_id: UUID, data: SessionData, version: int | None, today: date) -> SessionLog:
    """Correct what was noted. Only the author rewrites the note. Raises Stale with both texts.

    The date of the facts follows a corrected date; who the person was does not change.
    """
    session = _correctable(actor, session_id)
    note = data.note if policy.is_author(actor, session) else None
    check(data, today)
    check_version(session.version, version, *_differences(session, data, note))
    write(actor, session, data)
    _write_note(actor, session, data, note)
    # The version rises even when only the note, which lives in its own table, has changed.
    flag_modified(session, "themes")
    _move_facts(session)
    db.session.flush()
    journal.note(actor, "session.correct", "session_log", session.id)
    return session


def attach(actor: Actor, session_id: UUID, granted: Granted, need_id: UUID | None = None) -> Participation:
    """Say with whom a session without a name was: its participation gains the person, and the need it answers.

    Facts are written once, and neither merge, archive nor anonymisation touches them. Here nobody was known yet: the
    fact is written anew, this once, from the person's card at the session's date, so that the person is not counted
    twice; what the card does not say stays as it was noted. Conflict when somebody is attached already.
    """
    session = _correctable(actor, session_id)
    if not policy.can_log_with(actor, granted) or not granted.opens(Section.IDENTITY):
        raise NotFound
    if session.kind is not SessionKind.INDIVIDUEL:
        raise DomainError(_("Seule une séance individuelle se rattache à une personne."))
    taking = session.participations[0]
    if taking.person_id is not None:
        raise Conflict(_("Cette séance est déjà rattachée à une personne."))
    person = db.session.get_one(Person, granted.person_id)
    taking.person_id = person.id
    _rewrite(taking.fact, ParticipationFact(**fact_values(session.held_on, session.structure_id, person)))
    session.need_id = need_of_session(actor, granted, _kept(session, need_id))
    flag_modified(session, "themes")
    db.session.flush()
    people.met(person.id, session.held_on)
    journal.note(
        actor, "session.attach", "session_log", session.id, person_id=person.id, grant=granted.source, fact="rewritten"
    )
    return taking


def _correctable(actor: Actor, session_id: UUID) -> SessionLog:
    query = select(SessionLog).where(SessionLog.id == session_id, policy.ours(actor)).with_for_update()
    session = db.session.scalars(query).first()
    if session is None or not policy.can_correct(actor, session):
        raise NotFound
    return session


def _rewrite(fact: ParticipationFact, known: ParticipationFact) -> None:
    fact.subject_key, fact.anonymous = known.subject_key, False
    if known.age_band is not AgeBand.UNKNOWN:
        fact.age_band = known.age_band
    if known.genre is not Genre.NON_COMMUNIQUE:
        fact.genre = known.genre
    if known.statut_social is not SocialStatus.NON_COMMUNIQUE:
        fact.statut_social = known.statut_social
    fact.area_code = known.area_code or fact.area_code


def _kept(session: SessionLog, need_id: UUID | None) -> SessionData:
    return SessionData(
        held_on=session.held_on,
        minutes=session.minutes,
        themes=tuple(Theme(value) for value in session.themes),
        demarches=tuple(Demarche(value) for value in session.demarches),
        organismes=tuple(Organisme(value) for value in session.organismes),
        place_kind=session.place_kind,
        need_id=need_id,
    )


def _move_facts(session: SessionLog) -> None:
    for taking in session.participations:
        fact = taking.fact
        if fact.held_on.year != session.held_on.year and taking.person_id is not None:
            _age_again(fact, db.session.get_one(Person, taking.person_id), session.held_on.year)
        fact.held_on = session.held_on


def _age_again(fact: ParticipationFact, person: Person, year: int) -> None:
    """The age band is that of the date of the session: another year, perhaps another band."""
    if person.birth_year is not None:
        fact.age_band = age_band(person.birth_year, year)


def _write_note(actor: Actor, session: SessionLog, data: SessionData, note: str | None) -> None:
    if note is None:
        return
    if not note:
        session.text = None
        return
    text = SessionText(**text_values(actor, note, data.visibility))
    if session.text is None:
        session.text = text
    else:
        session.text.note, session.text.visibility, session.text.team_id = note, text.visibility, text.team_id


_ENUMS: dict[str, type[StrEnum]] = {
    "materials": Material,
    "themes": Theme,
    "demarches": Demarche,
    "organismes": Organisme,
    "acts": Act,
}
_LABELS = {
    "held_on": _("Date"),
    "minutes": _("Durée"),
    "place_kind": _("Lieu"),
    "channel": _("Canal"),
    "autonomy": _("Autonomie"),
    "posture": _("Posture"),
    "title": _("Nom de l’atelier"),
    "materials": _("Matériel"),
    "themes": _("Thèmes"),
    "demarches": _("Démarches"),
    "organismes": _("Organismes"),
    "acts": _("Ce qui a été fait"),
}


def _differences(session: SessionLog, data: SessionData, note: str | None) -> list[Difference]:
    found = [_difference(name, getattr(data, name), getattr(session, name)) for name in _LABELS]
    if note is not None:
        found.append(Difference(str(_("Note")), note, session.text.note if session.text else ""))
    return found


def _difference(name: str, mine: object, theirs: object) -> Difference:
    return Difference(str(_LABELS[name]), _shown(name, mine), _shown(name, theirs))


def _shown(name: str, value: object) -> str:
    if name in _ENUMS:
        codes = {str(one) for one in value} if isinstance(value, list | tuple) else set()
        return ", ".join(_shown("", one) for one in _ENUMS[name] if one.value in codes)
    if isinstance(value, date):
        return formats.day(value)
    if name == "minutes" and isinstance(value, int):
        return formats.duration(value)
    return "" if value is None else str(getattr(value, "label", value))
