"""Why a rule applied, in words: the parts of its condition that held, read on the stored result and never recomputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.assessments.engine import Instrument
from app.assessments.engine.conditions import AllOf, Answered, AnyOf, Condition, Facts, InRange, Named
from app.assessments.queries import wording
from app.kernel.i18n import gettext as _
from app.needs.enums import Priority


def facts_of(instrument: Instrument, answers: Mapping[str, str], result: Mapping[str, Any]) -> Facts:
    """What the rules looked at: answers given and deduced, and the stored result."""
    named = {"priorite": result["priorite"], "profil": result["profil"]}
    return Facts(answers, result["dimensions"], {**named, "motif": result["motif"], "mode": result["mode"]})


def held(instrument: Instrument, condition: Condition, facts: Facts) -> tuple[str, ...]:
    """The simple parts of the condition that are true, in words."""
    parts = (part for part in _simple(condition) if part.holds(facts))
    return tuple(dict.fromkeys(text for part in parts for text in _words(instrument, part, facts)))


def _simple(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AnyOf | AllOf):
        yield from (inner for part in condition.parts for inner in _simple(part))
    else:
        yield condition


def _words(instrument: Instrument, part: Condition, facts: Facts) -> Iterator[str]:
    if isinstance(part, Answered):
        question = instrument.by_id[part.question]
        yield f"{question.text} → {wording.answer_label(question, facts.answers[part.question])}"
    elif isinstance(part, InRange):
        label = instrument.by_dimension[part.dimension].label
        yield _("%(dimension)s : %(score)d sur 100", dimension=label, score=facts.dimensions[part.dimension])
    elif isinstance(part, Named):
        yield _named(instrument, part.name, str(facts.named[part.name]))


def _named(instrument: Instrument, name: str, code: str) -> str:
    if name == "priorite":
        return _("Priorité : %(label)s", label=Priority(code).label)
    if name == "profil":
        return _("Profil : %(label)s", label=wording.profile_label(code, instrument.version))
    if name == "motif":
        return _("Raison donnée par la personne : %(label)s", label=instrument.by_id["M1"].by_code[code].label)
    return _("Évaluation express")
