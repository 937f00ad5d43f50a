"""« À faire » : asking again about the shared register, before the agreement ends."""

from __future__ import annotations

from flask import url_for

from app.kernel import formats, pages
from app.kernel.access import Actor
from app.kernel.i18n import gettext as _
from app.kernel.panels import Task
from app.people.queries import renewals
from app.people.queries.renewals import Renewal


def tasks(actor: Actor) -> list[Task]:
    """Whose agreement ends within a month, or ended a month ago at most."""
    return [_task(one) for one in renewals.renewals(actor, pages.today())]


def _task(one: Renewal) -> Task:
    over = one.ends_on < pages.today()
    day = formats.day(one.ends_on)
    text = (
        _("Son accord a pris fin le %(day)s : les autres structures n’ouvrent plus sa fiche.", day=day)
        if over
        else _(
            "Son accord prend fin le %(day)s. Sans réponse, les autres structures n’ouvriront plus sa fiche.", day=day
        )
    )
    title = _("Redemander à %(who)s pour le registre partagé", who=one.person)
    return Task(one.ends_on, title, text, url_for("people.ask", person_id=one.person_id))
