"""One referral: what this side sees of it, and only the buttons it may press."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, formats, gate, pages
from app.kernel.access import FRONT, Actor, Role
from app.kernel.i18n import gettext as _
from app.kernel.writes import later
from app.people.actions import presenting
from app.people.enums import section_labels
from app.referrals import actions, policy, queries
from app.referrals.enums import LIVE, Act, Side, TaskKind
from app.referrals.forms import ConfirmForm
from app.referrals.queries import Detail
from app.referrals.views.blueprint import SHAPES, bp, day_of, exact, status_words, waits
from app.referrals.views.links import gives_link

ICONS = {
    Act.SEE: "eye",
    Act.ASK: "chat",
    Act.ANSWER: "chat",
    Act.MESSAGE: "chat",
    Act.NUDGE: "clock",
    Act.EXPIRE: "clock",
    Act.ACCEPT: "check",
    Act.CLOSE: "check",
    Act.DECLINE: "cross",
    Act.WITHDRAW: "cross",
    Act.VOID: "cross",
    Act.DISCARD: "cross",
    Act.DRAFT: "pen",
    Act.TAKE: "person",
    Act.GIVE: "people",
    Act.START: "hands",
}


@bp.get("/orientations/<uuid:referral_id>")
@access.rule(
    "Chaque structure lit ce qui lui est ouvert de l’orientation ; la coordination, sans nom", FRONT, Role.COORDINATOR
)
def show(referral_id: UUID) -> ResponseReturnValue:
    """The referral. A recipient's first opening is dated once, after the page."""
    actor = gate.actor()
    seen = queries.detail(actor, referral_id)
    if Act.SEE in seen.acts:
        later(lambda: actions.see(actor, referral_id))
    form = ConfirmForm(formdata=None, data={"version": seen.stamp})
    gives = seen.side is Side.SENDER and seen.state in LIVE and gives_link(referral_id)
    more: dict[str, Any] = {"can_decide": policy.can_decide(actor), "stay_url": _stay(actor, seen), "gives_link": gives}
    return pages.render("referrals/show.html", form=form, **more, **context(seen))


def _stay(actor: Actor, seen: Detail) -> str | None:
    """Once its work is closed the recipient may ask the person to stay followed."""
    if seen.to_ask_id is None or not presenting.may_ask_to_stay(actor, seen.to_ask_id, pages.today()):
        return None
    return url_for("people.stay", person_id=seen.to_ask_id)


def context(seen: Detail) -> dict[str, Any]:
    """What the pages about one referral show of it."""
    return {
        "r": seen,
        "state_words": status_words(seen.state, seen.side),
        "shape": SHAPES[seen.state],
        "waits": waits(seen.state, seen.side, seen.since),
        "received": seen.side is Side.RECIPIENT,
        "coordinates": seen.side is Side.COORDINATOR,
        "back_url": _back(seen),
        "shared": section_labels(seen.sections),
        "history": _history(seen),
        "told": [task for task in seen.tasks if task.kind is TaskKind.TELL_PERSON],
        "next": [task for task in seen.tasks if task.kind is TaskKind.NEXT_ACTION],
    }


def _back(seen: Detail) -> str:
    if seen.side is Side.COORDINATOR:
        return url_for("home.index")
    return url_for("referrals.inbox" if seen.side is Side.RECIPIENT else "referrals.sent")


def _history(seen: Detail) -> list[dict[str, str]]:
    """Every change, the newest first, with the words that this side may read."""
    words = {line.rank: line.body for line in seen.words if line.act is not Act.DRAFT}
    return [
        {
            "at_label": formats.relative_day(day_of(event.at), pages.today()),
            "at_iso": event.at.isoformat(timespec="minutes"),
            "at_exact": exact(event.at),
            "title": str(event.act.label) + (f" : {event.reason}" if event.reason else ""),
            "text": words.get(event.rank, ""),
            "by": event.by or (_("échéance") if event.side is Side.CLOCK else ""),
            "icon": ICONS.get(event.act, "arrow"),
        }
        for event in reversed(seen.events)
    ]
