"""What stops needs, by body (indicators.md, family 1): the lever for simplification upstream. Numbers, no person."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import String, cast, func, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.needs.enums import Blocker, Organisme
from app.needs.models import Need
from app.pilotage import policy
from app.pilotage.queries.period import Period


@dataclass(frozen=True)
class BodyLine:
    """One body, or None for needs that name no body: its blocked needs, and how many times each thing stopped them."""

    organisme: Organisme | None
    needs: int
    blockers: tuple[tuple[Blocker, int], ...]


@dataclass(frozen=True)
class Blocked:
    """The needs noted in the period, those that something stopped, and the bodies, the most stopped first."""

    needs: int
    blocked: int
    lines: tuple[BodyLine, ...]


def blocked(actor: Actor, period: Period) -> Blocked:
    """NotFound but for a coordinator. A need counts once for each body it names and each thing that stopped it."""
    if not policy.can_read_flows(actor):
        raise NotFound
    stopped, named = cast(Need.blockers, String), cast(Need.organismes, String)
    query = select(stopped, named, func.count()).where(Need.created_at.between(*period.bounds()))
    rows = [
        (json.loads(row[0]), json.loads(row[1]), row[2]) for row in db.session.execute(query.group_by(stopped, named))
    ]
    found: dict[str, Counter[str]] = {}
    needs: Counter[str] = Counter()
    for blockers, organismes, count in rows:
        for body in (organismes or [""]) if blockers else ():
            needs[body] += count
            found.setdefault(body, Counter()).update(dict.fromkeys(blockers, count))
    lines = [_line(body, needs[body], found[body]) for body in sorted(found, key=lambda one: (-needs[one], one))]
    total = sum(count for _blockers, _organismes, count in rows)
    return Blocked(total, sum(count for blockers, _organismes, count in rows if blockers), tuple(lines))


def _line(body: str, needs: int, counted: Counter[str]) -> BodyLine:
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return BodyLine(Organisme(body) if body else None, needs, tuple((Blocker(code), count) for code, count in ordered))
