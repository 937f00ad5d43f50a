"""Whom of the structure the lines of a file may already be, by the keys and the score of « Doublons possibles »."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.people.duplicates import KIND, LISTED, Known, Likeness, compare, likeness_keys
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person, SearchKeyRow
from app.people.queries.duplicates import SEEN_BY_MERGING, known_of

MOST_CANDIDATES = 50


def lookalikes(actor: Actor, wanted: Mapping[int, Known]) -> dict[int, tuple[UUID, Likeness]]:
    """For each line, the person most like it among those whom this hat’s own desk follows; absent under `LISTED`.

    Two queries, whatever the number of lines. Protected people are compared with nobody.
    """
    keys = {line: _keys(known) for line, known in wanted.items()}
    sharing = _sharing(actor, {key for each in keys.values() for key in each})
    known = _known({one for people in sharing.values() for one in people})
    found = {line: _best(wanted[line], _met(each, sharing), known) for line, each in keys.items()}
    return {line: best for line, best in found.items() if best is not None}


def _keys(known: Known) -> frozenset[str]:
    return likeness_keys((known.first_name, known.last_name, known.usual_name), known.phones, known.birth_year)


def _sharing(actor: Actor, keys: set[str]) -> dict[str, list[UUID]]:
    """Who bears each key, of those followed by this hat’s structure, and by its team when it is under secrecy."""
    if not keys:
        return {}
    held = (FollowUp.structure_id == actor.structure_id, FollowUp.kind == FollowUpKind.REFERENT)
    team = actor.team_id if actor.team_is_secret else None
    desk = (*held, FollowUp.ended_on.is_(None), FollowUp.team_id.is_not_distinct_from(team))
    query = (
        select(SearchKeyRow.value, SearchKeyRow.person_id)
        .join(Person, Person.id == SearchKeyRow.person_id)
        .join(FollowUp, FollowUp.person_id == Person.id)
        .where(SearchKeyRow.kind == KIND, SearchKeyRow.value.in_(sorted(keys)), *desk)
        .where(Person.state == PersonState.ACTIVE, Person.protected.is_(False))
        .where(grants.opens(actor, Person.id, SEEN_BY_MERGING))
    )
    found: dict[str, list[UUID]] = defaultdict(list)
    for key, person_id in db.session.execute(query).all():
        found[key].append(person_id)
    return found


def _known(ids: set[UUID]) -> dict[UUID, Known]:
    if not ids:
        return {}
    query = select(Person).options(joinedload(Person.identity)).where(Person.id.in_(ids))
    return {person.id: known_of(person) for person in db.session.scalars(query)}


def _met(keys: Iterable[str], sharing: Mapping[str, list[UUID]]) -> list[UUID]:
    return sorted({one for key in keys for one in sharing.get(key, ())})[:MOST_CANDIDATES]


def _best(line: Known, met: list[UUID], known: Mapping[UUID, Known]) -> tuple[UUID, Likeness] | None:
    scored = [(one, compare(line, known[one])) for one in met]
    best = max(scored, key=lambda pair: pair[1].score, default=None)
    return best if best is not None and best[1].score >= LISTED else None
