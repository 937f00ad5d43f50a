"""The people a hat follows, and the search: a POST whose words stay on the server, behind a token."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, formats, gate, pages, panels
from app.kernel.access import FRONT, Actor
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.people import actions, policy, queries
from app.people.forms import SearchForm, token_of
from app.people.queries import Found, Page, PersonRow
from app.people.views.blueprint import bp
from app.territory import communes


@bp.get("")
@access.rule("On voit les personnes que sa structure suit, dans le périmètre de son équipe", FRONT)
def index() -> ResponseReturnValue:
    """The people this hat follows, or what a search found among them."""
    actor, token = gate.actor(), request.args.get("recherche", "")
    return _results(actor, token) if token else _list(actor)


@bp.post("/recherche")
@access.rule("On cherche parmi les personnes que sa structure suit", FRONT, form_key=False)
def search() -> ResponseReturnValue:
    """Keep what is searched on the server; only an opaque token travels in the address."""
    actor, form = gate.actor(), SearchForm()
    token = form.save(lambda: actions.save_search(actor, form.q.data or ""))
    if token is None:
        return pages.render("people/results.html", form.status, form=form, found=None, rows=[], expired=False, text="")
    return redirect(url_for("people.index", recherche=token), 303)


def _results(actor: Actor, token: str) -> ResponseReturnValue:
    key = token_of(token)
    text = queries.searched(actor, key) if key else None
    if text is None:
        return pages.render(
            "people/results.html", form=SearchForm(formdata=None), found=None, rows=[], expired=True, text=""
        )
    found = queries.search(actor, text)
    form = SearchForm(formdata=None, data={"q": text})
    if found.too_short:
        form.q.errors = [_("Écrivez au moins deux lettres, ou quatre chiffres d’un téléphone.")]
    context: dict[str, Any] = {"found": found, "rows": _lines(actor, found.rows), "count": _count(found)}
    return pages.render("people/results.html", form=form, expired=False, text=text, **context)


def _count(found: Found) -> str:
    return ngettext("%(num)d personne trouvée", "%(num)d personnes trouvées", found.total)


def _list(actor: Actor) -> ResponseReturnValue:
    order: queries.Order = "nom" if request.args.get("tri") == "nom" else "contact"
    page = queries.followed(actor, request.args.get("page", 1, type=int), order)
    context: dict[str, Any] = {
        "rows": _lines(actor, page.rows),
        "pager": _pager(page, order),
        "order": order,
        "total": page.total,
        "can_look_for_duplicates": policy.can_look_for_duplicates(actor),
        "can_export": policy.can_export(actor),
    }
    return pages.render("people/index.html", form=SearchForm(formdata=None), **context)


def _lines(actor: Actor, rows: list[PersonRow]) -> list[dict[str, object]]:
    """What the list shows of each person, with the marks that higher rooms give."""
    marks = panels.marks_for(actor, {row.id for row in rows})
    return [
        {
            "person": row,
            "commune": communes.label(row.commune_code) if row.commune_code else "",
            "marks": marks.get(row.id, []),
        }
        for row in rows
    ]


def _pager(page: Page, order: str) -> dict[str, object]:
    def address(number: int) -> str | None:
        inside = 1 <= number <= page.pages
        return url_for("people.index", page=number, tri=order if order == "nom" else None) if inside else None

    return {
        "number": page.number,
        "pages": page.pages,
        "prev_url": address(page.number - 1),
        "next_url": address(page.number + 1),
        "total_label": _total(page),
    }


def _total(page: Page) -> str:
    if page.many:
        return _("Plus de %(num)s personnes suivies : voici les dernières vues. Cherchez les autres par leur nom.") % {
            "num": formats.number(page.total)
        }
    return ngettext("%(num)d personne suivie", "%(num)d personnes suivies", page.total)
