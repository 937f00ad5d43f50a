"""Assessments of the demonstration: answers drawn around what brought the person, scored by the real engine.

Some are made again months later, when learning has helped; some by a colleague a few days after the first, without
looking, as the network asks to know how far its advisers agree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from app.assessments import actions as assessments
from app.assessments import queries
from app.assessments.actions import Answer, Decision
from app.assessments.engine import Question, load_instrument, visible_questions
from app.assessments.enums import Mode, PlanState
from app.cli.demo.life import Followed, Life
from app.kernel import clock
from app.kernel.access import ADVISING, Actor
from app.kernel.errors import DomainError
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
# How many are made by two advisers; how many complete ones are made again: the other people no longer come.
TWICE, AGAIN = 0.3, 0.55
# Opening days until then: the first, the last, and most often three months as the plan proposes.
MONTHS = (52, 84, 62)
# How often a question that was not at ease has become easier; how often a colleague notes something else.
LEARNT, OTHERWISE = 0.42, 0.14


def assess(life: Life, followed: Followed) -> None:
    """An assessment by whoever follows the person: express two times out of three."""
    mode = Mode.EXPRESS if life.rng.random() < 0.66 else Mode.FULL
    answers = _answers(life.rng, followed.wanted[0], mode)
    _ask(life, followed, followed.actor, mode, answers)
    colleagues = [hat for hat in _colleagues(life, followed.actor) if hat.user_id != followed.actor.user_id]
    if colleagues and life.rng.random() < TWICE:
        other = life.rng.choice(colleagues)
        seen = _changed(life.rng, mode, answers, OTHERWISE, easier=False)
        life.later(life.rng.randint(1, 4), lambda: _ask(life, followed, other, mode, seen))
    if mode is Mode.FULL:
        _plan_again(life, followed, answers)


def _plan_again(life: Life, followed: Followed, answers: dict[str, str]) -> None:
    life.later(round(life.rng.triangular(*MONTHS)), lambda: _look_again(life, followed, answers))


def _look_again(life: Life, followed: Followed, answers: dict[str, str]) -> None:
    """Where they are three months later; or the plan says that they are not expected any more."""
    if life.rng.random() < AGAIN:
        later = _changed(life.rng, Mode.FULL, answers, LEARNT, easier=True)
        _ask(life, followed, followed.actor, Mode.FULL, later)
        _plan_again(life, followed, later)
    else:
        _expect_no_more(life, followed)


def _expect_no_more(life: Life, followed: Followed) -> None:
    granted = life.rights(followed.actor, followed.person_id)
    awaited = queries.next_time(followed.actor, granted, life.timezone)
    if awaited is not None:
        over = Decision(life.rng.choice((PlanState.DONE, PlanState.REFUSED)))
        assessments.decide(
            followed.actor, granted, awaited.assessment_id, queries.FOLLOW_UP, over, life.today, version=None
        )


def _colleagues(life: Life, actor: Actor) -> list[Actor]:
    """Advisers of the structure who see its people: not a team apart under secrecy."""
    front = life.network.front(life.network.key_of(actor.structure_id))
    return [hat for hat in front if hat.role in ADVISING and hat.team_id == actor.team_id]


def _ask(life: Life, followed: Followed, actor: Actor, mode: Mode, answers: dict[str, str]) -> None:
    """Ask, question by question, and finish when the last one is answered. Nothing when they no longer follow the person."""
    granted = life.rights(actor, followed.person_id)
    slow = max(0.6, life.rng.gauss(1, 0.25))
    given = {name: Answer(code, seconds=_seconds(life.rng, slow)) for name, code in answers.items()}
    try:
        begun = assessments.start(actor, granted, mode)
    except DomainError:
        return
    with clock.fixed(clock.now() + timedelta(seconds=sum(one.seconds or 0 for one in given.values()))):
        assessments.save_sheet(actor, granted, begun.id, given, None)
        assessments.finish(actor, granted, begun.id)


def _seconds(rng: Random, slow: float) -> int:
    """Most answers take a quarter of a minute, some a conversation."""
    return min(240, max(4, round(slow * rng.lognormvariate(2.75, 0.55))))


def _answers(rng: Random, kind: NeedKind, mode: Mode) -> dict[str, str]:
    return _filled(mode, {}, lambda question: _answer(rng, FAR.get(kind, ONLINE), question))


def _filled(mode: Mode, given: dict[str, str], draw: Callable[[Question], str]) -> dict[str, str]:
    """The questions that are asked, each after those it depends on."""
    instrument = load_instrument()
    found: dict[str, str] = {}
    while True:
        asked = [q for q in visible_questions(instrument, mode.value, found) if q.id not in found]
        if not asked:
            return found
        found[asked[0].id] = given.get(asked[0].id) or draw(asked[0])


def _answer(rng: Random, far: dict[str, float], question: Question) -> str:
    if question.dimension is None:
        return rng.choices(list(REASONS), list(REASONS.values()))[0]
    if rng.random() < 0.04:
        return rng.choice(["nsp", "refus"])
    drawn = rng.gauss(far.get(question.dimension, 0.7), 0.9)
    return min(question.options, key=lambda option: abs(option.points - drawn)).code


def _changed(rng: Random, mode: Mode, before: dict[str, str], share: float, *, easier: bool) -> dict[str, str]:
    """The same answers, some of them one step nearer to ease, or one step away either side."""
    instrument = load_instrument()
    after = {
        name: _step(rng, instrument.by_id[name], code, easier) if rng.random() < share else code
        for name, code in before.items()
    }
    return _filled(mode, after, lambda question: _answer(rng, {}, question))


def _step(rng: Random, question: Question, code: str, easier: bool) -> str:
    """The neighbouring option; what is no degree of ease stays as it is."""
    options = sorted(question.options, key=lambda option: option.points)
    ranks = [rank for rank, option in enumerate(options) if option.code == code]
    if question.dimension is None or not ranks:
        return code
    rank = ranks[0] - 1 if easier else ranks[0] + rng.choice((-1, 1))
    return options[min(max(rank, 0), len(options) - 1)].code
