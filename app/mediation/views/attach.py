"""Saying afterwards with whom a session was: somebody seen lately, or found by the search of the register."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import Conflict, NotFound
from app.kernel.i18n import gettext as _
from app.mediation import actions, policy, queries
from app.mediation.enums import SessionKind
from app.mediation.forms import AttachForm, FindForm
from app.mediation.models import Participation
from app.mediation.queries import SessionView
from app.mediation.views.blueprint import bp
from app.people import actions as people_actions
from app.people import queries as people_queries


@bp.route("/seances/<uuid:session_id>/rattacher", methods=["GET", "POST"])
@access.rule("Qui peut corriger la séance dit avec qui elle était", FRONT)
def attach(session_id: UUID) -> ResponseReturnValue:
    """Choose who it was with."""
    actor = gate.actor()
    session = _loose(actor, session_id)
    text, people = _proposed(actor)
    form = AttachForm(people)
    taking = form.save(lambda: _attached(actor, session_id, form))
    if taking is not None:
        flash(_("La séance est rattachée à la personne."), "success")
        return redirect(url_for("mediation.show", session_id=session_id), 303)
    find = FindForm(formdata=None, data={"q": text or ""})
    return pages.render(
        "mediation/attach.html", form.status, form=form, find=find, session=session, people=people, text=text
    )


@bp.post("/seances/<uuid:session_id>/rattacher/chercher")
@access.rule("Qui peut corriger la séance cherche avec qui elle était", FRONT, form_key=False)
def find_person(session_id: UUID) -> ResponseReturnValue:
    """Search the register; what is searched stays on the server."""
    actor, form = gate.actor(), FindForm()
    session = _loose(actor, session_id)
    token = form.save(lambda: people_actions.save_search(actor, form.q.data or ""))
    if token is not None:
        return redirect(url_for("mediation.attach", session_id=session_id, recherche=token), 303)
    _text, people = _proposed(actor)
    return pages.render(
        "mediation/attach.html",
        form.status,
        form=AttachForm(people, formdata=None),
        find=form,
        session=session,
        people=people,
        text=None,
    )


def _attached(actor: Actor, session_id: UUID, form: AttachForm) -> Participation:
    granted = people_queries.granted_on(actor, UUID(form.person.data))
    return actions.attach(actor, session_id, granted)


def _loose(actor: Actor, session_id: UUID) -> SessionView:
    session = queries.get(actor, session_id)
    if not policy.can_attach(actor, session) or session.kind is not SessionKind.INDIVIDUEL:
        raise NotFound
    if session.attached:
        raise Conflict(_("Cette séance est déjà rattachée à une personne."))
    return session


def _proposed(actor: Actor) -> tuple[str | None, list[tuple[UUID, str]]]:
    """What was searched, or None, and the people to choose from."""
    text = _searched(actor)
    if text is None:
        return None, [(one.id, _label(one.label, one.birth_year)) for one in queries.attachable_to(actor)]
    found = people_queries.search(actor, text).rows
    ours = queries.attachable(actor, {row.id for row in found})
    return text, [(row.id, _label(row.label, row.birth_year)) for row in found if row.id in ours]


def _searched(actor: Actor) -> str | None:
    try:
        token = UUID(request.args.get("recherche", ""))
    except ValueError:
        return None
    return people_queries.searched(actor, token)


def _label(name: str, birth_year: int | None) -> str:
    return f"{name} ({birth_year})" if birth_year else name
