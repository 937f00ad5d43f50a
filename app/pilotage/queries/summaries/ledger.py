"""Everything that was published, cell by cell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.kernel import ids
from app.kernel.db import db
from app.pilotage.models import PublishedCell
from app.pilotage.queries.summaries.figures import AREA
from app.pilotage.secrecy import Cell, Key

_COLUMNS = (
    PublishedCell.period,
    PublishedCell.area,
    PublishedCell.indicator,
    PublishedCell.breakdown,
    PublishedCell.category,
    PublishedCell.value,
    PublishedCell.members,
)


def ledger(year: int, area: str) -> tuple[Cell, ...]:
    """The cells published of a year for every area, and of every year for this one. One query.

    Withdrawn summaries are there: what was read once is known. No sum joins two years.
    """
    of_year = PublishedCell.period.startswith(str(year))
    return _cells(select(*_COLUMNS).where(or_(of_year, PublishedCell.area == area)))


def cells_of(period: str, area: str = AREA) -> tuple[Cell, ...]:
    """The cells published for one period and area. One query."""
    return _cells(select(*_COLUMNS).where(PublishedCell.period == period, PublishedCell.area == area))


def _cells(query: Select[*tuple[Any, ...]]) -> tuple[Cell, ...]:
    found = db.session.execute(query.order_by(PublishedCell.id))
    return tuple(Cell(Key(*row[:5]), row.value, tuple(row.members)) for row in found)


def values_of(cell: Cell, summary_id: UUID) -> dict[str, Any]:
    """The columns of one cell, told by this summary."""
    where = cell.key._asdict()
    return {"id": ids.new_id(), "summary_id": summary_id, **where, "value": cell.value, "members": list(cell.members)}
