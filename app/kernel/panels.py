"""What the person's page and the first screen show of higher rooms: panels, tasks, links, actions (see wiring)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from app.kernel.access import Actor, Role
from app.kernel.grants import Granted


class Bearing(StrEnum):
    """What a line at the head of a person's page is about, in the order they are read."""

    URGENT = "urgent"
    PROMISED = "promised"
    NEXT = "next"


@dataclass(frozen=True)
class Brief:
    """One line at the head of a person's page: what is urgent, what was promised, what comes next. Checked already."""

    bearing: Bearing
    text: str
    url: str = ""
    day: date | None = None
    late: bool = False


@dataclass(frozen=True)
class PersonPanel:
    """A block of the person's page: its order, template, the frozen views it shows, and its lines at the head."""

    key: str
    order: int
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    brief: tuple[Brief, ...] = ()


@dataclass(frozen=True)
class Task:
    """Something due, shown on the first screen under « à faire ». No personal name unless the actor may read it."""

    due: date
    title: str
    text: str
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class NavItem:
    """A place in the main navigation, for some roles. `also` names the other rooms that it stands for."""

    endpoint: str
    label: str
    roles: frozenset[Role]
    order: int
    counter: Callable[[Actor], int] | None = None
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PersonLink:
    """Something to do from a person's page: `url_for(endpoint, person_id=…)`. The primary action stands out."""

    endpoint: str
    label: str
    roles: frozenset[Role]
    order: int
    primary: bool = False
    needs_write: bool = True


@dataclass(frozen=True)
class QuickAction:
    """A main action of the first screen, as a large choice. `icon` is a name of `ui.icon`."""

    endpoint: str
    title: str
    text: str
    icon: str
    roles: frozenset[Role]
    order: int


@dataclass(frozen=True)
class PersonMark:
    """A word beside a person in a list (« 2 demandes ouvertes »). `shape` is one of the component `ui.status`."""

    label: str
    shape: str = "open"
    order: int = 50


@dataclass(frozen=True)
class PersonFilter:
    """A filter of the list of people that a higher room knows of. `keeps`: SQL, beside the column that names the person,
    what the actor may read of them being looked at alone."""

    code: str
    label: str
    keeps: Callable[[Actor, Any], ColumnElement[bool]]


PanelProvider = Callable[[Actor, Granted], PersonPanel | None]
TaskProvider = Callable[[Actor], list[Task]]
# One query for the whole list: the marks by person, only of those about whom the actor may read them.
MarkProvider = Callable[[Actor, set[UUID]], Mapping[UUID, PersonMark]]
person_panels: list[PanelProvider] = []
# Functions of the actor, or a `due.Source`, whose rows are asked for with those of the others.
task_providers: list[Any] = []
navigation: list[NavItem] = []
# Beside the list of people: what else there is to look at about them.
list_links: list[NavItem] = []
person_links: list[PersonLink] = []
person_marks: list[MarkProvider] = []
person_filters: list[PersonFilter] = []
quick_actions: list[QuickAction] = []


def panels_for(actor: Actor, granted: Granted) -> list[PersonPanel]:
    """The panels open to this actor on this person, in order; a provider answers None when nothing of it is open."""
    found = [provider(actor, granted) for provider in person_panels]
    return sorted((panel for panel in found if panel), key=lambda panel: panel.order)


def links_for(actor: Actor, granted: Granted) -> list[PersonLink]:
    """What this hat may do for this person, the primary action first, then by order."""
    usable = [link for link in person_links if actor.role in link.roles and (granted.may_write or not link.needs_write)]
    return sorted(usable, key=lambda link: (not link.primary, link.order))


def marks_for(actor: Actor, person_ids: set[UUID]) -> dict[UUID, list[PersonMark]]:
    """The marks of each person of a list, in order; a person without any is absent."""
    found: dict[UUID, list[PersonMark]] = {}
    for provider in person_marks if person_ids else ():
        for person_id, mark in provider(actor, person_ids).items():
            found.setdefault(person_id, []).append(mark)
    return {person_id: sorted(marks, key=lambda mark: mark.order) for person_id, marks in found.items()}


def actions_for(actor: Actor) -> list[QuickAction]:
    """The main actions of this hat's first screen, in order."""
    return sorted((action for action in quick_actions if actor.role in action.roles), key=lambda action: action.order)


def clear() -> None:
    """Forget every registration (an application is created anew in tests)."""
    person_panels.clear()
    task_providers.clear()
    navigation.clear()
    list_links.clear()
    person_links.clear()
    person_marks.clear()
    person_filters.clear()
    quick_actions.clear()
