"""Screens of the network's figures: the coordinator's tables and map, the summaries of elected officials."""

from app.pilotage.views import care, coordinator, summaries
from app.pilotage.views.blueprint import bp
from app.pilotage.views.coordinator import AGREEMENT_WORDS
from app.pilotage.views.tasks import tasks

__all__ = ["AGREEMENT_WORDS", "bp", "care", "coordinator", "summaries", "tasks"]
