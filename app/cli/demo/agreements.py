"""Agreements for the shared register: for a year, asked again before their end, but for those nobody could reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.cli.demo.life import Followed, Life
from app.kernel.errors import DomainError
from app.kernel.grants import Section
from app.people import actions as people
from app.people.actions import ConsentData, Registration
from app.people.actions.renewals import end_lapsed
from app.people.enums import ConsentAnswer

LIFETIME = timedelta(days=365)
# Opening days until the person is asked again; how often nobody reaches them; how often they refuse then.
ASKED_AGAIN, UNREACHED, REFUSED = (222, 248), 0.12, 0.06
MONDAY = 0


def for_a_year(made: Registration) -> Registration:
    """The same registration, its agreement bounded as the form bounds it."""
    return replace(made, register=_bounded(made.register)) if made.register else made


def _bounded(asked: ConsentData) -> ConsentData:
    given = asked.answer is ConsentAnswer.GIVEN
    return replace(asked, ends_on=asked.starts_on + LIFETIME if given else None)


def plan_renewal(life: Life, followed: Followed, asked: ConsentData | None) -> None:
    """Ask again before the end whoever agreed."""
    if asked is None or asked.answer is not ConsentAnswer.GIVEN or life.rng.random() < UNREACHED:
        return
    life.later(life.rng.randint(*ASKED_AGAIN), lambda: _ask_again(life, followed, asked))


def _ask_again(life: Life, followed: Followed, before: ConsentData) -> None:
    agrees = life.rng.random() > REFUSED
    answer = ConsentAnswer.GIVEN if agrees else ConsentAnswer.REFUSED
    sections = before.sections if agrees else Section(0)
    asked = _bounded(replace(before, answer=answer, sections=sections, starts_on=life.today))
    try:
        people.answer_register(followed.actor, life.rights(followed.actor, followed.person_id), asked, life.today)
    except DomainError:
        return
    plan_renewal(life, followed, asked)


def end_what_lapsed(life: Life) -> None:
    """On Mondays, what the worker does every hour."""
    if life.today.weekday() == MONDAY:
        end_lapsed(life.today)
