"""First screen by hat, language, static pages, health."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.kernel import access, gate, i18n, pages, panels
from app.kernel.access import Role
from app.kernel.db import db

bp = Blueprint("home", __name__)


@bp.get("/")
@access.rule("Chaque personne connectée a son premier écran", *Role)
def index() -> ResponseReturnValue:
    """What there is to do, for this hat."""
    actor = gate.actor()
    return pages.render("home/index.html", tasks=panels.tasks_for(actor), role=actor.role)


@bp.post("/langue")
@access.public("Tout le monde choisit sa langue")
def language() -> ResponseReturnValue:
    """Speak another language."""
    chosen = request.form.get("lang", "fr")
    session["langue"] = chosen if chosen in i18n.LANGUAGES else "fr"
    back = request.form.get("retour", "")
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(back if inside else url_for("home.index"), 303)


@bp.get("/accessibilite")
@access.public("Page d’information")
def accessibility() -> ResponseReturnValue:
    """What is accessible, what is not yet."""
    return pages.render("home/accessibility.html")


@bp.get("/mentions")
@access.public("Page d’information")
def legal() -> ResponseReturnValue:
    """Who runs this, where the data are."""
    return pages.render("home/legal.html")


@bp.get("/sante")
@access.public("Sonde de fonctionnement, sans donnée")
def health() -> ResponseReturnValue:
    """Alive, and the database answers."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
