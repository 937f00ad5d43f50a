"""How good the assessments are: agreement, time, profiles kept, tendencies. Nothing rests on fewer than three advisers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.assessments import engine
from app.assessments import queries as assessment_queries
from app.assessments.engine.instrument import UNDETERMINED
from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment, AssessmentAnswer
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.pilotage import indicators, policy
from app.pilotage.indicators import FEWEST_AUTHORS, Agreement, Cell, K, Rating
from app.pilotage.queries.period import Period

Rows = Sequence[Any]
Seen = Sequence[tuple[str, Hashable]]
Gap = Callable[[Mapping[str, int]], Fraction | None]


@dataclass(frozen=True)
class Count:
    """One line of a breakdown. `count` None: hidden, it would tell the work of one or two advisers."""

    code: str
    label: str
    count: int | None
    reference: int | None = None


@dataclass(frozen=True)
class Breakdown:
    """The lines of a whole. `gap`: total variation distance to the reference; None when a line is hidden."""

    lines: tuple[Count, ...]
    total: int
    gap: Fraction | None = None

    @property
    def compared(self) -> int:
        """How many are in the lines that have a reference; 0 when one of them is hidden."""
        counts = [line.count for line in self.lines if line.reference]
        return 0 if None in counts else sum(count for count in counts if count is not None)

    def of(self, code: str) -> int | None:
        """The count of one line; None when hidden."""
        return next(line.count for line in self.lines if line.code == code)


@dataclass(frozen=True)
class Times:
    """Seconds of complete assessments asked question by question. `median` and `p90` None: too few advisers."""

    timed: int
    median: int | None
    p90: int | None
    questions: tuple[Count, ...]


@dataclass(frozen=True)
class Doubles:
    """Double assessments. `profile` and `band` None under k pairs or three advisers; `pairs` is told in any case."""

    pairs: int
    with_band: int
    profile: Agreement | None
    band: Agreement | None
    index_difference: Fraction | None


@dataclass(frozen=True)
class Quality:
    """The page. `enough` is false when fewer than three advisers assessed in the period: nothing else is told then."""

    enough: bool
    assessed: int
    other_scales: int
    doubles: Doubles
    times: Times
    kept: Count
    kept_reasons: Breakdown
    profiles: Breakdown
    reasons: Breakdown
    alerts: tuple[Count, ...]

    @property
    def undetermined(self) -> int | None:
        return self.profiles.of(UNDETERMINED)


def quality(actor: Actor, period: Period) -> Quality:
    """Assessments finished in the period, of the current major version. NotFound for anybody but a coordinator."""
    if not policy.can_read_quality(actor):
        raise NotFound
    instrument = assessment_queries.instrument_of()
    every = _finished_in(period)
    rows = [row for row in every if _is_comparable(row, instrument)]
    replaced = _replaced()
    current = [row for row in rows if row.id not in replaced]
    enough = len({row.author_id for row in current}) >= FEWEST_AUTHORS
    if not enough:
        current = rows = []
    return Quality(
        enough,
        len(current),
        len(every) - len(rows) if enough else 0,
        _doubles([row for row in rows if not replaced.get(row.id)]),
        _times(instrument, rows, period if enough else None),
        _kept(current),
        _kept_reasons(instrument, current),
        _profiles(instrument, current),
        _reasons(instrument, current),
        _alerts(instrument, current),
    )


def _finished_in(period: Period) -> Rows:
    told = (
        Assessment.result["motif"].as_string().label("reason"),
        Assessment.result["alertes"].as_json().label("alerts"),
    )
    columns = (
        Assessment.id,
        func.coalesce(Assessment.subject_key, Assessment.person_id).label("subject"),
        Assessment.author_id,
        Assessment.mode,
        Assessment.instrument_version,
    )
    computed = (Assessment.finished_at, Assessment.profile, Assessment.band, Assessment.index_value)
    decided = (Assessment.override_reason, Assessment.overridden_by, Assessment.supersedes_id)
    query = select(*columns, *computed, *decided, *told).where(
        Assessment.state == AssessmentState.DONE, Assessment.finished_at.between(*period.bounds())
    )
    return db.session.execute(query.order_by(Assessment.finished_at, Assessment.id)).all()


def _is_comparable(row: Any, instrument: engine.Instrument) -> bool:
    return bool(row.instrument_version.split(".")[0] == str(instrument.major))


def _replaced() -> dict[UUID | None, bool]:
    """What finished assessments replace: true when corrected, false when an express one was only completed."""
    corrects = Assessment.correction_reason.is_not(None).label("corrects")
    done = (Assessment.state == AssessmentState.DONE, Assessment.supersedes_id.is_not(None))
    found: dict[UUID | None, bool] = {}
    for row in db.session.execute(select(Assessment.supersedes_id, corrects).where(*done)):
        found[row.supersedes_id] = found.get(row.supersedes_id, False) or bool(row.corrects)
    return found


def _doubles(rows: Rows) -> Doubles:
    pairs = indicators.double_assessments(_rating(row) for row in rows)
    bands = [(a, b) for a, b in pairs if a.band is not None and b.band is not None]
    profiles = [(a.profile, b.profile) for a, b in pairs] if _several(pairs) else []
    told = [(str(a.band), str(b.band)) for a, b in bands] if _several(bands) else []
    gaps = [abs(a.index - b.index) for a, b in bands if a.index is not None and b.index is not None]
    return Doubles(
        len(pairs),
        len(bands),
        indicators.agreement(profiles, engine.cohen_kappa),
        indicators.agreement(told, _weighted),
        Fraction(sum(gaps), len(gaps)) if len(told) >= K and gaps else None,
    )


def _rating(row: Any) -> Rating:
    scale = f"{row.mode.value} {row.instrument_version.split('.')[0]}"
    return Rating(row.subject, row.author_id, row.finished_at, scale, row.profile, row.band, row.index_value)


def _several(pairs: Iterable[indicators.RatedTwice]) -> bool:
    return len({rating.author for pair in pairs for rating in pair}) >= FEWEST_AUTHORS


def _weighted(pairs: Sequence[tuple[str, str]]) -> Fraction | None:
    bands = sorted(engine.load_instrument().scoring.bands, key=lambda band: band.low)
    return engine.weighted_kappa(pairs, [band.code for band in bands])


def _times(instrument: engine.Instrument, rows: Rows, period: Period | None) -> Times:
    """A completion asks only what is missing and a correction little: neither says how long a whole one takes."""
    whole = {row.id: row.author_id for row in rows if row.mode is Mode.FULL and row.supersedes_id is None}
    answers = _answers(period) if period else []
    untimed = {row.assessment_id for row in answers if row.seconds is None}
    spent: Counter[UUID] = Counter()
    by_question: dict[str, list[tuple[int, Hashable]]] = {}
    for row in answers:
        if row.assessment_id in whole and row.seconds is not None:
            spent[row.assessment_id] += row.seconds
            by_question.setdefault(row.question, []).append((row.seconds, whole[row.assessment_id]))
    timed = [(seconds, whole[one]) for one, seconds in spent.items() if one not in untimed]
    return Times(
        len(timed),
        _percentile(timed, 50),
        _percentile(timed, 90),
        tuple(_question(one, by_question.get(one.id, [])) for one in instrument.questions),
    )


def _answers(period: Period) -> Rows:
    query = select(AssessmentAnswer.assessment_id, AssessmentAnswer.question, AssessmentAnswer.seconds)
    done = (Assessment.state == AssessmentState.DONE, Assessment.finished_at.between(*period.bounds()))
    return db.session.execute(
        query.join(Assessment, Assessment.id == AssessmentAnswer.assessment_id).where(*done)
    ).all()


def _question(question: engine.Question, spent: Sequence[tuple[int, Hashable]]) -> Count:
    return Count(question.id, question.text, _percentile(spent, 50), question.seconds)


def _percentile(spent: Sequence[tuple[int, Hashable]], rank: int) -> int | None:
    """None too when fewer than three advisers stand behind the figure."""
    several = len({author for _seconds, author in spent}) >= FEWEST_AUTHORS
    return indicators.percentile(sorted(seconds for seconds, _author in spent), rank) if several else None


def _kept(rows: Rows) -> Count:
    cell = _cell("kept", [row.overridden_by for row in rows if row.overridden_by is not None])
    return Count("kept", "", None if cell.is_bare else cell.count)


def _kept_reasons(instrument: engine.Instrument, rows: Rows) -> Breakdown:
    names = {one.code: assessment_queries.REASONS[one.code] for one in instrument.override_reasons}
    overridden = [(row.override_reason, row.overridden_by) for row in rows if row.overridden_by is not None]
    return _breakdown({code: str(name) for code, name in names.items()}, overridden)


def _profiles(instrument: engine.Instrument, rows: Rows) -> Breakdown:
    names = {one.code: one.label for one in instrument.profiles}
    reference = {one.code: one.nanterre_pct for one in instrument.profiles if one.nanterre_pct}
    seen = [(row.profile, row.author_id) for row in rows]
    return _breakdown(names, seen, reference, lambda counts: engine.nanterre_gap(instrument, counts))


def _reasons(instrument: engine.Instrument, rows: Rows) -> Breakdown:
    """Those who state one of the seven reasons; « rien de particulier » and no answer are not compared."""
    options = {option.code: option.label for option in instrument.by_id["M1"].options}
    names = {code: options[code] for code in indicators.STATED_REASONS_2017}
    stated = [(row.reason, row.author_id) for row in rows if row.reason in names]
    reference = indicators.STATED_REASONS_2017
    return _breakdown(names, stated, reference, lambda counts: indicators.reference_gap(counts, reference))


def _alerts(instrument: engine.Instrument, rows: Rows) -> tuple[Count, ...]:
    seen: dict[str, list[Hashable]] = {}
    for row in rows:
        for code in row.alerts or ():
            seen.setdefault(code, []).append(row.author_id)
    cells = [(one, _cell(one.code, seen.get(one.code, []))) for one in instrument.alerts]
    return tuple(Count(one.code, one.label, None if cell.is_bare else cell.count) for one, cell in cells)


def _breakdown(
    names: Mapping[str, str], seen: Seen, reference: Mapping[str, int] | None = None, gap: Gap | None = None
) -> Breakdown:
    cells = [_cell(code, [author for found, author in seen if found == code]) for code in names]
    hidden = indicators.hidden_cells(cells)
    shown = {cell.code: None if cell.code in hidden else cell.count for cell in cells}
    expected = reference or {}
    lines = tuple(Count(code, names[code], shown[code], expected.get(code)) for code in names)
    several = len({author for _code, author in seen}) >= FEWEST_AUTHORS
    told = {cell.code: cell.count for cell in cells}
    return Breakdown(lines, len(seen) if several else 0, gap(told) if gap and not hidden else None)


def _cell(code: str, authors: Sequence[Hashable]) -> Cell:
    return Cell(code, len(authors), frozenset(authors))
