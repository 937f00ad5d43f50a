"""Opening hours: the part of OpenStreetMap's `opening_hours` that a week of days and times can say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAYS = "PH"
MIDNIGHT = 24 * 60
_DAY = "(?:" + "|".join((*DAYS, HOLIDAYS)) + ")"
_RULE = re.compile(rf"(?:(?P<days>{_DAY}(?:\s*-\s*{_DAY})?(?:\s*,\s*{_DAY}(?:\s*-\s*{_DAY})?)*)\s*)?(?P<times>.*)")
_MORE = re.compile(rf"(?<=\d)\s*,\s*(?={_DAY})")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")

Span = tuple[int, int]
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Week:
    """Seven days from Monday, each with its opening times in minutes from midnight; none when closed.

    `holidays` None: nothing is said of public holidays.
    """

    days: tuple[Spans, ...] = ((),) * 7
    holidays: Spans | None = None


def read(text: str) -> Week | None:
    """The week that the text says, or None when it says more than a week can (seasons, odd weeks, « by appointment »)."""
    week = Week()
    for rule in text.replace("24/7", "00:00-24:00").split(";"):
        for rank, part in enumerate(_MORE.split(rule)):
            read_on = _add(week, part.strip(), adding=rank > 0) if part.strip() else week
            if read_on is None:
                return None
            week = read_on
    return week if any(week.days) or week.holidays is not None else None


def _add(week: Week, rule: str, adding: bool) -> Week | None:
    """A later rule replaces the earlier one on its days; after a comma, it adds to it."""
    matched = _RULE.fullmatch(rule)
    days = _days(matched["days"] or "Mo-Su") if matched else None
    spans = _spans(matched["times"]) if matched else None
    if days is None or spans is None:
        return None
    if HOLIDAYS in days:
        week = replace(week, holidays=spans)
    before = week.days if adding else ((),) * 7
    found = tuple(_merged(before[rank] + spans) if day in days else week.days[rank] for rank, day in enumerate(DAYS))
    return replace(week, days=found)


def _days(text: str) -> set[str] | None:
    found: set[str] = set()
    for item in text.replace(" ", "").split(","):
        first, _, last = item.partition("-")
        if HOLIDAYS in (first, last):
            if last:
                return None
            found.add(first)
            continue
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= {DAYS[rank % 7] for rank in range(start, end + (1 if end >= start else 8))}
    return found


def _spans(text: str) -> Spans | None:
    if text in {"off", "closed"}:
        return ()
    found = [_span(item.strip()) for item in text.split(",")]
    spans = [one for one in found if one is not None]
    return _merged(tuple(spans)) if spans and len(spans) == len(found) else None


def _span(text: str) -> Span | None:
    matched = _SPAN.fullmatch(text)
    if not matched:
        return None
    first, last = (int(matched[at]) * 60 + int(matched[at + 1]) for at in (1, 3))
    minutes_exist = int(matched[2]) < 60 and int(matched[4]) < 60
    return (first, last) if minutes_exist and first < last <= MIDNIGHT else None


def _merged(spans: Spans) -> Spans:
    found: list[Span] = []
    for first, last in sorted(set(spans)):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def write(week: Week) -> str:
    """« Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00 », which `read` gives back."""
    rules = [f"{_range(first, last)} {_times(spans)}" for first, last, spans in runs(week) if spans]
    if week.holidays is not None:
        rules.append(f"{HOLIDAYS} {_times(week.holidays) if week.holidays else 'off'}")
    return "; ".join(rules)


def runs(week: Week) -> list[tuple[int, int, Spans]]:
    """(first day, last day, times) of each run of days that open alike; 0 is Monday."""
    found: list[tuple[int, int, Spans]] = []
    for rank, spans in enumerate(week.days):
        if found and found[-1][2] == spans:
            found[-1] = (found[-1][0], rank, spans)
        else:
            found.append((rank, rank, spans))
    return found


def _range(first: int, last: int) -> str:
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]}{',' if last == first + 1 else '-'}{DAYS[last]}"


def _times(spans: Spans) -> str:
    return ",".join(f"{clock(first)}-{clock(last)}" for first, last in spans)


def clock(minutes: int) -> str:
    """« 09:30 »."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
