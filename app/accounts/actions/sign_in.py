"""Signing in and out, choosing a hat, ending sessions."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update

from app.accounts import policy, queries
from app.accounts.models import Membership, SignInFailure, User, UserSession
from app.kernel import clock, ids, journal
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.kernel.i18n import ngettext

ADDRESS_FACTOR = 6


class TooManyAttempts(DomainError):
    """Too many failures for this account or this address in the window."""

    status = 429


@dataclass(frozen=True)
class Limits:
    """How many failures an account may have in `window`; an address may have six times as many (shared lines)."""

    secret: str
    attempts: int
    window: timedelta
    memory_kib: int
    production: bool = False

    def account(self, email: str) -> str:
        """Keyed hash of an account, whether it exists or not."""
        return self._fingerprint(email.strip().lower())

    def source(self, address: str) -> str:
        """Keyed hash of an address; one line of a subscriber has a whole IPv6 /64."""
        with suppress(ValueError):
            if ipaddress.ip_address(address).version == 6:
                address = str(ipaddress.ip_network(f"{address}/64", strict=False))
        return self._fingerprint(address)

    def _fingerprint(self, text: str) -> str:
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@lru_cache
def hasher(memory_kib: int) -> PasswordHasher:
    """Argon2id with OWASP's parameters (t=1, p=1, m from settings, 46 MiB by default)."""
    return PasswordHasher(time_cost=1, memory_cost=memory_kib, parallelism=1)


@lru_cache
def _decoy(memory_kib: int) -> str:
    return hasher(memory_kib).hash(secrets.token_urlsafe(16))


def begin_attempt(email: str, address: str, limits: Limits) -> UUID:
    """Count an attempt before looking at the password, so that a hundred at once are counted too.

    Raises TooManyAttempts, for an unknown account as for a known one. `forgive_attempt` takes a success out again.
    """
    now = clock.now()
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - limits.window))
    account, source = limits.account(email), limits.source(address)
    by_account, by_address = queries.failures(account, source, now - limits.window)
    if by_account >= limits.attempts or by_address >= limits.attempts * ADDRESS_FACTOR:
        raise TooManyAttempts(_too_many(limits))
    attempt = SignInFailure(id=ids.random_key(), account_hash=account, address_hash=source, at=now)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def _too_many(limits: Limits) -> str:
    minutes = int(limits.window.total_seconds() // 60)
    return ngettext(
        "Trop d’essais. Attendez %(num)d minute, puis recommencez.",
        "Trop d’essais. Attendez %(num)d minutes, puis recommencez.",
        minutes,
    )


def forgive_attempt(attempt_id: UUID) -> None:
    """The password was right: this attempt is not a failure."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.id == attempt_id))


def authenticate(email: str, password: str, limits: Limits) -> User:
    """The user, or DomainError. An unknown account costs the same time as a wrong password. Reads only."""
    user = queries.user_by_email(email)
    if user is not None and limits.production and policy.is_demo(user.email):
        user = None
    if not _matches(user, password, limits.memory_kib) or user is None:
        raise DomainError(_("Adresse ou mot de passe inexact. Vérifiez les deux, puis recommencez."))
    return user


def _matches(user: User | None, password: str, memory_kib: int) -> bool:
    decoy = _decoy(memory_kib)
    try:
        hasher(memory_kib).verify(user.password_hash if user else decoy, password)
    except (VerificationError, InvalidHashError):
        return False
    return user is not None


def note_refusal(email: str, limits: Limits) -> None:
    """A sign-in was refused: the journal keeps the beginning of the account's keyed hash."""
    journal.note(None, "session.refused", "session", account=limits.account(email)[:12])


def open_session(user: User, today: date, browser: str = "") -> str:
    """A server-side session; returns the random key for the cookie. The only hat is put on at once."""
    key, now = secrets.token_urlsafe(32), clock.now()
    hats = queries.hats_of(user.id, today)
    worn = hats[0].membership_id if len(hats) == 1 else None
    session = UserSession(
        id=ids.new_id(),
        key_hash=queries.hash_key(key),
        user_id=user.id,
        membership_id=worn,
        started_at=now,
        seen_at=now,
        browser=browser[:40],
    )
    db.session.add(session)
    db.session.execute(update(User).where(User.id == user.id).values(last_seen_on=today))
    db.session.flush()
    journal.note(None, "session.open", "session", session.id, user=str(user.id))
    return key


def wear(session_id: UUID, user_id: UUID, membership_id: UUID, today: date) -> Membership:
    """Put a hat on for the rest of the session. Somebody else's hat, or an ended one, does not exist."""
    membership = queries.hat(user_id, membership_id, today)
    if membership is None:
        raise NotFound
    if policy.needs_second_factor(frozenset({membership.role})) and not queries.has_second_factor(user_id):
        raise DomainError(_("Ce rôle demande une double authentification. Activez-la d’abord dans « Mon compte »."))
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


def speak(user_id: UUID, language: str) -> None:
    """The language of the user's pages and mails from now on: `fr` or `en`."""
    db.session.execute(update(User).where(User.id == user_id).values(language=language))


def end_session(user_id: UUID, session_id: UUID) -> None:
    """End one of one's own open sessions, on another machine for instance. Somebody else's does not exist."""
    mine = (UserSession.id == session_id, UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    ended = db.session.execute(update(UserSession).where(*mine).values(ended_at=clock.now()).returning(UserSession.id))
    if ended.first() is None:
        raise NotFound
    journal.note(None, "session.end", "session", session_id, user=str(user_id))


def end_sessions(user_id: UUID, keep: UUID | None = None) -> None:
    """End every open session of a user, `keep` apart: the password or the second factor has just changed."""
    mine = [UserSession.user_id == user_id, UserSession.ended_at.is_(None)]
    if keep is not None:
        mine.append(UserSession.id != keep)
    db.session.execute(update(UserSession).where(*mine).values(ended_at=clock.now()))


def purge_sessions(absolute: timedelta) -> None:
    """Forget sessions that can no longer be used, a week after (worker)."""
    limit = clock.now() - absolute - timedelta(days=7)
    db.session.execute(delete(UserSession).where(UserSession.started_at < limit))
