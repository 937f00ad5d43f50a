"""What the verbs of the register receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.kernel import clock
from app.kernel.grants import NOTHING, Section
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, ConsentWay, Genre, NoticeWay, SocialStatus

NOTICE_VERSION = "2026-11"
CONSENT_VERSION = "2026-11"
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
    register: ConsentData | None = None
    today: date = field(default_factory=lambda: clock.now().date())
