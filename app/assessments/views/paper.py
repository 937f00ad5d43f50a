"""Paper: a blank sheet to fill by hand and enter later, a card of answers to point at."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from app.assessments import engine, policy, queries
from app.assessments.engine import Instrument, Question
from app.assessments.enums import Mode
from app.assessments.forms import quiet_codes_of
from app.assessments.views.blueprint import bp
from app.kernel import access, gate, pages
from app.kernel.access import FRONT
from app.kernel.errors import NotFound


@bp.get("/evaluations/feuille-vierge/<mode>")
@access.rule("Qui pose les questions imprime la feuille à remplir à la main", FRONT)
def blank(mode: str) -> ResponseReturnValue:
    """The questions of a mode, to fill by hand: nothing about anybody."""
    wanted = next((one for one in policy.modes(gate.actor()) if one.value == mode), None)
    if wanted is None:
        raise NotFound
    instrument = queries.instrument_of()
    asked = _asked(instrument, wanted)
    return pages.render(
        "assessments/blank.html",
        mode=wanted,
        asked=asked,
        quiet={question.id: _quiet(instrument, question) for question in asked},
        skips=_skips(instrument, wanted),
        version=instrument.version,
        large_print="grand" in request.args,
    )


@bp.get("/evaluations/carte-des-reponses")
@access.rule("Qui pose les questions imprime la carte des réponses à montrer du doigt", FRONT)
def card() -> ResponseReturnValue:
    """The discreet questions and their answers, to be read and pointed at in silence."""
    instrument = queries.instrument_of()
    modes = policy.modes(gate.actor())
    asked = _asked(instrument, Mode.FULL if Mode.FULL in modes else Mode.EXPRESS)
    discreet = [question for question in asked if question.discreet]
    quiet = {question.id: _quiet(instrument, question) for question in discreet}
    return pages.render("assessments/card.html", asked=discreet, quiet=quiet, large_print=True)


def _asked(instrument: Instrument, mode: Mode) -> list[Question]:
    return [instrument.by_id[name] for name in instrument.modes[mode.value].questions]


def _quiet(instrument: Instrument, question: Question) -> list[tuple[str, str]]:
    return [(code, str(queries.MISSING[code])) for code in quiet_codes_of(instrument, question)]


def _skips(instrument: Instrument, mode: Mode) -> dict[str, list[tuple[str, list[int]]]]:
    """By question: the answers after which others need not be asked, and the numbers of these on the sheet."""
    asked = [question.id for question in _asked(instrument, mode)]
    found: dict[str, list[tuple[str, list[int]]]] = {}
    for question in _asked(instrument, mode):
        for option in question.options:
            left = {one.id for one in engine.visible_questions(instrument, mode.value, {question.id: option.code})}
            useless = [rank for rank, one in enumerate(asked, 1) if one not in left]
            if useless:
                found.setdefault(question.id, []).append((option.label, useless))
    return found
