"""Screens of referrals: lists, one referral and its acts, preparing and sending, what is to be done, the person's page."""

from app.referrals.views import following, liaison, links, lists, partner, prints, sending, show, steps
from app.referrals.views.blueprint import bp
from app.referrals.views.history import history
from app.referrals.views.person import panel
from app.referrals.views.tasks import tasks

__all__ = [
    "bp",
    "following",
    "history",
    "liaison",
    "links",
    "lists",
    "panel",
    "partner",
    "prints",
    "sending",
    "show",
    "steps",
    "tasks",
]
