"""Who chooses the network's territory."""

from __future__ import annotations

from app.kernel.access import Role

CHOOSERS = frozenset({Role.COORDINATOR, Role.ADMIN})
