"""First screen by hat, language, static pages, health."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.accounts import actions as accounts
from app.kernel import access, gate, i18n, pages, panels
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.i18n import lazy_gettext as _
from app.kernel.panels import Task
from config import Settings

bp = Blueprint("home", __name__)
WEEK = timedelta(days=7)
_GROUPS = {
    "urgent": _("Urgent"),
    "late": _("En retard"),
    "today": _("Aujourd’hui"),
    "week": _("Dans la semaine"),
    "later": _("Plus tard"),
}
# What this place is for, and where to go meanwhile: (words, endpoint, words of the link).
_EMPTY: dict[Role, tuple[str, str, str]] = {
    Role.DESK: (
        _("Ici apparaissent les personnes à prévenir et les demandes qui arrivent à échéance."),
        "people.index",
        _("Voir les personnes"),
    ),
    Role.ADVISER: (
        _("Ici apparaissent les orientations à traiter, les personnes à prévenir et ce qui arrive à échéance."),
        "people.index",
        _("Voir les personnes"),
    ),
    Role.MANAGER: (
        _("Ici apparaissent ce que votre équipe doit traiter, les invitations et la revue des accès."),
        "administration.members",
        _("Voir l’équipe"),
    ),
    Role.COORDINATOR: (
        _("Ici apparaissent les orientations qui attendent trop et les synthèses à préparer."),
        "pilotage.flows",
        _("Voir qui oriente vers qui"),
    ),
    Role.ELECTED: (
        _("Ici apparaissent les synthèses qui viennent d’être publiées."),
        "pilotage.summary_list",
        _("Voir les synthèses"),
    ),
    Role.DPO: (
        _("Ici apparaissent les demandes de droits à traiter, avec leur délai."),
        "privacy.rights_requests",
        _("Voir les demandes de droits"),
    ),
    Role.ADMIN: (
        _("Ici apparaissent les invitations en attente et les structures à compléter."),
        "administration.structures",
        _("Voir les structures"),
    ),
}


@bp.get("/")
@access.rule("Chaque personne connectée a son premier écran", *Role)
def index() -> ResponseReturnValue:
    """What there is to do, for this hat."""
    actor = gate.actor()
    choices = [(url_for(one.endpoint), one) for one in panels.actions_for(actor)]
    tasks = panels.tasks_for(actor)
    return pages.render(
        "home/index.html",
        choices=choices,
        role=actor.role,
        groups=_grouped(tasks, pages.today()),
        count=len(tasks),
        empty=_EMPTY[actor.role],
    )


def _grouped(tasks: list[Task], today: date) -> list[tuple[str, str, list[Task]]]:
    """(code, words, tasks) by how much they press; `tasks` are in order already."""
    found: dict[str, list[Task]] = {code: [] for code in _GROUPS}
    for task in tasks:
        found[_pressing(task, today)].append(task)
    return [(code, str(_GROUPS[code]), some) for code, some in found.items() if some]


def _pressing(task: Task, today: date) -> str:
    if task.urgent:
        return "urgent"
    if task.due < today:
        return "late"
    if task.due == today:
        return "today"
    return "week" if task.due <= today + WEEK else "later"


@bp.post("/langue")
@access.public("Tout le monde choisit sa langue")
def language() -> ResponseReturnValue:
    """Speak another language."""
    asked = request.form.get("lang", "fr")
    chosen = asked if asked in i18n.LANGUAGES else "fr"
    session["langue"] = chosen
    who = gate.identity()
    if who is not None:
        accounts.speak(who.user_id, chosen)
    return redirect(pages.inside(request.form.get("retour")) or url_for("home.index"), 303)


@bp.get("/accessibilite")
@access.public("Page d’information")
def accessibility() -> ResponseReturnValue:
    """What is accessible, what is not yet."""
    return pages.render("home/accessibility.html")


@bp.get("/mentions")
@access.public("Page d’information")
def legal() -> ResponseReturnValue:
    """Who runs this, where the data are."""
    settings: Settings = current_app.extensions["settings"]
    return pages.render("home/legal.html", journal_months=settings.journal_months)


@bp.get("/sante")
@access.public("Sonde de fonctionnement, sans donnée")
def health() -> ResponseReturnValue:
    """Alive, and the database answers."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
