"""What the demonstration's story keeps in mind: the day, what is planned, who follows whom."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.network import Network
from app.kernel import clock, grants
from app.kernel.access import Actor
from app.kernel.bulk import Batch
from app.kernel.db import db
from app.kernel.grants import Granted
from app.kernel.opening_days import OpeningDays
from app.needs.enums import Demarche, NeedKind, Priority
from app.network.models import Place
from app.people import actions as people
from app.people.actions import Known


@dataclass(frozen=True)
class Followed:
    """Somebody of the register, their need and whoever follows them."""

    known: Known
    need_id: UUID
    wanted: tuple[NeedKind, Demarche | None]
    priority: Priority
    actor: Actor

    @property
    def person_id(self) -> UUID:
        return self.known.id


@dataclass(frozen=True)
class Spot:
    """A place, kept when the session forgets it."""

    id: UUID
    structure_id: UUID
    commune_code: str | None


@dataclass
class Life:
    """What the story needs at every turn. `agenda` holds what will happen: (day, order, act).

    `batch` holds what is written at the end of the day, `met` who was met, `evening` what happens then.
    """

    network: Network
    rng: Random
    days: OpeningDays
    timezone: str
    last: date
    today: date
    agenda: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    granted: dict[tuple[UUID, UUID], Granted] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)
    held: list[object] = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)
    met: dict[UUID, date] = field(default_factory=dict)
    evening: list[Callable[[], object]] = field(default_factory=list)
    spots: dict[UUID, Spot] = field(default_factory=dict)
    registered: int = 0
    sessions: int = 0

    def spot(self, place_id: UUID | None) -> Spot | None:
        """A place of the network."""
        if place_id is None:
            return None
        if not self.spots:
            self.spots = {p.id: Spot(p.id, p.structure_id, p.commune_code) for p in db.session.scalars(select(Place))}
        return self.spots[place_id]

    def end_day(self) -> None:
        """Write what was logged today, then let the evening happen."""
        self.batch.write()
        people.met_many(self.met)
        self.met = {}
        evening, self.evening = self.evening, []
        for rank, act in enumerate(evening):
            with clock.fixed(clock.now() + timedelta(minutes=20 * rank)):
                act()

    def later(self, opening_days: int, act: Callable[[], object]) -> None:
        """Let `act` happen this many opening days from today, unless that is after the last day."""
        day = self.days.add(self.today, max(1, opening_days))
        if day <= self.last:
            heapq.heappush(self.agenda, (day, next(self.order), act))

    def on(self, day: date, act: Callable[[], object]) -> None:
        """Let `act` happen on this day, or on the last open one before it."""
        while not self.days.is_open(day):
            day -= timedelta(days=1)
        heapq.heappush(self.agenda, (day, next(self.order), act))

    def due(self) -> list[Callable[[], object]]:
        """What happens today, in the order it was planned."""
        acts = []
        while self.agenda and self.agenda[0][0] <= self.today:
            acts.append(heapq.heappop(self.agenda)[2])
        return acts

    def rights(self, actor: Actor, person_id: UUID) -> Granted:
        """The actor's rights on somebody they follow, asked once."""
        key = (actor.membership_id, person_id)
        if key not in self.granted:
            self.granted[key] = grants.on_person(actor, person_id)
        return self.granted[key]
