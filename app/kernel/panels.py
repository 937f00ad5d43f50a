"""What the person's page and the first screen show of higher rooms: panels, timeline items, tasks, links. Registered in wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.kernel.access import Actor, Role
from app.kernel.grants import Granted


@dataclass(frozen=True)
class TimelineItem:
    """One line of a person's history. `kind` chooses the icon; `text` is already permission-checked."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    by: str = ""
    url: str = ""


@dataclass(frozen=True)
class PersonPanel:
    """A block of the person's page: its order, template and the frozen views it shows."""

    key: str
    order: int
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    timeline: tuple[TimelineItem, ...] = ()


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
    """A place in the main navigation, for some roles."""

    endpoint: str
    label: str
    roles: frozenset[Role]
    order: int
    counter: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class PersonLink:
    """Something to do from a person's page: `url_for(endpoint, person_id=…)`. One primary action stands out, the others are quiet."""

    endpoint: str
    label: str
    roles: frozenset[Role]
    order: int
    primary: bool = False
    needs_write: bool = True


PanelProvider = Callable[[Actor, Granted], PersonPanel | None]
TaskProvider = Callable[[Actor], list[Task]]
person_panels: list[PanelProvider] = []
task_providers: list[TaskProvider] = []
navigation: list[NavItem] = []
person_links: list[PersonLink] = []


def panels_for(actor: Actor, granted: Granted) -> list[PersonPanel]:
    """The panels open to this actor on this person, in order; a provider answers None when nothing of it is open."""
    found = [provider(actor, granted) for provider in person_panels]
    return sorted((panel for panel in found if panel), key=lambda panel: panel.order)


def links_for(actor: Actor, granted: Granted) -> list[PersonLink]:
    """What this hat may do for this person, the primary action first, then by order."""
    usable = [link for link in person_links if actor.role in link.roles and (granted.may_write or not link.needs_write)]
    return sorted(usable, key=lambda link: (not link.primary, link.order))


def tasks_for(actor: Actor) -> list[Task]:
    """What this hat has to do, urgent first, then by date."""
    tasks = [task for provider in task_providers for task in provider(actor)]
    return sorted(tasks, key=lambda task: (not task.urgent, task.due))


def clear() -> None:
    """Forget every registration (an application is created anew in tests)."""
    person_panels.clear()
    task_providers.clear()
    navigation.clear()
    person_links.clear()
