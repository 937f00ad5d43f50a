"""What the person's page and the first screen show of assessments."""

from __future__ import annotations

from flask import url_for

from app.assessments import policy, queries
from app.assessments.enums import Mode
from app.assessments.queries import AssessmentLine
from app.kernel import pages
from app.kernel.access import Actor
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.panels import PersonPanel, Task, TimelineItem
from app.people import queries as people_queries

SHOWN_ACTIONS = 3


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The last profile, the plan's next actions, and what was begun, on the person's page."""
    found = queries.of_person(actor, granted)
    remaining = queries.open_actions(actor, granted)
    begun = queries.in_progress(actor, granted)
    can_start = policy.can_start(actor, granted, Mode.EXPRESS)
    if not (found or remaining or begun or can_start):
        return None
    latest = next((line for line in found if not line.corrected), None)
    context = {
        "person_id": granted.person_id,
        "latest": latest,
        "earlier": [line for line in found if line is not latest],
        "actions": remaining[:SHOWN_ACTIONS],
        "more": len(remaining) - SHOWN_ACTIONS,
        "begun": begun,
        "can_start": can_start,
        "again": queries.next_time(actor, granted, pages.timezone()),
        "travelled": queries.travelled(actor, granted),
    }
    return PersonPanel("assessments", 30, "assessments/_panel.html", context, tuple(_item(line) for line in found))


def tasks(actor: Actor) -> list[Task]:
    """The actions postponed to today or before and the assessments to make again, for whoever may read the plan."""
    due, again = queries.due_actions(actor, pages.today()), queries.due_again(actor, pages.today(), pages.timezone())
    names = people_queries.labels(actor, {one.person_id for one in due} | {one.person_id for one in again})
    return [
        *(
            Task(
                one.due,
                _("Refaire le point sur le numérique"),
                names.get(one.person_id, ""),
                url_for("assessments.start", person_id=one.person_id),
            )
            for one in again
        ),
        *(
            Task(
                one.postponed_to,
                _("À revoir : %(action)s", action=one.label),
                names.get(one.person_id, ""),
                url_for("assessments.decide", assessment_id=one.assessment_id, code=one.code),
            )
            for one in due
        ),
    ]


def _item(line: AssessmentLine) -> TimelineItem:
    title = _("Évaluation %(mode)s de la distance au numérique", mode=str(line.mode.label))
    title = _("%(assessment)s (corrigée)", assessment=title) if line.corrected else title
    url = url_for("assessments.result", assessment_id=line.id)
    return TimelineItem(line.at, "assessment", title, queries.profile_phrase(line.profile), line.structure_name, url)
