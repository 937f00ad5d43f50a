"""The officer’s desk: where each of their lists stands today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from app.accounts import queries as accounts
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.privacy import policy
from app.privacy.enums import ConsentState
from app.privacy.models import RetentionReport, RightsRequest
from app.privacy.queries.consents import consent_counts
from app.privacy.queries.retention import Counted, counted, last_reports


@dataclass(frozen=True)
class DeskView:
    """Counts of the officer’s structure. `review_on`: when accesses are next to be reviewed."""

    requests: int
    late: int
    soonest: date | None
    consents: dict[ConsentState, int]
    retention: Counted
    active: bool
    last_report: RetentionReport | None
    reviewed_on: date | None
    review_on: date | None


def desk(actor: Actor, today: date) -> DeskView:
    """The desk, in eight queries whatever the size of the register. NotFound for anybody but a DPO."""
    if actor.role is not Role.DPO:
        raise NotFound
    late = func.coalesce(func.sum(case((RightsRequest.due_on < today, 1), else_=0)), 0)
    query = select(func.count(), late, func.min(RightsRequest.due_on)).select_from(RightsRequest)
    ours = (RightsRequest.structure_id == actor.structure_id, RightsRequest.answered_on.is_(None))
    row = db.session.execute(query.where(*ours)).one()
    return DeskView(
        requests=row[0],
        late=int(row[1]),
        soonest=row[2],
        consents=consent_counts(actor, {}, today),
        retention=counted(today, actor.structure_id).get(actor.structure_id, Counted()),
        active=policy.rules().retention,
        last_report=next(iter(last_reports(actor.structure_id, 1)), None),
        reviewed_on=accounts.last_review(actor.structure_id),
        review_on=accounts.next_review(actor.structure_id, today),
    )
