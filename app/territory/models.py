"""The territory that the network covers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, Versioned
from app.territory.enums import TerritoryKind

ONLY = 1


class NetworkTerritory(Versioned, Base):
    """One row at most: an EPCI (`code` is its Siren), a département (its code), or a list of Insee codes of communes."""

    __tablename__ = "network_territory"
    __table_args__ = (
        CheckConstraint(f"id = {ONLY}", name="only_row"),
        CheckConstraint("(kind = 'communes') = (code IS NULL)", name="code_or_communes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=ONLY, autoincrement=False)
    kind: Mapped[TerritoryKind]
    code: Mapped[str | None] = mapped_column(String(9))
    communes: Mapped[list[str]] = mapped_column(default=list)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
