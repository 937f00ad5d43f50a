"""The coordinator's map: one layer at a time, counts only, no person."""

from app.pilotage.queries.map.filters import Filters
from app.pilotage.queries.map.layers import coordinator_map

__all__ = ["Filters", "coordinator_map"]
