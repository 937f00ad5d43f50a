"""Reading and deciding: the professional's result, the person's page, the profile kept, the plan."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.assessments import actions, policy, queries
from app.assessments.enums import PlanLevel, PlanState
from app.assessments.forms import CorrectionForm, PlanForm, ProfileForm
from app.assessments.queries import ActionLine, ResultView
from app.assessments.views.blueprint import about, bp
from app.kernel import access, gate, ids, journal, pages, panels
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.network import queries as network_queries
from app.people.queries import protection

DONE_HERE = frozenset({"mediation_numerique", "france_services"})
DATED = frozenset({"ACT_COMPLETER", "ACT_INTERPRETE", "ACT_SUIVI"})
HERE = frozenset({"ACT_COMPLETER", "ACT_SUIVI"})


@bp.get("/evaluations/<uuid:assessment_id>/resultat")
@access.rule("L’équipe qui a évalué lit le résultat ; ailleurs, ce que la personne a accepté de montrer", FRONT)
def result(assessment_id: UUID) -> ResponseReturnValue:
    """The professional's page: priority, profile and why, plan, strengths, dimensions."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    view = queries.result(actor, granted, assessment_id)
    return pages.render(
        "assessments/result.html",
        view=view,
        levels=[(level, view.at_level(level)) for level in PlanLevel],
        links=_links(actor, granted, view),
        can_keep=not view.corrected and policy.can_keep_profile(actor, granted, view),
        can_correct=not view.corrected and policy.can_correct(actor, granted, view),
        can_decide=not view.corrected and policy.can_decide(actor, granted, view),
        missing=_missing(view),
        dated=DATED,
        new_key=ids.random_key,
        **about(actor, granted),
    )


def _missing(view: ResultView) -> str:
    count = view.explained.missing if view.explained else 0
    return ngettext("%(num)d question sans réponse", "%(num)d questions sans réponse", count) if count else ""


def _links(actor: Actor, granted: Granted, view: ResultView) -> dict[str, tuple[str, str]]:
    """Where each open action of the plan leads: what this hat may do for this person, as wiring connects it."""
    usable = panels.links_for(actor, granted)
    by_room = {link.endpoint.partition(".")[0]: link for link in reversed(usable)}
    found = {}
    for action in view.plan:
        rooms = ("mediation", "needs") if DONE_HERE & set(action.partner_codes[:1]) else ("referrals", "needs")
        link = next((by_room[room] for room in rooms if room in by_room), None)
        if link is not None and action.is_open and action.code not in HERE:
            found[action.code] = (str(link.label), url_for(link.endpoint, person_id=granted.person_id))
    return found


@bp.get("/evaluations/<uuid:assessment_id>/pour-la-personne")
@access.rule("L’équipe qui a évalué montre et remet à la personne ce qui la concerne", FRONT)
def for_person(assessment_id: UUID) -> ResponseReturnValue:
    """What the person sees and takes away: strengths first, plain words, no score."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    view = queries.result(actor, granted, assessment_id)
    if view.explained is None:
        raise NotFound
    about = granted.person_id, granted.source
    back, discreet = url_for("assessments.result", assessment_id=assessment_id), "discret" in request.args
    if not discreet and protection.is_protected(granted.person_id):
        safe = url_for("assessments.for_person", assessment_id=assessment_id, discret="")
        return pages.render("people/no_paper.html", back_url=back, safe_url=safe)
    journal.note(actor, "assessment.print", "assessment", assessment_id, person_id=about[0], grant=about[1])
    steps = [action for action in view.plan if action.is_open and action.level is not PlanLevel.LATER]
    return pages.render(
        "assessments/for_person.html",
        view=view,
        sentence=str(queries.PROFILE_SENTENCES[view.profile]),
        now=[action for action in steps if action.level is PlanLevel.NOW],
        then=[action for action in steps if action.level is PlanLevel.NEXT],
        structure=network_queries.structure(view.structure_id),
        large_print="grand" in request.args,
        back_url=back,
        discreet=discreet,
    )


@bp.route("/evaluations/<uuid:assessment_id>/profil", methods=["GET", "POST"])
@access.rule("Un conseiller de l’équipe retient un autre profil, avec une raison", ADVISING)
def keep_profile(assessment_id: UUID) -> ResponseReturnValue:
    """The profile is a proposal."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    view = queries.result(actor, granted, assessment_id)
    if not policy.can_keep_profile(actor, granted, view):
        raise NotFound
    form = ProfileForm(view)
    kept = form.save(lambda: actions.keep_profile(actor, granted, assessment_id, form.to_kept(), form.typed_version))
    if kept is not None:
        flash(_("Profil retenu enregistré. Le profil calculé reste à côté."), "success")
        return redirect(url_for("assessments.result", assessment_id=assessment_id), 303)
    return pages.render("assessments/profile.html", form.status, form=form, view=view, **about(actor, granted))


@bp.route("/evaluations/<uuid:assessment_id>/corriger", methods=["GET", "POST"])
@access.rule("Un conseiller de l’équipe corrige par une nouvelle évaluation, avec une raison", ADVISING)
def correct(assessment_id: UUID) -> ResponseReturnValue:
    """A finished assessment never changes: a new one takes its place."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    view = queries.result(actor, granted, assessment_id)
    if not policy.can_correct(actor, granted, view):
        raise NotFound
    if view.corrected:
        raise queries.Corrected
    form = CorrectionForm()
    begun = form.save(lambda: actions.correct(actor, granted, assessment_id, form.reason.data or ""))
    if begun is not None:
        return redirect(url_for("assessments.review", assessment_id=begun.id), 303)
    return pages.render("assessments/correct.html", form.status, form=form, view=view, **about(actor, granted))


@bp.route("/evaluations/<uuid:assessment_id>/plan/<code>", methods=["GET", "POST"])
@access.rule("La structure qui a proposé le plan dit ce qu’il devient", FRONT)
def decide(assessment_id: UUID, code: str) -> ResponseReturnValue:
    """What became of one action of the plan."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    action = queries.action(actor, granted, assessment_id, code)
    today = pages.today()
    form = PlanForm(data=_on_a_day(action, today) if "date" in request.args else _as_decided(action))
    saved = form.save(
        lambda: actions.decide(actor, granted, assessment_id, code, form.to_decision(), today, form.typed_version)
    )
    back = _plan_url(actor, granted, assessment_id)
    if saved is not None:
        flash(_("Plan mis à jour."), "success")
        return redirect(back, 303)
    return pages.render("assessments/decide.html", form.status, form=form, action=action, back_url=back)


def _as_decided(action: ActionLine) -> dict[str, Any]:
    chosen = None if action.state is PlanState.PROPOSED else action.state.value
    return {"version": action.version, "state": chosen, "until": action.postponed_to}


def _on_a_day(action: ActionLine, today: date) -> dict[str, Any]:
    """Choosing a date to come back: in three months for the follow-up, unless one was chosen."""
    usual = queries.months_after(today) if action.code == queries.FOLLOW_UP else None
    until = action.postponed_to or usual
    return {"version": action.version, "state": PlanState.POSTPONED.value, "until": until}


def _plan_url(actor: Actor, granted: Granted, assessment_id: UUID) -> str:
    """The result, or to the person for a desk that reads the next action only."""
    open_here = {line.id for line in queries.of_person(actor, granted)}
    if assessment_id in open_here:
        return url_for("assessments.result", assessment_id=assessment_id, _anchor="plan")
    return url_for("people.show", person_id=granted.person_id)
