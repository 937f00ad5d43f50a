"""What the tests of duplicates and merges do again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.writes import commit
from app.people.actions import likeness, merging
from app.people.actions.merging import MergeData
from app.people.models import DuplicatePair, LikenessNotice, PersonMerge
from tests.people.helpers import add
from tests.support.world import World

SAME: dict[str, Any] = {"phone": "+33611223344", "birth_year": 1958, "commune_code": "47157"}


def look(world: World) -> None:
    """The worker looks at whoever was registered or corrected."""
    with world.app.app_context():
        while likeness.look(world.today):
            commit()
        commit()
        db.session.remove()


def doubles(world: World, who: str = "library.adviser", first: str = "Zohra", last: str = "Kaci") -> tuple[UUID, UUID]:
    """The same person registered twice by this hat, and looked at."""
    older, newer = add(world, who, first, last, **SAME), add(world, who, first, last, **SAME)
    look(world)
    return older, newer


def pairs(world: World) -> list[DuplicatePair]:
    """Every pair that was found."""
    with world.app.app_context():
        found = list(db.session.scalars(select(DuplicatePair).order_by(DuplicatePair.score.desc())))
        db.session.expunge_all()
        return found


def notices(world: World) -> list[LikenessNotice]:
    """Every silent notice."""
    with world.app.app_context():
        found = list(db.session.scalars(select(LikenessNotice)))
        db.session.expunge_all()
        return found


def merged(world: World, who: str = "library.adviser", data: MergeData | None = None) -> PersonMerge:
    """Merge the only pair."""
    (pair,) = pairs(world)
    with world.app.app_context():
        done = merging.merge(world.actors[who], pair.id, data or MergeData(), world.today)
        commit()
        db.session.refresh(done)
        db.session.expunge_all()
        return done


def undone(world: World, merge_id: UUID, who: str = "library.adviser") -> None:
    """Undo it."""
    with world.app.app_context():
        merging.undo(world.actors[who], merge_id)
        commit()
        db.session.remove()
