"""What structures propose."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.network import actions, queries
from app.network.forms import OfferForm, VersionForm
from app.network.forms.offer import filled
from app.network.queries import OfferView, StructureView
from app.network.views.blueprint import KEEPERS, bp


@bp.route("/structures/<uuid:structure_id>/offres/nouvelle", methods=["GET", "POST"])
@access.rule("La structure dit ce qu’elle propose, la coordination peut le faire pour toutes", KEEPERS)
def new_offer(structure_id: UUID) -> ResponseReturnValue:
    """Add an offer."""
    actor, owner = gate.actor(), _kept(structure_id)
    form = OfferForm(owner.places)
    made = form.save(lambda: actions.add_offer(actor, structure_id, form.to_data()))
    if made is not None:
        flash(_("Offre ajoutée."), "success")
        return redirect(url_for("network.structure", structure_id=structure_id) + "#offres", 303)
    return pages.render(
        "network/offer_form.html", form.status, form=form, offer=None, owner=owner, end_form=None, history=[]
    )


@bp.route("/offres/<uuid:offer_id>/modifier", methods=["GET", "POST"])
@access.rule("La structure corrige ce qu’elle propose, la coordination peut le faire pour toutes", KEEPERS)
def edit_offer(offer_id: UUID) -> ResponseReturnValue:
    """Correct an offer."""
    actor = gate.actor()
    offer, owner = _offer(offer_id)
    form = OfferForm(owner.places, data=filled(offer))
    saved = form.save(lambda: actions.edit_offer(actor, offer_id, form.to_data(), form.typed_version))
    if saved is not None:
        flash(_("Offre enregistrée."), "success")
        return redirect(url_for("network.structure", structure_id=owner.id) + "#offres", 303)
    return pages.render(
        "network/offer_form.html",
        form.status,
        form=form,
        offer=offer,
        owner=owner,
        end_form=VersionForm(formdata=None, data={"version": offer.version}),
        history=queries.history(actor, offer_id),
    )


@bp.post("/offres/<uuid:offer_id>/arreter")
@access.rule("La structure arrête ou reprend une offre, la coordination peut le faire pour toutes", KEEPERS)
def end_offer(offer_id: UUID) -> ResponseReturnValue:
    """Stop proposing, or propose again."""
    actor = gate.actor()
    offer, owner = _offer(offer_id)
    form = VersionForm()
    running = offer.closed_on is None
    done = form.save(
        lambda: (
            actions.close_offer(actor, offer_id, form.typed_version, pages.today())
            if running
            else actions.reopen_offer(actor, offer_id, form.typed_version)
        )
    )
    if done is None:
        return pages.render(
            "network/offer_form.html",
            form.status,
            form=OfferForm(owner.places, formdata=None, data=filled(offer)),
            offer=offer,
            owner=owner,
            end_form=form,
            history=queries.history(actor, offer_id),
        )
    flash(_("Offre arrêtée.") if running else _("Offre reprise."), "success")
    return redirect(url_for("network.structure", structure_id=owner.id) + "#offres", 303)


def _offer(offer_id: UUID) -> tuple[OfferView, StructureView]:
    offer = queries.offer(gate.actor(), offer_id)
    return offer, _kept(offer.structure_id)


def _kept(structure_id: UUID) -> StructureView:
    """The structure, for who keeps it; NotFound otherwise."""
    owner = queries.structure_page(gate.actor(), structure_id, pages.today())
    if not owner.can_edit:
        raise NotFound
    return owner
