"""Without an agreement, no named referral: a blank liaison sheet that the person keeps (rule 12)."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.kernel import access, clock, gate, journal, pages
from app.kernel.access import FRONT
from app.network import queries as network_queries
from app.referrals import pdf, policy
from app.referrals.views.blueprint import bp

RULE = "Qui reçoit une personne lui remet une fiche de liaison vierge"


@bp.get("/orientations/fiche-de-liaison")
@access.rule(RULE, FRONT)
def liaison() -> ResponseReturnValue:
    """The sheet to print, at an address that says nothing of anybody."""
    return pages.render(
        "referrals/liaison.html",
        structure=_structure(),
        parts=pdf.parts(),
        introduction=pdf.introduction(),
        large_print=request.args.get("grand") == "1",
    )


@bp.get("/orientations/fiche-de-liaison.pdf")
@access.rule(RULE, FRONT)
def liaison_pdf() -> ResponseReturnValue:
    """The same, as a document."""
    journal.note(gate.actor(), "referral.blank", "structure", gate.actor().structure_id)
    made = pdf.liaison_sheet(pdf.Sheet(_structure(), policy.rules().network_name, clock.now()))
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "inline; filename=fiche-de-liaison.pdf"
    return answer


def _structure() -> str:
    """Who hands it; a paper that names a sensitive structure would tell whoever finds it."""
    structure = network_queries.structure(gate.actor().structure_id)
    return "" if structure.sensitive else structure.name
