"""Reads of the coordinator: what flows where, and how good the assessments are."""

from app.pilotage.queries.blockers import Blocked, blocked
from app.pilotage.queries.flows import Flow, Flows, Waiting, WaitingPage, flows, waiting
from app.pilotage.queries.map import Filters, coordinator_map
from app.pilotage.queries.period import Period
from app.pilotage.queries.quality import Quality, quality

__all__ = [
    "Blocked",
    "Filters",
    "Flow",
    "Flows",
    "Period",
    "Quality",
    "Waiting",
    "WaitingPage",
    "blocked",
    "coordinator_map",
    "flows",
    "quality",
    "waiting",
]
