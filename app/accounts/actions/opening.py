"""Opening accounts, giving hats."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.accounts import policy, queries
from app.accounts.actions.sign_in import hasher
from app.accounts.models import Membership, User
from app.kernel import ids, journal
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, name_constraint
from app.kernel.i18n import lazy_gettext as _

_TAKEN = _("Cette adresse a déjà un compte dans le réseau.")
name_constraint("uq_user_account_email", _TAKEN, "email")


def add_user(email: str, display_name: str, password: str, memory_kib: int, *, provisional: bool = False) -> User:
    """Open an account. The password has at least 12 characters; a provisional one only serves to choose another."""
    if len(password) < policy.MIN_PASSWORD:
        raise DomainError(_("Le mot de passe doit avoir au moins 12 caractères."), "password")
    if queries.is_taken(email):
        raise Conflict(_TAKEN, "email")
    return open_account(email, display_name, hasher(memory_kib).hash(password), provisional=provisional)


def open_account(email: str, display_name: str, password_hash: str, *, provisional: bool = False) -> User:
    """Open an account whose password was hashed beforehand."""
    user = User(
        id=ids.new_id(),
        email=email.strip().lower(),
        display_name=display_name,
        password_hash=password_hash,
        must_change_password=provisional,
    )
    db.session.add(user)
    db.session.flush()
    journal.note(None, "user.add", "user", user.id)
    return user


def add_membership(  # noqa: PLR0913
    user: User,
    structure_id: UUID,
    role: Role,
    starts_on: date,
    team_id: UUID | None = None,
    ends_on: date | None = None,
    actor: Actor | None = None,
) -> Membership:
    """Give a hat, or give back the one ended today. An elected official can hold no other (also refused by the database)."""
    given_back = next((m for m in user.memberships if _is_same(m, structure_id, role, starts_on)), None)
    held = {m.role for m in user.memberships if m is not given_back}
    if held and (role is Role.ELECTED or Role.ELECTED in held):
        raise DomainError(_("Une personne élue ne peut avoir aucun autre rôle dans le réseau."), "role")
    hat = given_back or Membership(id=ids.new_id(), structure_id=structure_id, role=role, starts_on=starts_on)
    hat.team_id, hat.ends_on, hat.ended_at = team_id, ends_on, None
    if given_back is None:
        user.memberships.append(hat)
    db.session.flush()
    journal.note(actor, "membership.add", "membership", hat.id, role=role.value)
    return hat


def _is_same(hat: Membership, structure_id: UUID, role: Role, starts_on: date) -> bool:
    known = (hat.structure_id, hat.role, hat.starts_on) == (structure_id, role, starts_on)
    return known and hat.ended_at is not None
