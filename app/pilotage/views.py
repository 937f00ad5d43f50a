"""The coordinator's screens."""

from __future__ import annotations

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import Role
from app.kernel.i18n import lazy_gettext as _
from app.kernel.i18n import ngettext
from app.kernel.opening_days import OpeningDays
from app.pilotage import queries
from app.pilotage.forms import read_period
from config import Settings

bp = Blueprint("pilotage", __name__, url_prefix="/pilotage")

# Median and 90th percentile of a complete assessment (assessment.md § 6.3.2).
TARGET_SECONDS = {"median": 240, "p90": 360}
# Landis & Koch 1977.
AGREEMENT_WORDS = {
    "desaccord": _("désaccord"),
    "tres_faible": _("accord très faible"),
    "faible": _("accord faible"),
    "modere": _("accord modéré"),
    "substantiel": _("accord substantiel"),
    "presque_parfait": _("accord presque parfait"),
}


@bp.get("/orientations")
@access.rule("La coordination lit qui oriente vers qui, sous pseudonymes", Role.COORDINATOR)
def flows() -> ResponseReturnValue:
    """What flows where, how long answers take, what waits."""
    actor, timezone = gate.actor(), pages.timezone()
    typed = read_period(request.args.get("du", ""), request.args.get("au", ""), pages.today(), timezone)
    days = _opening_days()
    waiting = queries.waiting(actor, days, timezone, _page_number())
    return pages.render(
        "pilotage/flows.html",
        typed.status,
        typed=typed,
        flows=queries.flows(actor, typed.period, days),
        waiting=waiting,
        pager=_pager(waiting),
    )


@bp.get("/qualite")
@access.rule(
    "La coordination lit la qualité des évaluations, sans qu’un conseiller soit reconnaissable", Role.COORDINATOR
)
def quality() -> ResponseReturnValue:
    """How good the assessments are."""
    actor = gate.actor()
    typed = read_period(request.args.get("du", ""), request.args.get("au", ""), pages.today(), pages.timezone())
    return pages.render(
        "pilotage/quality.html",
        typed.status,
        typed=typed,
        quality=queries.quality(actor, typed.period),
        agreement_words=AGREEMENT_WORDS,
        targets=TARGET_SECONDS,
    )


def _page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _pager(waiting: queries.WaitingPage) -> dict[str, object]:
    number = waiting.number

    def address(page: int) -> str:
        return url_for("pilotage.flows", page=page, du=request.args.get("du"), au=request.args.get("au")) + "#attente"

    return {
        "number": number,
        "pages": waiting.pages,
        "prev_url": address(number - 1) if number > 1 else None,
        "next_url": address(number + 1) if number < waiting.pages else None,
        "total_label": ngettext("%(num)d orientation ouverte", "%(num)d orientations ouvertes", waiting.total),
    }


def _opening_days() -> OpeningDays:
    settings: Settings = current_app.extensions["settings"]
    return OpeningDays(settings.holidays_region, settings.closed_weekdays)
