"""The one history on the person's page, its filter and its pages; what the register itself says in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import request, url_for

from app.accounts import queries as account_queries
from app.kernel import clock, formats, pages, timeline
from app.kernel.access import Actor
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext, ngettext
from app.kernel.timeline import Entry, Page, Source, Told
from app.people.enums import ConsentAnswer, ConsentKind, ConsentWay, HandOverReason, NoteVisibility, NoticeWay
from app.people.queries import history as kept

KIND, PAGE = "quoi", "page"
ANCHOR = "histoire"


@dataclass(frozen=True)
class Line:
    """One line of the history, in words."""

    icon: str
    label: str
    told: Told
    by: str
    day: date
    hour: str


@dataclass(frozen=True)
class History:
    """A page of the history, by month then by day; the choices of its filter; its pages."""

    months: list[tuple[str, list[tuple[date, list[Line]]]]]
    choices: list[tuple[str, str, bool]]
    pager: Mapping[str, object]
    kind: str
    total: int


def asked(actor: Actor, granted: Granted) -> tuple[str, Page]:
    """The kind (a code, empty for all) and the page of the history that the address asks for."""
    wanted = request.args.get(KIND, "")
    kind = wanted if timeline.source_of(wanted) else ""
    return kind, timeline.page(actor, granted, kind, request.args.get(PAGE, 1, type=int), pages.timezone())


def structures(page: Page) -> set[UUID]:
    """The structures to be named in these lines."""
    return {one for entry in page.entries for one in (entry.structure_id, entry.other_id) if one}


def told(granted: Granted, kind: str, page: Page, names: Mapping[UUID, str]) -> History:
    """The same page in words. `names`: of `structures(page)` at least."""
    authors = account_queries.display_names({one.author_id for one in page.entries if one.author_id})
    lines = [_line(granted, entry, names, authors) for entry in page.entries]
    return History(_grouped(lines), _choices(granted, kind), _pager(granted, kind, page), kind, page.total)


def _line(granted: Granted, entry: Entry, names: Mapping[UUID, str], authors: Mapping[UUID, str]) -> Line:
    source = next(one for one in timeline.sources if one.kind == entry.kind)
    author = authors.get(entry.author_id, "") if entry.author_id else ""
    structure = names.get(entry.structure_id, "") if entry.structure_id else ""
    zone = pages.timezone()
    same_day = clock.local(entry.at, zone).date() == entry.day
    hour = formats.hour(entry.at, zone) if same_day else ""
    by = " · ".join(one for one in (author, structure) if one)
    return Line(source.icon, str(source.label), source.tell(granted, entry, names), by, entry.day, hour)


def _grouped(lines: list[Line]) -> list[tuple[str, list[tuple[date, list[Line]]]]]:
    days = [(day, list(some)) for day, some in groupby(lines, key=lambda line: line.day)]
    months = groupby(days, key=lambda one: formats.month(one[0]))
    return [(month, list(some)) for month, some in months]


def _choices(granted: Granted, kind: str) -> list[tuple[str, str, bool]]:
    """(words, address, chosen) of the filter."""
    every = [("", _("Tout")), *((one.kind, str(one.label)) for one in timeline.sources)]
    return [(label, _address(granted, code, 1), code == kind) for code, label in every]


def _address(granted: Granted, kind: str, number: int) -> str:
    page = number if number > 1 else None
    return url_for("people.show", person_id=granted.person_id, quoi=kind or None, page=page, _anchor=ANCHOR)


def _pager(granted: Granted, kind: str, page: Page) -> Mapping[str, object]:
    before, after = page.number - 1, page.number + 1
    return {
        "label": _("Pages de l’histoire"),
        "number": page.number,
        "pages": page.pages,
        "prev_url": _address(granted, kind, before) if before >= 1 else None,
        "next_url": _address(granted, kind, after) if after <= page.pages else None,
        "total_label": ngettext("%(num)d étape", "%(num)d étapes", page.total),
    }


# ---------------------------------------------------------------- what the register says


def _follow(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    if entry.step == "passed":
        before = names.get(entry.other_id, "") if entry.other_id else ""
        reason = str(HandOverReason(entry.codes[0]).label)
        return Told(_("Nouvelle structure référente, après %(before)s", before=before), reason)
    words = {"registered": _("Inscription"), "began": _("Début du suivi"), "ended": _("Fin du suivi")}
    return Told(words[entry.step])


def _consent(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    url = url_for("people.show", person_id=granted.person_id, _anchor="accords")
    if entry.step == "notice":
        way, version = entry.codes
        return Told(str(NoticeWay(way).label), _("Version %(version)s", version=version))
    kind, answer, way, _until = entry.codes
    label = str(ConsentKind(kind).label)
    if entry.step == "withdrawn":
        return Told(_("%(kind)s : accord retiré", kind=label), url=url)
    if answer == ConsentAnswer.PENDING:
        return Told(_("%(kind)s : réponse en attente", kind=label), str(ConsentWay(way).label), url=url)
    given = answer == ConsentAnswer.GIVEN
    title = _("%(kind)s : accord donné", kind=label) if given else _("%(kind)s : refus", kind=label)
    return Told(title, str(ConsentWay(way).label), url=url)


def _written(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    visibility, own = entry.codes
    acts = _acts(granted, entry) if own and granted.may_write else ()
    return Told(_("Note"), str(NoteVisibility(visibility).label), entry.words, acts=acts)


def _acts(granted: Granted, entry: Entry) -> tuple[tuple[str, str], ...]:
    """Corrected or deleted on its day by whoever wrote it; then only hidden (`policy.can_change_note`)."""
    drop = url_for("people.drop_note", person_id=granted.person_id, note_id=entry.id)
    if entry.day != pages.today():
        return ((_("Masquer la note"), drop),)
    correct = url_for("people.correct_note", person_id=granted.person_id, note_id=entry.id)
    return ((_("Corriger la note"), correct), (_("Supprimer la note"), drop))


follow_history = Source(kept.FOLLOW, lazy_gettext("Suivi"), "person", kept.follow_lines, _follow)
consent_history = Source(kept.CONSENT, lazy_gettext("Accords"), "shield", kept.consent_lines, _consent)
note_history = Source(kept.NOTE, lazy_gettext("Notes"), "pen", kept.note_lines, _written)
