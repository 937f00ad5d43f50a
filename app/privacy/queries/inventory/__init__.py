"""Every table of the database, said once: what a person receives of it when they ask, and why the rest is left out.

A test fails on a table or a column that is not here (RGPD art. 15; `domain/access.md`, rights).
"""

from __future__ import annotations

from app.privacy.queries.inventory.base import PERSON, Holding
from app.privacy.queries.inventory.left_out import COUNTED, LEFT_OUT, NETWORK, STAFF
from app.privacy.queries.inventory.people import PEOPLE
from app.privacy.queries.inventory.traces import TRACES
from app.privacy.queries.inventory.work import WORK

HOLDINGS: tuple[Holding, ...] = (*PEOPLE, *WORK, *TRACES)

__all__ = ["COUNTED", "HOLDINGS", "LEFT_OUT", "NETWORK", "PERSON", "STAFF", "Holding"]
