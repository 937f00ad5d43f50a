"""Screens of needs, under the person's page."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext, ngettext
from app.kernel.panels import PersonFilter, PersonMark, PersonPanel, TimelineItem
from app.needs import actions, policy, queries
from app.needs.forms import CloseForm, NeedForm, ReopenForm, filled
from app.needs.queries import NeedLine, NeedView
from app.people import queries as people_queries

bp = Blueprint("needs", __name__)
SHOWN_CLOSED = 3


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The needs of a person, on their page."""
    lines = queries.needs_of(actor, granted)
    if not (lines or granted.opens(Section.NEEDS) or policy.can_open(actor, granted)):
        return None
    closed = [line for line in lines if not line.is_open]
    context = {
        "person_id": granted.person_id,
        "open_needs": [line for line in lines if line.is_open],
        "closed_needs": closed[:SHOWN_CLOSED],
        "more_closed": closed[SHOWN_CLOSED:],
        "can_open": policy.can_open(actor, granted),
    }
    return PersonPanel("needs", 20, "needs/_panel.html", context, tuple(_timeline(granted, lines)))


def _timeline(granted: Granted, lines: list[NeedLine]) -> list[TimelineItem]:
    items = [_item(granted, line, line.opened_at, _("Demande : %(title)s", title=line.title)) for line in lines]
    for line in lines:
        if line.closed_at and line.result:
            title = _("Demande terminée : %(title)s", title=line.title)
            items.append(_item(granted, line, line.closed_at, title, str(line.result.label)))
    return items


def _item(granted: Granted, line: NeedLine, at: datetime, title: str, text: str = "") -> TimelineItem:
    url = url_for("needs.show", person_id=granted.person_id, need_id=line.id)
    return TimelineItem(at, "need", title, text, line.structure_name, url)


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


@bp.route("/personnes/<uuid:person_id>/demandes/nouvelle", methods=["GET", "POST"])
@access.rule("Qui suit la personne note une demande", FRONT)
def new_need(person_id: UUID) -> ResponseReturnValue:
    """Note a need."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    if not policy.can_open(actor, granted):
        raise NotFound
    form = NeedForm()
    need = form.save(lambda: actions.open_need(actor, granted, form.to_data()))
    if need is not None:
        flash(_("Demande notée."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    return _form_page(actor, granted, form, None)


@bp.get("/personnes/<uuid:person_id>/demandes/<uuid:need_id>")
@access.rule("Qui peut lire les demandes de la personne", FRONT)
def show(person_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """One need."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    need = queries.get(actor, granted, need_id)
    return _show_page(actor, granted, need, ReopenForm(data={"version": need.version}))


@bp.route("/personnes/<uuid:person_id>/demandes/<uuid:need_id>/modifier", methods=["GET", "POST"])
@access.rule("La structure qui a noté la demande la corrige", FRONT)
def edit_need(person_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Correct an open need."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    need = queries.get(actor, granted, need_id)
    if not policy.can_edit(actor, granted, need):
        raise NotFound
    form = NeedForm(reads_note=need.reads_note, kept_due=need.due_on, data=filled(need))
    saved = form.save(lambda: actions.edit_need(actor, granted, need_id, form.to_data(), form.typed_version))
    if saved is not None:
        flash(_("Demande enregistrée."), "success")
        return redirect(url_for("needs.show", person_id=person_id, need_id=need_id), 303)
    return _form_page(actor, granted, form, need)


@bp.route("/personnes/<uuid:person_id>/demandes/<uuid:need_id>/terminer", methods=["GET", "POST"])
@access.rule("La structure qui a noté la demande dit comment elle s’est terminée", FRONT)
def close_need(person_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Say how a need ended."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    need = queries.get(actor, granted, need_id)
    if not (policy.can_close(actor, granted, need) or policy.can_reopen(actor, granted, need)):
        raise NotFound
    form = CloseForm(data={"version": need.version})
    closed = form.save(lambda: actions.close_need(actor, granted, need_id, form.to_data(), form.typed_version))
    if closed is not None:
        flash(_("Demande terminée."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    return pages.render("needs/close.html", form.status, form=form, need=need, person_id=person_id)


@bp.post("/personnes/<uuid:person_id>/demandes/<uuid:need_id>/rouvrir")
@access.rule("La structure qui a noté la demande la rouvre", access.ADVISING)
def reopen_need(person_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Open a closed need again."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    form = ReopenForm()
    opened = form.save(lambda: actions.reopen_need(actor, granted, need_id, form.typed_version))
    if opened is not None:
        flash(_("Demande rouverte."), "success")
        return redirect(url_for("needs.show", person_id=person_id, need_id=need_id), 303)
    return _show_page(actor, granted, queries.get(actor, granted, need_id), form)


def _show_page(actor: Actor, granted: Granted, need: NeedView, form: ReopenForm) -> ResponseReturnValue:
    return pages.render(
        "needs/show.html",
        form.status,
        need=need,
        form=form,
        person_id=granted.person_id,
        can_edit=policy.can_edit(actor, granted, need),
        can_close=policy.can_close(actor, granted, need),
        can_reopen=policy.can_reopen(actor, granted, need),
    )


def _form_page(actor: Actor, granted: Granted, form: NeedForm, need: NeedView | None) -> ResponseReturnValue:
    name = people_queries.labels(actor, {granted.person_id}).get(granted.person_id, "")
    back = url_for("people.show", person_id=granted.person_id)
    if need is not None:
        back = url_for("needs.show", person_id=granted.person_id, need_id=need.id)
    return pages.render("needs/form.html", form.status, form=form, need=need, person_name=name, back_url=back)
