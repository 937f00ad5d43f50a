"""The rules themselves, as sentences."""

from __future__ import annotations

from dataclasses import dataclass

from app.people.capacity.words import (
    Age,
    Fault,
    InterpretedBy,
    Matter,
    Measure,
    OwnWord,
    RepresentativeKind,
    Scope,
    SignedBy,
    Signing,
    WhyNotAsked,
)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the rules look at in somebody. `measure` only of an adult; its scope goes with it."""

    age: Age = Age.ADULT
    measure: Measure | None = None
    scope: Scope | None = None
    interpreter_needed: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How the question was asked. `represented`: whoever represents the person was there and agreed."""

    represented: bool = False
    own_word: OwnWord | None = None
    why: WhyNotAsked | None = None
    interpreted_by: InterpretedBy | None = None


# Who exercises each measure; the judge may name nobody for a sauvegarde de justice.
EXERCISED_BY = {
    Measure.CURATELLE: RepresentativeKind.CURATEUR,
    Measure.CURATELLE_RENFORCEE: RepresentativeKind.CURATEUR,
    Measure.TUTELLE: RepresentativeKind.TUTEUR,
    Measure.HABILITATION: RepresentativeKind.HABILITE,
    Measure.MANDAT_FUTUR: RepresentativeKind.MANDATAIRE,
}
# The others assist: they never answer in the place of the person.
REPRESENTING = frozenset({Measure.TUTELLE, Measure.HABILITATION, Measure.MANDAT_FUTUR})
# The least protective first: two records of one person keep the stronger.
STRENGTH = (
    Measure.SAUVEGARDE,
    Measure.MANDAT_FUTUR,
    Measure.CURATELLE,
    Measure.CURATELLE_RENFORCEE,
    Measure.HABILITATION,
    Measure.TUTELLE,
)


def covers(scope: Scope | None, matter: Matter) -> bool:
    """A measure reaches what the judge gave it. A strictly personal matter is never in it (art. 458)."""
    if scope is None or matter is Matter.STRICTLY_PERSONAL:
        return False
    return scope is Scope.BOTH or scope.value == matter.value


def word_needed(who: Situation) -> bool:
    """A child under 15 and an adult under a measure are asked themselves, and what they said is kept (art. 457-1, 459)."""
    return who.age is Age.UNDER_15 or who.measure is not None


def interpreting_fault(who: Situation, asked: Asked) -> Fault | None:
    """A minor never interprets. An interpreter who is needed and is not there: the answer waits."""
    if asked.interpreted_by is InterpretedBy.MINOR:
        return Fault.MINOR_INTERPRETS
    alone = asked.interpreted_by in {None, InterpretedBy.NOBODY}
    return Fault.WAITS if who.interpreter_needed and alone else None


def sharing_fault(who: Situation, asked: Asked) -> Fault | None:
    """Whether an agreement to share can be kept as given.

    - Under 15: whoever represents the child is there, and the child is asked; a « no » stops it (loi de 1978, art. 45).
    - From 15: the person answers alone; an adult under a measure too, asked themselves (art. 459, al. 1).
    - An adult who cannot answer: only a measure that represents them, on their person, answers for them (art. 459, al. 2).
    - Somebody who was not there is waited for. So is an interpreter who is needed.
    """
    translated = interpreting_fault(who, asked)
    return translated if translated is Fault.MINOR_INTERPRETS else _word(who, asked) or translated


def _word(who: Situation, asked: Asked) -> Fault | None:
    child = who.age is Age.UNDER_15
    if child and not asked.represented:
        return Fault.REPRESENTATIVE_MISSING
    if not word_needed(who) or asked.own_word is OwnWord.AGREES:
        return None
    return _unheard(who, asked, child)


def _unheard(who: Situation, asked: Asked, child: bool) -> Fault | None:
    fault = _silence(asked, child)
    if fault is not None or child:
        return fault
    answers = who.measure in REPRESENTING and covers(who.scope, Matter.PERSON) and asked.represented
    return None if answers else Fault.ANSWERS_ALONE


def _silence(asked: Asked, child: bool) -> Fault | None:
    """What is said of a word that is missing, or is no."""
    if asked.own_word is None:
        return Fault.WORD_MISSING
    if asked.own_word is OwnWord.REFUSES:
        return Fault.SAYS_NO
    if asked.why is None:
        return Fault.REASON_MISSING
    if asked.why is WhyNotAsked.TOO_YOUNG and not child:
        return Fault.NOT_A_CHILD
    return Fault.WAITS if asked.why is WhyNotAsked.ABSENT else None


def signing(who: Situation, matter: Matter) -> Signing:
    """Who signs a mandate to act for the person in an online procedure.

    - A strictly personal matter (parental authority, a child’s name): the person alone, always (art. 458).
    - A minor: whoever represents them (art. 388-1-1).
    - Out of the measure’s scope, or without a measure, or under sauvegarde de justice: the person alone (art. 435, 459).
    - Tutelle, habilitation familiale, on its scope: the representative (art. 473, 459, 494-8 and 494-9).
    - Mandat de protection future: the person stays able, so either of the two (art. 488).
    - Curatelle renforcée, on its scope: both (art. 467 and 472). Curatelle simple: the person alone for acts of
      administration, with the curator where the judge ordered assistance for personal decisions (art. 467 and 459).
    """
    if matter is Matter.STRICTLY_PERSONAL:
        return Signing.PERSON
    if who.age is not Age.ADULT:
        return Signing.REPRESENTATIVE
    if who.measure is None or not covers(who.scope, matter):
        return Signing.PERSON
    return _MEASURES[who.measure][matter is Matter.PERSON]


# On its scope: for the person’s property, then for personal decisions.
_MEASURES = {
    Measure.SAUVEGARDE: (Signing.PERSON, Signing.PERSON),
    Measure.CURATELLE: (Signing.PERSON, Signing.BOTH),
    Measure.CURATELLE_RENFORCEE: (Signing.BOTH, Signing.BOTH),
    Measure.TUTELLE: (Signing.REPRESENTATIVE, Signing.REPRESENTATIVE),
    Measure.HABILITATION: (Signing.REPRESENTATIVE, Signing.REPRESENTATIVE),
    Measure.MANDAT_FUTUR: (Signing.EITHER, Signing.EITHER),
}
_ENOUGH = {
    Signing.PERSON: frozenset({SignedBy.PERSON}),
    Signing.BOTH: frozenset({SignedBy.BOTH}),
    Signing.REPRESENTATIVE: frozenset({SignedBy.REPRESENTATIVE, SignedBy.BOTH}),
    Signing.EITHER: frozenset(SignedBy),
}


def mandate_fault(who: Situation, matter: Matter, signed: SignedBy, asked: Asked, *, written: bool) -> Fault | None:
    """Whether a mandate can be kept: written, signed by whom it must be, the person asked and heard, and understood.

    Nobody acts against what the person says; without their word a mandate only waits, so it is not kept.
    """
    if not written:
        return Fault.NOT_WRITTEN
    if signed not in _ENOUGH[signing(who, matter)]:
        return Fault.SIGNED_BY_ANOTHER
    heard = None if signed is SignedBy.PERSON or asked.own_word is OwnWord.AGREES else _silence(asked, _child(who))
    return heard or interpreting_fault(who, asked)


def _child(who: Situation) -> bool:
    return who.age is not Age.ADULT


def stronger(one: Measure | None, other: Measure | None) -> Measure | None:
    """Two records of one person: the measure that protects more (`STRENGTH`)."""
    known = [measure for measure in (one, other) if measure is not None]
    return max(known, key=STRENGTH.index, default=None)
