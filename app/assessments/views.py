"""Screens of the assessment: one question at a time at the counter, the professional's result, the person's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.assessments import actions, policy, queries
from app.assessments.enums import Mode, PlanLevel, PlanState
from app.assessments.forms import AnswerForm, ButtonForm, PlanForm, ProfileForm, SheetForm, StartForm, quiet_codes
from app.assessments.queries import ActionLine, AssessmentLine, Finished, ResultView, Sheet
from app.kernel import access, gate, ids, journal, pages, panels
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.panels import PersonPanel, TimelineItem
from app.network import queries as network_queries
from app.people import queries as people_queries

bp = Blueprint("assessments", __name__)
SHOWN_ACTIONS = 3
DONE_HERE = frozenset({"mediation_numerique", "france_services"})


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The last profile, the plan's next actions, and what was begun, on the person's page."""
    found = queries.of_person(actor, granted)
    remaining = queries.open_actions(actor, granted)
    begun = queries.in_progress(actor, granted)
    can_start = policy.can_start(actor, granted, Mode.EXPRESS)
    if not (found or remaining or begun or can_start):
        return None
    context = {
        "person_id": granted.person_id,
        "latest": found[0] if found else None,
        "earlier": found[1:],
        "actions": remaining[:SHOWN_ACTIONS],
        "more": len(remaining) - SHOWN_ACTIONS,
        "begun": begun,
        "can_start": can_start,
    }
    return PersonPanel("assessments", 30, "assessments/_panel.html", context, tuple(_item(line) for line in found))


def _item(line: AssessmentLine) -> TimelineItem:
    title = _("Évaluation %(mode)s de la distance au numérique", mode=str(line.mode.label))
    url = url_for("assessments.result", assessment_id=line.id)
    return TimelineItem(line.at, "assessment", title, line.profile_label, line.structure_name, url)


@bp.route("/personnes/<uuid:person_id>/evaluation", methods=["GET", "POST"])
@access.rule("Qui suit la personne l’évalue : six questions à l’accueil, toutes pour les conseillers", FRONT)
def start(person_id: UUID) -> ResponseReturnValue:
    """Choose how long to talk, or go on with what was begun."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    if not policy.can_start(actor, granted, Mode.EXPRESS):
        raise NotFound
    form = StartForm()
    begun = form.save(lambda: actions.start(actor, granted, _mode(form), _uuid(form.express.data)))
    if begun is not None:
        return _go_on(queries.sheet_of(begun))
    comfort = people_queries.card(actor, person_id).adaptation
    return pages.render(
        "assessments/start.html",
        form.status,
        form=form,
        **_about(actor, granted),
        modes=policy.modes(actor),
        begun=queries.in_progress(actor, granted),
        latest=queries.latest(actor, granted),
        interpreter=comfort is not None and comfort.interpreter,
        new_key=ids.random_key,
    )


def _mode(form: StartForm) -> Mode:
    try:
        return Mode(form.mode.data or "")
    except ValueError:
        raise NotFound from None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _go_on(sheet: Sheet) -> ResponseReturnValue:
    """The first question without an answer, or everything to read again."""
    return _to(sheet, sheet.first_unanswered())


def _to(sheet: Sheet, question: str | None) -> ResponseReturnValue:
    if question is None:
        return redirect(url_for("assessments.review", assessment_id=sheet.id), 303)
    return redirect(url_for("assessments.question", assessment_id=sheet.id, question=question), 303)


@bp.route("/evaluations/<uuid:assessment_id>/questions/<question>", methods=["GET", "POST"])
@access.rule("L’équipe qui pose les questions note les réponses", FRONT)
def question(assessment_id: UUID, question: str) -> ResponseReturnValue:
    """One question, saved as soon as answered."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    try:
        sheet = queries.sheet(actor, granted, assessment_id)
    except Finished:
        return _finished(assessment_id)
    asked = sheet.instrument.by_id.get(question)
    if asked is None or question not in sheet.instrument.modes[sheet.mode.value].questions:
        raise NotFound
    if not sheet.shows(question):
        return _not_asked(sheet, question)
    form = AnswerForm(sheet, asked)
    saved = form.save(lambda: actions.answer(actor, granted, assessment_id, question, form.to_answer()))
    if saved is not None:
        return _to(saved, saved.next_after(question))
    context = {"form": form, "sheet": sheet, "question": asked, "quiet": quiet_codes(sheet, asked)}
    return pages.render("assessments/question.html", form.status, **context, **_about(actor, granted))


def _not_asked(sheet: Sheet, question: str) -> ResponseReturnValue:
    if request.method == "POST":
        raise queries.NotAsked
    return _to(sheet, sheet.next_after(question))


def _finished(assessment_id: UUID) -> ResponseReturnValue:
    """Reading goes to the result; writing is refused with words."""
    if request.method == "POST":
        raise Finished
    return redirect(url_for("assessments.result", assessment_id=assessment_id), 303)


@bp.route("/evaluations/<uuid:assessment_id>/feuille", methods=["GET", "POST"])
@access.rule("L’équipe qui pose les questions note les réponses", FRONT)
def sheet(assessment_id: UUID) -> ResponseReturnValue:
    """All the questions on one page, for those who prefer."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    try:
        found = queries.sheet(actor, granted, assessment_id)
    except Finished:
        return _finished(assessment_id)
    form = SheetForm.of(found)
    useless = form.save(
        lambda: actions.save_sheet(actor, granted, assessment_id, form.to_answers(), form.typed_version)
    )
    if useless is None:
        quiet = {asked.id: quiet_codes(found, asked) for asked in form.asked}
        context = {"form": form, "sheet": found, "quiet": quiet}
        return pages.render("assessments/sheet.html", form.status, **context, **_about(actor, granted))
    if useless:
        texts = ", ".join(f"« {found.instrument.by_id[one].text} »" for one in useless)
        flash(_("Déduit d’une autre réponse, et donc pas gardé : %(questions)s.", questions=texts), "info")
    flash(_("Réponses enregistrées."), "success")
    return redirect(url_for("assessments.review", assessment_id=assessment_id), 303)


@bp.route("/evaluations/<uuid:assessment_id>", methods=["GET", "POST"])
@access.rule("L’équipe qui pose les questions relit et termine", FRONT)
def review(assessment_id: UUID) -> ResponseReturnValue:
    """Everything again before the result."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    try:
        found = queries.sheet(actor, granted, assessment_id)
    except Finished:
        return _finished(assessment_id)
    form = ButtonForm()
    done = form.save(lambda: actions.finish(actor, granted, assessment_id))
    if done is not None:
        return redirect(url_for("assessments.result", assessment_id=assessment_id), 303)
    context = {"form": form, "sheet": found, "new_key": ids.random_key}
    return pages.render("assessments/review.html", form.status, **context, **_about(actor, granted))


@bp.post("/evaluations/<uuid:assessment_id>/express")
@access.rule("Les conseillers s’en tiennent aux six questions", ADVISING)
def to_express(assessment_id: UUID) -> ResponseReturnValue:
    """Stop after the six questions."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    actions.to_express(actor, granted, assessment_id)
    return _go_on(queries.sheet(actor, granted, assessment_id))


@bp.post("/evaluations/<uuid:assessment_id>/abandonner")
@access.rule("L’équipe qui a commencé par erreur efface", FRONT)
def discard(assessment_id: UUID) -> ResponseReturnValue:
    """Throw away what was begun by mistake."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    actions.discard(actor, granted, assessment_id)
    flash(_("Évaluation abandonnée : ses réponses sont effacées."), "success")
    return redirect(url_for("people.show", person_id=granted.person_id), 303)


@bp.get("/evaluations/<uuid:assessment_id>/resultat")
@access.rule("L’équipe qui a évalué lit le résultat ; ailleurs, ce que la personne a accepté de montrer", FRONT)
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
        can_keep=policy.can_keep_profile(actor, granted, view),
        can_decide=policy.can_decide(actor, granted, view),
        missing=_missing(view),
        new_key=ids.random_key,
        **_about(actor, granted),
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
        if link is not None and action.is_open and action.code not in {"ACT_COMPLETER", "ACT_SUIVI"}:
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
        back_url=url_for("assessments.result", assessment_id=assessment_id),
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
    return pages.render("assessments/profile.html", form.status, form=form, view=view, **_about(actor, granted))


@bp.route("/evaluations/<uuid:assessment_id>/plan/<code>", methods=["GET", "POST"])
@access.rule("La structure qui a proposé le plan dit ce qu’il devient", FRONT)
def decide(assessment_id: UUID, code: str) -> ResponseReturnValue:
    """What became of one action of the plan."""
    actor = gate.actor()
    granted = queries.granted_on(actor, assessment_id)
    action = queries.action(actor, granted, assessment_id, code)
    form = PlanForm(data=_as_decided(action))
    today = pages.today()
    saved = form.save(
        lambda: actions.decide(actor, granted, assessment_id, code, form.to_decision(), today, form.typed_version)
    )
    if saved is not None:
        flash(_("Plan mis à jour."), "success")
        return redirect(_after_decision(actor, granted, assessment_id), 303)
    return pages.render("assessments/decide.html", form.status, form=form, action=action, **_about(actor, granted))


def _as_decided(action: ActionLine) -> dict[str, Any]:
    chosen = None if action.state is PlanState.PROPOSED else action.state.value
    return {"version": action.version, "state": chosen, "until": action.postponed_to}


def _after_decision(actor: Actor, granted: Granted, assessment_id: UUID) -> str:
    """Back to the result, or to the person for a desk that reads the next action only."""
    open_here = {line.id for line in queries.of_person(actor, granted)}
    if assessment_id in open_here:
        return url_for("assessments.result", assessment_id=assessment_id, _anchor="plan")
    return url_for("people.show", person_id=granted.person_id)


def _about(actor: Actor, granted: Granted) -> dict[str, Any]:
    name = people_queries.labels(actor, {granted.person_id}).get(granted.person_id, "")
    return {"person_id": granted.person_id, "person_name": name}
