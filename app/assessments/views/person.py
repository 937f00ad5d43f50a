"""What the person's page and the first screen show of assessments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import url_for

from app.assessments import policy, queries
from app.assessments.enums import Mode
from app.assessments.queries import ActionLine, Again
from app.assessments.queries.over_time import MOST
from app.kernel import pages
from app.kernel.access import Actor
from app.kernel.due import Names, Row, Source, Told, When
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.panels import Bearing, Brief, PersonPanel

SHOWN_ACTIONS = 3


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The last profile, the plan's next actions, and what was begun, on the person's page."""
    found, travelled = queries.on_page(actor, granted)
    remaining = queries.open_actions(actor, granted)
    begun = queries.in_progress(actor, granted)
    can_start = policy.can_start(actor, granted, Mode.EXPRESS)
    if not (found or remaining or begun or can_start):
        return None
    latest = next((line for line in found if not line.corrected), None)
    again = queries.next_time(actor, granted, pages.timezone())
    context = {
        "person_id": granted.person_id,
        "latest": latest,
        "earlier": [line for line in found if line is not latest],
        "actions": remaining[:SHOWN_ACTIONS],
        "more": len(remaining) - SHOWN_ACTIONS,
        "begun": begun,
        "can_start": can_start,
        "again": again,
        "travelled": travelled,
    }
    brief = tuple(_brief(granted, remaining, again))
    return PersonPanel("assessments", 30, "assessments/_panel.html", context, brief)


def _brief(granted: Granted, remaining: list[ActionLine], again: Again | None) -> Iterable[Brief]:
    """The action that was put off to a day was promised; the first of the others comes next."""
    today = pages.today()
    promised = [one for one in remaining if one.postponed_to]
    following = [one for one in remaining if not one.postponed_to]
    for one in promised[:SHOWN_ACTIONS]:
        late = one.postponed_to is not None and one.postponed_to < today
        yield Brief(Bearing.PROMISED, one.label, "#evaluation", one.postponed_to, late)
    for one in following[:1]:
        yield Brief(Bearing.NEXT, one.label, "#evaluation")
    if again is not None:
        url = url_for("assessments.start", person_id=granted.person_id)
        yield Brief(Bearing.NEXT, _("Refaire le point sur le numérique"), url, again.due, again.due < today)


def _again_due(row: Row, when: When) -> tuple[date, bool] | None:
    found = queries.again(row, when.timezone).due
    return (found, False) if found <= when.today else None


def _again_task(_actor: Actor, row: Row, names: Names) -> Told:
    url = url_for("assessments.start", person_id=row.person_id)
    return Told(_("Refaire le point sur le numérique"), names.person(row), url)


def _action_due(row: Row, when: When) -> tuple[date, bool]:
    return row.day or when.today, False


def _action_task(_actor: Actor, row: Row, names: Names) -> Told:
    one = queries.due_action(row)
    url = url_for("assessments.decide", assessment_id=one.assessment_id, code=one.code)
    return Told(_("À revoir : %(action)s", action=one.label), names.person(row), url)


# The assessments to make again and the actions postponed to today or before, for whoever may read the plan.
tasks = (
    Source(queries.due_again, _again_due, _again_task, MOST, order=lambda one: one.due),
    Source(queries.due_actions, _action_due, _action_task),
)
