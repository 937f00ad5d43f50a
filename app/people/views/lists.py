"""The people a hat follows, and the search: a POST whose words stay on the server, behind a token."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.people import actions, queries
from app.people.forms import SearchForm, token_of
from app.people.queries import Found
from app.people.views.blueprint import bp
from app.people.views.listing import lines, page_of


@bp.get("")
@access.rule("On voit les personnes que sa structure suit, dans le périmètre de son équipe", FRONT)
def index() -> ResponseReturnValue:
    """The people this hat follows, or what a search found among them."""
    actor, token = gate.actor(), request.args.get("recherche", "")
    return _results(actor, token) if token else page_of(actor)


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
    context: dict[str, Any] = {"found": found, "rows": lines(actor, found.rows), "count": _count(found)}
    return pages.render("people/results.html", form=form, expired=False, text=text, **context)


def _count(found: Found) -> str:
    return ngettext("%(num)d personne trouvée", "%(num)d personnes trouvées", found.total)
