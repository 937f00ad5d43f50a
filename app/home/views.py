"""First screen by hat, language, static pages, health."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.accounts import actions as accounts
from app.kernel import access, gate, i18n, pages, panels
from app.kernel.access import Role
from app.kernel.db import db
from config import Settings

bp = Blueprint("home", __name__)


@bp.get("/")
@access.rule("Chaque personne connectée a son premier écran", *Role)
def index() -> ResponseReturnValue:
    """What there is to do, for this hat."""
    actor = gate.actor()
    choices = [(url_for(one.endpoint), one) for one in panels.actions_for(actor)]
    return pages.render("home/index.html", tasks=panels.tasks_for(actor), choices=choices, role=actor.role)


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
