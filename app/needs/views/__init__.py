"""Screens of needs, under the person's page; what the page itself and the first screen say of them."""

from app.needs.views import needs, pieces
from app.needs.views.blueprint import bp
from app.needs.views.panel import FILTERS, history, marks, panel, tasks

__all__ = ["FILTERS", "bp", "history", "marks", "needs", "panel", "pieces", "tasks"]
