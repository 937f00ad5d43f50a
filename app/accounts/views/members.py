"""Who has access: the list, invitations, changes, endings, and the question asked once a year."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, policy, queries
from app.accounts.forms import ActForm, InviteForm, MemberForm, review_form
from app.accounts.models import Invitation, Membership
from app.accounts.views.blueprint import administration
from app.accounts.views.structures import form_page
from app.kernel import access, gate, pages
from app.kernel.access import Actor, Role
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.network import queries as network

MANAGING = frozenset({Role.ADMIN, Role.MANAGER})


def _list(controller_id: UUID) -> str:
    return url_for("administration.members", controller_id=controller_id)


@administration.get("/membres")
@administration.get("/structures/<uuid:controller_id>/membres")
@access.rule("Les responsables voient qui a accès à leur structure, l’administration partout", MANAGING)
def members(controller_id: UUID | None = None) -> ResponseReturnValue:
    """Who has access, who is invited."""
    actor = gate.actor()
    wanted = controller_id or actor.structure_id
    known = network.structure(wanted)
    return pages.render(
        "accounts/members.html",
        members=queries.members(actor, wanted),
        invited=queries.invited(wanted),
        structure_id=wanted,
        structure_name=known.name,
        reviewed_on=queries.last_review(wanted),
        form=ActForm(),
    )


@administration.route("/structures/<uuid:controller_id>/inviter", methods=["GET", "POST"])
@access.rule("Les responsables invitent dans leur structure, l’administration partout", MANAGING)
def invite(controller_id: UUID) -> ResponseReturnValue:
    """Invite an address."""
    actor = gate.actor()
    network.structure(controller_id)
    if not policy.manages(actor, controller_id):
        raise NotFound
    form = InviteForm()
    form.offer(policy.roles_given(actor), queries.teams_of(controller_id))
    sent = form.save(lambda: _invite(form, controller_id))
    if sent is not None:
        flash(_("L’invitation est partie. Son lien sert une fois, pendant sept jours."), "success")
        return redirect(_list(controller_id), 303)
    lead = _(
        "La personne reçoit un lien par courriel, sans son nom ni celui de la structure, et choisit son mot de passe."
    )
    return form_page(form, _("Inviter quelqu’un"), _("Envoyer l’invitation"), _list(controller_id), lead=lead)


def _invite(form: InviteForm, controller_id: UUID) -> Invitation:
    return actions.invite(gate.actor(), controller_id, form.email.data or "", Role(form.role.data), form.team_id())


@administration.post("/invitations/<uuid:invitation_id>/annuler")
@access.rule("Les responsables annulent une invitation de leur structure", MANAGING)
def cancel_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """The link no longer serves."""
    controller_id = actions.cancel_invitation(gate.actor(), invitation_id)
    flash(_("L’invitation est annulée."), "success")
    return redirect(_list(controller_id), 303)


@administration.route("/membres/<uuid:membership_id>", methods=["GET", "POST"])
@access.rule("Les responsables changent le rôle, l’équipe et les lieux dans leur structure", MANAGING)
def member(membership_id: UUID) -> ResponseReturnValue:
    """Change somebody's role, team, usual places."""
    actor = gate.actor()
    hat = queries.member(actor, membership_id)
    form, name, controller_id = _member_form(actor, hat), hat.user.display_name, hat.structure_id
    saved = form.save(lambda: actions.change_member(actor, membership_id, form.to_data()))
    if saved is not None:
        flash(_("L’accès est modifié."), "success")
        return redirect(_list(controller_id), 303)
    return form_page(
        form, name, _("Enregistrer l’accès"), _list(controller_id), lead=_("Rôle, équipe et lieux habituels")
    )


def _member_form(actor: Actor, hat: Membership) -> MemberForm:
    now = {
        "role": hat.role.value,
        "team": str(hat.team_id or ""),
        "places": [str(one.place_id) for one in hat.usual_places],
    }
    form = MemberForm(data=now)
    roles = policy.roles_given(actor) if policy.can_end(actor, hat) else ()
    places = {place.id: place.name for place in network.places_of(hat.structure_id)}
    form.offer(roles, queries.teams_of(hat.structure_id), places)
    return form


@administration.route("/membres/<uuid:membership_id>/fin", methods=["GET", "POST"])
@access.rule("Les responsables mettent fin à un accès de leur structure", MANAGING)
def end_member(membership_id: UUID) -> ResponseReturnValue:
    """End an access at once."""
    actor = gate.actor()
    hat = queries.member(actor, membership_id)
    form, name, controller_id = ActForm(), hat.user.display_name, hat.structure_id
    ended = form.save(lambda: actions.end_member(actor, membership_id))
    if ended is not None:
        flash(_("L’accès a pris fin."), "success")
        return redirect(_list(controller_id), 303)
    warning = _("Dès maintenant, cette personne ne voit plus rien de la structure. Ce qu’elle a noté reste.")
    title = _("Mettre fin à l’accès")
    return form_page(form, title, title, _list(controller_id), lead=name, warning=warning, danger=True)


@administration.route("/structures/<uuid:controller_id>/revue", methods=["GET", "POST"])
@access.rule("Les responsables confirment ou terminent chaque accès, une fois par an", MANAGING)
def review(controller_id: UUID) -> ResponseReturnValue:
    """« Ces personnes ont-elles toujours besoin d’un accès ? »"""
    actor = gate.actor()
    network.structure(controller_id)
    asked = [one for one in queries.members(actor, controller_id) if one.may_end]
    form = review_form(asked)
    done = form.save(lambda: actions.review(actor, controller_id, form.verdicts()))
    if done is not None:
        flash(_("La revue des accès est enregistrée. La prochaine sera dans un an."), "success")
        return redirect(_list(controller_id), 303)
    return pages.render(
        "accounts/review.html",
        form.status,
        form=form,
        lines=[(one, form[f"m_{one.membership_id.hex}"]) for one in asked],
        back_url=_list(controller_id),
        reviewed_on=queries.last_review(controller_id),
    )
