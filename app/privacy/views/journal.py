"""The journal, looked through by the data protection officer."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.kernel import access, gate, pages
from app.kernel.access import Actor, Role
from app.privacy import actions, queries
from app.privacy.enums import Desk
from app.privacy.forms import JournalForm
from app.privacy.queries import Criteria, JournalPage
from app.privacy.views.blueprint import bp

LONGEST = 16


@bp.get("/journal")
@access.rule("La personne déléguée à la protection des données lit le journal de sa structure", Role.DPO)
def journal() -> ResponseReturnValue:
    """Who did what, when, wearing which hat, from which grant."""
    actor, token = gate.actor(), request.args.get("recherche", "")
    wanted = queries.selection(actor, Desk.JOURNAL, token) if token else {}
    form = _form(actor, JournalForm(formdata=None)).show(wanted or {})
    if wanted is None:
        return _page(form, None, "")
    before = _number(request.args.get("avant", ""))
    return _page(form, queries.journal_page(actor, wanted, pages.timezone(), before), token)


@bp.post("/journal/recherche")
@access.rule("La personne déléguée cherche dans le journal de sa structure", Role.DPO, form_key=False)
def search_journal() -> ResponseReturnValue:
    """Keep what is looked for on the server; only an opaque token travels in the address."""
    actor = gate.actor()
    form = _form(actor, JournalForm())
    token = form.save(lambda: actions.keep_selection(actor, Desk.JOURNAL, form.criteria()))
    if token is None:
        return _page(form, None, "")
    return redirect(url_for("privacy.journal", recherche=token), 303)


@bp.get("/journal/papier")
@access.rule("La personne déléguée imprime une recherche dans le journal", Role.DPO)
def print_journal() -> ResponseReturnValue:
    """What was looked for, on paper."""
    actor, token = gate.actor(), request.args.get("recherche", "")
    wanted: Criteria | None = queries.selection(actor, Desk.JOURNAL, token) if token else {}
    if wanted is None:
        return redirect(url_for("privacy.journal", recherche=token), 303)
    found = queries.journal_on_paper(actor, wanted, pages.timezone())
    back = url_for("privacy.journal", recherche=token or None)
    return pages.render("privacy/journal_paper.html", found=found, most=queries.PRINTED, back_url=back)


def _form(actor: Actor, form: JournalForm) -> JournalForm:
    colleagues = accounts.colleagues(actor.structure_id, pages.today(), frozenset(Role))
    return form.offer([(str(one.user_id), one.display_name) for one in colleagues])


def _page(form: JournalForm, found: JournalPage | None, token: str) -> ResponseReturnValue:
    kept = token or None
    further = found.next_before if found else None
    return pages.render(
        "privacy/journal.html",
        form.status,
        form=form,
        found=found,
        expired=found is None and not form.errors,
        print_url=url_for("privacy.print_journal", recherche=kept),
        next_url=url_for("privacy.journal", avant=further, recherche=kept) if further else None,
        first_url=url_for("privacy.journal", recherche=kept) if request.args.get("avant") else None,
        all_url=url_for("privacy.journal") if token or form.errors or found is None else None,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST else None
