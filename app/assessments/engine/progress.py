"""Distance travelled between two assessments of one person (assessment.md §6.3.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.assessments.engine.index import distance_index
from app.assessments.engine.instrument import FULL, Instrument
from app.assessments.engine.library import load_instrument
from app.assessments.engine.scoring import Scores

CLOSER, FARTHER, STABLE = "rapprochement", "eloignement", "stable"


class Scored(Protocol):
    """What is compared: a result, computed now or stored."""

    @property
    def instrument(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def mode(self) -> str: ...

    @property
    def dimensions(self) -> Scores: ...


@dataclass(frozen=True)
class Progress:
    """Points gained: positive is closer to digital. `by_dimension` has the common ones only.

    `before` and `after` are the two indices on the common dimensions, whose difference is `distance`.
    `reading` is `rapprochement` or `eloignement` from the smallest change worth showing,
    `stable` under it, None when the two cannot be compared.
    """

    comparable: bool
    distance: int | None
    by_dimension: Mapping[str, int]
    reading: str | None
    before: int | None = None
    after: int | None = None

    def to_document(self) -> dict[str, object]:
        return {
            "comparable": self.comparable,
            "distance_parcourue": self.distance,
            "par_dimension": dict(self.by_dimension),
            "lecture": self.reading,
        }


NOT_COMPARABLE = Progress(False, None, {}, None)


def progress(first: Scored, last: Scored, instrument: Instrument | None = None) -> Progress:
    """index(first) − index(last), both recomputed on the dimensions known in both.

    Comparable only within one instrument, one major version, both in full mode, and when the
    common dimensions are enough for an index. `instrument` defaults to the last one's.
    """
    if not _same_scale(first, last):
        return NOT_COMPARABLE
    used = instrument or load_instrument(last.version)
    common = _common(first.dimensions, last.dimensions)
    before = distance_index(used, {code: pair[0] for code, pair in common.items()})
    after = distance_index(used, {code: pair[1] for code, pair in common.items()})
    if before is None or after is None:
        return NOT_COMPARABLE
    moved = {code: start - end for code, (start, end) in common.items()}
    return Progress(True, before - after, moved, _lecture(used, before - after), before, after)


def _same_scale(first: Scored, last: Scored) -> bool:
    majors = {result.version.split(".")[0] for result in (first, last)}
    instruments = {first.instrument, last.instrument}
    return len(majors) == len(instruments) == 1 and {first.mode, last.mode} == {FULL}


def _common(first: Scores, last: Scores) -> dict[str, tuple[int, int]]:
    return {
        code: (start, end) for code, start in first.items() if start is not None and (end := last.get(code)) is not None
    }


def _lecture(instrument: Instrument, distance: int) -> str:
    if abs(distance) < instrument.scoring.shown_change:
        return STABLE
    return CLOSER if distance > 0 else FARTHER
