"""First screen by hat, language, static pages, health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.accounts import actions as accounts
from app.kernel import access, due, gate, i18n, pages, panels
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.due import Entry
from app.kernel.i18n import lazy_gettext as _
from app.kernel.panels import Task
from config import Settings

bp = Blueprint("home", __name__)
WEEK = timedelta(days=7)
# Of each group, unless all of it is asked for.
MOST = 8
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
    """What there is to do, for this hat: the first of each group, or the whole of the one that was asked for."""
    actor = gate.actor()
    choices = [(url_for(one.endpoint), one) for one in panels.actions_for(actor)]
    entries = due.entries(actor)
    return pages.render(
        "home/index.html",
        choices=choices,
        role=actor.role,
        groups=_grouped(actor, entries, pages.today(), request.args.get("groupe", "")),
        count=len(entries),
        empty=_EMPTY[actor.role],
    )


@dataclass(frozen=True)
class Group:
    """Things that press as much as one another: those shown, how many there are, and how many are left out."""

    code: str
    words: str
    tasks: list[Task]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.tasks)


def _grouped(actor: Actor, entries: list[Entry], today: date, whole: str) -> list[Group]:
    """By how much they press; `entries` are in order already. Only what is shown is put in words."""
    found: dict[str, list[Entry]] = {code: [] for code in _GROUPS}
    for one in entries:
        found[_pressing(one, today)].append(one)
    shown = {code: some if code == whole else some[:MOST] for code, some in found.items()}
    told = iter(due.tasks(actor, [one for some in shown.values() for one in some]))
    return [
        Group(code, str(_GROUPS[code]), list(islice(told, len(some))), len(found[code]))
        for code, some in shown.items()
        if some
    ]


def _pressing(task: Entry, today: date) -> str:
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
