"""Asking: one question at a time, all of them on one page, then everything again before the result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.assessments import actions, policy, queries
from app.assessments.enums import Mode
from app.assessments.forms import AnswerForm, ButtonForm, SheetForm, StartForm, quiet_codes
from app.assessments.queries import Finished, Sheet
from app.assessments.views.blueprint import about, bp
from app.kernel import access, gate, ids, pages
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.people import queries as people_queries


@bp.route("/personnes/<uuid:person_id>/evaluation", methods=["GET", "POST"])
@access.rule("Qui suit la personne l’évalue : six questions à l’accueil, toutes pour les conseillers", FRONT)
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
    return pages.render(
        "assessments/start.html",
        form.status,
        form=form,
        **about(actor, granted),
        modes=policy.modes(actor),
        begun=queries.in_progress(actor, granted),
        latest=queries.latest(actor, granted),
        interpreter=_interpreter(actor, granted),
        new_key=ids.random_key,
    )


def _interpreter(actor: Actor, granted: Granted) -> dict[str, Any] | None:
    """Said in the person's adaptation or seen while asking; with the date to come back, when the plan has one to choose."""
    comfort = people_queries.card(actor, granted.person_id).adaptation
    if not (comfort is not None and comfort.interpreter) and not queries.needs_interpreter(actor, granted):
        return None
    return {"back": next((one for one in queries.open_actions(actor, granted) if one.code == "ACT_INTERPRETE"), None)}


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
    return pages.render("assessments/question.html", form.status, **context, **about(actor, granted))


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
        return pages.render("assessments/sheet.html", form.status, **context, **about(actor, granted))
    if useless:
        texts = ", ".join(_("« %(question)s »", question=found.instrument.by_id[one].text) for one in useless)
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
    return pages.render("assessments/review.html", form.status, **context, **about(actor, granted))


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
