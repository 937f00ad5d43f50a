"""Two records of one person become one: who took part follows the record kept. The facts are never touched."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from app.kernel.db import db
from app.kernel.merges import Moved
from app.mediation.models import Participation


def moved(kept_id: UUID, removed_id: UUID) -> None:
    """Bring the participations to the record kept.

    Both may have been noted in one workshop: the second participation stays where it was, as it was counted.
    """
    both = select(Participation.session_id).where(Participation.person_id == kept_id)
    theirs = (Participation.person_id == removed_id, Participation.session_id.not_in(both))
    follow = update(Participation).where(*theirs).values(person_id=kept_id)
    db.session.execute(follow.execution_options(synchronize_session=False))
    db.session.expire_all()


MERGED = (Moved("participation", move=moved),)
