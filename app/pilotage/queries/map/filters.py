"""What is asked of the map."""

from __future__ import annotations

from dataclasses import dataclass

from app.needs.enums import NeedKind
from app.network.enums import StructureKind
from app.pilotage.enums import Layer
from app.pilotage.queries.period import Period


@dataclass(frozen=True)
class Filters:
    """A layer, a period, and one kind of structure or of need when it is chosen."""

    layer: Layer
    period: Period
    structure_kind: StructureKind | None = None
    need_kind: NeedKind | None = None
