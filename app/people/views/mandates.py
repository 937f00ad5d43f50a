"""« Noter un mandat » : by whoever reads who represents the person, in an accredited structure."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import ADVISING
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.network import queries as network_queries
from app.people import policy, queries
from app.people.actions import mandates
from app.people.capacity import Matter, signing
from app.people.forms.mandates import MandateForm
from app.people.queries import representation
from app.people.views.blueprint import bp


@bp.route("/<uuid:person_id>/mandat", methods=["GET", "POST"])
@access.rule("Un conseiller ou un responsable qui suit la personne note un mandat écrit", ADVISING)
def mandate(person_id: UUID) -> ResponseReturnValue:
    """Keep a mandate to act for the person in one procedure."""
    actor, form = gate.actor(), MandateForm()
    card = queries.card(actor, person_id)
    if card.identity is None or not policy.can_mandate(actor, card.granted):
        raise NotFound
    if form.save(lambda: mandates.give_mandate(actor, card.granted, form.to_data())) is not None:
        flash(_("Le mandat est noté. Il se retire à tout moment."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    who = representation.situation(person_id)
    signs = [(str(matter.label), str(signing(who, matter).label)) for matter in Matter]
    context = {"accredited": network_queries.is_accredited(actor.structure_id), "who": who, "signs": signs}
    return pages.render("people/mandate.html", form.status, form=form, card=card, **context)
