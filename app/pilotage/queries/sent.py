"""Referrals sent in a period by direction: how many, and how long answers took. Everything is counted by the database.

A year of a large network is 100,000 rows; ids and codes come as text, without the types of the model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, select, type_coerce

from app.kernel.db import db, is_sqlite
from app.kernel.opening_days import OpeningDays
from app.kernel.statements import among
from app.needs.enums import NeedKind
from app.pilotage.indicators import Delays, delays_counted
from app.pilotage.queries.period import Period, wanted
from app.pilotage.queries.spans import HAS_ANSWER, Calendar, span
from app.referrals.enums import Outcome, State
from app.referrals.models import Referral

Pair = tuple[UUID, UUID]


@dataclass(slots=True)
class Tally:
    """Referrals of one direction: how many answers and silences of so many opening days, and how many came to what.

    `met`: closed with the need met, at least in part.
    """

    answered: Counter[int] = field(default_factory=Counter)
    silent: Counter[int] = field(default_factory=Counter)
    accepted: int = 0
    closed: int = 0
    met: int = 0

    @property
    def delays(self) -> Delays:
        return delays_counted(self.answered, self.silent)

    def add(self, has_answer: bool, took: int, count: int, accepted: int, closed: int, met: int) -> None:  # noqa: PLR0913
        """Count these, which all took as long, with the others."""
        (self.answered if has_answer else self.silent)[took] += count
        self.accepted += accepted
        self.closed += closed
        self.met += met


def together(tallies: Iterable[Tally]) -> Delays:
    """The delays of all of these in one."""
    answered: Counter[int] = Counter()
    silent: Counter[int] = Counter()
    for one in tallies:
        answered.update(one.answered)
        silent.update(one.silent)
    return delays_counted(answered, silent)


@dataclass(slots=True)
class Sent:
    """How many referrals went one way, and how many of them have no answer."""

    sent: int = 0
    unanswered: int = 0


def counts_in(period: Period, need_kind: NeedKind | None = None) -> dict[Pair, Sent]:
    """What was sent in the period, of one kind of need or of all, by (sender, recipient). One query, counts alone."""
    query: Any = select(*_pair(), func.count(), func.count(Referral.answered_at)).where(*wanted(period, need_kind))
    rows = db.session.connection().execute(query.group_by(Referral.structure_id, Referral.recipient_id))
    ids = _Ids()
    return {(ids[sender], ids[recipient]): Sent(sent, sent - answered) for sender, recipient, sent, answered in rows}


def sent_in(
    period: Period, days: OpeningDays, need_kind: NeedKind | None, pairs: Collection[Pair]
) -> dict[Pair, Tally]:
    """The same with delays, for a few of these pairs. One query."""
    if not pairs:
        return {}
    given = {"senders": {one for one, _other in pairs}, "recipients": {other for _one, other in pairs}}
    query, calendar = _by_span(period, need_kind), Calendar.until_now(period, days)
    shown = {(_text(one), _text(other)): (one, other) for one, other in pairs}
    found: defaultdict[Pair, Tally] = defaultdict(Tally)
    for sender, recipient, *counted in db.session.connection().execute(query, given | calendar.given):
        pair = shown.get((sender, recipient))
        if pair is not None:
            found[pair].add(*counted)
    return dict(found)


def _by_span(period: Period, need_kind: NeedKind | None) -> Any:
    """Whatever goes from one of the senders to one of the recipients: more than the pairs, along one index."""
    keys, everything = (Referral.structure_id, Referral.recipient_id), func.count()
    query: Any = select(
        *_pair(),
        HAS_ANSWER,
        span(),
        everything,
        everything.filter(Referral.answered_at.is_not(None), Referral.state != State.DECLINED),
        everything.filter(Referral.state == State.CLOSED),
        everything.filter(Referral.outcome.in_((Outcome.NEED_MET, Outcome.PARTLY_MET))),
    ).where(*wanted(period, need_kind), among(keys[0], "senders"), among(keys[1], "recipients"))
    return query.group_by(*keys, "has_answer", "span")


def _pair() -> list[ColumnElement[str]]:
    return [cast(type_coerce(key, String), String) for key in (Referral.structure_id, Referral.recipient_id)]


def _text(key: UUID) -> str:
    """As `_pair` selects it."""
    return key.hex if is_sqlite() else str(key)


class _Ids(dict[str, UUID]):
    """Ids by their text, each read once: the same structures come back thousands of times."""

    def __missing__(self, text: str) -> UUID:
        self[text] = found = UUID(text)
        return found
