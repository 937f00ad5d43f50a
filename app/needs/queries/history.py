"""What a person's history says of their needs: noted, ended, and the papers that were seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, or_, true

from app.kernel import timeline
from app.kernel.access import Actor
from app.kernel.grants import Granted
from app.needs import policy
from app.needs.enums import SENSITIVE_DEMARCHES, NeedState, PieceState
from app.needs.models import Need, NeedPiece, NeedText
from app.people import policy as people_policy

KIND = "need"


def lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: the needs that this actor may read; the desk, open ones only (`policy.readable`)."""
    mine = policy.readable(actor, granted)
    named = (Need.kind, _demarche(actor, granted), Need.organismes, Need.blockers)
    who: dict[str, Any] = {"structure": Need.structure_id, "author": Need.author_id}
    opened = timeline.row(
        KIND, "opened", Need.id, Need.created_at, timezone, codes=named, words=NeedText.note, **who
    ).outerjoin(NeedText, and_(NeedText.need_id == Need.id, policy.note_readable(actor, granted)))
    # Who ended it is in the journal: the author of the need is not said to have.
    closed = timeline.row(
        KIND, "closed", Need.id, Need.closed_at, timezone, codes=(*named, Need.result), structure=Need.structure_id
    )
    return (
        opened.where(mine),
        closed.where(mine, Need.state == NeedState.CLOSED),
        _pieces(named, timezone).where(mine),
    )


def _pieces(named: Sequence[Any], timezone: str) -> Select[Any]:
    who: dict[str, Any] = {"structure": Need.structure_id, "author": NeedPiece.noted_by}
    codes = (*named, NeedPiece.kind)
    found = timeline.row(
        KIND, "piece", Need.id, NeedPiece.noted_at, timezone, day=NeedPiece.seen_on, codes=codes, **who
    )
    return found.join(NeedPiece, NeedPiece.need_id == Need.id).where(NeedPiece.state == PieceState.SEEN)


def _demarche(actor: Actor, granted: Granted) -> Any:
    """The procedure, as far as it may be said (`policy.shows_demarche`)."""
    known = true() if policy.opens_sensitive(granted) else people_policy.written_by_us(actor, Need)
    shown = or_(known, Need.demarche.not_in(SENSITIVE_DEMARCHES))
    return case((shown, Need.demarche))
