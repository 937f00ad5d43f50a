"""« Importer des personnes » : send a file, say which column is what, look, confirm, follow, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import ADVISING
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext
from app.kernel.sheets import csv_bytes, read_records
from app.people.actions import importing
from app.people.duplicates import Reason
from app.people.exports import TYPES
from app.people.forms import ButtonForm
from app.people.forms.files import MOST_BYTES, ColumnsForm, ConfirmForm, PeopleFileForm
from app.people.imports import words_of
from app.people.models import ImportState, LineState
from app.people.queries import imports as records
from app.people.queries.imports import LINES_SHOWN, FileLine, RunView
from app.people.views.blueprint import bp

EXAMPLES = 3
LEFT = (LineState.FAULTY, LineState.KNOWN, LineState.ASIDE)
# Why an undoing left somebody: the table where something was written since.
TOUCHED = {
    "person": lazy_gettext("La fiche a été corrigée ou confiée à une autre structure."),
    "follow_up": lazy_gettext("Le suivi a changé."),
    "notice": lazy_gettext("La notice a été donnée."),
    "consent": lazy_gettext("La personne a répondu pour un accord."),
    "need": lazy_gettext("Une demande a été notée."),
    "participation": lazy_gettext("Une séance a été notée."),
    "assessment": lazy_gettext("Une évaluation a été commencée."),
    "referral": lazy_gettext("Une orientation a été préparée."),
    "sharing_card": lazy_gettext("Une carte de partage a été faite."),
    "person_merge": lazy_gettext("La fiche a été fusionnée avec une autre."),
    "person_alias": lazy_gettext("La fiche a été fusionnée avec une autre."),
    "rights_request": lazy_gettext("La personne a fait une demande sur ses données."),
}


@bp.route("/import", methods=["GET", "POST"])
@access.rule("Les conseillers et les responsables inscrivent des personnes à partir d’un fichier", ADVISING)
def imports() -> ResponseReturnValue:
    """The files sent, and one more."""
    actor, form = gate.actor(), PeopleFileForm()
    made = form.save(lambda: importing.receive(actor, form.content))
    if made is not None:
        return redirect(url_for("people.import_columns", people_import_id=made.id), 303)
    context = {"runs": records.runs(actor), "megabytes": MOST_BYTES // 1024**2}
    return pages.render("people/imports.html", form.status, form=form, **context)


@bp.get("/import/<uuid:people_import_id>")
@access.rule("On suit les fichiers de personnes qu’on a envoyés", ADVISING)
def show_import(people_import_id: UUID) -> ResponseReturnValue:
    """Where one file is; a step that waits for an answer has a page of its own."""
    view = records.run(gate.actor(), people_import_id)
    if view.state in {ImportState.COLUMNS, ImportState.READY}:
        return _to(view)
    return _page(view, ButtonForm(formdata=None))


def _to(view: RunView) -> ResponseReturnValue:
    """To the step where the file is."""
    steps = {ImportState.COLUMNS: "people.import_columns", ImportState.READY: "people.confirm_import"}
    return redirect(url_for(steps.get(view.state, "people.show_import"), people_import_id=view.id), 303)


def _page(view: RunView, form: ButtonForm) -> ResponseReturnValue:
    actor = gate.actor()
    left = records.lines(actor, view.id, *LEFT)
    kept = [(line, code, touched(reasons)) for line, code, reasons in records.kept_codes(view.id)]
    context = {"left": [_told(one) for one in left], "kept": kept, "shown": LINES_SHOWN, "LineState": LineState}
    made = records.lines(actor, view.id, LineState.MADE) if view.state is ImportState.DONE else []
    return pages.render("people/import.html", form.status, view=view, form=form, made=made, **context)


def touched(reasons: list[str]) -> str:
    """Why somebody was left, in words."""
    return str(TOUCHED.get(reasons[0] if reasons else "", _("Autre chose a été noté depuis.")))


def _told(one: FileLine) -> dict[str, Any]:
    return {"line": one, "why": why_left(one.reasons)}


def why_left(reasons: list[str]) -> list[str]:
    """Why a line is left, in words; nothing of what it says."""
    alike = [str(Reason(code).label) for code in reasons if code in set(Reason)]
    told = [words_of(code) for code in reasons if code not in set(Reason)]
    if alike:
        return [_("Ressemble à une personne déjà suivie."), *alike, *told]
    return told or [_("Déjà inscrite par un import, ou laissée de côté.")]


@bp.route("/import/<uuid:people_import_id>/colonnes", methods=["GET", "POST"])
@access.rule("On dit quelle colonne du fichier contient quoi", ADVISING)
def import_columns(people_import_id: UUID) -> ResponseReturnValue:
    """Each of the ten fields, the column guessed for it, and the first lines to check."""
    actor = gate.actor()
    run = records.mine(actor, people_import_id, content=True)
    if run.content is None or run.state not in {ImportState.COLUMNS, ImportState.COMPARING, ImportState.READY}:
        return _to(records.run(actor, people_import_id))
    first = _first_lines(run.content)
    form = ColumnsForm().offering(first[0], run.matching)
    if form.save(lambda: importing.match(actor, people_import_id, form.matching())) is not None:
        return redirect(url_for("people.show_import", people_import_id=people_import_id), 303)
    context = {"run_id": people_import_id, "guessed": bool(run.matching), "titles": first[0], "examples": first[1:]}
    return pages.render(
        "people/import_columns.html", form.status, form=form, button=ButtonForm(formdata=None), **context
    )


def _first_lines(content: bytes) -> list[tuple[str, ...]]:
    found = read_records(content)
    return [record.cells for record, _rank in zip(found, range(EXAMPLES + 1), strict=False)]


@bp.route("/import/<uuid:people_import_id>/apercu", methods=["GET", "POST"])
@access.rule("On regarde ce que l’import fera, puis on le confirme", ADVISING)
def confirm_import(people_import_id: UUID) -> ResponseReturnValue:
    """New people, those who look like somebody, lines left and why; nothing is written yet."""
    actor = gate.actor()
    view = records.run(actor, people_import_id)
    alike = records.lines(actor, people_import_id, LineState.ALIKE)
    form = ConfirmForm().offering(alike)
    if form.save(lambda: importing.confirm(actor, people_import_id, form.chosen())) is not None:
        return redirect(url_for("people.show_import", people_import_id=people_import_id), 303)
    if request.method == "GET" and view.state is not ImportState.READY:
        return _to(view)
    context = {
        "left": [_told(one) for one in records.lines(actor, people_import_id, LineState.FAULTY)],
        "alike": [(one, why_left(one.reasons)[1:], box) for one, box in zip(alike, form.anyway, strict=True)],
    }
    new = records.lines(actor, people_import_id, LineState.NEW)
    shown = {"shown": LINES_SHOWN, "LineState": LineState, "button": ButtonForm(formdata=None)}
    return pages.render("people/import_preview.html", form.status, form=form, view=view, new=new, **context, **shown)


@bp.post("/import/<uuid:people_import_id>/abandonner")
@access.rule("On abandonne un import qu’on a préparé", ADVISING)
def abandon_import(people_import_id: UUID) -> ResponseReturnValue:
    """Forget the file."""
    actor, form = gate.actor(), ButtonForm()
    if form.save(lambda: importing.abandon(actor, people_import_id)) is not None:
        flash(_("Fichier effacé. Personne n’a été inscrit."), "info")
        return redirect(url_for("people.imports"), 303)
    return _page(records.run(actor, people_import_id), form)


@bp.route("/import/<uuid:people_import_id>/annuler", methods=["GET", "POST"])
@access.rule("On annule un import pendant 24 heures", ADVISING)
def undo_import(people_import_id: UUID) -> ResponseReturnValue:
    """Say what will happen, then do it."""
    actor, form = gate.actor(), ButtonForm()
    view = records.run(actor, people_import_id)
    if form.save(lambda: importing.undo(actor, people_import_id)) is not None:
        return redirect(url_for("people.show_import", people_import_id=people_import_id), 303)
    if request.method == "GET" and not view.can_undo:
        return _to(view)
    return pages.render("people/undo_import.html", form.status, form=form, view=view, LineState=LineState)


def _reasons(reasons: list[str]) -> list[str]:
    """A reason of any kind, in words: why a line is left, or why an undoing kept somebody."""
    return [touched(reasons)] if reasons and reasons[0] in TOUCHED else why_left(reasons)


@bp.get("/import/<uuid:people_import_id>/lignes.csv")
@access.rule("On emporte la liste des lignes laissées de côté", ADVISING)
def lines_left(people_import_id: UUID) -> ResponseReturnValue:
    """Lines and reasons, for whoever corrects the file or copies a note by hand; nothing of what they say."""
    actor = gate.actor()
    records.mine(actor, people_import_id)
    left = records.told(people_import_id)
    if not left:
        raise NotFound
    rows = [[str(line), " ".join(_reasons(reasons))] for line, reasons in left]
    answer = Response(csv_bytes([[_("Ligne"), _("Pourquoi")], *rows]), content_type=TYPES["csv"])
    answer.headers["Content-Disposition"] = "attachment; filename=lignes-laissees.csv"
    return answer
