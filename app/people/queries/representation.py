"""Who stands beside somebody, the measure that protects them, and what the rules of agreement look at."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import Granted, Section
from app.kernel.statements import built
from app.people.capacity import Age, Measure, RepresentativeKind, Scope, Situation
from app.people.models import Person, PersonAdaptation, PersonMeasure, PersonRepresentative


@dataclass(frozen=True, kw_only=True)
class RepresentativeView:
    """Somebody beside the person. `phone` is E.164; all but `kind` may be empty."""

    kind: RepresentativeKind
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Representation:
    """Who stands beside the person, and under which measure, for whoever reads the section « représentant »."""

    people: tuple[RepresentativeView, ...]
    measure: Measure | None
    scope: Scope | None

    def __bool__(self) -> bool:
        return bool(self.people) or self.measure is not None


def representation(granted: Granted) -> Representation | None:
    """What is noted; None for a hat that does not read the section. One query."""
    if not granted.opens(Section.REPRESENTATIVE):
        return None
    return known(granted.person_id)


def known(person_id: UUID) -> Representation:
    """What is noted, whoever asks: for the rules, never for a screen."""
    rows = db.session.execute(_beside(), {grants.PERSON: person_id}).all()
    beside = (one for one, _measure in rows if one is not None)
    people = tuple(RepresentativeView(kind=one.kind, name=one.name, phone=one.phone, email=one.email) for one in beside)
    measure: PersonMeasure | None = rows[0][1] if rows else None
    return Representation(people, measure.kind if measure else None, measure.scope if measure else None)


@built
def _beside() -> Select[PersonRepresentative | None, PersonMeasure | None]:
    """Beside each of them, or beside nobody, the measure."""
    query = select(PersonRepresentative, PersonMeasure).select_from(Person).where(Person.id == grants.SOMEBODY)
    query = query.outerjoin(PersonRepresentative, PersonRepresentative.person_id == Person.id)
    query = query.outerjoin(PersonMeasure, PersonMeasure.person_id == Person.id)
    return query.order_by(PersonRepresentative.rank)


def situation(person_id: UUID) -> Situation:
    """What the rules of agreement look at (`capacity`); one query. Ask only about somebody whom the actor may read."""
    columns = (Person.age_status, PersonMeasure.kind, PersonMeasure.scope, PersonAdaptation.interpreter)
    query = select(*columns).select_from(Person).where(Person.id == person_id)
    query = query.outerjoin(PersonMeasure, PersonMeasure.person_id == Person.id)
    query = query.outerjoin(PersonAdaptation, PersonAdaptation.person_id == Person.id)
    age, kind, scope, interpreter = db.session.execute(query).one()
    return Situation(age=Age(age.value), measure=kind, scope=scope, interpreter_needed=bool(interpreter))
