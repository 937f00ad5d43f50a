"""« À faire » : somebody turns 15 or 18. Their age is corrected, and they are asked themselves."""

from __future__ import annotations

from datetime import date

from flask import url_for

from app.kernel import pages
from app.kernel.access import Actor
from app.kernel.i18n import gettext as _
from app.kernel.panels import Task
from app.people.enums import AgeStatus
from app.people.queries import birthdays
from app.people.queries.birthdays import Birthday, Grown

AGREES_ALONE = 15


def tasks(actor: Actor) -> list[Task]:
    """Whose age is to be corrected, until the record says the new one; then who is asked themselves, until they are."""
    today = pages.today()
    turning = [_task(one, today) for one in birthdays.birthdays(actor, today.year)]
    return [*turning, *(_ask(one, today) for one in birthdays.grown(actor, today))]


def _ask(one: Grown, today: date) -> Task:
    title = _("Redemander à %(who)s pour le registre partagé", who=one.person)
    text = (
        _("L’accord a été donné avant ses 15 ans : la réponse lui appartient maintenant.")
        if one.age_status is AgeStatus.FROM_15
        else _("L’accord a été donné avant sa majorité : la réponse lui appartient maintenant.")
    )
    return Task(today, title, text, url_for("people.ask", person_id=one.person_id))


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
