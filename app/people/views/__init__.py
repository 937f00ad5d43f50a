"""Screens of the shared register: the list and its search, registering, a person's page, agreements, prints."""

from app.people.views import (
    birthdays,
    cards,
    consents,
    duplicates,
    edit,
    following,
    history,
    lists,
    notes,
    prints,
    protection,
    register,
    renewals,
    show,
)
from app.people.views.blueprint import bp
from app.people.views.duplicates import tasks

__all__ = [
    "birthdays",
    "bp",
    "cards",
    "consents",
    "duplicates",
    "edit",
    "following",
    "history",
    "lists",
    "notes",
    "prints",
    "protection",
    "register",
    "renewals",
    "show",
    "tasks",
]
