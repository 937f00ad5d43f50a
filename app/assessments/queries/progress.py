"""Distance travelled: the first and the last complete assessment of a person, on one scale (assessment.md § 6.3.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.assessments import engine, policy
from app.assessments.enums import Mode
from app.assessments.models import Assessment
from app.assessments.queries import wording
from app.assessments.queries.results import AssessmentLine, lines_of, rows_of
from app.kernel.access import ADVISING, Actor
from app.kernel.grants import Granted, Section


@dataclass(frozen=True)
class Stored:
    """A stored result, as the engine compares it."""

    instrument: str
    version: str
    mode: str
    dimensions: Mapping[str, int | None]


@dataclass(frozen=True)
class Moved:
    """One dimension known both times, 0–100. `gained` is positive when the distance fell."""

    label: str
    before: int
    after: int
    shown: bool

    @property
    def gained(self) -> int:
        return self.before - self.after


@dataclass(frozen=True)
class Travelled:
    """From the first to the last complete assessment. Nothing to compare: `reading` is None and `dimensions` is empty.

    `before` and `after`, the two indices, are None under the smallest change worth showing, and for what another
    structure asked: dimensions travel, the index does not. `break_between` when the person was also assessed on a scale
    that cannot be compared.
    """

    first_at: datetime
    last_at: datetime
    reading: str | None
    before: int | None
    after: int | None
    dimensions: tuple[Moved, ...]
    break_between: bool
    smallest: int


def on_page(actor: Actor, granted: Granted) -> tuple[list[AssessmentLine], Travelled | None]:
    """The finished assessments of a person and the distance travelled between them: read once for their page."""
    rows = rows_of(actor, granted)
    lines = lines_of(actor, granted, rows)
    if actor.role not in ADVISING or not granted.opens(Section.ASSESSMENT):
        return lines, None
    read = [one for one, _by, _reason in reversed(rows) if one.mode is Mode.FULL and one.result is not None]
    return lines, _among(actor, read)


def _among(actor: Actor, read: Sequence[Assessment]) -> Travelled | None:
    kept = _kept(read)
    if len(kept) < 2:
        return None
    same = [one for one in kept if _scale(one) == _scale(kept[-1])]
    return _compared(actor, same, _dates(read), broken=len(same) < len(kept))


def _kept(found: Sequence[Assessment]) -> list[Assessment]:
    """Those that no later one replaces, in the order of the talks: a correction stands where what it corrects stood."""
    replaced = {one.supersedes_id for one in found}
    dates = _dates(found)
    kept = [one for one in found if one.id not in replaced]
    return sorted(kept, key=lambda one: (dates[one.id], one.id))


def _dates(found: Sequence[Assessment]) -> dict[UUID, datetime]:
    """The day of the talk: a correction tells again what was said the first time."""
    dates: dict[UUID, datetime] = {}
    for one in found:
        if one.finished_at is not None:
            dates[one.id] = dates.get(one.supersedes_id or one.id, one.finished_at)
    return dates


def _scale(found: Assessment) -> tuple[str, str]:
    instrument = (found.result or {})["instrument"]
    return str(instrument), found.instrument_version.split(".")[0]


def _compared(actor: Actor, same: Sequence[Assessment], dates: Mapping[UUID, datetime], *, broken: bool) -> Travelled:
    first, last = same[0], same[-1]
    instrument = wording.instrument_of(last.instrument_version)
    moved = engine.progress(_stored(first), _stored(last), instrument) if first is not last else engine.NOT_COMPARABLE
    smallest = instrument.scoring.shown_change
    figures = moved.distance is not None and abs(moved.distance) >= smallest
    figures = figures and policy.is_ours(actor, first) and policy.is_ours(actor, last)
    return Travelled(
        dates[first.id],
        dates[last.id],
        moved.reading,
        moved.before if figures else None,
        moved.after if figures else None,
        _dimensions(instrument, _stored(first), _stored(last), moved),
        broken,
        smallest,
    )


def _stored(found: Assessment) -> Stored:
    result = found.result or {}
    return Stored(result["instrument"], found.instrument_version, found.mode.value, result["dimensions"])


def _dimensions(
    instrument: engine.Instrument, first: Stored, last: Stored, moved: engine.Progress
) -> tuple[Moved, ...]:
    smallest = instrument.scoring.shown_change
    return tuple(
        Moved(one.label, before, after, abs(moved.by_dimension[one.id]) >= smallest)
        for one in instrument.dimensions
        if one.id in moved.by_dimension
        and (before := first.dimensions[one.id]) is not None
        and (after := last.dimensions[one.id]) is not None
    )
