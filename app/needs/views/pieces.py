"""The documents asked for a need: what was brought, what still misses."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.needs import actions, policy, queries
from app.needs.forms import pieces_form
from app.needs.views.blueprint import bp
from app.people import queries as people_queries


@bp.route("/personnes/<uuid:person_id>/demandes/<uuid:need_id>/pieces", methods=["GET", "POST"])
@access.rule("La structure qui a noté la demande note les pièces apportées", FRONT)
def note_pieces(person_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Say where each document stands."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    need = queries.get(actor, granted, need_id)
    if not policy.can_edit(actor, granted, need):
        raise NotFound
    asked = queries.pieces_of(actor, granted, {need.id}).get(need.id, [])
    form, today = pieces_form(asked, need.version), pages.today()
    saved = form.save(lambda: actions.note_pieces(actor, granted, need_id, form.to_states(), form.typed_version, today))
    if saved is not None:
        flash(_("Pièces enregistrées."), "success")
        return redirect(url_for("needs.show", person_id=person_id, need_id=need_id), 303)
    return pages.render("needs/pieces.html", form.status, form=form, need=need, asked=asked, person_id=person_id)
