"""Screens of needs, under the person's page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.needs import actions, policy, queries
from app.needs.forms import CloseForm, NeedForm, ReopenForm, filled
from app.needs.queries import NeedView
from app.needs.views.blueprint import bp
from app.people import queries as people_queries


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
    asked = queries.pieces_of(actor, granted, {need.id}).get(need.id, [])
    form = NeedForm(reads_note=need.reads_note, kept_due=need.due_on, data=filled(need, asked))
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
    form = CloseForm(data={"version": need.version, "blockers": [one.value for one in need.blockers]})
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
        pieces=queries.pieces_of(actor, granted, {need.id}).get(need.id, []),
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
