"""What a search finds among the people a hat follows, best first. It starts from what is visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, or_, select, true, union_all
from sqlalchemy.orm import aliased

from app.kernel import clock, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.ids import CODE_ALPHABET
from app.kernel.merges import PersonAlias
from app.people.contacts import Contact, all_phones
from app.people.models import Person, PersonContact, SavedSearch, SearchKeyRow
from app.people.names import Candidate, Piece, Query, parse_query, rank
from app.people.queries.listing import followed_by
from app.people.queries.lists import PersonRow, raw, row_of

MOST_FOUND = 50
# Of a very common name, those whose words are compared: the exact ones first, then those seen lately.
MOST_RANKED = 200
CODE_LENGTH = 6
SHORTEST_CODE = 3
LAST_SIGN = "\U0010ffff"
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class Found:
    """What a search found: the best `MOST_FOUND`, and how many there are. `too_short`: one letter, or a few digits."""

    rows: list[PersonRow]
    total: int
    too_short: bool = False


def searched(actor: Actor, token: UUID) -> str | None:
    """What this user searched for under this token, or None: expired, unknown, or somebody else's."""
    mine = (SavedSearch.id == token, SavedSearch.user_id == actor.user_id, SavedSearch.expires_at > clock.now())
    return db.session.scalar(select(SavedSearch.criteria).where(*mine))


def search(actor: Actor, text: str) -> Found:
    """The visible people that answer the text, best first. Journalled: kinds and count, never the text. Three queries."""
    asked, codes = parse_query(text), _codes(text)
    if asked.empty and not codes:
        return Found([], 0, too_short=True)
    candidates = db.session.execute(_candidates(actor, asked, codes)).all()
    coded = {one.id for one in candidates if one.coded}
    best = _ranked(asked, raw(actor, [one.id for one in candidates]), coded)
    total = candidates[0].total if len(candidates) == MOST_RANKED else len(best)
    journal.note(actor, "person.search", "person", count=total, kinds=_kinds(asked, bool(coded)))
    return Found([row_of(found) for found in best[:MOST_FOUND]], total)


def _candidates(actor: Actor, asked: Query, codes: str) -> Select[*tuple[Any, ...]]:
    """Who may answer, of the people this hat follows: their code was typed, or every word is one of theirs, or begins one."""
    coded = _has_code(codes)
    exact = and_(true(), *(_has_word(piece.prefixes) for piece in asked.pieces))
    query = select(Person.id, coded.label("coded"), func.count().over().label("total"))
    query = query.where(or_(*followed_by(actor)), _answers(asked, codes))
    order = (case((coded, 0), else_=1), case((exact, 0), else_=1), Person.last_contact_on.desc(), Person.id.desc())
    return query.order_by(*order).limit(MOST_RANKED)


def _codes(text: str) -> str:
    """The beginning of a person's code, when the text can be one: six signs, or fewer with a digit among them."""
    code = "".join(text.split()).upper()
    if not SHORTEST_CODE <= len(code) <= CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        return ""
    mixed = not code.isdigit() and any(sign.isdigit() for sign in code)
    return code if mixed or len(code) == CODE_LENGTH else ""


def _has_code(code: str) -> ColumnElement[bool]:
    """The person’s own code, or that of a record merged into theirs: a slip printed before goes on leading to them."""
    if not code:
        return false()
    old = aliased(Person)
    merged = select(PersonAlias.kept_id).join(old, old.id == PersonAlias.removed_id)
    merged = merged.where(old.code.startswith(code, autoescape=True))
    return or_(Person.code.startswith(code, autoescape=True), Person.id.in_(merged))


def _answers(asked: Query, codes: str) -> ColumnElement[bool]:
    every = [_has_piece(piece) for piece in asked.pieces]
    if asked.phones:
        every.append(Person.id.in_(select(SearchKeyRow.person_id).where(_begins("phone", asked.phones))))
    if asked.birth_year:
        every.append(Person.birth_year == asked.birth_year)
    if not codes:
        return and_(*every)
    # Two lists of ids and not « or », for which databases would read everybody.
    named = [select(Person.id).where(and_(*every))] if every else []
    return Person.id.in_(union_all(*named, select(Person.id).where(_has_code(codes))))


def _has_piece(piece: Piece) -> ColumnElement[bool]:
    sounds = and_(SearchKeyRow.kind == "phonetic", SearchKeyRow.value.in_(piece.phonetics))
    keys = or_(_begins("token", piece.prefixes), sounds) if piece.phonetics else _begins("token", piece.prefixes)
    return Person.id.in_(select(SearchKeyRow.person_id).where(keys))


def _begins(kind: str, beginnings: Iterable[str]) -> ColumnElement[bool]:
    """A range and not LIKE, which neither database looks up in this index: keys are compared byte by byte."""
    either = or_(*(SearchKeyRow.value.between(one, one + LAST_SIGN) for one in beginnings))
    return and_(SearchKeyRow.kind == kind, either)


def _has_word(words: Iterable[str]) -> ColumnElement[bool]:
    keys = select(SearchKeyRow.person_id).where(SearchKeyRow.kind == "token", SearchKeyRow.value.in_(list(words)))
    return Person.id.in_(keys)


def _ranked(asked: Query, rows: Rows, coded: set[UUID]) -> Rows:
    by_id = {found.id: found for found in sorted(rows, key=lambda one: (one.last_contact_on, one.id), reverse=True)}
    first = [found for found in by_id.values() if found.id in coded]
    if asked.empty:
        return first
    said = _phones(by_id) if asked.phones else {}
    others = [_candidate(found, said.get(found.id, ())) for found in by_id.values() if found.id not in coded]
    return [*first, *(by_id[one.id] for one in rank(asked, others))]


def _phones(people: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The other numbers of these people; one query."""
    query = select(PersonContact).where(PersonContact.person_id.in_(list(people)))
    told: dict[UUID, list[Contact]] = {}
    for one in db.session.scalars(query):
        told.setdefault(one.person_id, []).append(one.contact)
    return {person_id: all_phones(ways) for person_id, ways in told.items()}


def _candidate(found: Row[*tuple[Any, ...]], others: tuple[str, ...]) -> Candidate[UUID]:
    phones = (found.phone, *others) if found.phone else others
    return Candidate(found.id, found.first_name, found.last_name, found.usual_name, found.birth_year, phones)


def _kinds(asked: Query, by_code: bool) -> list[str]:
    said = {"name": asked.pieces, "phone": asked.phones, "birth_year": asked.birth_year, "code": by_code}
    return [kind for kind, value in said.items() if value]
