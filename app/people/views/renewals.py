"""« À faire » : asking again about the shared register, before the agreement ends."""

from __future__ import annotations

from flask import url_for

from app.kernel import formats, pages
from app.kernel.access import Actor
from app.kernel.i18n import gettext as _
from app.kernel.panels import Task
from app.people.queries import renewals
from app.people.queries.renewals import Renewal, Waiting


def tasks(actor: Actor) -> list[Task]:
    """Whose agreement ends within a month, or ended a month ago at most; whose answer waits."""
    again = [_task(one) for one in renewals.renewals(actor, pages.today())]
    return [*again, *(_waits(one) for one in renewals.waiting(actor))]


def _waits(one: Waiting) -> Task:
    text = (
        _("On n’a pas pu lui demander son avis : sa réponse pour le registre partagé attend. Rien n’est partagé.")
        if one.unheard
        else _("Sa réponse pour le registre partagé attend un interprète. Rien n’est partagé d’ici là.")
    )
    title = _("Redemander à %(who)s pour le registre partagé", who=one.person)
    return Task(pages.today(), title, text, url_for("people.ask", person_id=one.person_id))


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
