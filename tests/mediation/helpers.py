"""What the tests of sessions do again and again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from app.kernel import grants
from app.kernel.db import db
from app.kernel.writes import commit
from app.mediation import actions
from app.mediation.actions import Anonymous, SessionData
from app.mediation.enums import PlaceKind, Theme
from tests.support.world import World


def data(world: World, **changes: Any) -> SessionData:
    """An ordinary session: half an hour of e-mail, at a distance, today."""
    values: dict[str, Any] = {
        "held_on": world.today,
        "minutes": 30,
        "themes": (Theme.EMAIL,),
        "place_kind": PlaceKind.A_DISTANCE,
    }
    return SessionData(**{**values, **changes})


def log(world: World, who: str = "library.adviser", person: str | UUID = "amina", **changes: Any) -> UUID:
    """A session with this person, logged by this hat and committed."""
    person_id = world.people[person] if isinstance(person, str) else person
    with world.app.app_context():
        actor = world.actors[who]
        session = actions.log_session(actor, grants.on_person(actor, person_id), data(world, **changes), world.today)
        found = session.id
        commit()
        db.session.remove()
    return found


def log_anonymous(world: World, who: str = "library.adviser", known: Anonymous | None = None, **changes: Any) -> UUID:
    """A session without a name, committed."""
    with world.app.app_context():
        session = actions.log_anonymous(world.actors[who], known or Anonymous(), data(world, **changes), world.today)
        found = session.id
        commit()
        db.session.remove()
    return found


def new_url(world: World, person: str = "amina") -> str:
    return f"/personnes/{world.people[person]}/seances/nouvelle"


def years_before(day: date, years: int) -> date:
    return date(day.year - years, 1, 15)
