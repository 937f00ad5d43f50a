"""« Inscrire une personne » : one short screen, the notice first."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT
from app.kernel.i18n import gettext as _
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.people import actions
from app.people.forms import RegisterForm
from app.people.views.blueprint import bp

MINORS = f"people/minors/_{actions.MINORS_VERSION}.html"


@bp.route("/nouvelle", methods=["GET", "POST"])
@access.rule("L’accueil, les conseillers et les responsables inscrivent une personne", FRONT)
def new() -> ResponseReturnValue:
    """Register somebody. Nothing is ever said of a person already known."""
    actor, form = gate.actor(), RegisterForm()
    if not form.checks_commune():
        person = form.save(lambda: actions.register(actor, form.to_data()))
        if person is not None:
            flash(_("La fiche est créée."), "success")
            return redirect(url_for("people.show", person_id=person.id), 303)
    structure = network_queries.structure(actor.structure_id)
    shares = network_policy.can_share(structure, pages.today())
    return pages.render("people/new.html", form.status, form=form, shares=shares, minors=MINORS)
