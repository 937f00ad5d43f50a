"""The lines of people in a list, and what a search finds among those a hat follows. Both start from what is visible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, select
from sqlalchemy.orm import aliased

from app.kernel import clock, grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.ids import CODE_ALPHABET
from app.kernel.merges import PersonAlias
from app.kernel.statements import among, built
from app.people.contacts import Contact, all_phones
from app.people.enums import AgeStatus, PersonState
from app.people.models import Person, PersonContact, PersonIdentity, SavedSearch, SearchKeyRow
from app.people.names import Candidate, Piece, Query, parse_query, rank

PAGE_SIZE = 25
MOST_FOUND = 50
CODE_LENGTH = 6
SHORTEST_CODE = 3
LAST_SIGN = "\U0010ffff"
People = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class PersonRow:
    """One line of the list. `label` is the name, or the code of somebody who gave none (`named` is then false)."""

    id: UUID
    label: str
    named: bool
    code: str
    birth_year: int | None
    age_status: AgeStatus
    commune_code: str | None
    last_contact_on: date
    protected: bool


@dataclass(frozen=True)
class Found:
    """What a search found: the best `MOST_FOUND`, and how many there are. `too_short`: one letter, or a few digits."""

    rows: list[PersonRow]
    total: int
    too_short: bool = False


_COLUMNS = (
    Person.id,
    Person.code,
    Person.birth_year,
    Person.age_status,
    Person.commune_code,
    Person.last_contact_on,
    Person.protected,
    PersonIdentity.first_name,
    PersonIdentity.last_name,
    PersonIdentity.usual_name,
    PersonIdentity.phone,
)


def _people() -> People:
    query: People = select(*_COLUMNS).join(PersonIdentity, PersonIdentity.person_id == Person.id)
    return query.where(Person.state == PersonState.ACTIVE)


def full_name(first: str, last: str, usual: str) -> str:
    """« Prénom NOM » as screens show it; empty under a pseudonym."""
    return " ".join(part for part in (first, usual or last) if part)


def _row(found: Row[*tuple[Any, ...]]) -> PersonRow:
    name = full_name(found.first_name, found.last_name, found.usual_name)
    facts = (found.code, found.birth_year, found.age_status, found.commune_code, found.last_contact_on)
    return PersonRow(found.id, name or found.code, bool(name), *facts, found.protected)


def rows_of(actor: Actor, person_ids: list[UUID]) -> list[PersonRow]:
    """The lines of these people, in this order, of those that the actor may read. One query."""
    found = {row.id: _row(row) for row in db.session.execute(_lines(actor), {"ids": person_ids})}
    return [found[one] for one in person_ids if one in found]


@built
def _lines(actor: Actor) -> People:
    asked = among(Person.id)
    return _people().where(asked, grants.opens(actor, Person.id, Section.IDENTITY))


def searched(actor: Actor, token: UUID) -> str | None:
    """What this user searched for under this token, or None: expired, unknown, or somebody else's."""
    mine = (SavedSearch.id == token, SavedSearch.user_id == actor.user_id, SavedSearch.expires_at > clock.now())
    return db.session.scalar(select(SavedSearch.criteria).where(*mine))


def search(actor: Actor, text: str) -> Found:
    """The visible people that answer the text, best first. Journalled: kinds and count, never the text."""
    asked, codes = parse_query(text), _codes(text)
    if asked.empty and not codes:
        return Found([], 0, too_short=True)
    coded = _has_code(codes)
    query = _people().add_columns(coded.label("coded"))
    query = query.where(_candidates(asked, coded), grants.opens(actor, Person.id, Section.IDENTITY))
    best = _ranked(asked, db.session.execute(query).all())
    journal.note(actor, "person.search", "person", count=len(best), kinds=_kinds(asked, best))
    return Found([_row(found) for found in best[:MOST_FOUND]], len(best))


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


def _candidates(asked: Query, coded: ColumnElement[bool]) -> ColumnElement[bool]:
    every = [_has_piece(piece) for piece in asked.pieces]
    if asked.phones:
        every.append(_has_key("phone", asked.phones))
    if asked.birth_year:
        every.append(Person.birth_year == asked.birth_year)
    either = [and_(*every)] if every else []
    return or_(*either, coded)


def _has_piece(piece: Piece) -> ColumnElement[bool]:
    token = _has_key("token", piece.prefixes)
    if not piece.phonetics:
        return token
    sounds = select(SearchKeyRow.person_id).where(SearchKeyRow.kind == "phonetic")
    return or_(token, Person.id.in_(sounds.where(SearchKeyRow.value.in_(piece.phonetics))))


def _has_key(kind: str, beginnings: Iterable[str]) -> ColumnElement[bool]:
    """A range and not LIKE, which neither database looks up in this index: keys are compared byte by byte."""
    either = or_(*(SearchKeyRow.value.between(one, one + LAST_SIGN) for one in beginnings))
    return Person.id.in_(select(SearchKeyRow.person_id).where(SearchKeyRow.kind == kind, either))


def _ranked(asked: Query, rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    by_id = {found.id: found for found in rows}
    coded = [found for found in by_id.values() if found.coded]
    said = _phones(by_id) if asked.phones else {}
    others = [_candidate(found, said.get(found.id, ())) for found in by_id.values() if found not in coded]
    others.sort(key=lambda one: by_id[one.id].last_contact_on, reverse=True)
    ranked = [] if asked.empty else rank(asked, others)
    return [*coded, *(by_id[one.id] for one in ranked)]


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


def _kinds(asked: Query, best: list[Row[*tuple[Any, ...]]]) -> list[str]:
    by_code = any(found.coded for found in best)
    said = {"name": asked.pieces, "phone": asked.phones, "birth_year": asked.birth_year, "code": by_code}
    return [kind for kind, value in said.items() if value]
