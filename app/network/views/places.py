"""A structure's page, a place's page; adding, correcting, closing a place."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.network import actions, queries
from app.network.forms import PlaceForm, VersionForm
from app.network.queries import PlaceView
from app.network.views.blueprint import KEEPERS, READERS, bp


@bp.get("/structures/<uuid:structure_id>")
@access.rule("Qui lit l’annuaire ouvre une structure ; une structure sensible n’a de page que chez elle", READERS)
def structure(structure_id: UUID) -> ResponseReturnValue:
    """Who they are, their places, what they propose."""
    view = queries.structure_page(gate.actor(), structure_id, pages.today())
    return pages.render("network/structure.html", view=view)


@bp.get("/lieux/<uuid:place_id>")
@access.rule("Qui lit l’annuaire ouvre un lieu ; ceux d’une structure sensible ne s’ouvrent que chez elle", READERS)
def place(place_id: UUID) -> ResponseReturnValue:
    """One place."""
    actor = gate.actor()
    view = queries.place(actor, place_id, pages.today())
    offers = [one for one in queries.offers_of(view.structure_id, {}) if one.place_id in (None, view.id)]
    return pages.render("network/place.html", view=view, offers=offers, history=queries.history(actor, place_id))


@bp.route("/structures/<uuid:structure_id>/lieux/nouveau", methods=["GET", "POST"])
@access.rule("La structure ajoute ses lieux, la coordination ceux de toutes", KEEPERS)
def new_place(structure_id: UUID) -> ResponseReturnValue:
    """Add a place."""
    actor = gate.actor()
    owner = queries.structure_page(actor, structure_id, pages.today())
    if not owner.can_edit:
        raise NotFound
    form = PlaceForm()
    made = form.save(lambda: actions.create_place(actor, structure_id, form.to_cells(), pages.today()))
    if made is not None:
        flash(_("Lieu ajouté."), "success")
        return redirect(url_for("network.place", place_id=made.id), 303)
    back = url_for("network.structure", structure_id=structure_id)
    return pages.render(
        "network/place_form.html", form.status, form=form, view=None, back_url=back, back_label=owner.name
    )


@bp.route("/lieux/<uuid:place_id>/modifier", methods=["GET", "POST"])
@access.rule("La structure corrige ses lieux, la coordination ceux de toutes", KEEPERS)
def edit_place(place_id: UUID) -> ResponseReturnValue:
    """Correct a place."""
    actor, view = gate.actor(), _kept(place_id)
    form = PlaceForm(view.cells, data={"version": view.version})
    saved = form.save(lambda: actions.edit_place(actor, place_id, form.to_cells(), form.typed_version, pages.today()))
    if saved is not None:
        flash(_("Lieu enregistré."), "success")
        return redirect(url_for("network.place", place_id=place_id), 303)
    back = url_for("network.place", place_id=place_id)
    return pages.render(
        "network/place_form.html", form.status, form=form, view=view, back_url=back, back_label=view.name
    )


@bp.route("/lieux/<uuid:place_id>/fermer", methods=["GET", "POST"])
@access.rule("La structure ferme ou rouvre ses lieux, la coordination ceux de toutes", KEEPERS)
def close_place(place_id: UUID) -> ResponseReturnValue:
    """Close a place, or open it again."""
    actor, view = gate.actor(), _kept(place_id)
    form = VersionForm(data={"version": view.version})
    closing = view.closed_on is None
    done = form.save(
        lambda: (
            actions.close_place(actor, place_id, form.typed_version, pages.today())
            if closing
            else actions.reopen_place(actor, place_id, form.typed_version)
        )
    )
    if done is not None:
        flash(_("Lieu fermé.") if closing else _("Lieu rouvert."), "success")
        return redirect(url_for("network.place", place_id=place_id), 303)
    return pages.render("network/close.html", form.status, form=form, view=view)


def _kept(place_id: UUID) -> PlaceView:
    """The place, for who keeps it; NotFound otherwise."""
    view = queries.place(gate.actor(), place_id, pages.today())
    if not view.can_edit:
        raise NotFound
    return view
