"""What a person's history says of their referrals: sent or received, accepted, ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case

from app.kernel import timeline
from app.kernel.access import Actor
from app.kernel.constants import constant
from app.kernel.grants import Granted
from app.referrals import policy
from app.referrals.enums import ENDED, Side
from app.referrals.models import Referral

KIND = "referral"


def lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: the referrals of the person that this hat may tie to them (`policy.of_person`)."""
    which = policy.of_person(actor, granted)
    accepted = (Referral.answered_at.is_not(None), Referral.decline_reason.is_(None))
    return (
        _row("sent", Referral.sent_at, actor, timezone, author=Referral.author_id).where(
            which, Referral.sent_at.is_not(None)
        ),
        _row("accepted", Referral.answered_at, actor, timezone).where(which, *accepted),
        _row("ended", Referral.ended_at, actor, timezone).where(
            which, Referral.sent_at.is_not(None), Referral.ended_at.is_not(None), Referral.state.in_(ENDED)
        ),
    )


def _row(step: str, at: Any, actor: Actor, timezone: str, author: Any = None) -> Select[Any]:
    side = case(
        (policy.sent_by_us(actor), constant(Side.SENDER.value)),
        (policy.received_by_us(actor), constant(Side.RECIPIENT.value)),
        else_=constant(""),
    )
    codes = (
        side,
        Referral.need_kind,
        Referral.need_demarche,
        Referral.state,
        Referral.outcome,
        Referral.decline_reason,
        Referral.end_cause,
    )
    return timeline.row(
        KIND,
        step,
        Referral.id,
        at,
        timezone,
        structure=Referral.structure_id,
        author=author,
        other=Referral.recipient_id,
        codes=codes,
    )
