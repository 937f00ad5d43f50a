"""« À faire » : somebody turns 15 or 18. Their age is corrected, and they are asked themselves."""

from __future__ import annotations

from datetime import date

from flask import url_for

from app.kernel import pages
from app.kernel.access import Actor
from app.kernel.due import Entry, Names, Row, Source, Told, When
from app.kernel.i18n import gettext as _
from app.people.enums import AgeStatus
from app.people.queries import birthdays
from app.people.queries.birthdays import Birthday

AGREES_ALONE = 15


def _corrected_by(one: Birthday, today: date) -> date:
    """At once when they turned that age for sure, else before the end of the year."""
    return today if one.certain else date(today.year, 12, 31)


def _due(row: Row, when: When) -> tuple[date, bool]:
    return _corrected_by(birthdays.birthday(row, when.today.year), when.today), False


def _oldest_first(one: Entry) -> object:
    return birthdays.oldest_first(one.row) if one.row else None


def _at_once(_row: Row, when: When) -> tuple[date, bool]:
    return when.today, False


def _ask(_actor: Actor, row: Row, names: Names) -> Told:
    title = _("Redemander à %(who)s pour le registre partagé", who=names.person(row))
    text = (
        _("L’accord a été donné avant ses 15 ans : la réponse lui appartient maintenant.")
        if row.codes[0] == AgeStatus.FROM_15
        else _("L’accord a été donné avant sa majorité : la réponse lui appartient maintenant.")
    )
    return Told(title, text, url_for("people.ask", person_id=row.person_id))


def _task(_actor: Actor, row: Row, names: Names) -> Told:
    one, who = birthdays.birthday(row, pages.today().year), names.person(row)
    title = (
        _("%(who)s a plus de %(age)d ans", who=who, age=one.age)
        if one.certain
        else _("%(who)s a %(age)d ans cette année", who=who, age=one.age)
    )
    first = _("Vérifiez la date et corrigez son âge.")
    then = (
        _("Puis demandez-lui son accord pour le registre partagé : à 15 ans, la réponse lui appartient.")
        if one.age == AGREES_ALONE
        else _("Puis redemandez-lui son accord pour le registre partagé.")
    )
    return Told(title, f"{first} {then}", url_for("people.edit", person_id=row.person_id))


# Whose age is to be corrected, until the record says the new one; then who is asked themselves, until they are.
tasks = (
    Source(birthdays.birthdays, _due, _task, birthdays.MOST_TASKS, order=_oldest_first),
    Source(birthdays.grown, _at_once, _ask),
)
