"""« Suivis à vérifier » : nobody is lost, by rule 13; who has not been met for long; who knows nobody in particular."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.kernel import access, clock, gate, pages
from app.kernel.access import ADVISING, Role
from app.pilotage.queries import care
from app.pilotage.views.blueprint import bp


@bp.get("/suivis-a-verifier")
@access.rule(
    "Les conseillers et responsables vérifient les suivis de leur structure ; la coordination, par nombres et pseudonymes",
    ADVISING,
    Role.COORDINATOR,
)
def follow_ups() -> ResponseReturnValue:
    """What is to be looked at."""
    found = care.verified(gate.actor(), pages.today(), clock.now())
    return pages.render("pilotage/follow_ups.html", found=found, most=care.MOST)
