"""One-time codes (RFC 6238) and recovery codes: each serves once, attempts are limited."""

from __future__ import annotations

import hmac
from uuid import UUID

import pyotp
from sqlalchemy import delete, update

from app.accounts import policy, queries
from app.accounts.actions.sign_in import Limits, begin_attempt, end_sessions, forgive_attempt
from app.accounts.models import RecoveryCode, SecondFactor
from app.kernel import clock, ids, journal
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError
from app.kernel.i18n import lazy_gettext as _
from app.kernel.writes import later, retrying

SECONDS = 30
# One half-minute before and after: the telephone's clock is not the server's (RFC 6238 § 5.2).
DRIFT = (0, -1, 1)
RECOVERY_CODES = 10
_WRONG = _("Ce code n’est pas le bon. Attendez le suivant sur votre téléphone, puis recommencez.")


def enrol(user_id: UUID, seed: UUID, typed: str, keep: UUID | None = None) -> list[str]:
    """Turn the second factor on, once the telephone shows the right code. Returns the recovery codes, shown once."""
    if queries.second_factor(user_id) is not None:
        raise Conflict(_("La double authentification est déjà active."))
    step = _step(policy.one_time_key(user_id, seed), typed)
    if step is None:
        raise DomainError(_WRONG, "code")
    db.session.add(SecondFactor(user_id=user_id, seed=seed, last_step=step, confirmed_at=clock.now()))
    db.session.flush()
    end_sessions(user_id, keep)
    journal.note(None, "second_factor.on", "user", user_id)
    return renew_codes(user_id)


def _step(key: str, typed: str) -> int | None:
    """The half-minute of a code, or None."""
    digits = "".join(typed.split())
    codes, now = pyotp.TOTP(key), int(clock.now().timestamp()) // SECONDS
    return next((now + d for d in DRIFT if hmac.compare_digest(codes.generate_otp(now + d), digits)), None)


def check_code(user_id: UUID, typed: str, address: str, limits: Limits) -> bool:
    """A code of the telephone or a recovery code; each serves once. Attempts are counted first, and limited."""
    attempt = retrying(lambda: begin_attempt(f"code:{user_id}", address, limits))
    if not (_telephone(user_id, typed) or _recovery(user_id, typed)):
        later(lambda: journal.note(None, "second_factor.refused", "user", user_id))
        raise DomainError(_WRONG, "code")
    forgive_attempt(attempt)
    return True


def _telephone(user_id: UUID, typed: str) -> bool:
    kept = queries.second_factor(user_id)
    step = _step(policy.one_time_key(user_id, kept.seed), typed) if kept and typed.isascii() else None
    if step is None:
        return False
    later_than = (SecondFactor.user_id == user_id, SecondFactor.last_step < step)
    taken = update(SecondFactor).where(*later_than).values(last_step=step).returning(SecondFactor.user_id)
    return db.session.execute(taken).first() is not None


def _recovery(user_id: UUID, typed: str) -> bool:
    same = (
        RecoveryCode.user_id == user_id,
        RecoveryCode.code_hash == _code_hash(typed),
        RecoveryCode.used_at.is_(None),
    )
    taken = update(RecoveryCode).where(*same).values(used_at=clock.now()).returning(RecoveryCode.id)
    if db.session.execute(taken).first() is None:
        return False
    journal.note(None, "second_factor.recovery", "user", user_id)
    return True


def _code_hash(typed: str) -> str:
    folded = "".join(sign for sign in typed.upper() if sign.isalnum())
    return policy.rules().keyed(f"recovery:{folded}").hex()


def renew_codes(user_id: UUID) -> list[str]:
    """Ten new recovery codes; the former ones no longer serve. They are told here and never again."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [f"{ids.new_code(5)}-{ids.new_code(5)}" for _rank in range(RECOVERY_CODES)]
    for code in codes:
        db.session.add(RecoveryCode(id=ids.random_key(), user_id=user_id, code_hash=_code_hash(code)))
    db.session.flush()
    journal.note(None, "second_factor.codes", "user", user_id)
    return codes


def turn_off(user_id: UUID, keep: UUID | None = None) -> None:
    """Forget the second factor. Who decides so was checked before: its owner, with a code, or whoever runs the server."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    end_sessions(user_id, keep)
    journal.note(None, "second_factor.off", "user", user_id)
