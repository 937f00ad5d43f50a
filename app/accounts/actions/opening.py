"""Opening accounts, giving hats."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.accounts import queries
from app.accounts.actions.sign_in import hasher
from app.accounts.models import Membership, User
from app.kernel import ids, journal
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, name_constraint
from app.kernel.i18n import lazy_gettext as _

MIN_PASSWORD = 12
_TAKEN = _("Cette adresse a déjà un compte dans le réseau.")
name_constraint("uq_user_account_email", _TAKEN, "email")


def add_user(email: str, display_name: str, password: str, memory_kib: int) -> User:
    """Open an account. The password has at least 12 characters (CNIL recommendation of 2022, attempts limited)."""
    if len(password) < MIN_PASSWORD:
        raise DomainError(_("Le mot de passe doit avoir au moins 12 caractères."), "password")
    if queries.is_taken(email):
        raise Conflict(_TAKEN, "email")
    hashed = hasher(memory_kib).hash(password)
    user = User(id=ids.new_id(), email=email.strip().lower(), display_name=display_name, password_hash=hashed)
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
) -> Membership:
    """Give a hat. An elected official can hold no other membership (also refused by the database)."""
    held = {m.role for m in user.memberships}
    if held and (role is Role.ELECTED or Role.ELECTED in held):
        raise DomainError(_("Une personne élue ne peut avoir aucun autre rôle dans le réseau."), "role")
    dates = {"starts_on": starts_on, "ends_on": ends_on}
    hat = Membership(id=ids.new_id(), structure_id=structure_id, role=role, team_id=team_id, **dates)
    user.memberships.append(hat)
    db.session.flush()
    journal.note(None, "membership.add", "membership", hat.id, role=role.value)
    return hat
