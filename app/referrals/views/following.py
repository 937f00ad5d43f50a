"""« À faire » : people to tell, endings to decide upon."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, grants, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.needs import policy as need_policy
from app.needs import queries as need_queries
from app.referrals import actions, policy, queries
from app.referrals.enums import Decision, State, TaskKind, ToldWay
from app.referrals.forms import DecideForm, ToldForm
from app.referrals.models import Referral
from app.referrals.queries import Todo, TodoPage
from app.referrals.views.blueprint import bp

# The two lists of one page turn their own pages.
CALLS, CHOICES = "page", "suites"


@bp.get("/orientations/a-faire")
@access.rule("On voit ce que sa structure doit faire de ses orientations", FRONT)
def todo() -> ResponseReturnValue:
    """The call list, and what is to be decided."""
    actor = gate.actor()
    asked = {TaskKind.TELL_PERSON: CALLS, TaskKind.NEXT_ACTION: CHOICES}
    found = queries.todo_pages(actor, {kind: request.args.get(name, 1, type=int) for kind, name in asked.items()})
    calls, choices = found[TaskKind.TELL_PERSON], found[TaskKind.NEXT_ACTION]
    return pages.render(
        "referrals/todo.html",
        calls=calls.lines,
        choices=choices.lines,
        total=calls.total + choices.total,
        calls_pager=_pager(calls, CALLS, {CHOICES: choices.number}, "prevenir"),
        choices_pager=_pager(choices, CHOICES, {CALLS: calls.number}, "suites"),
        can_decide=policy.can_decide(actor),
    )


def _pager(page: TodoPage, name: str, other: Mapping[str, int], anchor: str) -> dict[str, object]:
    """Each list turns its own pages, the other one staying where it is."""

    def address(number: int) -> str | None:
        kept = {key: value for key, value in {**other, name: number}.items() if value > 1}
        inside = 1 <= number <= page.pages
        return url_for("referrals.todo", _anchor=anchor, **kept) if inside else None  # type: ignore[arg-type]

    calls = name == CALLS
    label = _("Pages de la liste d’appels") if calls else _("Pages des suites à décider")
    return {
        "label": label,
        "number": page.number,
        "pages": page.pages,
        "prev_url": address(page.number - 1),
        "next_url": address(page.number + 1),
        "total_label": ngettext("%(num)d personne à prévenir", "%(num)d personnes à prévenir", page.total)
        if calls
        else ngettext("%(num)d suite à décider", "%(num)d suites à décider", page.total),
    }


@bp.route("/orientations/taches/<uuid:task_id>/prevenir", methods=["GET", "POST"])
@access.rule("La structure qui oriente prévient la personne", FRONT)
def tell(task_id: UUID) -> ResponseReturnValue:
    """« Personne prévenue » : how."""
    actor, form = gate.actor(), ToldForm()
    task = _task(actor, task_id, TaskKind.TELL_PERSON)
    done = form.save(lambda: actions.told(actor, task_id, ToldWay(form.way.data)))
    if done is not None:
        flash(
            _("C’est noté.") if done.done_at else _("C’est noté. À essayer de nouveau le prochain jour ouvert."),
            "success",
        )
        return redirect(url_for("referrals.todo"), 303)
    return pages.render("referrals/tell.html", form.status, form=form, t=task)


@bp.route("/orientations/taches/<uuid:task_id>/suite", methods=["GET", "POST"])
@access.rule("Les conseillers décident de ce qui vient après une orientation terminée", FRONT)
def decide(task_id: UUID) -> ResponseReturnValue:
    """What comes next."""
    actor, form = gate.actor(), DecideForm()
    if not policy.can_decide(actor):
        raise NotFound
    task = _task(actor, task_id, TaskKind.NEXT_ACTION)
    form.offer(task.next_structure, _may_close(actor, task))
    if form.is_submitted() and form.decision.data == Decision.ANOTHER_PARTNER and task.person_id:
        return redirect(_other_partner(task), 303)
    shown = form.save(lambda: actions.decide(actor, task_id, Decision(form.decision.data), form.close()))
    if shown is not None:
        flash(_decided(shown, task), "success")
        return redirect(url_for("referrals.show", referral_id=shown.id), 303)
    return pages.render("referrals/decide.html", form.status, form=form, t=task)


def _task(actor: Actor, task_id: UUID, kind: TaskKind) -> Todo:
    task = queries.task_of(actor, task_id)
    if task.kind is not kind:
        raise NotFound
    return task


def _may_close(actor: Actor, task: Todo) -> bool:
    if task.person_id is None:
        return False
    granted = grants.on_person(actor, task.person_id)
    if not granted or not need_queries.is_open(actor, granted, task.need_id):
        return False
    return need_policy.can_close(actor, granted, need_queries.get(actor, granted, task.need_id))


def _other_partner(task: Todo) -> str:
    return url_for("referrals.draft", person_id=task.person_id, suite=task.referral_id, demande=task.need_id)


def _decided(shown: Referral, task: Todo) -> str:
    if shown.id != task.referral_id and shown.state is State.SENT:
        return _("Orientation envoyée à %(name)s.", name=task.next_structure)
    return _("C’est décidé.")
