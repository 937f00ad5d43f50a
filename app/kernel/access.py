"""Who acts, and the rule every route must declare. Deny by default: a route without a rule is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class Role(Labelled):
    """Roles of `domain/access.md`."""

    DESK = "desk", _("accueil")
    ADVISER = "adviser", _("conseil")
    MANAGER = "manager", _("responsable")
    COORDINATOR = "coordinator", _("coordination")
    ELECTED = "elected", _("élu")
    DPO = "dpo", _("protection des données")
    ADMIN = "admin", _("administration technique")


FRONT = frozenset({Role.DESK, Role.ADVISER, Role.MANAGER})
ADVISING = frozenset({Role.ADVISER, Role.MANAGER})


@dataclass(frozen=True)
class Actor:
    """A user wearing one hat. Every action is signed with it."""

    user_id: UUID
    membership_id: UUID
    role: Role
    structure_id: UUID
    team_id: UUID | None = None
    team_is_secret: bool = False
    structure_is_secret: bool = False
    # False when it is known that no other team of the structure is under secrecy: there is nothing of theirs to leave out.
    beside_secret_team: bool = True

    @property
    def secret(self) -> bool:
        """What this hat writes never travels by default (CASF L133-5)."""
        return self.team_is_secret or self.structure_is_secret


@dataclass(frozen=True)
class Rule:
    """An access rule: `sentence` for people, `roles` for the program (None: everybody, even signed out)."""

    sentence: str
    roles: frozenset[Role] | None
    hat_needed: bool = True
    form_key: bool = True

    def allows(self, actor: Actor | None) -> bool:
        if self.roles is None:
            return True
        return actor is not None and actor.role in self.roles


ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])
RULE = "__access_rule__"


def rule(
    sentence: str, *roles: Role | frozenset[Role], form_key: bool = True
) -> Callable[[ViewFunction], ViewFunction]:
    """Declare who may call a view. `form_key=False` only where a resend is harmless (sign in, search)."""
    wanted: set[Role] = set()
    for item in roles:
        wanted |= item if isinstance(item, frozenset) else {item}
    return _declare(Rule(sentence, frozenset(wanted), form_key=form_key))


def public(sentence: str, *, form_key: bool = False) -> Callable[[ViewFunction], ViewFunction]:
    """Declare a view open to everybody, signed in or not."""
    return _declare(Rule(sentence, None, hat_needed=False, form_key=form_key))


def signed_in(sentence: str, *, form_key: bool = False) -> Callable[[ViewFunction], ViewFunction]:
    """Declare a view open to any signed-in user, whatever the hat, even before choosing one."""
    return _declare(Rule(sentence, frozenset(Role), hat_needed=False, form_key=form_key))


def _declare(declared: Rule) -> Callable[[ViewFunction], ViewFunction]:
    def decorate(view: ViewFunction) -> ViewFunction:
        setattr(view, RULE, declared)
        return view

    return decorate


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The rule a view declares, or None."""
    declared = getattr(view, RULE, None)
    return declared if isinstance(declared, Rule) else None
