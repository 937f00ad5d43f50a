"""Reads of the register: each starts from what is visible to the actor; frozen views hold only the granted sections."""

from app.people.queries.card import (
    AdaptationView,
    ContactView,
    FollowerLine,
    IdentityView,
    PersonCard,
    card,
    followers,
    granted_on,
    label_of,
    labels,
)
from app.people.queries.codes import free_code
from app.people.queries.consents import ConsentLine, consent, consents
from app.people.queries.listing import Filters, Order, Page, followed
from app.people.queries.lists import PAGE_SIZE, PersonRow
from app.people.queries.searching import MOST_FOUND, Found, search, searched

__all__ = [
    "MOST_FOUND",
    "PAGE_SIZE",
    "AdaptationView",
    "ConsentLine",
    "ContactView",
    "Filters",
    "FollowerLine",
    "Found",
    "IdentityView",
    "Order",
    "Page",
    "PersonCard",
    "PersonRow",
    "card",
    "consent",
    "consents",
    "followed",
    "followers",
    "free_code",
    "granted_on",
    "label_of",
    "labels",
    "search",
    "searched",
]
