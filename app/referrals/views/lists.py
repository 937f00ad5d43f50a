"""« Reçues » and « Envoyées »."""

from __future__ import annotations

from collections.abc import Callable

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.i18n import ngettext
from app.referrals import queries
from app.referrals.queries import ListPage, ReferralLine
from app.referrals.views.blueprint import SHAPES, bp, status_words, waits

ENDED = "terminees"


@bp.get("/orientations")
@access.rule("On voit les orientations reçues par sa structure, sans nom avant de les accepter", FRONT)
def inbox() -> ResponseReturnValue:
    """What we received."""
    return _list("referrals.inbox", queries.inbox)


@bp.get("/orientations/envoyees")
@access.rule("On voit les orientations envoyées par sa structure, dans le périmètre de son équipe", FRONT)
def sent() -> ResponseReturnValue:
    """What we prepared and sent."""
    return _list("referrals.sent", queries.sent)


def _list(endpoint: str, read: Callable[[Actor, bool, int], ListPage]) -> ResponseReturnValue:
    actor, ended = gate.actor(), request.args.get("etat") == ENDED
    page = read(actor, ended, request.args.get("page", 1, type=int))
    return pages.render(
        "referrals/list.html",
        received=endpoint == "referrals.inbox",
        ended=ended,
        lines=[(line, shown(line)) for line in page.lines],
        pager=_pager(endpoint, ended, page),
        todo_count=queries.todo_count(actor),
    )


def shown(line: ReferralLine) -> dict[str, str]:
    """The words of one line: its state, what it waits for, how it ended."""
    ending = line.outcome or line.decline_reason or line.end_cause
    return {
        "status": status_words(line.state, line.side),
        "shape": SHAPES[line.state],
        "waits": waits(line.state, line.side, line.since),
        "ending": str(ending.label) if ending else "",
    }


def _pager(endpoint: str, ended: bool, page: ListPage) -> dict[str, object]:
    def address(number: int) -> str | None:
        inside = 1 <= number <= page.pages
        return url_for(endpoint, page=number, etat=ENDED if ended else None) if inside else None

    return {
        "number": page.number,
        "pages": page.pages,
        "prev_url": address(page.number - 1),
        "next_url": address(page.number + 1),
        "total_label": ngettext("%(num)d orientation", "%(num)d orientations", page.total),
    }
