"""« À faire » : asking again about the shared register, before the agreement ends."""

from __future__ import annotations

from datetime import date

from flask import url_for

from app.kernel import formats, pages
from app.kernel.access import Actor
from app.kernel.due import Names, Row, Source, Told, When
from app.kernel.i18n import gettext as _
from app.people.queries import renewals


def _due(row: Row, when: When) -> tuple[date, bool]:
    return row.day or when.today, False


def _today(_row: Row, when: When) -> tuple[date, bool]:
    return when.today, False


def _waits(_actor: Actor, row: Row, names: Names) -> Told:
    text = (
        _("On n’a pas pu lui demander son avis : sa réponse pour le registre partagé attend. Rien n’est partagé.")
        if renewals.is_unheard(row)
        else _("Sa réponse pour le registre partagé attend un interprète. Rien n’est partagé d’ici là.")
    )
    title = _("Redemander à %(who)s pour le registre partagé", who=names.person(row))
    return Told(title, text, url_for("people.ask", person_id=row.person_id))


def _task(_actor: Actor, row: Row, names: Names) -> Told:
    ends_on = row.day or pages.today()
    over = ends_on < pages.today()
    day = formats.day(ends_on)
    text = (
        _("Son accord a pris fin le %(day)s : les autres structures n’ouvrent plus sa fiche.", day=day)
        if over
        else _(
            "Son accord prend fin le %(day)s. Sans réponse, les autres structures n’ouvriront plus sa fiche.", day=day
        )
    )
    title = _("Redemander à %(who)s pour le registre partagé", who=names.person(row))
    return Told(title, text, url_for("people.ask", person_id=row.person_id))


# Whose agreement ends within a month, or ended a month ago at most; whose answer waits.
tasks = (Source(renewals.renewals, _due, _task), Source(renewals.waiting, _today, _waits))
