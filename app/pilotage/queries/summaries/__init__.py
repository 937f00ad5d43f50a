"""Reads of summaries: what is counted, what may be published, what was."""

from app.pilotage.queries.summaries.drafting import Draft, Frame, NotYet, draft, offered, writable
from app.pilotage.queries.summaries.figures import AREA, counted
from app.pilotage.queries.summaries.ledger import cells_of, ledger, values_of
from app.pilotage.queries.summaries.published import SummaryLine, SummaryView, current, published, stored, summary
from app.pilotage.queries.summaries.scene import PAPER, scene

__all__ = [
    "AREA",
    "PAPER",
    "Draft",
    "Frame",
    "NotYet",
    "SummaryLine",
    "SummaryView",
    "cells_of",
    "counted",
    "current",
    "draft",
    "ledger",
    "offered",
    "published",
    "scene",
    "stored",
    "summary",
    "values_of",
    "writable",
]
