"""What travels before acceptance: coded fields only, no person, no name, no code that would point at somebody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.assessments import engine
from app.assessments.enums import AssessmentState
from app.assessments.models import Assessment
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Granted, Section
from app.kernel.i18n import language
from app.needs.enums import SENSITIVE_DEMARCHES, Demarche, NeedKind, Priority
from app.needs.models import Need
from app.people import policy as people_policy
from app.people.enums import Adaptation
from app.people.models import Person
from app.referrals.models import Referral
from app.territory.area import UnknownArea, public_area


@dataclass(frozen=True)
class Preview:
    """The coded fields of a referral, in words. `profile` is a code of the instrument, empty when nothing was assessed."""

    need: str
    urgency: Priority
    profile: str
    profile_phrase: str
    area: str
    adaptation: tuple[str, ...]


@dataclass(frozen=True)
class Coded:
    """The coded fields themselves, as they are frozen at sending."""

    need_kind: NeedKind
    need_demarche: Demarche | None
    urgency: Priority
    profile: str | None
    area_code: str | None
    area_label: str
    adaptation: list[str]


def preview_of(referral: Referral, sensitive: bool = True) -> Preview:
    """The frozen fields, in words. `sensitive`: with what only the two structures may read."""
    demarche = referral.need_demarche
    return _worded(
        referral.need_kind,
        demarche if sensitive or demarche not in SENSITIVE_DEMARCHES else None,
        referral.urgency,
        referral.profile,
        referral.area_label,
        referral.adaptation if sensitive else [],
    )


def future_preview(coded: Coded) -> Preview:
    """The fields that would be frozen if the referral left now, in words."""
    return _worded(
        coded.need_kind, coded.need_demarche, coded.urgency, coded.profile, coded.area_label, coded.adaptation
    )


def _worded(  # noqa: PLR0913
    kind: NeedKind,
    demarche: Demarche | None,
    urgency: Priority,
    profile: str | None,
    area: str,
    adaptation: list[str],
) -> Preview:
    known = engine.instrument_in(language()).profile.get(profile or "")
    labels = tuple(str(Adaptation(code).label) for code in adaptation)
    return Preview(
        need_words(kind, demarche),
        urgency,
        known.code if known else "",
        known.phrase if known else "",
        area,
        labels,
    )


def need_words(kind: NeedKind, demarche: Demarche | None) -> str:
    """What is asked for, in one line."""
    return f"{kind.label} · {demarche.label}" if demarche else str(kind.label)


def coded(actor: Actor, granted: Granted, referral: Referral, sections: Section, tell_demarche: bool) -> Coded:
    """What would travel now, given what the person agreed to. A sensitive procedure only when it was agreed aloud."""
    need = db.session.get_one(Need, referral.need_id)
    person = db.session.get_one(Person, referral.person_id)
    told = need.demarche not in SENSITIVE_DEMARCHES or tell_demarche
    code, label = area_of(person)
    return Coded(
        need.kind,
        need.demarche if told else None,
        referral.urgency,
        _profile(actor, granted, sections),
        code,
        label,
        _adaptation(person, granted, sections),
    )


def sensitive_demarche(referral: Referral) -> Demarche | None:
    """The procedure of the need when it is one of those that are told only if the person agrees."""
    need = db.session.get_one(Need, referral.need_id)
    return need.demarche if need.demarche in SENSITIVE_DEMARCHES else None


def area_of(person: Person) -> tuple[str | None, str]:
    """(code, name) of the area told to a partner before it accepts; wider for a protected person, whatever the commune."""
    if person.commune_code is None:
        return None, ""
    try:
        area = public_area(person.commune_code, wide=person.protected)
    except UnknownArea:
        return None, ""
    return area.code, area.label


def _profile(actor: Actor, granted: Granted, sections: Section) -> str | None:
    """The latest profile that the actor may read; under secrecy, only when the person agreed to share it."""
    if actor.secret and Section.ASSESSMENT not in sections:
        return None
    mine = (Assessment.person_id == granted.person_id, Assessment.state == AssessmentState.DONE)
    readable = people_policy.readable(actor, granted, Section.ASSESSMENT, Assessment)
    query = select(Assessment).where(*mine, readable).order_by(Assessment.finished_at.desc()).limit(1)
    found = db.session.scalars(query).first()
    return (found.kept_profile or found.profile) if found else None


def _adaptation(person: Person, granted: Granted, sections: Section) -> list[str]:
    known = person.adaptation if Section.ADAPTATION in sections and granted.opens(Section.ADAPTATION) else None
    return list(known.needs) if known else []
