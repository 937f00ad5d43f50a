"""Who stands beside somebody, and the measure that protects an adult, are noted, corrected, moved and erased."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Difference, DomainError, NotFound, check_version
from app.kernel.grants import Granted
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import Moved
from app.kernel.phones import format_phone
from app.people import policy
from app.people.capacity import EXERCISED_BY, Measure, Scope, stronger
from app.people.enums import AgeStatus
from app.people.models import Person, PersonMeasure, PersonRepresentative
from app.people.queries import representation as records
from app.people.queries.representation import RepresentativeView


@dataclass(frozen=True, kw_only=True)
class RepresentationData:
    """What is to be noted; `scope` goes with a measure."""

    people: tuple[RepresentativeView, ...] = ()
    measure: Measure | None = None
    scope: Scope | None = None


def represent(actor: Actor, granted: Granted, data: RepresentationData, version: int | None) -> Person:
    """Note who stands beside the person, and their measure. NotFound unless an adviser or manager of the referent.

    DomainError when the measure does not fit the person or is exercised by nobody; Stale when the record changed.
    """
    if not policy.can_represent(actor, granted):
        raise NotFound
    person = db.session.get_one(Person, granted.person_id)
    check_version(person.version, version, *_differences(person.id, data))
    _check_measure(person, data)
    forget_representation(person.id)
    write_people(person.id, data.people)
    if data.measure is not None:
        db.session.add(PersonMeasure(person_id=person.id, kind=data.measure, scope=data.scope))
    # Always written, so that the version of the record rises.
    person.updated_at = clock.now()
    db.session.flush()
    journal.note(actor, "person.represent", "person", person.id, person_id=person.id, grant=granted.source)
    return person


def _check_measure(person: Person, data: RepresentationData) -> None:
    """A measure protects an adult, says what it is about, and is exercised by somebody (Code civil, art. 425 and s.)."""
    if data.measure is None:
        return
    if person.age_status is not AgeStatus.ADULT:
        raise DomainError(_("Une mesure de protection concerne un adulte : corrigez l’âge, ou retirez-la."), "measure")
    if data.scope is None:
        raise DomainError(_("Dites ce que la mesure concerne : sa personne, ses biens, ou les deux."), "scope")
    needed = EXERCISED_BY.get(data.measure)
    if needed is not None and needed not in {one.kind for one in data.people}:
        message = _("Notez aussi qui exerce cette mesure : %(who)s.") % {"who": str(needed.label).lower()}
        raise DomainError(message, "measure")


def write_people(person_id: UUID, people: tuple[RepresentativeView, ...]) -> None:
    """Note these, in their order, after those that are there."""
    rows = [{"id": ids.random_key(), "person_id": person_id, "rank": at, **vars(one)} for at, one in enumerate(people)]
    if rows:
        db.session.execute(insert(PersonRepresentative), rows)


def forget_representation(person_id: UUID) -> None:
    """Erase who stood beside somebody, and their measure."""
    db.session.flush()
    for model in (PersonRepresentative, PersonMeasure):
        erased = delete(model).where(model.person_id == person_id)
        db.session.execute(erased.execution_options(synchronize_session=False))
    db.session.expire_all()


def _differences(person_id: UUID, data: RepresentationData) -> list[Difference]:
    now = records.known(person_id)
    return [
        Difference(str(_("Représentants")), _lines(data.people), _lines(now.people)),
        Difference(
            str(_("Mesure de protection")), _measure(data.measure, data.scope), _measure(now.measure, now.scope)
        ),
    ]


def _lines(people: tuple[RepresentativeView, ...]) -> str:
    return "\n".join(
        ", ".join(part for part in (str(one.kind.label), one.name, format_phone(one.phone), one.email) if part)
        for one in people
    )


def _measure(measure: Measure | None, scope: Scope | None) -> str:
    if measure is None:
        return gettext("aucune")
    return f"{measure.label} ({scope.label})" if scope else str(measure.label)


def _people_moved(kept_id: UUID, removed_id: UUID) -> None:
    """Those of both records, each once."""
    mine = list(_of(kept_id))
    said = {_said(one) for one in mine}
    for rank, one in enumerate(_of(removed_id), len(mine)):
        if _said(one) in said:
            db.session.delete(one)
        else:
            one.person_id, one.rank = kept_id, rank
    db.session.flush()


def _of(person_id: UUID) -> list[PersonRepresentative]:
    mine = PersonRepresentative.person_id == person_id
    return list(db.session.scalars(select(PersonRepresentative).where(mine).order_by(PersonRepresentative.rank)))


def _said(one: PersonRepresentative) -> tuple[str, ...]:
    return one.kind.value, one.name, one.phone, one.email


def _measure_moved(kept_id: UUID, removed_id: UUID) -> None:
    """The measure that protects more; about both when they do not say the same."""
    theirs = db.session.get(PersonMeasure, removed_id)
    if theirs is None:
        return
    mine = db.session.get(PersonMeasure, kept_id)
    if mine is None:
        db.session.add(PersonMeasure(person_id=kept_id, kind=theirs.kind, scope=theirs.scope))
    else:
        mine.kind = stronger(mine.kind, theirs.kind) or mine.kind
        mine.scope = mine.scope if mine.scope is theirs.scope else Scope.BOTH
    db.session.delete(theirs)
    db.session.flush()


MERGED = (
    Moved("person_representative", move=_people_moved),
    Moved("person_measure", move=_measure_moved),
)
