"""Teams: the perimeters that a structure draws inside itself."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, queries
from app.accounts.forms import TeamForm
from app.accounts.views.blueprint import administration
from app.accounts.views.structures import form_page
from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Role
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.network import actions as network
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.network.models import Team

MANAGING = frozenset({Role.ADMIN, Role.MANAGER})


def _list(controller_id: UUID) -> str:
    return url_for("administration.teams", controller_id=controller_id)


@administration.get("/structures/<uuid:controller_id>/equipes")
@access.rule("Les responsables dessinent les équipes de leur structure", MANAGING)
def teams(controller_id: UUID) -> ResponseReturnValue:
    """The teams of a structure and who is in them."""
    actor = gate.actor()
    network_queries.structure(controller_id)
    found = queries.teams(actor, controller_id)
    return pages.render("network/admin_teams.html", teams=found, structure_id=controller_id)


@administration.route("/structures/<uuid:controller_id>/equipes/nouvelle", methods=["GET", "POST"])
@access.rule("Les responsables dessinent les équipes de leur structure", MANAGING)
def new_team(controller_id: UUID) -> ResponseReturnValue:
    """A new team, under secrecy or not."""
    actor = gate.actor()
    network_queries.structure(controller_id)
    if not network_policy.builds_teams(actor, controller_id):
        raise NotFound
    form = _form(controller_id)
    made = form.save(lambda: _make(form, controller_id))
    if made is not None:
        flash(_("L’équipe est créée."), "success")
        return redirect(_list(controller_id), 303)
    return form_page(form, _("Créer une équipe"), _("Créer l’équipe"), _list(controller_id))


def _form(controller_id: UUID, team: Team | None = None) -> TeamForm:
    actor = gate.actor()
    members = [one for one in queries.members(actor, controller_id) if one.may_change and one.role in FRONT]
    form = TeamForm(obj=team, data={"members": _inside(controller_id, team)}) if team else TeamForm()
    form.offer(members)
    return form


def _inside(controller_id: UUID, team: Team) -> list[str]:
    return [str(hat.id) for hat in queries.hats_in(controller_id, pages.today()) if hat.team_id == team.id]


def _make(form: TeamForm, controller_id: UUID) -> Team:
    actor = gate.actor()
    team = network.add_team(actor, controller_id, form.name.data or "", bool(form.under_secrecy.data))
    actions.assign_team(actor, controller_id, team.id, form.chosen())
    return team


@administration.route("/equipes/<uuid:team_id>", methods=["GET", "POST"])
@access.rule("Les responsables dessinent les équipes de leur structure", MANAGING)
def team(team_id: UUID) -> ResponseReturnValue:
    """Rename a team, change its secrecy, choose who is in it."""
    known = network_queries.team(team_id)
    controller_id = known.structure_id
    if not network_policy.builds_teams(gate.actor(), controller_id):
        raise NotFound
    form = _form(controller_id, known)
    saved = form.save(lambda: _save(form, known, controller_id))
    if saved is not None:
        flash(_("L’équipe est modifiée."), "success")
        return redirect(_list(controller_id), 303)
    warning = _("Si vous retirez le secret, toute la structure pourra lire les personnes que cette équipe suit.")
    return form_page(
        form,
        _("Modifier l’équipe"),
        _("Enregistrer l’équipe"),
        _list(controller_id),
        warning=warning if known.under_secrecy else "",
    )


def _save(form: TeamForm, known: Team, controller_id: UUID) -> Team:
    actor = gate.actor()
    network.edit_team(actor, known, form.name.data or "", bool(form.under_secrecy.data))
    actions.assign_team(actor, controller_id, known.id, form.chosen())
    return known
