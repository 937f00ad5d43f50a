"""Signing in and out, choosing a hat, opening accounts."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from sqlalchemy import delete, update

from app.accounts import queries
from app.accounts.models import Membership, SignInFailure, User, UserSession
from app.kernel import clock, ids, journal
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _

ADDRESS_FACTOR = 6
MIN_PASSWORD = 12


class TooManyAttempts(DomainError):
    """Too many failures for this account or this address in the window."""

    status = 429


@dataclass(frozen=True)
class Limits:
    """How many failures an account may have in `window` seconds; an address may have six times as many (shared lines)."""

    secret: str
    attempts: int
    window: timedelta
    memory_kib: int

    def fingerprint(self, text: str) -> str:
        """Keyed hash of an account or an address."""
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@lru_cache
def hasher(memory_kib: int) -> PasswordHasher:
    """Argon2id with OWASP's parameters (t=1, p=1, m from settings, 46 MiB by default)."""
    return PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)


@lru_cache
def _decoy(memory_kib: int) -> str:
    return hasher(memory_kib).hash(secrets.token_urlsafe(16))


def authenticate(email: str, password: str, address: str, limits: Limits) -> User:
    """The user, or DomainError. An unknown account costs the same time as a wrong password."""
    account_hash, address_hash = limits.fingerprint(email.strip().lower()), limits.fingerprint(address)
    by_account, by_address = queries.failures(account_hash, address_hash, clock.now() - limits.window)
    if by_account >= limits.attempts or by_address >= limits.attempts * ADDRESS_FACTOR:
        minutes = int(limits.window.total_seconds() // 60)
        raise TooManyAttempts(_("Trop d’essais. Attendez %(num)d minutes, puis recommencez.") % {"num": minutes})
    user = queries.user_by_email(email)
    if not _matches(user, password, limits.memory_kib) or user is None:
        raise DomainError(_("Adresse ou mot de passe inexact. Vérifiez les deux, puis recommencez."))
    return user


def _matches(user: User | None, password: str, memory_kib: int) -> bool:
    stored = user.password_hash if user else _decoy(memory_kib)
    try:
        return hasher(memory_kib).verify(stored, password) and user is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def record_failure(email: str, address: str, limits: Limits) -> None:
    """Remember a failed attempt; old ones are forgotten."""
    now = clock.now()
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - limits.window))
    account, source = limits.fingerprint(email.strip().lower()), limits.fingerprint(address)
    db.session.add(SignInFailure(id=ids.random_key(), account_hash=account, address_hash=source, at=now))
    journal.note(None, "session.refused", "session", account=account[:12])


def open_session(user: User, today: date) -> str:
    """A server-side session; returns the random key for the cookie. The only hat is put on at once."""
    key, now = secrets.token_urlsafe(32), clock.now()
    hats = queries.hats_of(user.id, today)
    worn = hats[0].membership_id if len(hats) == 1 else None
    session = UserSession(
        id=ids.new_id(), key_hash=queries.hash_key(key), user_id=user.id, membership_id=worn, started_at=now, seen_at=now
    )
    db.session.add(session)
    db.session.flush()
    journal.note(None, "session.open", "session", session.id, user=str(user.id))
    return key


def wear(session_id: UUID, user_id: UUID, membership_id: UUID, today: date) -> Membership:
    """Put a hat on for the rest of the session. Somebody else's hat, or an ended one, does not exist."""
    membership = queries.hat(user_id, membership_id, today)
    if membership is None:
        raise NotFound
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(membership_id=membership.id))
    journal.note(queries.actor_of(membership), "session.hat", "membership", membership.id)
    return membership


def close_session(session_id: UUID) -> None:
    """Sign out: the cookie opens nothing any more."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(ended_at=clock.now()))
    journal.note(None, "session.close", "session", session_id)


def touch(session_id: UUID) -> None:
    """The user is still there."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=clock.now()))


def purge_sessions(absolute: timedelta) -> None:
    """Forget sessions that can no longer be used, a week after (worker)."""
    limit = clock.now() - absolute - timedelta(days=7)
    db.session.execute(delete(UserSession).where(UserSession.started_at < limit))


def add_user(email: str, display_name: str, password: str, memory_kib: int) -> User:
    """Open an account. The password has at least 12 characters (CNIL 2022 recommendation, with the attempts limited)."""
    if len(password) < MIN_PASSWORD:
        raise DomainError(_("Le mot de passe doit avoir au moins 12 caractères."), "password")
    user = User(
        id=ids.new_id(), email=email.strip().lower(), display_name=display_name, password_hash=hasher(memory_kib).hash(password)
    )
    db.session.add(user)
    db.session.flush()
    journal.note(None, "user.add", "user", user.id)
    return user


def add_membership(  # noqa: PLR0913
    user: User, structure_id: UUID, role: Role, starts_on: date, team_id: UUID | None = None, ends_on: date | None = None
) -> Membership:
    """Give a hat. An elected official can hold no other membership (also refused by the database)."""
    held = {m.role for m in user.memberships}
    if held and (role is Role.ELECTED or Role.ELECTED in held):
        raise DomainError(_("Une personne élue ne peut avoir aucun autre rôle dans le réseau."), "role")
    hat = Membership(id=ids.new_id(), structure_id=structure_id, role=role, starts_on=starts_on, team_id=team_id, ends_on=ends_on)
    user.memberships.append(hat)
    db.session.flush()
    journal.note(None, "membership.add", "membership", hat.id, role=role.value)
    return hat
