"""Export proposals: La Coop's autonomy and France Travail's situations."""

from app.assessments.engine.answers import Reading
from app.assessments.engine.conditions import Facts
from app.assessments.engine.instrument import Instrument


def coop_autonomy(reading: Reading) -> str | None:
    """La Coop's `Autonomie`, proposed from the pivot question; None when it is unanswered."""
    mappings = reading.instrument.mappings
    code = reading.answers.get(mappings.coop_autonomy_question)
    return None if code is None else mappings.coop_autonomy[code]


def france_travail_situations(instrument: Instrument, facts: Facts) -> tuple[str, ...]:
    """Codes of the situations that hold; a situation absent here was not said to be false."""
    situations = instrument.mappings.situations
    return tuple(item.code for item in situations if item.when.holds(facts))
