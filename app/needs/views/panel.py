"""What the person's page, the lists and the first screen say of needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from flask import url_for

from app.kernel import due, pages, timeline
from app.kernel.access import Actor
from app.kernel.due import Names, Row, Source, When
from app.kernel.grants import Granted, Section
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext, ngettext
from app.kernel.panels import Bearing, Brief, PersonFilter, PersonMark, PersonPanel
from app.kernel.timeline import Entry, Told
from app.needs import policy, queries
from app.needs.enums import Blocker, Demarche, NeedKind, NeedResult, Organisme, PieceKind, Priority
from app.needs.queries import NeedLine
from app.needs.queries.due import MOST

# A limit this near is urgent; further, it is what comes next.
PRESSING = timedelta(days=3)


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The open needs of a person, on their page; those that ended are in the history."""
    lines = queries.open_of(actor, granted)
    if not (lines or granted.opens(Section.NEEDS) or policy.can_open(actor, granted)):
        return None
    context = {
        "person_id": granted.person_id,
        "open_needs": lines,
        "can_open": policy.can_open(actor, granted),
        "sees_closed": policy.sees_closed(actor),
    }
    return PersonPanel("needs", 20, "needs/_panel.html", context, tuple(_brief(granted, lines)))


def _brief(granted: Granted, lines: Iterable[NeedLine]) -> Iterable[Brief]:
    today = pages.today()
    for line in lines:
        pressing = line.priority is Priority.P1 or (line.due_on is not None and line.due_on <= today + PRESSING)
        if pressing or line.due_on:
            url = url_for("needs.show", person_id=granted.person_id, need_id=line.id)
            late = line.due_on is not None and line.due_on < today
            yield Brief(Bearing.URGENT if pressing else Bearing.NEXT, line.title, url, line.due_on, late)


FILTERS = (
    PersonFilter("ouverte", lazy_gettext("Avec une demande en cours"), queries.waits),
    PersonFilter("urgente", lazy_gettext("Avec une demande urgente"), partial(queries.waits, urgent=True)),
)


def marks(actor: Actor, person_ids: set[UUID]) -> dict[UUID, PersonMark]:
    """« 2 demandes en cours », beside a person in a list."""
    counts = queries.open_counts(actor, person_ids)
    return {
        person_id: PersonMark(ngettext("%(num)d demande en cours", "%(num)d demandes en cours", count), "open", 20)
        for person_id, count in counts.items()
    }


def _due(row: Row, when: When) -> tuple[date, bool]:
    return row.day or when.today, row.codes[3] == Priority.P1


def _task(_actor: Actor, row: Row, names: Names) -> due.Told:
    kind, demarche, organismes, _priority = row.codes
    url = url_for("needs.show", person_id=row.person_id, need_id=row.id)
    title = _("Demande à traiter : %(title)s", title=_title(kind, demarche, organismes))
    return due.Told(title, names.person(row), url)


# The needs whose limit comes within a week, and the urgent ones.
tasks = Source(queries.due_needs, _due, _task, MOST)


def _tell(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    kind, demarche, organismes, blockers, *more = entry.codes
    title = _title(kind, demarche, organismes)
    url = url_for("needs.show", person_id=granted.person_id, need_id=entry.id)
    stopped = ", ".join(str(Blocker(one).label) for one in _list(blockers))
    text = _("Ce qui bloque : %(what)s", what=stopped) if stopped else ""
    if entry.step == "piece":
        return Told(_("Pièce apportée : %(piece)s", piece=PieceKind(more[0]).label), title, url=url)
    if entry.step == "closed":
        result = str(NeedResult(more[0]).label)
        told = f"{result} · {text}" if text else result
        return Told(_("Demande terminée : %(title)s", title=title), told, url=url)
    return Told(_("Demande : %(title)s", title=title), text, entry.words, url)


def _title(kind: str, demarche: str, organismes: str) -> str:
    named = tuple(Organisme(one) for one in _list(organismes))
    return queries.title(NeedKind(kind), Demarche(demarche) if demarche else None, named)


def _list(codes: str) -> list[str]:
    found: list[str] = json.loads(codes) if codes else []
    return found


history = timeline.Source("need", lazy_gettext("Demandes"), "chat", queries.lines, _tell)
