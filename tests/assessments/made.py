"""Assessments that were made, and who reads them."""

from __future__ import annotations

from uuid import UUID

from app.assessments.enums import Mode
from app.kernel import ids
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.people.enums import FollowUpKind
from app.people.models import FollowUp
from tests.assessments.counter import EXPRESS, finished
from tests.support.world import World

FULL = {
    "M1": "competences",
    "U1": "loin",
    "U2": "rien",
    "S1": "non",
    "S2": "non",
    "L1": "sans",
    "L2": "jamais",
    "L3": "seul",
    "A1": "ordi_et_tel",
    "A2": "oui",
    "A3": "non",
    "C1": "jour",
    "C2": "non",
    "C3": "non",
    "C4": "avec",
    "C5": "non",
    "C6": "non",
    "C7": "non",
    "R1": "assez",
    "R2": "difficile",
    "T1": "non",
    "T2": "oui",
    "H1": "personne",
    "H2": "oui",
}


def follow(world: World, structure: str, person: str, sections: Section) -> None:
    """Another structure begins to follow the person, with these sections agreed."""
    db.session.add(
        FollowUp(
            id=ids.new_id(),
            person_id=world.people[person],
            structure_id=world.structures[structure],
            kind=FollowUpKind.OTHER,
            sections=sections,
            started_on=world.today,
        )
    )
    commit()


def made(world: World, who: str = "library.adviser", mode: Mode = Mode.FULL) -> UUID:
    """A finished assessment of Amina."""
    with world.app.app_context():
        return finished(world, who, "amina", mode, FULL if mode is Mode.FULL else EXPRESS)
