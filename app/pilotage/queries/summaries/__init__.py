"""Reads of summaries: what is counted, what may be published, what was."""

from app.pilotage.queries.summaries.drafting import (
    Draft,
    Frame,
    NotYet,
    Preparing,
    TooFew,
    chosen,
    draft,
    offered,
    over,
    preparing,
    writable,
)
from app.pilotage.queries.summaries.figures import AREA, census, counted
from app.pilotage.queries.summaries.ledger import cells_of, ledger, values_of
from app.pilotage.queries.summaries.published import (
    SummaryLine,
    SummaryView,
    current,
    in_order,
    published,
    stored,
    summary,
)
from app.pilotage.queries.summaries.scene import PAPER, scene
from app.pilotage.queries.summaries.zones import Zone, place_of, zones

__all__ = [
    "AREA",
    "PAPER",
    "Draft",
    "Frame",
    "NotYet",
    "Preparing",
    "SummaryLine",
    "SummaryView",
    "TooFew",
    "Zone",
    "cells_of",
    "census",
    "chosen",
    "counted",
    "current",
    "draft",
    "in_order",
    "ledger",
    "offered",
    "over",
    "place_of",
    "preparing",
    "published",
    "scene",
    "stored",
    "summary",
    "values_of",
    "writable",
    "zones",
]
