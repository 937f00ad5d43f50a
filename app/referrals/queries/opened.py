"""What a partner without an account reads once the referral is accepted and the second code given: the agreed sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.assessments import queries as assessment_queries
from app.kernel import grants
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.grants import Granted, Section
from app.kernel.i18n import language
from app.kernel.phones import format_phone
from app.mediation import queries as mediation_queries
from app.needs import queries as need_queries
from app.needs.enums import NeedState
from app.network import queries as network_queries
from app.people.enums import Adaptation
from app.people.models import Person
from app.people.queries import protection
from app.people.queries.card import label_of
from app.referrals.enums import OPENED, Act, Side, State
from app.referrals.models import PartnerLink, Referral, ReferralEvent, ReferralText
from app.referrals.queries.load import stamp_of
from app.referrals.queries.preview import Preview, preview_of

SESSIONS = 10


@dataclass(frozen=True)
class Told:
    """Words of one side, once the work is open. `ours`: the partner’s own."""

    at: datetime
    ours: bool
    body: str


@dataclass(frozen=True)
class SessionTold:
    """A session: its day, its themes, the note when it travels."""

    on: date
    themes: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Record:
    """The agreed sections of somebody’s record; what is not agreed is empty."""

    label: str
    birth_year: int | None
    phone: str
    email: str
    no_message: bool
    safe_way: str
    code_word: str
    adaptation: tuple[str, ...]
    languages: tuple[str, ...]
    interpreter: bool
    needs: tuple[str, ...]
    sessions: tuple[SessionTold, ...]
    profile: str
    plan: tuple[str, ...]
    sections: Section


@dataclass(frozen=True)
class PartnerView:
    """The page of a link. `record` and `words` only with the code and once accepted."""

    sender: str
    state: State
    preview: Preview
    stamp: int
    record: Record | None
    words: tuple[Told, ...]


def partner_view(referral: Referral, link: PartnerLink, unlocked: bool) -> PartnerView:
    """What is shown before and after the second code."""
    reader = _reader(link)
    opened = unlocked and referral.state in OPENED
    return PartnerView(
        network_queries.names(reader, {referral.structure_id})[referral.structure_id],
        referral.state,
        preview_of(referral),
        stamp_of(referral.id),
        _record(reader, referral) if opened else None,
        _words(referral) if opened else (),
    )


def _reader(link: PartnerLink) -> Actor:
    """Somebody of no structure of the network: nothing is theirs, secret rows and sensitive names stay closed."""
    return Actor(link.id, link.id, Role.ADVISER, link.id)


def granted_by(referral: Referral) -> Granted:
    """What this referral alone opens to its recipient: the same grant as on screen, never another of that structure."""
    recipient = Actor(referral.id, referral.id, Role.ADVISER, referral.recipient_id)
    every = grants.on_person(recipient, referral.person_id)
    ours = tuple(one for one in every.grants if (one.source, one.source_id) == ("referral", referral.id))
    return Granted(referral.person_id, ours)


def _record(reader: Actor, referral: Referral) -> Record | None:
    granted = granted_by(referral)
    if not granted.opens(Section.IDENTITY):
        return None
    query = select(Person).options(joinedload(Person.identity), joinedload(Person.adaptation))
    person = db.session.scalars(query.where(Person.id == referral.person_id)).one()
    contact = person.identity if granted.opens(Section.CONTACT) else None
    safety = protection.safety(granted) if contact else None
    needed = person.adaptation if granted.opens(Section.ADAPTATION) else None
    return Record(
        label=label_of(person),
        birth_year=person.birth_year,
        phone=format_phone(contact.phone) if contact and contact.phone else "",
        email=contact.email if contact else "",
        no_message=bool(contact and contact.no_message),
        safe_way=safety.safe_way if safety else "",
        code_word=safety.code_word if safety else "",
        adaptation=tuple(str(Adaptation(code).label) for code in needed.needs) if needed else (),
        languages=tuple(_named(code) for code in needed.languages) if needed else (),
        interpreter=bool(needed and needed.interpreter),
        needs=_needs(reader, granted),
        sessions=_sessions(reader, granted),
        profile=_profile(reader, granted),
        plan=_plan(reader, granted),
        sections=granted.sections,
    )


def _named(code: str) -> str:
    """A language in the reader’s own words (ISO 639-1)."""
    return str(Locale.parse(language()).languages.get(code, code))


def _needs(reader: Actor, granted: Granted) -> tuple[str, ...]:
    if not granted.opens(Section.NEEDS):
        return ()
    found = need_queries.needs_of(reader, granted)
    return tuple(
        need_queries.title(one.kind, one.demarche, one.organismes) for one in found if one.state is NeedState.OPEN
    )


def _sessions(reader: Actor, granted: Granted) -> tuple[SessionTold, ...]:
    if not granted.opens(Section.SESSIONS):
        return ()
    lines, _total = mediation_queries.of_person(reader, granted, SESSIONS)
    return tuple(SessionTold(one.held_on, tuple(str(t.label) for t in one.themes), one.note or "") for one in lines)


def _profile(reader: Actor, granted: Granted) -> str:
    """The phrase that may be read in front of the person, never the word of the typology."""
    line = assessment_queries.latest(reader, granted) if granted.opens(Section.ASSESSMENT) else None
    return assessment_queries.profile_phrase(line.profile) if line else ""


def _plan(reader: Actor, granted: Granted) -> tuple[str, ...]:
    if not granted.opens(Section.PLAN):
        return ()
    return tuple(one.label for one in assessment_queries.open_actions(reader, granted))


def _words(referral: Referral) -> tuple[Told, ...]:
    """The message that opens with acceptance, then what both sides wrote since, oldest first."""
    joined = select(ReferralText).join(ReferralEvent, ReferralEvent.id == ReferralText.event_id)
    query = joined.where(ReferralText.referral_id == referral.id).order_by(ReferralEvent.rank)
    found = list(db.session.scalars(query))
    drafts = [one for one in found if one.act is Act.DRAFT][-1:]
    later = [one for one in found if one.act is Act.MESSAGE]
    return tuple(Told(one.at, one.side is not Side.SENDER, one.body) for one in [*drafts, *later])
