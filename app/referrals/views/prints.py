"""The paper handed to the person: where to go, what to bring. Neutral words, no name."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages
from app.kernel.access import FRONT
from app.kernel.errors import NotFound
from app.kernel.writes import later
from app.people.queries import protection
from app.referrals import queries
from app.referrals.enums import Side
from app.referrals.views.blueprint import bp


@bp.get("/orientations/<uuid:referral_id>/papier")
@access.rule("La structure qui oriente imprime un papier pour la personne", FRONT)
def slip(referral_id: UUID) -> ResponseReturnValue:
    """The slip."""
    actor = gate.actor()
    seen = queries.detail(actor, referral_id)
    if seen.side is not Side.SENDER or not seen.has_slip:
        raise NotFound
    person_id = seen.person_id
    back, discreet = url_for("referrals.show", referral_id=referral_id), "discret" in request.args
    if not discreet and person_id is not None and protection.is_protected(person_id):
        safe = url_for("referrals.slip", referral_id=referral_id, discret="")
        return pages.render("people/no_paper.html", back_url=back, safe_url=safe)
    later(lambda: journal.note(actor, "referral.print", "referral", referral_id, person_id=person_id))
    return pages.render(
        "referrals/slip.html",
        r=seen,
        places=queries.place_words(seen.recipient_id),
        back_url=back,
        discreet=discreet,
        large_print=request.args.get("grand") == "1",
    )
