"""The network's territory, and the communes suggested while typing."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.kernel.i18n import gettext as _
from app.territory import actions, communes, policy, queries
from app.territory.forms import TerritoryForm, commune_where, recorded

bp = Blueprint("territory", __name__, url_prefix="/territoire")

SHORTEST = 2
LONGEST = 100


@bp.route("", methods=["GET", "POST"])
@access.rule("La coordination et l’administration choisissent le territoire du réseau", policy.CHOOSERS)
def settings() -> ResponseReturnValue:
    """What the network covers, and how to change it."""
    actor, known = gate.actor(), queries.network_territory()
    form = TerritoryForm(data=recorded(known))
    chosen = form.save(lambda: actions.set_territory(actor, form.to_data(), form.version_typed()))
    if chosen is not None:
        flash(_("Territoire enregistré : %(name)s.", name=chosen.name), "success")
        return redirect(url_for("territory.settings"), 303)
    return pages.render("territory/settings.html", form.status, form=form, territory=known)


@bp.get("/communes")
@access.rule("Toute personne connectée cherche une commune de France", *Role)
def suggest() -> ResponseReturnValue:
    """Communes for the beginning of a name or of a postcode, as JSON: the reference data alone, nothing about anybody."""
    typed = request.args.get("q", "")[:LONGEST]
    found = queries.suggestions(typed) if len(typed.strip()) >= SHORTEST else []
    return jsonify(
        communes=[
            {"label": communes.label_with_postcode(one.code), "name": one.name, "where": commune_where(one)}
            for one in found
        ]
    )
