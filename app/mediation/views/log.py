"""Logging: with somebody of the register, without a name, or a workshop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, clock, formats, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.mediation import actions, policy, queries
from app.mediation.enums import SessionKind
from app.mediation.forms import FIRST_THEMES, AnonymousForm, SessionFields, SessionForm, WorkshopForm
from app.mediation.views.blueprint import bp
from app.needs import queries as need_queries
from app.people import queries as people_queries


@bp.route("/personnes/<uuid:person_id>/seances/nouvelle", methods=["GET", "POST"])
@access.rule("Qui suit la personne note une séance avec elle", FRONT)
def new_session(person_id: UUID) -> ResponseReturnValue:
    """Log a session with somebody of the register."""
    actor = gate.actor()
    granted = people_queries.granted_on(actor, person_id)
    if not policy.can_log_with(actor, granted):
        raise NotFound
    form = SessionForm(needs=need_queries.open_needs_choices(actor, granted), **proposals(actor))
    if not form.checks_commune():
        logged = form.save(lambda: actions.log_session(actor, granted, form.to_data(), pages.today()))
        if logged is not None:
            say_saved()
            return redirect(url_for("people.show", person_id=person_id), 303)
    name = people_queries.labels(actor, {person_id}).get(person_id, "")
    back = url_for("people.show", person_id=person_id)
    return form_page(form, "mediation/form.html", person_name=name, back_url=back)


@bp.route("/seances/nouvelle", methods=["GET", "POST"])
@access.rule("L’accueil, les conseillers et les responsables notent leurs séances", FRONT)
def new_anonymous() -> ResponseReturnValue:
    """Log a session without a name; somebody may be attached to it afterwards."""
    actor = gate.actor()
    form = AnonymousForm(**proposals(actor))
    if not form.checks_commune():
        logged = form.save(lambda: actions.log_anonymous(actor, form.who(), form.to_data(), pages.today()))
        if logged is not None:
            say_saved()
            return redirect(url_for("mediation.show", session_id=logged.id), 303)
    return form_page(form, "mediation/form.html", person_name="", back_url=url_for("mediation.index"))


@bp.route("/seances/atelier", methods=["GET", "POST"])
@access.rule("L’accueil, les conseillers et les responsables notent leurs ateliers", FRONT)
def new_workshop() -> ResponseReturnValue:
    """Log a workshop and count who came."""
    actor = gate.actor()
    form = WorkshopForm(**proposals(actor, SessionKind.COLLECTIF))
    if not form.checks_commune():
        logged = form.save(lambda: actions.log_workshop(actor, form.counts(), form.to_data(), pages.today()))
        if logged is not None:
            say_saved()
            return redirect(url_for("mediation.show", session_id=logged.id), 303)
    return form_page(form, "mediation/workshop.html", back_url=url_for("mediation.index"))


def proposals(actor: Actor, kind: SessionKind = SessionKind.INDIVIDUEL) -> dict[str, Any]:
    """What the form proposes to this user."""
    return {
        "prompt": queries.prompt(actor, kind),
        "visibilities": policy.visibilities(actor),
        "data": {"visibility": policy.default_visibility(actor).value},
    }


def form_page(form: SessionFields, template: str, **context: object) -> ResponseReturnValue:
    """The form, with as many themes before « Tous les thèmes » as there is room for."""
    return pages.render(template, form.status, form=form, first_themes=FIRST_THEMES, **context)


def say_saved() -> None:
    """« Séance enregistrée à 14 h 32. »"""
    flash(_("Séance enregistrée à %(hour)s.", hour=formats.hour(clock.now(), pages.timezone())), "success")
