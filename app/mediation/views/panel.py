"""The sessions of a person, on their page."""

from __future__ import annotations

from datetime import datetime, time

from flask import url_for

from app.kernel import clock, pages
from app.kernel.access import Actor
from app.kernel.grants import Granted, Section
from app.kernel.panels import PersonPanel, TimelineItem
from app.mediation import policy, queries
from app.mediation.queries import PersonLine

SHOWN = 5
REMEMBERED = 40
NOON = 12


def person_panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The latest sessions, and the history they leave."""
    lines, total = queries.of_person(actor, granted, REMEMBERED)
    can_log = policy.can_log_with(actor, granted)
    if not (lines or granted.opens(Section.SESSIONS) or can_log):
        return None
    context = {"person_id": granted.person_id, "lines": lines[:SHOWN], "total": total, "can_log": can_log}
    timeline = tuple(_item(line) for line in lines)
    return PersonPanel("sessions", 30, "mediation/_panel.html", context, timeline)


def _item(line: PersonLine) -> TimelineItem:
    title = ", ".join(str(theme.label) for theme in line.themes)
    url = url_for("mediation.show", session_id=line.id)
    return TimelineItem(_moment(line), "session", title, "", line.by, url)


def _moment(line: PersonLine) -> datetime:
    """When it was logged if it was the same day, else noon of its day on the network's clock."""
    logged = clock.local(line.logged_at, pages.timezone())
    if logged.date() == line.held_on:
        return line.logged_at
    return datetime.combine(line.held_on, time(NOON), tzinfo=logged.tzinfo)
