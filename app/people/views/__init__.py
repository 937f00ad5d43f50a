"""Screens of the shared register: the list and its search, registering, a person's page, agreements, prints."""

from app.people.views import consents, edit, lists, prints, register, show
from app.people.views.blueprint import bp

__all__ = ["bp", "consents", "edit", "lists", "prints", "register", "show"]
