"""The documents asked for a need, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Granted
from app.needs import policy
from app.needs.enums import PieceKind, PieceState
from app.needs.models import Need, NeedPiece


@dataclass(frozen=True)
class PieceLine:
    """One document asked."""

    kind: PieceKind
    state: PieceState
    seen_on: date | None


def pieces_of(actor: Actor, granted: Granted, need_ids: set[UUID]) -> dict[UUID, list[PieceLine]]:
    """The documents of several needs of one person, those that miss first; one query, only of readable needs."""
    if not need_ids:
        return {}
    query = select(NeedPiece).join(Need, Need.id == NeedPiece.need_id)
    query = query.where(NeedPiece.need_id.in_(need_ids), policy.readable(actor, granted))
    found: dict[UUID, list[PieceLine]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.need_id, []).append(PieceLine(one.kind, one.state, one.seen_on))
    return {need_id: sorted(lines, key=_order) for need_id, lines in found.items()}


def _order(line: PieceLine) -> tuple[int, int]:
    return list(PieceState).index(line.state), list(PieceKind).index(line.kind)
