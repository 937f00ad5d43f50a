"""Assessments of the demonstration: answers drawn around what brought the person, scored by the real engine."""

from __future__ import annotations

from random import Random

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.engine import Question, load_instrument, visible_questions
from app.assessments.enums import Mode
from app.cli.demo.life import Followed, Life
from app.needs.enums import NeedKind

# How far from ease each need is met, per dimension: the mean of the points drawn (0 to 3). Others: 0.7.
FAR: dict[NeedKind, dict[str, float]] = {
    NeedKind.EQUIPEMENT: {"acces": 2.4, "competences": 1.0},
    NeedKind.CONNEXION: {"acces": 2.0, "competences": 0.9},
    NeedKind.PRISE_EN_MAIN: {"competences": 2.1, "aisance": 1.8},
    NeedKind.COMPETENCES_BASE: {"competences": 2.3, "aisance": 2.0},
    NeedKind.BOITE_MAIL: {"competences": 1.8, "aisance": 1.3},
    NeedKind.REASSURANCE: {"aisance": 2.3, "competences": 0.9},
    NeedKind.APPRENDRE_FRANCAIS: {"langue": 2.3, "competences": 1.2},
    NeedKind.COMPRENDRE_UN_COURRIER: {"langue": 1.7, "complexite": 1.5},
    NeedKind.ACCES_AUX_DROITS: {"complexite": 2.2, "urgence": 1.4},
    NeedKind.ACCOMPAGNEMENT_SOCIAL: {"complexite": 2.1, "urgence": 1.7},
}
ONLINE = {"competences": 1.5, "complexite": 1.3, "urgence": 1.2, "aisance": 1.3}
# Shares of the 2017 Nanterre study's reasons, only to make the demonstration believable.
REASONS = {
    "competences": 20,
    "equipement": 13,
    "reassurance": 14,
    "langue": 14,
    "complexite": 13,
    "urgence": 12,
    "mefiance": 6,
    "aucune": 8,
}


def assess(life: Life, followed: Followed) -> None:
    """An assessment by whoever follows the person: express two times out of three."""
    granted = life.rights(followed.actor, followed.person_id)
    mode = Mode.EXPRESS if life.rng.random() < 0.66 else Mode.FULL
    begun = assessments.start(followed.actor, granted, mode)
    answers = {name: Answer(code) for name, code in _answers(life.rng, followed.wanted[0], mode).items()}
    assessments.save_sheet(followed.actor, granted, begun.id, answers, None)
    assessments.finish(followed.actor, granted, begun.id)


def _answers(rng: Random, kind: NeedKind, mode: Mode) -> dict[str, str]:
    instrument = load_instrument()
    given: dict[str, str] = {}
    while True:
        asked = [q for q in visible_questions(instrument, mode.value, given) if q.id not in given]
        if not asked:
            return given
        given[asked[0].id] = _answer(rng, FAR.get(kind, ONLINE), asked[0])


def _answer(rng: Random, far: dict[str, float], question: Question) -> str:
    if question.dimension is None:
        return rng.choices(list(REASONS), list(REASONS.values()))[0]
    if rng.random() < 0.04:
        return rng.choice(["nsp", "refus"])
    drawn = rng.gauss(far.get(question.dimension, 0.7), 0.9)
    return min(question.options, key=lambda option: abs(option.points - drawn)).code
