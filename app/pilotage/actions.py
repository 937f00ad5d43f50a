"""Publishing a summary, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from app.accounts import queries as accounts
from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, name_constraint
from app.kernel.i18n import lazy_gettext as _
from app.pilotage import policy
from app.pilotage.formulas.terms import Term
from app.pilotage.models import PublishedCell, Summary
from app.pilotage.queries import summaries
from app.pilotage.queries.summaries import AREA, Draft, Frame
from app.territory.models import NetworkTerritory

ALREADY = _("La synthèse de cette période est déjà publiée.")
name_constraint("uq_summary_current", ALREADY)
# SQLite names the columns of the index.
name_constraint("summary.period, summary.area", ALREADY)


@dataclass(frozen=True)
class SummaryData:
    """What the coordinator writes beside the figures. `seen`: the mark of the draft that was read."""

    comment: str
    proposals: str = ""
    seen: str = ""


def publish(actor: Actor, term: Term, data: SummaryData, frame: Frame, area: str = AREA) -> Summary:
    """Freeze the summary of a period and an area for everybody who may read it, and write its cells in the ledger.

    NotFound but for the coordinator; 409 too early, when it is published already, when the figures changed since they were
    read, when they are about too few people, or when they would tell a hidden count.
    """
    summaries.writable(actor, term, frame)
    # Two publications at once would each be checked without the other.
    db.session.execute(select(NetworkTerritory.id).with_for_update())
    if summaries.current(term.key, area)[0] is not None:
        raise Conflict(ALREADY)
    found = summaries.draft(actor, term, frame, area)
    if data.seen and data.seen != found.mark:
        raise Conflict(_("Les chiffres ont changé depuis que vous les avez lus : relisez-les avant de publier."))
    made = _freeze(actor, found, data, frame)
    db.session.add(made)
    db.session.flush()
    if found.cells:
        db.session.execute(insert(PublishedCell), [summaries.values_of(cell, made.id) for cell in found.cells])
    journal.note(actor, "summary.publish", "summary", made.id, period=term.key, area=area, count=len(found.cells))
    return made


def _freeze(actor: Actor, found: Draft, data: SummaryData, frame: Frame) -> Summary:
    content = {
        "pages": dict(found.documents),
        "comment": data.comment,
        "proposals": data.proposals,
        "author": accounts.display_names({actor.user_id}).get(actor.user_id, ""),
        "network": frame.network,
        "territory": found.territory,
        "k": found.k,
    }
    return Summary(
        id=ids.new_id(),
        period=found.term.key,
        area=found.zone.key,
        published_at=clock.now(),
        published_by=actor.user_id,
        content=content,
    )


def withdraw(actor: Actor, summary: Summary) -> Summary:
    """Nobody but the coordinator reads it any more. Its cells stay in the ledger: what was read is known."""
    if not policy.can_withdraw(actor, summary, clock.now()):
        raise DomainError(_("Cette synthèse ne peut plus être retirée : elle est publiée depuis plus de sept jours."))
    summary.withdrawn_at, summary.withdrawn_by = clock.now(), actor.user_id
    db.session.flush()
    journal.note(actor, "summary.withdraw", "summary", summary.id, period=summary.period, area=summary.area)
    return summary
