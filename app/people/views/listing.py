"""The list of people: filters and order in the address, as codes; the same list on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages, panels
from app.kernel.access import FRONT, Actor
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.people import queries
from app.people.forms import SearchForm
from app.people.forms.lists import ORDER_WORDS, Asked, choices, read_asked, worded
from app.people.queries import Page, PersonRow, listing
from app.people.queries import views as kept_views
from app.people.queries.views import Kept
from app.people.views.blueprint import bp
from app.territory import communes

ALL = "toutes"
# A paper longer than this is no longer read; the list on screen goes on.
MOST_PRINTED = 200


def page_of(actor: Actor) -> ResponseReturnValue:
    """The list, as the address asks for it; without criteria, the list that this user opens first."""
    kept = kept_views.kept(actor)
    current, asked = _asked(kept)
    today = pages.today()
    page = queries.followed(actor, request.args.get("page", 1, type=int), asked.order, asked.filters, today)
    offered = choices(actor, today, listing.communes_of(actor), asked)
    context: dict[str, Any] = {
        "rows": lines(actor, page.rows, page.holders),
        "pager": _pager(page, asked, current),
        "asked": asked,
        "offered": offered,
        "sorts": _sorts(asked, current),
        "kept": kept,
        "current": current,
        "address": {**asked.codes, "vue": _view_code(asked, current)},
        "links": [(str(item.label), url_for(item.endpoint)) for item in panels.list_links if actor.role in item.roles],
    }
    return pages.render("people/index.html", form=SearchForm(formdata=None), **context)


@bp.get("/liste-imprimee")
@access.rule("Qui suit les personnes imprime leur liste, sans les situations protégées", FRONT)
def print_list() -> ResponseReturnValue:
    """The list on paper: those who are protected are left out, and the printing is journalled."""
    actor, today, asked = gate.actor(), pages.today(), read_asked(request.args)
    page = queries.followed(actor, 1, asked.order, asked.filters, today, MOST_PRINTED)
    shown = [row for row in page.rows if not row.protected]
    journal.note(actor, "person.print", "person", what="list", count=len(shown), filters=sorted(asked.codes))
    context: dict[str, Any] = {
        "rows": lines(actor, shown, page.holders),
        "total": page.total,
        "left_out": len(page.rows) - len(shown),
        "words": worded(asked, choices(actor, today, [], asked)),
        "back_url": address(asked.codes),
        "large_print": "grand" in request.args,
    }
    return pages.render("people/print_list.html", **context)


def address(values: Mapping[str, Any]) -> str:
    """The address of the list with these codes."""
    return url_for("people.index", **values)


def _asked(kept: list[Kept]) -> tuple[Kept | None, Asked]:
    """The criteria of the address; the view it names, or the first one of this user when it says nothing."""
    asked, named = read_asked(request.args), request.args.get("vue", "")
    current = next((one for one in kept if str(one.id) == named), None)
    if current is not None:
        return current, asked if asked.codes else read_asked(current.criteria)
    default = next((one for one in kept if one.is_default), None)
    if default is not None and not asked.codes and not named:
        return default, read_asked(default.criteria)
    return None, asked


def _view_code(asked: Asked, current: Kept | None) -> str | None:
    if current is not None and dict(current.criteria) == asked.codes:
        return str(current.id)
    return None if asked.codes else ALL


def lines(actor: Actor, rows: list[PersonRow], held: Mapping[UUID, str] | None = None) -> list[dict[str, object]]:
    """What the list shows of each person, with the marks that higher rooms give and the colleague they know."""
    marks = panels.marks_for(actor, {row.id for row in rows})
    return [
        {
            "person": row,
            "commune": communes.label(row.commune_code) if row.commune_code else "",
            "marks": marks.get(row.id, []),
            "holder": (held or {}).get(row.id, ""),
        }
        for row in rows
    ]


# Each column and its two orders, the first of which comes first.
SORTS = (("contact", "ancien"), ("nom", "nom_z"), ("naissance", "jeune"))


def _sorts(asked: Asked, current: Kept | None) -> list[dict[str, object]]:
    """For each column the order it has now, if any, and the address of the next one."""
    titles = (_("dernier contact"), _("nom"), _("âge"))
    codes = {name: value for name, value in asked.codes.items() if name != "tri"}
    found: list[dict[str, object]] = []
    for title, pair in zip(titles, SORTS, strict=True):
        following = pair[1] if asked.order == pair[0] else pair[0]
        tri = None if following == "contact" else following
        vue = None if codes or tri else ALL
        held = str(ORDER_WORDS[asked.order]) if asked.order in pair else ""
        found.append({"title": title, "held": held, "url": address({**codes, "tri": tri, "vue": vue})})
    return found


def _pager(page: Page, asked: Asked, current: Kept | None) -> dict[str, object]:
    vue = _view_code(asked, current)

    def turned(number: int) -> str | None:
        return address({**asked.codes, "page": number, "vue": vue}) if 1 <= number <= page.pages else None

    words = (
        ngettext("%(num)d personne dans cette liste", "%(num)d personnes dans cette liste", page.total)
        if asked.filtered
        else ngettext("%(num)d personne suivie", "%(num)d personnes suivies", page.total)
    )
    return {
        "number": page.number,
        "pages": page.pages,
        "prev_url": turned(page.number - 1),
        "next_url": turned(page.number + 1),
        "total_label": words,
    }
