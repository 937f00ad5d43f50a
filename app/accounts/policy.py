"""Hats and sessions: which ones are worn today, how long a session lasts, who decides about whom."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, or_

from app.accounts.enums import LinkPurpose, Step
from app.accounts.models import Membership
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.i18n import gettext as _

# The demonstration's accounts: their password is on the sign-in page, so production never lets them in.
DEMO_DOMAIN = "demo.maillage.example"
DEMO_PASSWORD = "maillage-demo"  # noqa: S105


def is_current(membership: Membership, today: date) -> bool:
    """A hat may be worn from its first day to its last one included."""
    if membership.ended_at is not None:
        return False
    return membership.starts_on <= today and (membership.ends_on is None or today <= membership.ends_on)


class Opened(Protocol):
    """A session, as far as its life goes."""

    @property
    def started_at(self) -> datetime: ...

    @property
    def seen_at(self) -> datetime: ...

    @property
    def ended_at(self) -> datetime | None: ...


def current(today: date | BindParameter[date], hat: type[Membership] = Membership) -> ColumnElement[bool]:
    """SQL: the same as `is_current`."""
    ends = or_(hat.ends_on.is_(None), hat.ends_on >= today)
    return (hat.starts_on <= today) & ends & hat.ended_at.is_(None)


def is_alive(session: Opened, now: datetime, idle: timedelta, absolute: timedelta) -> bool:
    """A session ends when closed, after `idle` without a page, or `absolute` after signing in (server side)."""
    return session.ended_at is None and now - session.seen_at <= idle and now - session.started_at <= absolute


def is_demo(email: str) -> bool:
    """An account of the demonstration."""
    return email.endswith(f"@{DEMO_DOMAIN}")


@dataclass(frozen=True)
class Rules:
    """What an installation chooses: its secret, the address written in mails, which roles need a second factor."""

    secret: str = ""
    public_url: str = ""
    timezone: str = "Europe/Paris"
    memory_kib: int = 47104
    second_factor_roles: frozenset[Role] = frozenset()
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=10)

    def today(self) -> date:
        """The network's calendar day."""
        return clock.today(self.timezone)

    def keyed(self, text: str) -> bytes:
        """HMAC of a text under a key of its own, derived from the installation's secret."""
        return hmac.new(f"accounts:{self.secret}".encode(), text.encode(), sha256).digest()


_installed = Rules()


def install(rules: Rules) -> None:
    """Choose the installation's rules. Called by `app/wiring`."""
    global _installed  # noqa: PLW0603
    _installed = rules


def rules() -> Rules:
    """The installation's rules."""
    return _installed


# ---------------------------------------------------------------- who decides about whom

# What a structure decides by itself. Coordination, administration and elected officials are the network's.
GIVEN_BY_MANAGERS = (Role.DESK, Role.ADVISER, Role.MANAGER, Role.DPO)


def manages(actor: Actor, structure_id: UUID) -> bool:
    """Managers decide who has access to their structure; administrators, to any."""
    own = actor.role is Role.MANAGER and actor.structure_id == structure_id
    return own or actor.role is Role.ADMIN


def roles_given(actor: Actor) -> tuple[Role, ...]:
    """The roles that this hat may give, change and end."""
    if actor.role is Role.ADMIN:
        return tuple(Role)
    return GIVEN_BY_MANAGERS if actor.role is Role.MANAGER else ()


def can_change(actor: Actor, membership: Membership) -> bool:
    """The team and the usual places of somebody of the structure, oneself included."""
    return manages(actor, membership.structure_id) and membership.role in roles_given(actor)


def can_end(actor: Actor, membership: Membership) -> bool:
    """Nobody gives themselves a role, nor takes their own away: a second person decides."""
    return can_change(actor, membership) and membership.user_id != actor.user_id


# ---------------------------------------------------------------- passwords, links, codes

MIN_PASSWORD = 12
# Long enough and yet first to be tried; the shapes below catch the rest of the lists (« aaaaaaaaaaaa », « 123456789012 »).
COMMON = frozenset(
    """motdepasse123 motdepasse1234 motdepassemotdepasse monmotdepasse azertyuiop12 azertyuiop123 azertyuiop1234
    azertyazerty azertyuiopqs azertyuiopqsdfghjklm qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwerty123456
    azerty123456 azerty1234567 passwordpassword password1234 password12345 password123456 passw0rd1234 administrateur
    administrator administrateur1 admin1234567 adminadminadmin bienvenue123 bienvenue1234 bienvenue2024 bienvenue2025
    bienvenue2026 jetaime12345 jetaimejetaime iloveyou1234 iloveyouiloveyou loulouloulou doudoudoudou soleilsoleil
    marseille1234 changezmoi12 changezmoi123 changeme1234 changemechangeme mediatheque1 mediatheque12 mediatheque123
    bibliotheque bibliotheque1 franceservices franceservices1 numerique123 numerique1234 maillage-demo maillagemaillage
    1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 abcdefghijkl abcd12345678 a1b2c3d4e5f6""".split()  # noqa: SIM905
)
_KEYBOARD = (
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "01234567890123456789",
)
FEW_SIGNS = 5


def password_problem(password: str, email: str = "") -> str | None:
    """Why a password cannot be chosen, in words, or None.

    At least 12 characters and none of the first ones to be tried, with attempts limited elsewhere: CNIL, délibération
    n° 2022-100 du 21 juillet 2022, and ANSSI-PG-078 (2021), which ask for length rather than for odd signs.
    """
    folded = password.lower()
    if len(password) < MIN_PASSWORD:
        return _("Le mot de passe doit avoir au moins 12 caractères.")
    name = email.partition("@")[0].lower()
    if folded in COMMON or len(set(folded)) < FEW_SIGNS or _runs(folded) or (len(name) > 3 and folded.startswith(name)):
        return _("Ce mot de passe serait parmi les premiers essayés. Choisissez par exemple quatre mots sans rapport.")
    return None


def _runs(folded: str) -> bool:
    """Nothing but neighbours on the keyboard or in the alphabet, a number added or not."""
    letters = re.sub(r"[\W\d_]+$", "", folded) or folded
    return any(letters in line or letters[::-1] in line for line in _KEYBOARD)


def token_of(purpose: LinkPurpose, row_id: UUID) -> str:
    """The token of a link: derived, so that a copy of the database opens nothing; it is written only in the mail."""
    return urlsafe_b64encode(rules().keyed(f"{purpose.value}:{row_id}")).decode().rstrip("=")


def one_time_key(user_id: UUID, seed: UUID) -> str:
    """The key of one-time codes, as the telephone keeps it (160 bits, base 32)."""
    return b32encode(rules().keyed(f"totp:{user_id}:{seed}")[:20]).decode()


def needs_second_factor(roles: frozenset[Role]) -> bool:
    """Whether one of these roles is worn only with a second factor."""
    return bool(roles & rules().second_factor_roles)


def next_step(must_change: bool, has_second: bool, checked: bool, roles: frozenset[Role]) -> Step | None:
    """What is asked after the right password, before any session opens: the code first, where there is one."""
    if has_second and not checked:
        return Step.CODE
    if must_change:
        return Step.PASSWORD
    return Step.ENROL if not has_second and needs_second_factor(roles) else None
