"""Who stands on which side of a proposal to pass the referent follow-up on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.access import ADVISING, Actor
from app.people.enums import HandOverSide
from app.people.models import (
    HandOver,
)


def side_of(actor: Actor, proposal: HandOver) -> HandOverSide | None:
    """On which side of a proposal this hat stands; None: it does not exist for it (a secret team’s is that team’s)."""
    if actor.role not in ADVISING:
        return None
    for side, structure_id, team_id in (
        (HandOverSide.FROM, proposal.from_structure_id, proposal.from_team_id),
        (HandOverSide.TO, proposal.to_structure_id, proposal.to_team_id),
    ):
        if structure_id == actor.structure_id and team_id in {None, actor.team_id}:
            return side
    return None


def on_a_side(actor: Actor) -> ColumnElement[bool]:
    """SQL: the same as `side_of` is not None."""
    if actor.role not in ADVISING:
        return false()
    sides = (
        (HandOver.from_structure_id, HandOver.from_team_id),
        (HandOver.to_structure_id, HandOver.to_team_id),
    )
    return or_(*((structure == actor.structure_id) & _of_team(actor, team) for structure, team in sides))


def _of_team(actor: Actor, team: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    return or_(team.is_(None), team == actor.team_id) if actor.team_id else team.is_(None)


def made_by_side(proposal: HandOver) -> HandOverSide:
    """The side that made the proposal; the other one answers."""
    return HandOverSide.TO if proposal.asked else HandOverSide.FROM
