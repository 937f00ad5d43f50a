"""What a search finds among the people a hat follows, best first. It starts from what is visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from app.kernel import clock, journal
from app.kernel.access import Actor
from app.kernel.constants import one_of, same, whole
from app.kernel.db import db
from app.kernel.ids import CODE_ALPHABET
from app.kernel.merges import PersonAlias
from app.kernel.statements import built
from app.people.models import Person, SavedSearch, SearchKeyRow
from app.people.names import Keyed, Query, parse_query, rank
from app.people.queries.listing import followed_by
from app.people.queries.lists import PersonRow, rows_of

MOST_FOUND = 50
# Of a very common name, those whose words are compared: the exact ones first, then those seen lately.
MOST_RANKED = 200
FEW_PIECES = 3
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
    """The visible people that answer the text, best first. Journalled: kinds and count, never the text. Two queries.

    Who answers is ordered from keys alone; names are read of those shown only, and asked of the grants.
    """
    asked, code = parse_query(text), _code(text)
    if asked.empty and not code:
        return Found([], 0, too_short=True)
    shape = _shape(asked, code)
    statement = (_kept if len(shape.pieces) <= FEW_PIECES else _candidates)(actor, shape)
    rows = db.session.execute(statement, _words(asked, code)).all()
    best, coded = _ranked(asked, rows), any(row.coded for row in rows)
    many = len({row.person_id for row in rows}) == MOST_RANKED
    total = rows[0].total if many else len(best)
    journal.note(actor, "person.search", "person", count=total, kinds=_kinds(asked, coded))
    return Found(rows_of(actor, [UUID(one) for one in best[:MOST_FOUND]]), total)


@dataclass(frozen=True)
class _Shape:
    """What a search asks, without its words: of each piece, how many beginnings and how many sounds; phones."""

    pieces: tuple[tuple[int, int], ...]
    phones: int
    born: bool
    coded: bool


def _shape(asked: Query, code: str) -> _Shape:
    pieces = tuple((len(piece.prefixes), len(piece.phonetics)) for piece in asked.pieces)
    return _Shape(pieces, len(asked.phones), asked.birth_year is not None, bool(code))


def _words(asked: Query, code: str) -> dict[str, Any]:
    """The words, under the names that the statement gives them."""
    found: dict[str, Any] = {"code": code, "born": asked.birth_year} | _both_ends("phone", asked.phones)
    for place, piece in enumerate(asked.pieces):
        found |= _both_ends(f"word{place}", piece.prefixes)
        found |= {f"sound{place}_{number}": sound for number, sound in enumerate(piece.phonetics)}
    return found


def _both_ends(name: str, beginnings: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, one in enumerate(beginnings):
        found |= {f"{name}_{number}": one, f"{name}_{number}_end": one + LAST_SIGN}
    return found


def _candidates(actor: Actor, shape: _Shape) -> Select[*tuple[Any, ...]]:
    """Who may answer, of the people this hat follows: their code was typed, or every word is one of theirs, or begins one.

    A row for each of their keys. Whom we follow as referent and the others are looked for apart, each through an index.
    """
    coded = case((_has_code(), 1), else_=0) if shape.coded else whole(0)
    kept = (Person.id, Person.last_contact_on, Person.birth_year)
    lists = (
        select(*kept, coded.label("coded")).where(which, _answers(shape, few=few))
        for which, few in zip(followed_by(actor), (False, True), strict=True)
    )
    found = union_all(*lists).subquery()
    words = (_has_word(found.c.id, place, prefixes) for place, (prefixes, _sounds) in enumerate(shape.pieces))
    exact = case((and_(true(), *words), 1), else_=0)
    order = (found.c.coded.desc(), exact.desc(), found.c.last_contact_on.desc(), found.c.id.desc())
    first = select(found, func.count().over().label("total")).order_by(*order).limit(MOST_RANKED).subquery()
    keys = and_(SearchKeyRow.person_id == first.c.id, one_of(SearchKeyRow.kind, ("token", "phone")))
    person_id = cast(type_coerce(first.c.id, String), String).label("person_id")
    facts = (first.c.last_contact_on, first.c.birth_year, first.c.coded, first.c.total)
    return select(person_id, *facts, SearchKeyRow.kind, SearchKeyRow.value).outerjoin(SearchKeyRow, keys)


# Of what is typed every day; longer texts have too many shapes to be kept.
_kept = built(_candidates)


def _code(text: str) -> str:
    """The beginning of a person's code, when the text can be one: six signs, or fewer with a digit among them."""
    code = "".join(text.split()).upper()
    if not SHORTEST_CODE <= len(code) <= CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        return ""
    mixed = not code.isdigit() and any(sign.isdigit() for sign in code)
    return code if mixed or len(code) == CODE_LENGTH else ""


def _has_code() -> ColumnElement[bool]:
    """The person’s own code, or that of a record merged into theirs: a slip printed before goes on leading to them."""
    old, code = aliased(Person), bindparam("code", type_=String())
    merged = select(PersonAlias.kept_id).join(old, old.id == PersonAlias.removed_id).where(old.code.startswith(code))
    return or_(Person.code.startswith(code), Person.id.in_(merged))


def _answers(shape: _Shape, *, few: bool) -> ColumnElement[bool]:
    """`few`: of the few people that the query has besides, each is asked, rather than looked for among all."""
    pieces = enumerate(shape.pieces)
    lists = [[_begins("token", f"word{place}", many), *_alike(place, sounds)] for place, (many, sounds) in pieces]
    if shape.phones:
        lists.append([_begins("phone", "phone", shape.phones)])
    every = [(_one_of_theirs if few else _among_those_of)(keys) for keys in lists]
    if shape.born:
        every.append(Person.birth_year == bindparam("born", type_=Integer()))
    if not shape.coded:
        return and_(*every)
    if few:
        return or_(and_(*every), _has_code()) if every else _has_code()
    # Two lists of ids and not « or », for which databases would read everybody.
    named = [select(Person.id).where(and_(*every))] if every else []
    return Person.id.in_(union_all(*named, select(Person.id).where(_has_code())))


def _among_those_of(keys: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """A list for each, so that the index alone is read."""
    return Person.id.in_(union_all(*(select(SearchKeyRow.person_id).where(one) for one in keys)))


def _one_of_theirs(keys: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(*(exists().where(SearchKeyRow.person_id == Person.id, one) for one in keys))


def _alike(place: int, count: int) -> list[ColumnElement[bool]]:
    sounds = [_given(f"sound{place}_{number}") for number in range(count)]
    return [and_(same(SearchKeyRow.kind, "phonetic"), SearchKeyRow.value.in_(sounds))] if sounds else []


def _begins(kind: str, name: str, count: int) -> ColumnElement[bool]:
    """A range and not LIKE, which neither database looks up in this index: keys are compared byte by byte."""
    ends = ((_given(f"{name}_{number}"), _given(f"{name}_{number}_end")) for number in range(count))
    return and_(same(SearchKeyRow.kind, kind), or_(*(SearchKeyRow.value.between(*both) for both in ends)))


def _has_word(person_id: ColumnElement[UUID], place: int, prefixes: int) -> ColumnElement[bool]:
    words = [_given(f"word{place}_{number}") for number in range(prefixes)]
    keys = select(SearchKeyRow.person_id).where(same(SearchKeyRow.kind, "token"), SearchKeyRow.value.in_(words))
    return person_id.in_(keys)


def _given(name: str) -> BindParameter[str]:
    return bindparam(name, type_=String())


def _ranked(asked: Query, rows: Rows) -> list[str]:
    """Best first: those whose code was typed, then by their words, those seen lately first among equals."""
    latest = sorted(rows, key=lambda row: (row.last_contact_on, row.person_id), reverse=True)
    first = dict.fromkeys(row.person_id for row in latest if row.coded)
    if asked.empty:
        return list(first)
    others: dict[str, Keyed[str]] = {}
    for person_id, _seen, born, coded, _total, kind, value in latest:
        if not coded:
            known = others.get(person_id)
            if known is None:
                others[person_id] = known = Keyed(person_id, born)
            if kind is not None:
                (known.words if kind == "token" else known.digits).append(value)
    return [*first, *(one.id for one in rank(asked, list(others.values())))]


def _kinds(asked: Query, by_code: bool) -> list[str]:
    said = {"name": asked.pieces, "phone": asked.phones, "birth_year": asked.birth_year, "code": by_code}
    return [kind for kind, value in said.items() if value]
