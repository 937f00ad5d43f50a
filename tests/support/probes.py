"""Small views with which the request contract is put to the test, in an application of their own with real commits."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, text
from wtforms import HiddenField, PasswordField

from app.kernel import access, clock, errors, gate, jobs, journal
from app.kernel.access import FRONT
from app.kernel.db import Base, db
from app.kernel.errors import Difference
from app.kernel.forms import Form, NoteField, TextField
from app.network.models import Structure

KIND = "essai"
PAGE = """
{% extends 'layouts/narrow.html' %}
{% block title %}Essai{% endblock %}
{% block main %}
  {{ ui.page_header('Essai') }}
  {{ forms.form_open(form, id='essai') }}
    {% for field in form if field.name != 'csrf_token' %}{{ forms.field(field) }}{% endfor %}
    {{ forms.submit('Enregistrer') }}{{ forms.submit('Vérifier', name='check') }}
  {{ forms.form_close() }}
{% endblock %}
"""


class NoteForm(Form):
    text = TextField("Texte")
    notes = NoteField("Notes")
    password = PasswordField("Mot de passe")
    new_password = PasswordField("Nouveau mot de passe")


class StructureForm(Form):
    version = HiddenField()
    name = TextField("Nom", max_length=200)


def install(app: Flask) -> None:
    """Add the probes. Before the first request."""
    bp = Blueprint("essai", __name__, url_prefix="/essai")
    bp.get("/sans-regle")(undeclared)
    bp.route("/note", methods=["GET", "POST"])(note)
    bp.post("/bouton")(button)
    bp.get("/ecrit")(writes_on_get)
    bp.get("/ecrit-en-sql")(writes_behind_a_select)
    bp.get("/lu/<uuid:object_id>")(reads)
    bp.post("/refuse/<int:status>")(refuses)
    bp.route("/structure", methods=["GET", "POST"])(structure)
    bp.get("/panne")(breaks)
    app.register_blueprint(bp)


def undeclared() -> ResponseReturnValue:
    return _plain("ouvert")


def _plain(words: str, status: int = 200) -> Response:
    return Response(words, status, mimetype="text/plain")


@access.rule("Essai", FRONT)
def note() -> ResponseReturnValue:
    form = NoteForm()
    if request.method == "POST" and "check" in request.form:
        return _page(form)
    saved = form.save(lambda: _write(form.text.data or ""))
    if saved is not None:
        return redirect("/accessibilite", 303)
    return _page(form)


def _page(form: Form) -> ResponseReturnValue:
    return render_template_string(PAGE, form=form), form.status


def _write(words: str) -> bool:
    journal.note(gate.actor(), "essai.note", "essai", length=len(words))
    jobs.enqueue(KIND, {"text": words}, clock.now())
    db.session.flush()
    time.sleep(0.15)
    return True


@access.rule("Essai", FRONT)
def button() -> ResponseReturnValue:
    _write("bouton")
    return redirect("/accessibilite", 303)


@access.rule("Essai", FRONT)
def writes_on_get() -> ResponseReturnValue:
    _write("GET")
    return _plain("écrit")


@access.rule("Essai", FRONT)
def writes_behind_a_select() -> ResponseReturnValue:
    values = "(seq, hash, purged, at) VALUES (7, 'x', 0, '2026-01-01 00:00:00')"
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text(f"WITH one AS (SELECT 1) INSERT INTO journal_checkpoint {values}"))
    else:
        hidden = f"WITH one AS (INSERT INTO journal_checkpoint {values} RETURNING 1) SELECT * FROM one"
        db.session.execute(text(hidden))
    return _plain("écrit")


@access.rule("Essai", FRONT)
def reads(object_id: UUID) -> ResponseReturnValue:
    journal.note(gate.actor(), "essai.read", "essai", object_id)
    return _plain("le secret lu")


@access.rule("Essai", FRONT, form_key=False)
def refuses(status: int) -> ResponseReturnValue:
    _write("refusé")
    if status == 404:
        raise errors.NotFound
    if status == 500:
        raise RuntimeError("Amina Benali, 06 12 34 56 78")
    return _plain("refusé", status)


@access.rule("Essai", FRONT)
def structure() -> ResponseReturnValue:
    found = db.session.get_one(Structure, gate.actor().structure_id)
    form = StructureForm(obj=found)
    if form.save(lambda: _rename(found, form)) is not None:
        return redirect("/essai/structure", 303)
    return _page(form)


def _rename(found: Structure, form: StructureForm) -> Structure:
    typed = form.name.data or ""
    errors.check_version(found.version, int(form.version.data or 0), Difference("Nom", typed, found.name))
    found.name = typed
    return found


@access.rule("Essai", FRONT)
def breaks() -> ResponseReturnValue:
    try:
        raise ValueError("Benali")
    except ValueError as error:
        raise RuntimeError("Amina, 06 12 34 56 78") from error


def written(app: Flask) -> list[str]:
    """What the probes wrote, in order."""
    with app.app_context():
        found = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == KIND).order_by(jobs.Job.id))
        words = [job.payload["text"] for job in found]
        db.session.remove()
    return words


def count(app: Flask, model: type[Base], *where: Any) -> int:
    """How many rows, seen from a connection of its own."""
    with app.app_context():
        total = db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0
        db.session.remove()
    return total


def journalled(app: Flask, action: str) -> int:
    """How many entries of the journal bear this action."""
    return count(app, journal.JournalEntry, journal.JournalEntry.action == action)


def within(app: Flask, act: Callable[[], Any]) -> Any:
    """Run `act` in a context of the application and give its session back."""
    with app.app_context():
        try:
            return act()
        finally:
            db.session.remove()
