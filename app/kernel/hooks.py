"""What a lower room announces and a higher one answers, registered in `app/wiring`: plain calls, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.kernel.access import Actor

# (actor or None for the clock, person, consent, cause code) when a consent ends or is withdrawn.
ConsentEnded = Callable[[Actor | None, UUID, UUID, str], None]
# (person kept, person removed) when two records become one.
PeopleMerged = Callable[[UUID, UUID], None]
# (actor or None, structure) when a structure leaves the network: it shares and receives nothing more.
StructureLeft = Callable[[Actor | None, UUID], None]
# (actor, person) when somebody’s situation becomes protected.
PersonProtected = Callable[[Actor, UUID], None]

consent_ended: list[ConsentEnded] = []
people_merged: list[PeopleMerged] = []
structure_left: list[StructureLeft] = []
person_protected: list[PersonProtected] = []


def announce_consent_ended(actor: Actor | None, person_id: UUID, consent_id: UUID, cause: str) -> None:
    """Tell every registered room that a consent no longer holds."""
    for act in consent_ended:
        act(actor, person_id, consent_id, cause)


def announce_person_protected(actor: Actor, person_id: UUID) -> None:
    """Tell every registered room, in the same transaction, that less may be told of somebody from now on."""
    for act in person_protected:
        act(actor, person_id)


def announce_structure_left(actor: Actor | None, structure_id: UUID) -> None:
    """Tell every registered room that a structure has left, in its transaction."""
    for act in structure_left:
        act(actor, structure_id)
