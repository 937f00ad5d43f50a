"""The pure scoring engine: no database, no clock, no Flask, no float in a decision."""

from app.assessments.engine.agreement import (
    bootstrap_interval,
    cohen_kappa,
    landis_koch,
    nanterre_gap,
    raw_agreement,
    shares,
    total_variation,
    weighted_kappa,
)
from app.assessments.engine.answers import (
    accepted_codes,
    check_input,
    erase_skipped,
    visible_questions,
)
from app.assessments.engine.errors import (
    AssessmentInputError,
    ForbiddenField,
    InstrumentError,
    UnknownCode,
    UnknownMode,
    UnknownQuestion,
    UnknownVersion,
)
from app.assessments.engine.explain import Why
from app.assessments.engine.instrument import (
    EXPRESS,
    FULL,
    Action,
    Instrument,
    Mode,
    Option,
    Question,
)
from app.assessments.engine.library import CURRENT, instrument_in, load_instrument, published_versions
from app.assessments.engine.plan import Plan
from app.assessments.engine.progress import NOT_COMPARABLE, Progress, progress
from app.assessments.engine.result import Result
from app.assessments.engine.score import ENGINE_VERSION, score

__all__ = [
    "CURRENT",
    "ENGINE_VERSION",
    "EXPRESS",
    "FULL",
    "NOT_COMPARABLE",
    "Action",
    "AssessmentInputError",
    "ForbiddenField",
    "Instrument",
    "InstrumentError",
    "Mode",
    "Option",
    "Plan",
    "Progress",
    "Question",
    "Result",
    "UnknownCode",
    "UnknownMode",
    "UnknownQuestion",
    "UnknownVersion",
    "Why",
    "accepted_codes",
    "bootstrap_interval",
    "check_input",
    "cohen_kappa",
    "erase_skipped",
    "instrument_in",
    "landis_koch",
    "load_instrument",
    "nanterre_gap",
    "progress",
    "published_versions",
    "raw_agreement",
    "score",
    "shares",
    "total_variation",
    "visible_questions",
    "weighted_kappa",
]
