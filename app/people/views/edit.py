"""« Corriger la fiche » : with its version, and both texts when two people wrote."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT
from app.kernel.errors import NotFound
from app.kernel.grants import Section
from app.kernel.i18n import gettext as _
from app.people import actions, policy, queries
from app.people.forms import CorrectForm, filled
from app.people.views.blueprint import bp


@bp.route("/<uuid:person_id>/corriger", methods=["GET", "POST"])
@access.rule("Qui suit la personne corrige son identité et ses contacts", FRONT)
def edit(person_id: UUID) -> ResponseReturnValue:
    """Correct identity, contacts and what eases the meeting."""
    actor = gate.actor()
    card = queries.card(actor, person_id)
    if not policy.can_edit(actor, card.granted):
        raise NotFound
    form = CorrectForm(data=filled(card))
    if not form.checks_commune() and not form.adds_contact():
        person = form.save(lambda: actions.correct(actor, card.granted, form.to_data(), form.typed_version()))
        if person is not None:
            flash(_("La fiche est corrigée."), "success")
            return redirect(url_for("people.show", person_id=person_id), 303)
    with_comfort = card.granted.opens(Section.ADAPTATION)
    return pages.render("people/edit.html", form.status, form=form, card=card, with_comfort=with_comfort)
