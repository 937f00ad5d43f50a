"""Choosing a password: changed, forgotten, provisional. Whoever changes one closes every other session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.accounts import mails, policy, queries
from app.accounts.actions.links import make_link, use_link
from app.accounts.actions.sign_in import Limits, authenticate, begin_attempt, end_sessions, forgive_attempt, hasher
from app.accounts.enums import LinkPurpose
from app.accounts.models import AccountLink, User
from app.kernel import i18n, jobs, journal, outbox
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.i18n import lazy_gettext as _
from app.kernel.writes import later, retrying, without_lock

RESET_JOB = "accounts.reset"


@dataclass(frozen=True)
class Chosen:
    """A password somebody chose, typed twice. `repr` never shows it."""

    password: str
    again: str
    email: str = ""

    def __repr__(self) -> str:
        return "Chosen(…)"


def hashed(chosen: Chosen) -> str:
    """The hash of a password that may be chosen, made without holding a lock. DomainError says what is wrong, and where."""
    problem = policy.password_problem(chosen.password, chosen.email)
    if problem is not None:
        raise DomainError(problem, "new_password")
    if chosen.password != chosen.again:
        raise DomainError(
            _("Les deux mots de passe ne sont pas les mêmes. Écrivez deux fois le même."), "again_password"
        )
    with without_lock():
        return hasher(policy.rules().memory_kib).hash(chosen.password)


def set_password(user_id: UUID, password_hash: str, how: str, keep: UUID | None = None) -> None:
    """Write a chosen password. `how`: `changed`, `reset` or `first`, for the journal."""
    values = {"password_hash": password_hash, "must_change_password": False}
    db.session.execute(update(User).where(User.id == user_id).values(values))
    end_sessions(user_id, keep)
    journal.note(None, "password.change", "user", user_id, how=how)


def change_password(user: User, current: str, chosen: Chosen, session_id: UUID, address: str, limits: Limits) -> bool:  # noqa: PLR0913
    """Change one's own. The present one is asked, and counted like a sign-in: an open session is not enough."""
    user_id, email = user.id, user.email
    _check_current(email, current, address, limits)
    if current == chosen.password:
        raise DomainError(_("Choisissez un mot de passe différent de l’actuel."), "new_password")
    set_password(user_id, hashed(chosen), "changed", keep=session_id)
    return True


def _check_current(email: str, current: str, address: str, limits: Limits) -> None:
    attempt = retrying(lambda: begin_attempt(email, address, limits))
    try:
        with without_lock():
            authenticate(email, current, limits)
    except DomainError as error:
        raise DomainError(_("Ce n’est pas votre mot de passe actuel."), "current_password") from error
    later(lambda: forgive_attempt(attempt))


def choose_first(link: AccountLink, chosen: Chosen) -> bool:
    """Replace the provisional password during a sign-in; the sign-in goes on."""
    user_id = link.user_id
    set_password(user_id, hashed(chosen), "first")
    return True


# ---------------------------------------------------------------- forgotten


def ask_reset(email: str, address: str, limits: Limits) -> bool:
    """Somebody says that they forgot their password. Whether the account exists is looked up by the worker alone.

    The same statements whatever the address: nothing is told by the answer, nor by the time it takes.
    """
    begin_attempt(f"reset:{email.strip().lower()}", address, limits)
    jobs.enqueue(RESET_JOB, {"account": limits.account(email)})
    return True


def send_reset(payload: dict[str, Any], limits: Limits) -> None:
    """Worker: find the account by its keyed hash, and write the mail."""
    user = next((one for one in queries.open_accounts() if limits.account(one.email) == payload["account"]), None)
    if user is None or (limits.production and policy.is_demo(user.email)):
        return
    link = make_link(user.id, LinkPurpose.RESET)
    with i18n.speaking(user.language):
        outbox.queue(user.id, mails.reset(link.id))
    journal.note(None, "password.forgotten", "user", user.id)


def reset_password(link: AccountLink, chosen: Chosen) -> bool:
    """Choose a password from a mailed link, which then no longer serves. A second factor is still asked at sign-in."""
    link_id, user_id = link.id, link.user_id
    password_hash = hashed(chosen)
    use_link(link_id)
    set_password(user_id, password_hash, "reset")
    return True
