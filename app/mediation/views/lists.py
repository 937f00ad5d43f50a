"""The sessions of a structure."""

from __future__ import annotations

from datetime import date, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, formats, gate, pages
from app.kernel.access import FRONT
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.mediation import queries
from app.mediation.enums import Theme
from app.mediation.queries import Filters, Page
from app.mediation.views.blueprint import bp
from app.mediation.views.session import who_words


@bp.get("/seances")
@access.rule("La structure lit les séances qu’elle a notées, dans le périmètre de son équipe", FRONT)
def index() -> ResponseReturnValue:
    """The sessions of our structure, filtered by period and theme."""
    actor, asked = gate.actor(), _asked()
    page = queries.sessions(actor, _filters(asked, pages.today()), request.args.get("page", 1, type=int))
    rows = [(line, who_words(line.kind, line.people, line.person, line.attached)) for line in page.rows]
    return pages.render(
        "mediation/index.html",
        rows=rows,
        pager=_pager(page, asked),
        asked=asked,
        filtered=bool(asked),
        periods=_periods(),
        themes=[(theme.value, str(theme.label)) for theme in Theme],
    )


def _asked() -> dict[str, str]:
    """The filters of the address; what is not one of ours is left out."""
    found = {name: request.args.get(name, "") for name in ("periode", "theme", "moi")}
    allowed = {"periode": set(_periods()), "theme": {theme.value for theme in Theme}, "moi": {"1"}}
    return {name: value for name, value in found.items() if value in allowed[name]}


def _periods() -> dict[str, str]:
    return {
        "semaine": _("7 derniers jours"),
        "mois": _("Ce mois-ci"),
        "precedent": _("Le mois dernier"),
        "annee": _("Cette année"),
    }


def _filters(asked: dict[str, str], today: date) -> Filters:
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    spans: dict[str, tuple[date | None, date | None]] = {
        "semaine": (today - timedelta(days=6), None),
        "mois": (first, None),
        "precedent": (before.replace(day=1), before),
        "annee": (today.replace(month=1, day=1), None),
    }
    since, until = spans.get(asked.get("periode", ""), (None, None))
    theme = Theme(asked["theme"]) if "theme" in asked else None
    return Filters(since, until, theme, "moi" in asked)


def _pager(page: Page, asked: dict[str, str]) -> dict[str, object]:
    def address(number: int) -> str:
        return url_for("mediation.index", page=number, **asked)  # type: ignore[arg-type]

    return {
        "number": page.number,
        "pages": None if page.more else max(1, -(-page.total // queries.PAGE_SIZE)),
        "prev_url": address(page.number - 1) if page.number > 1 else None,
        "next_url": None if page.last else address(page.number + 1),
        "total_label": _total(page),
    }


def _total(page: Page) -> str:
    if page.more:
        return _("Plus de %(num)s séances", num=formats.number(page.total))
    return ngettext("%(num)d séance", "%(num)d séances", page.total)
