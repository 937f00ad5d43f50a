"""What is handed over: the information notice, and the code of somebody without a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages
from app.kernel.access import FRONT
from app.kernel.errors import NotFound
from app.network import queries as network_queries
from app.people import queries
from app.people.actions import NOTICE_VERSION
from app.people.queries import protection
from app.people.views.blueprint import bp


@bp.get("/notice")
@access.rule("L’accueil, les conseillers et les responsables remettent ou lisent la notice", FRONT)
def notice() -> ResponseReturnValue:
    """The information notice of the hat's structure, to read aloud or to print."""
    structure = network_queries.structure(gate.actor().structure_id)
    context: dict[str, Any] = {"structure": structure, "version": NOTICE_VERSION, "back_url": url_for("people.new")}
    return pages.render(f"people/notices/{NOTICE_VERSION}.html", large_print=_large(), **context)


@bp.get("/<uuid:person_id>/coupon")
@access.rule("Qui suit la personne lui imprime son code", FRONT)
def slip(person_id: UUID) -> ResponseReturnValue:
    """A slip with the person's code and no name, by which they are found again."""
    actor = gate.actor()
    card = queries.card(actor, person_id)
    if card.identity is None:
        raise NotFound
    back, discreet = url_for("people.show", person_id=person_id), "discret" in request.args
    if not discreet and protection.is_protected(person_id):
        safe = url_for("people.slip", person_id=person_id, discret="")
        return pages.render("people/no_paper.html", back_url=back, safe_url=safe)
    journal.note(
        actor, "person.print", "person", person_id, person_id=person_id, grant=card.granted.source, what="slip"
    )
    structure = network_queries.structure(actor.structure_id)
    context: dict[str, Any] = {
        "card": card,
        "structure": structure,
        "back_url": back,
        "discreet": discreet,
    }
    return pages.render("people/slip.html", large_print=_large(), **context)


def _large() -> bool:
    return "grand" in request.args
