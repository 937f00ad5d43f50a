"""« Exporter des personnes » : a manager chooses columns, the worker prepares the file, which is erased after a day."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.kernel.i18n import gettext as _
from app.people.actions import exporting
from app.people.exports import TYPES, ExportColumn
from app.people.forms import ButtonForm
from app.people.forms.files import ExportForm
from app.people.queries import exports as records
from app.people.queries.exports import ExportView
from app.people.views.blueprint import bp

HOURS = int(exporting.LIFETIME.total_seconds() // 3600)


@bp.route("/exports", methods=["GET", "POST"])
@access.rule(
    "Un responsable emporte les personnes que sa structure suit, dans le périmètre de son équipe", Role.MANAGER
)
def exports() -> ResponseReturnValue:
    """Choose the columns; the files asked for."""
    actor, form = gate.actor(), ExportForm()
    made = form.save(lambda: exporting.ask_export(actor, form.to_data()))
    if made is not None:
        return redirect(url_for("people.show_export", export_id=made.id), 303)
    context = {"files": records.files(actor), "count": records.count(actor), "out": records.left_out(actor)}
    return pages.render("people/exports.html", form.status, form=form, hours=HOURS, **context)


@bp.get("/exports/<uuid:export_id>")
@access.rule("Un responsable suit les fichiers qu’il a demandés", Role.MANAGER)
def show_export(export_id: UUID) -> ResponseReturnValue:
    """Where one file is."""
    view = records.file(gate.actor(), export_id)
    return _page(view, ButtonForm(formdata=None))


def _page(view: ExportView, form: ButtonForm) -> ResponseReturnValue:
    columns = [str(ExportColumn(code).label) for code in view.columns]
    return pages.render("people/export.html", form.status, view=view, form=form, columns=columns, hours=HOURS)


@bp.get("/exports/<uuid:export_id>/fichier")
@access.rule("Un responsable télécharge le fichier qu’il a demandé, pendant 24 heures", Role.MANAGER)
def take_export(export_id: UUID) -> ResponseReturnValue:
    """The file, for whoever asked, with the same hat, as long as nothing in it was closed to them."""
    actor = gate.actor()
    made, content = records.document(actor, export_id)
    exporting.note_taken(actor, made)
    answer = Response(content, content_type=TYPES[made.format])
    answer.headers["Content-Disposition"] = f"attachment; filename=personnes.{made.format}"
    return answer


@bp.post("/exports/<uuid:export_id>/effacer")
@access.rule("Un responsable efface le fichier qu’il a demandé", Role.MANAGER)
def erase_export(export_id: UUID) -> ResponseReturnValue:
    """Erase the file before its time."""
    actor, form = gate.actor(), ButtonForm()
    if form.save(lambda: exporting.erase_export(actor, export_id)) is not None:
        flash(_("Le fichier est effacé."), "success")
        return redirect(url_for("people.exports"), 303)
    return _page(records.file(actor, export_id), form)
