"""A structure leaves the network: shared follow-ups end on both sides. Whom it follows as referent stays its own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select, update

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.people.enums import FollowUpKind
from app.people.models import FollowUp, Person


def structure_left(_actor: Actor | None, structure_id: UUID) -> None:
    """Hook: what it read of others, and what others read of the people it follows. Signing again opens nothing of it."""
    theirs = select(Person.id).where(Person.referent_structure_id == structure_id)
    shared = (FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    ours = or_(FollowUp.structure_id == structure_id, FollowUp.person_id.in_(theirs))
    ended = update(FollowUp).where(*shared, ours).values(ended_on=clock.now().date())
    db.session.execute(ended.execution_options(synchronize_session=False))
