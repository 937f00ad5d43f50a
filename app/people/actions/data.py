"""What the verbs of the register receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.kernel import clock
from app.kernel.grants import NOTHING, Section
from app.people.capacity import InterpretedBy, OwnWord, WhyNotAsked
from app.people.contacts import Contact
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, ConsentWay, Genre, NoticeWay, SocialStatus
from app.people.queries.representation import RepresentativeView

NOTICE_VERSION = "2026-11"
CONSENT_VERSION = "2026-11"
# What somebody of 15 to 17 is told of what their representative can know (`templates/people/minors`).
MINORS_VERSION = "2026-11"
MAX_RECIPIENTS = 3


@dataclass(frozen=True, kw_only=True)
class PersonData:
    """What is noted when somebody is registered. All may stay empty: a code then stands for the name."""

    first_name: str = ""
    last_name: str = ""
    usual_name: str = ""
    phone: str = ""
    email: str = ""
    no_message: bool = False
    email_first: bool = False
    # The other ways to reach the person; None leaves those that are noted.
    contacts: tuple[Contact, ...] | None = None
    birth_year: int | None = None
    age_status: AgeStatus = AgeStatus.ADULT
    genre: Genre = Genre.NON_COMMUNIQUE
    statut_social: SocialStatus = SocialStatus.NON_COMMUNIQUE
    commune_code: str | None = None
    adaptation: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    interpreter: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsentData:
    """One consent as it was asked. `sections` and `recipients` say what and to whom; refusing is recorded too."""

    kind: ConsentKind
    answer: ConsentAnswer
    way: ConsentWay = ConsentWay.ORAL
    language: str = "fr"
    sections: Section = NOTHING
    recipients: tuple[UUID, ...] = ()
    people_present: str = ""
    interpreter: bool = False
    interpreted_by: InterpretedBy | None = None
    own_word: OwnWord | None = None
    why_not_asked: WhyNotAsked | None = None
    age_status: AgeStatus | None = None
    told_version: str = ""
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Registration:
    """Everything written by one registration: the person, the notice, and the answer about the shared register.

    Somebody registered from a file was not there: neither was given yet (`notice_way` and `register` are None).
    """

    person: PersonData
    notice_way: NoticeWay | None
    notice_language: str = "fr"
    # Who represents a child; their kind alone when no name is given.
    representative: RepresentativeView | None = None
    register: ConsentData | None = None
    today: date = field(default_factory=lambda: clock.now().date())
