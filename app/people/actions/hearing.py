"""Whether an answer counts as it was given: the rules of `capacity`, said on the field that is to be corrected. Pure."""

from __future__ import annotations

from dataclasses import replace

from app.kernel.errors import DomainError
from app.kernel.grants import NOTHING
from app.people.actions.data import MINORS_VERSION, ConsentData, PersonData, Registration
from app.people.capacity import Age, Asked, Beside, Fault, InterpretedBy, Situation, sharing_fault
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, Representative

FIELDS = {
    Fault.REPRESENTATIVE_MISSING: "representative",
    Fault.WORD_MISSING: "own_word",
    Fault.SAYS_NO: "own_word",
    Fault.ANSWERS_ALONE: "own_word",
    Fault.REASON_MISSING: "why_not_asked",
    Fault.NOT_A_CHILD: "why_not_asked",
    Fault.MINOR_INTERPRETS: "interpreted_by",
    Fault.NOT_WRITTEN: "written",
}
_REPRESENTING = frozenset({Beside.REPRESENTATIVE.value, *(one.value for one in Representative)})


def heard(who: Situation, data: ConsentData) -> ConsentData:
    """The answer about the shared register as it is kept; one that waits opens nothing. A refusal always counts.

    DomainError, on its field, when it cannot be kept as it was given.
    """
    if data.kind is not ConsentKind.REGISTER:
        return data
    told = MINORS_VERSION if who.age is Age.FROM_15 else ""
    translated = data.interpreter or data.interpreted_by not in {None, InterpretedBy.NOBODY}
    data = replace(data, age_status=AgeStatus(who.age.value), told_version=told, interpreter=translated)
    if data.answer is not ConsentAnswer.GIVEN:
        return data
    return _agreed(data, sharing_fault(who, asked_of(data)))


def _agreed(data: ConsentData, fault: Fault | None) -> ConsentData:
    if fault is Fault.WAITS:
        return replace(data, answer=ConsentAnswer.PENDING, sections=NOTHING, ends_on=None)
    if fault is not None:
        raise DomainError(fault.label, FIELDS[fault])
    return data


def asked_of(data: ConsentData) -> Asked:
    """How it was asked. Rooms that only know that somebody translated say so with `interpreter`."""
    by = data.interpreted_by or (InterpretedBy.PROFESSIONAL if data.interpreter else None)
    represented = bool(_REPRESENTING & set(data.people_present.split()))
    return Asked(represented=represented, own_word=data.own_word, why=data.why_not_asked, interpreted_by=by)


def registered(data: Registration) -> Registration:
    """The same registration, its answer as it is kept. Nobody registered today is under a measure yet."""
    if data.register is None:
        return data
    return replace(data, register=heard(_newcomer(data.person), data.register))


def _newcomer(person: PersonData) -> Situation:
    return Situation(age=Age(person.age_status.value), interpreter_needed=person.interpreter)
