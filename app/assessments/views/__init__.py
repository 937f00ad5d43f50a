"""Screens of the assessment: one question at a time at the counter, the professional's result, the person's page."""

from app.assessments.views import asking, paper, results
from app.assessments.views.blueprint import bp
from app.assessments.views.history import history, plan_history
from app.assessments.views.person import panel, tasks

__all__ = ["asking", "bp", "history", "panel", "paper", "plan_history", "results", "tasks"]
