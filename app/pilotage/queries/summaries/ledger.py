"""Everything that was published, cell by cell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel import ids
from app.kernel.db import db
from app.pilotage.models import PublishedCell
from app.pilotage.queries.summaries.figures import AREA
from app.pilotage.secrecy import Cell, Key


def ledger(area: str) -> tuple[Cell, ...]:
    """The cells published for an area, withdrawn summaries included: what was read once is known. One query."""
    columns = (
        PublishedCell.period,
        PublishedCell.area,
        PublishedCell.indicator,
        PublishedCell.breakdown,
        PublishedCell.category,
        PublishedCell.value,
        PublishedCell.members,
    )
    query = select(*columns).where(PublishedCell.area == area).order_by(PublishedCell.id)
    return tuple(Cell(Key(*row[:5]), row.value, tuple(row.members)) for row in db.session.execute(query))


def cells_of(period: str, area: str = AREA) -> tuple[Cell, ...]:
    """The cells published for one period. One query."""
    return tuple(cell for cell in ledger(area) if cell.key.period == period)


def values_of(cell: Cell, summary_id: UUID) -> dict[str, Any]:
    """The columns of one cell, told by this summary."""
    where = cell.key._asdict()
    return {"id": ids.new_id(), "summary_id": summary_id, **where, "value": cell.value, "members": list(cell.members)}
