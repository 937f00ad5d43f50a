"""The lists: places, structures; and the file that holds them all."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages
from app.kernel.i18n import ngettext
from app.network import exports, policy, queries
from app.network.forms import DirectoryFilters
from app.network.forms.directory import ORDERS
from app.network.queries import Page
from app.network.views.blueprint import KEEPERS, READERS, bp, page_number

# Beyond it, a correction of the first ones comes before reading the others.
MOST_OMITTED = 500


@bp.get("")
@access.rule("Qui oriente ou coordonne lit l’annuaire ; une structure sensible n’y est pas nommée", READERS)
def index() -> ResponseReturnValue:
    """The places."""
    actor, form = gate.actor(), DirectoryFilters(request.args)
    found = queries.places(actor, form.filters, page_number()) if form.understood else None
    label = ngettext("%(num)d lieu", "%(num)d lieux", found.total) if found else ""
    return _list("network.index", form, found, label)


@bp.get("/structures")
@access.rule("Qui oriente ou coordonne lit l’annuaire ; une structure sensible n’y est pas nommée", READERS)
def structures() -> ResponseReturnValue:
    """The structures."""
    actor, form = gate.actor(), DirectoryFilters(request.args)
    found = queries.structures(actor, form.filters, page_number()) if form.understood else None
    label = ngettext("%(num)d structure", "%(num)d structures", found.total) if found else ""
    return _list("network.structures", form, found, label)


def _list(endpoint: str, form: DirectoryFilters, found: Page | None, label: str) -> ResponseReturnValue:
    actor = gate.actor()
    sort: dict[str, Any] = {} if form.order == "nom" else {"tri": form.order}
    return pages.render(
        "network/places.html" if endpoint == "network.index" else "network/structures.html",
        form=form,
        found=found,
        pager=_pager(endpoint, form, found, label, sort) if found else None,
        hidden=queries.hidden_structures(actor),
        orders=[(key, url_for(endpoint, **form.in_address, tri=None if key == "nom" else key)) for key in ORDERS],
        tabs=[
            (one, url_for(one, **form.in_address), one == endpoint) for one in ("network.index", "network.structures")
        ],
        can_import=policy.can_import(actor),
        can_export=policy.can_export(actor),
        own_structure_id=actor.structure_id,
    )


def _pager(endpoint: str, form: DirectoryFilters, found: Page, label: str, sort: dict[str, Any]) -> dict[str, object]:
    def address(number: int) -> str | None:
        inside = 1 <= number <= found.pages
        return url_for(endpoint, page=number, **form.in_address, **sort) if inside else None

    return {
        "number": found.number,
        "pages": found.pages,
        "prev_url": address(found.number - 1),
        "next_url": address(found.number + 1),
        "total_label": label,
    }


@bp.get("/export")
@access.rule("Qui tient l’annuaire voit ce que le fichier du schéma national ne peut pas dire", KEEPERS)
def exporting() -> ResponseReturnValue:
    """What the file will hold, and every value left out of it; then the file."""
    count, omitted = exports.omitted(queries.places_to_export())
    return pages.render(
        "network/export.html", count=count, omitted=omitted[:MOST_OMITTED], more=max(0, len(omitted) - MOST_OMITTED)
    )


@bp.get("/export.csv")
@access.rule("Qui tient l’annuaire l’emporte, au format du schéma national", KEEPERS)
def export() -> ResponseReturnValue:
    """The open places of the network, sensitive structures left out."""
    out = io.StringIO(newline="")
    exports.write_places(queries.places_to_export(), out)
    journal.note(gate.actor(), "place.export", "place")
    return attachment(out.getvalue(), f"lieux-{pages.today().isoformat()}.csv")


def attachment(text: str, name: str) -> Response:
    """A CSV file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.encode(), mimetype="text/csv", headers=headers)
