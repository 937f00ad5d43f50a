"""What was read of a period, counted for the whole network or for the people who live in some of its communes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from app.mediation.enums import SessionKind
from app.needs.enums import NeedKind
from app.people.enums import AgeBand
from app.pilotage.formulas import counting
from app.pilotage.formulas.counting import Case, Teams, Visit
from app.pilotage.formulas.terms import Term
from app.pilotage.secrecy import COMMUNES, NAMED, Count, Counted, Part, Total
from app.territory import communes

ELSEWHERE, UNKNOWN = "ailleurs", "inconnue"
Places = frozenset[str]
Totals = dict[str, Total]
Breakdowns = dict[str, tuple[Part, ...]]


@dataclass(frozen=True)
class Rows:
    """Visits of the period, those of its workshops, and its sessions (author, kind, held, minutes)."""

    visits: Sequence[Visit]
    in_workshops: Sequence[Visit]
    sessions: Sequence[Any]
    first_days: Mapping[Hashable, Any]


@dataclass(frozen=True)
class Cases:
    """Needs, referrals and journeys of the period, by the indicator that counts them; `answers`: those sent, by answer."""

    found: Mapping[str, Sequence[Case]]
    answers: Sequence[Case]
    teams: Teams


class Home(NamedTuple):
    """The commune of a person on a day; on the first day of all, that of their record."""

    person: Hashable
    commune: str
    day: date


@dataclass(frozen=True)
class Census:
    """A period. `homes` reads where the people of the cases live: it is asked only for a part of the territory."""

    term: Term
    codes: tuple[str, ...]
    rows: Rows
    cases: Cases
    homes: Callable[[], Iterable[Home]]

    def whole(self) -> Counted:
        """The network: everybody, wherever they live."""
        totals = self._people(self.rows.visits) | self._sessions() | self._cases(self.cases)
        breakdowns = self._shared(self.rows.visits, (*self.codes, ELSEWHERE, UNKNOWN))
        return Counted(totals, breakdowns | self._split(self.cases))

    def part(self, places: Places) -> Counted:
        """The people who live in these communes. Hours and workshops are nobody’s alone: they are left out."""
        visits = [visit for visit in self.rows.visits if self._lived[visit.subject] in places]
        cases = self._within(places)
        listed = tuple(code for code in self.codes if code in places)
        breakdowns = self._shared(visits, listed if len(places) > 1 else ())
        return Counted(self._people(visits) | self._cases(cases), breakdowns | self._split(cases))

    @cached_property
    def _lived(self) -> dict[Hashable, str]:
        return counting.last_values(self.rows.visits, lambda visit: self._place(visit.commune))

    @cached_property
    def _home(self) -> dict[Hashable, str]:
        """By the same rule as `_lived`: somebody counted among the people of a commune has their needs there."""
        latest: dict[Hashable, tuple[date, str]] = {}
        for person, code, day in self.homes():
            latest[person] = max((day, self._place(code)), latest.get(person, (date.min, "")))
        return {person: where for person, (_day, where) in latest.items()}

    def _place(self, code: str) -> str:
        """The commune of the territory where somebody lives (Paris for its arrondissements), or outside, or unknown."""
        if code not in self._places:
            found = communes.by_code(code)
            whole = (found.parent or found.code) if found else code
            self._places[code] = whole if whole in self.codes else ELSEWHERE
        return self._places[code]

    @cached_property
    def _places(self) -> dict[str, str]:
        return {UNKNOWN: UNKNOWN}

    def _within(self, places: Places) -> Cases:
        def inside(cases: Iterable[Case]) -> list[Case]:
            return [case for case in cases if self._home.get(case.subject, UNKNOWN) in places]

        found = {name: inside(cases) for name, cases in self.cases.found.items()}
        return Cases(found, inside(self.cases.answers), self.cases.teams)

    def _people(self, visits: Sequence[Visit]) -> Totals:
        return {
            "people": counting.people(visits),
            "accompaniments": counting.accompaniments(visits),
            "anonymous": counting.accompaniments(visits, anonymous=True),
            NAMED: counting.accompaniments(visits, anonymous=False),
        }

    def _shared(self, visits: Sequence[Visit], listed: Sequence[str]) -> Breakdowns:
        groups = {code: one.epci_code or "" for code in self.codes if (one := communes.by_code(code))}
        bands = [band.value for band in AgeBand]
        found = {
            "novelty": counting.newcomers(visits, self.rows.first_days, self.term.first),
            "age": counting.spread(visits, lambda visit: visit.age, bands, {}),
        }
        if listed:
            found[COMMUNES] = counting.spread(visits, lambda visit: self._place(visit.commune), listed, groups)
        return found

    def _sessions(self) -> Totals:
        workshops = [row for row in self.rows.sessions if row.kind is SessionKind.COLLECTIF]
        hours = round(sum(row.minutes for row in self.rows.sessions) / 60)
        return {
            "hours": _of_sessions(hours, self.rows.sessions, self.rows.visits),
            "workshops": _of_sessions(sum(row.held for row in workshops), workshops, self.rows.in_workshops),
        }

    def _cases(self, cases: Cases) -> Totals:
        """Delays and refusals describe those who receive: three advisers of their structures at least."""
        received = {"referrals_closed", "referrals_declined"}
        return {
            name: counting.total(found, cases.teams if name in received else counting.ALONE)
            for name, found in cases.found.items()
        }

    def _split(self, cases: Cases) -> Breakdowns:
        found, teams = cases.found, cases.teams
        kinds = [kind.value for kind in NeedKind]
        return {
            "kind": counting.parts(found["needs_opened"], "needs_opened", kinds),
            "answer": counting.parts(cases.answers, "referrals_sent", ("within", "other"), teams),
            "outcome": counting.parts(found["referrals_closed"], "referrals_closed", ("met", "other"), teams),
            "distance": counting.parts(found["travelled"], "travelled", ("nearer", "other")),
        }


def _of_sessions(value: int, found: Sequence[Any], visits: Sequence[Visit]) -> Total:
    subjects = frozenset(visit.subject for visit in visits)
    return Total(Count(value, subjects), frozenset(row.author_id for row in found))
