"""Administration of structures: joining, declaring, signing, leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import policy, queries
from app.accounts.forms import AgreementForm, DeclareForm, LeaveForm, StructureForm
from app.accounts.views.blueprint import administration
from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.kernel.errors import NotFound
from app.kernel.forms import Form
from app.kernel.i18n import gettext as _
from app.network import actions as network
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.network.actions import StructureData
from app.network.models import Structure

ADMINISTERING = frozenset({Role.ADMIN, Role.COORDINATOR})
DECLARING = ADMINISTERING | {Role.MANAGER}


def form_page(form: Form, title: str, submit: str, back: str, **context: Any) -> ResponseReturnValue:
    """A page that is one form."""
    return pages.render(
        "network/admin_form.html", form.status, form=form, title=title, submit=submit, back_url=back, **context
    )


def _administered(controller_id: UUID) -> Structure:
    """The structure, for whoever administers the network. NotFound otherwise."""
    structure = network_queries.structure(controller_id)
    if not network_policy.administers(gate.actor()):
        raise NotFound
    return structure


def _back(controller_id: UUID) -> str:
    return url_for("administration.structure", controller_id=controller_id)


@administration.get("/structures")
@access.rule("La coordination et l’administration voient les structures et leurs conventions", ADMINISTERING)
def structures() -> ResponseReturnValue:
    """Every structure, its agreement, how many people have access; first the accesses to review."""
    actor = gate.actor()
    reviews = queries.reviews_due(actor, pages.today())
    return pages.render("network/admin_structures.html", structures=queries.structures(actor), reviews=reviews)


@administration.route("/structures/nouvelle", methods=["GET", "POST"])
@access.rule("La coordination et l’administration font entrer une structure", ADMINISTERING)
def new_structure() -> ResponseReturnValue:
    """A structure joins. It shares nothing yet."""
    actor, form = gate.actor(), StructureForm()
    made = form.save(lambda: network.add_structure(actor, StructureData(**form.to_data().__dict__)))
    if made is not None:
        flash(_("La structure est ajoutée. Elle ne partage rien avant la date de sa convention."), "success")
        return redirect(_back(made.id), 303)
    return form_page(form, _("Ajouter une structure"), _("Ajouter la structure"), url_for("administration.structures"))


@administration.get("/structures/<uuid:controller_id>")
@access.rule("La coordination, l’administration et la structure elle-même voient ce qu’elle a déclaré", DECLARING)
def structure(controller_id: UUID) -> ResponseReturnValue:
    """What a structure declared, and what can be done about it."""
    actor = gate.actor()
    found = queries.structure(actor, controller_id)
    known = network_queries.structure(controller_id)
    return pages.render(
        "network/admin_structure.html",
        structure=found,
        legal_basis=known.legal_basis,
        dpo_contact=known.dpo_contact,
        under_secrecy=known.under_secrecy,
        officers=queries.officers(controller_id, pages.today()),
        reviewed_on=queries.last_review(controller_id),
        administers=network_policy.administers(actor),
        manages=policy.manages(actor, controller_id),
    )


@administration.route("/structures/<uuid:controller_id>/modifier", methods=["GET", "POST"])
@access.rule("La coordination et l’administration corrigent une structure", ADMINISTERING)
def edit_structure(controller_id: UUID) -> ResponseReturnValue:
    """Its name, its kind, its secrecy."""
    known = _administered(controller_id)
    actor, form = gate.actor(), StructureForm(obj=known)
    saved = form.save(lambda: network.describe(actor, known, form.to_data(), form.typed_version()))
    if saved is not None:
        flash(_("La structure est modifiée."), "success")
        return redirect(_back(controller_id), 303)
    return form_page(form, _("Modifier la structure"), _("Enregistrer la structure"), _back(controller_id))


@administration.route("/structures/<uuid:controller_id>/declaration", methods=["GET", "POST"])
@access.rule("Une structure, la coordination ou l’administration déclarent la base légale", DECLARING)
def declare(controller_id: UUID) -> ResponseReturnValue:
    """The legal basis, and whom to write to about the data."""
    actor = gate.actor()
    name = queries.structure(actor, controller_id).name
    known = network_queries.structure(controller_id)
    form = DeclareForm(obj=known)
    saved = form.save(lambda: network.declare(actor, known, form.to_data(), form.typed_version()))
    if saved is not None:
        flash(_("La déclaration est enregistrée."), "success")
        return redirect(_back(controller_id), 303)
    title = _("Base légale et protection des données")
    return form_page(form, title, _("Enregistrer la déclaration"), _back(controller_id), lead=name)


@administration.route("/structures/<uuid:controller_id>/convention", methods=["GET", "POST"])
@access.rule("La coordination et l’administration enregistrent la convention signée", ADMINISTERING)
def agreement(controller_id: UUID) -> ResponseReturnValue:
    """The date of the signed agreement: sharing becomes possible."""
    known = _administered(controller_id)
    name = known.name
    actor, form = gate.actor(), AgreementForm(signed_on=known.agreement_signed_on)
    today = pages.today()
    saved = form.save(lambda: network.record_agreement(actor, known, form.signed_on.data, today))
    if saved is not None:
        flash(_("La convention est enregistrée : la structure peut partager avec le réseau."), "success")
        return redirect(_back(controller_id), 303)
    return form_page(form, _("Convention signée"), _("Enregistrer la convention"), _back(controller_id), lead=name)


@administration.route("/structures/<uuid:controller_id>/depart", methods=["GET", "POST"])
@access.rule("La coordination et l’administration mettent fin à une convention", ADMINISTERING)
def leave(controller_id: UUID) -> ResponseReturnValue:
    """The agreement ends today."""
    known = _administered(controller_id)
    name = known.name
    actor, form = gate.actor(), LeaveForm()
    today = pages.today()
    left = form.save(lambda: network.end_agreement(actor, known, today, closes=bool(form.closes.data)))
    if left is not None:
        flash(_("La convention a pris fin. La structure ne partage plus rien."), "success")
        return redirect(_back(controller_id), 303)
    warning = _(
        "Dès maintenant, les orientations en cours de cette structure prennent fin et les suivis partagés avec elle se "
        "ferment. Elle garde ce qu’elle a noté pour les personnes qu’elle suit."
    )
    return form_page(
        form,
        _("Mettre fin à la convention"),
        _("Mettre fin à la convention"),
        _back(controller_id),
        lead=name,
        warning=warning,
        danger=True,
    )
