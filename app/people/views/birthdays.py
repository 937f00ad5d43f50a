"""« À faire » : somebody turns 15 or 18. Their age is corrected, and they are asked themselves."""

from __future__ import annotations

from datetime import date

from flask import url_for

from app.kernel import pages
from app.kernel.access import Actor
from app.kernel.i18n import gettext as _
from app.kernel.panels import Task
from app.people.queries import birthdays
from app.people.queries.birthdays import Birthday

AGREES_ALONE = 15


def tasks(actor: Actor) -> list[Task]:
    """Whose age is to be corrected; it goes once the record says the new one."""
    today = pages.today()
    return [_task(one, today) for one in birthdays.birthdays(actor, today.year)]


def _task(one: Birthday, today: date) -> Task:
    title = (
        _("%(who)s a plus de %(age)d ans", who=one.person, age=one.age)
        if one.certain
        else _("%(who)s a %(age)d ans cette année", who=one.person, age=one.age)
    )
    first = _("Vérifiez la date et corrigez son âge.")
    then = (
        _("Puis demandez-lui son accord pour le registre partagé : à 15 ans, la réponse lui appartient.")
        if one.age == AGREES_ALONE
        else _("Puis redemandez-lui son accord pour le registre partagé.")
    )
    due = today if one.certain else date(today.year, 12, 31)
    return Task(due, title, f"{first} {then}", url_for("people.edit", person_id=one.person_id))
