"""Summaries: the list, one summary on screen, on paper and as a table, and the coordinator's preparation."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.kernel.clock import local
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import language
from app.pilotage import actions, exports, pdf, policy
from app.pilotage.forms import SummaryForm, WithdrawForm, read_choice
from app.pilotage.formulas.terms import Term, read_term
from app.pilotage.policy import READERS
from app.pilotage.queries import summaries
from app.pilotage.queries.summaries import Frame
from app.pilotage.views.blueprint import bp, opening_days
from config import Settings


@bp.get("/syntheses")
@access.rule("Les personnes élues, les responsables et la coordination lisent les synthèses publiées", READERS)
def summary_list() -> ResponseReturnValue:
    """The published summaries, of all places or of one, and for the coordinator the periods and places to prepare."""
    actor, frame = gate.actor(), _frame()
    lines, form = summaries.published(actor, frame.timezone), read_choice(request.args)
    if form.period is not None and policy.can_publish(actor):
        return redirect(url_for("pilotage.prepare_summary", period=form.period.key, area=form.area or summaries.AREA))
    return pages.render(
        "pilotage/summaries.html",
        lines=[line for line in lines if form.area in ("", line.area)],
        places=list({line.area: line.place for line in sorted(lines, key=summaries.in_order)}.items()),
        chosen=form.area,
        preparing=summaries.preparing(actor, frame) if policy.can_publish(actor) else None,
    )


@bp.get("/syntheses/<uuid:summary_id>")
@access.rule("Les personnes élues, les responsables et la coordination lisent les synthèses publiées", READERS)
def summary(summary_id: UUID) -> ResponseReturnValue:
    """One summary, as it was frozen."""
    view = summaries.summary(gate.actor(), summary_id, pages.timezone())
    drawn = summaries.scene(view.page.map, view.k)
    return pages.render("pilotage/summary.html", byline=pdf.byline(view), summary=view, page=view.page, scene=drawn)


@bp.get("/syntheses/<uuid:summary_id>/synthese.pdf")
@access.rule("Les personnes élues, les responsables et la coordination impriment les synthèses publiées", READERS)
def summary_pdf(summary_id: UUID) -> ResponseReturnValue:
    """The same on paper."""
    view = summaries.summary(gate.actor(), summary_id, pages.timezone())
    made = pdf.summary(view, summaries.scene(view.page.map, view.k, summaries.PAPER))
    return _file(made, "application/pdf", f"synthese-{view.slug}.pdf")


@bp.get("/syntheses/<uuid:summary_id>/chiffres.csv")
@access.rule("Les personnes élues, les responsables et la coordination lisent les synthèses publiées", READERS)
def summary_csv(summary_id: UUID) -> ResponseReturnValue:
    """Its cells, one a line."""
    view = summaries.summary(gate.actor(), summary_id, pages.timezone())
    made = exports.cells_csv(summaries.cells_of(view.term.key, view.area))
    return _file(made, "text/csv; charset=utf-8", f"chiffres-{view.slug}.csv")


@bp.route("/syntheses/preparer/<period>", methods=["GET", "POST"], defaults={"area": summaries.AREA})
@bp.route("/syntheses/preparer/<period>/<area>", methods=["GET", "POST"])
@access.rule("La coordination prépare et publie la synthèse", Role.COORDINATOR)
def prepare_summary(period: str, area: str) -> ResponseReturnValue:
    """See what would be published of the network or a part of its territory, comment it, publish it."""
    actor, frame, term = gate.actor(), _frame(), _term(period)
    form = SummaryForm()
    made = form.save(lambda: actions.publish(actor, term, form.to_data(), frame, area))
    if made is not None:
        flash(_("Synthèse publiée : les personnes élues peuvent la lire."), "success")
        return redirect(url_for("pilotage.summary", summary_id=made.id), 303)
    known = summaries.current(term.key, area)[0]
    if known is not None and form.status == 200:
        return redirect(url_for("pilotage.summary", summary_id=known.id), 303)
    if known is not None:
        return _unpublishable(form, term, area, actions.ALREADY, known.id)
    try:
        draft = summaries.draft(actor, term, frame, area)
    except NotFound:
        raise
    except DomainError as error:
        if form.status == 200:
            raise
        return _unpublishable(form, term, area, error.message)
    form.seen.data = draft.mark
    page = draft.pages[language()]
    return pages.render(
        "pilotage/summary_form.html",
        form.status,
        form=form,
        draft=draft,
        page=page,
        until=local(draft.until, frame.timezone).date() if draft.until else None,
        scene=summaries.scene(page.map, draft.k),
    )


def _unpublishable(
    form: SummaryForm, term: Term, area: str, why: object, known: UUID | None = None
) -> ResponseReturnValue:
    """The words that were typed, kept on screen when these figures can no longer be published; `known`: what was."""
    form.refused = [str(why)]
    form.status = 409
    place = summaries.place_of(area)
    return pages.render("pilotage/summary_refused.html", 409, form=form, term=term, place=place, known=known)


@bp.route("/syntheses/<uuid:summary_id>/retirer", methods=["GET", "POST"])
@access.rule("La coordination retire une synthèse publiée depuis moins de sept jours", Role.COORDINATOR)
def withdraw_summary(summary_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    actor = gate.actor()
    view = summaries.summary(actor, summary_id, pages.timezone())
    if not view.can_withdraw:
        raise NotFound
    form = WithdrawForm()
    if form.save(lambda: actions.withdraw(actor, summaries.stored(actor, summary_id))):
        flash(_("Synthèse retirée : la coordination seule peut encore la lire."), "success")
        return redirect(url_for("pilotage.summary_list"), 303)
    return pages.render("pilotage/summary_withdraw.html", form.status, form=form, summary=view)


def _frame() -> Frame:
    settings: Settings = current_app.extensions["settings"]
    return Frame(settings.timezone, opening_days(), settings.secrecy_k, settings.network_name)


def _term(period: str) -> Term:
    found = read_term(period)
    if found is None:
        raise NotFound
    return found


def _file(content: bytes, mimetype: str, name: str) -> Response:
    return Response(content, content_type=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
