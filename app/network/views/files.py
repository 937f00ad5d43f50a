"""Files of places from the screen: send, compare, confirm, follow, take the refused rows away."""

from __future__ import annotations

import io
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.network import actions, exports, queries
from app.network.enums import ImportState
from app.network.forms import MOST_BYTES, ButtonForm, UploadForm
from app.network.queries.runs import CHANGED_PAGE
from app.network.views.blueprint import bp, page_number
from app.network.views.directory import attachment

REJECTED_SHOWN = 100


@bp.route("/import", methods=["GET", "POST"])
@access.rule("La coordination importe les lieux du schéma national", Role.COORDINATOR)
def imports() -> ResponseReturnValue:
    """The files sent, and one more."""
    actor, form = gate.actor(), UploadForm()
    made = form.save(lambda: actions.receive(actor, form.filename, form.content))
    if made is not None:
        return redirect(url_for("network.show_import", import_id=made.id), 303)
    return pages.render(
        "network/imports.html", form.status, form=form, runs=queries.runs(actor), megabytes=MOST_BYTES // 1024**2
    )


@bp.get("/import/<uuid:import_id>")
@access.rule("La coordination suit les fichiers qu’elle a envoyés", Role.COORDINATOR)
def show_import(import_id: UUID) -> ResponseReturnValue:
    """Where one file is: read, to be confirmed, under way, done."""
    return _page(import_id, ButtonForm(formdata=None))


@bp.post("/import/<uuid:import_id>/confirmer")
@access.rule("La coordination confirme un import qu’elle a préparé", Role.COORDINATOR)
def confirm_import(import_id: UUID) -> ResponseReturnValue:
    """Write what was compared."""
    actor, form = gate.actor(), ButtonForm()
    if form.save(lambda: actions.confirm(actor, import_id)) is not None:
        return redirect(url_for("network.show_import", import_id=import_id), 303)
    return _page(import_id, form)


@bp.post("/import/<uuid:import_id>/abandonner")
@access.rule("La coordination abandonne un import qu’elle a préparé", Role.COORDINATOR)
def abandon_import(import_id: UUID) -> ResponseReturnValue:
    """Forget the file."""
    actor, form = gate.actor(), ButtonForm()
    if form.save(lambda: actions.abandon(actor, import_id)) is not None:
        flash(_("Fichier effacé. L’annuaire n’a pas changé."), "info")
        return redirect(url_for("network.imports"), 303)
    return _page(import_id, form)


@bp.get("/import/<uuid:import_id>/refus.csv")
@access.rule("La coordination emporte les lignes refusées de ses fichiers", Role.COORDINATOR)
def rejected_rows(import_id: UUID) -> ResponseReturnValue:
    """The refused rows, for a spreadsheet."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    exports.write_rejected(queries.rejected(gate.actor(), import_id), out)
    return attachment(out.getvalue(), "lignes-refusees.csv")


def _page(import_id: UUID, form: ButtonForm) -> ResponseReturnValue:
    actor, number = gate.actor(), page_number()
    view = queries.run(actor, import_id)
    changed, total = queries.changed(actor, import_id, number) if view.state is ImportState.DONE else ([], 0)
    return pages.render(
        "network/import.html",
        form.status,
        view=view,
        form=form,
        changed=changed,
        rejected=view.rejected[:REJECTED_SHOWN],
        pager=_pager(import_id, number, total),
    )


def _pager(import_id: UUID, number: int, total: int) -> dict[str, object]:
    last = max(1, -(-total // CHANGED_PAGE))

    def address(page: int) -> str | None:
        inside = 1 <= page <= last and page != number
        return url_for("network.show_import", import_id=import_id, page=page) + "#change" if inside else None

    return {
        "number": min(number, last),
        "pages": last,
        "prev_url": address(number - 1),
        "next_url": address(number + 1),
        "total_label": ngettext("%(num)d lieu ajouté ou modifié", "%(num)d lieux ajoutés ou modifiés", total),
    }
