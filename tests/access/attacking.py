"""What attacks are tried on."""

from __future__ import annotations

from uuid import UUID

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import grants
from tests.access.stage import EXPRESS
from tests.support.world import World

SECRETS = ("Amina", "Benali", "33612345678", "06 12 34 56 78", "pochette bleue", "Note secrète")


def evaluate(world: World, who: str, person: str) -> UUID:
    actor = world.actors[who]
    granted = grants.on_person(actor, world.people[person])
    assessment = assessments.start(actor, granted, Mode.EXPRESS)
    assessments.save_sheet(actor, granted, assessment.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
    assessments.finish(actor, granted, assessment.id)
    return assessment.id
