"""Processor time of the secrecy of a year, once the quarters of many areas are published."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from app.needs.enums import NeedKind
from app.people.enums import AgeBand
from app.pilotage.formulas.counting import Case, Visit
from app.pilotage.formulas.terms import Term
from app.pilotage.queries.summaries.census import ELSEWHERE, UNKNOWN, Cases, Census, Home, Rows
from app.pilotage.secrecy import COMMUNE, EPCI, WHOLE, Cell, Ground, Recoverable, is_bare, settle_among
from app.territory import communes

EPCIS, YEAR, K, ADVISERS = ("200030674", "200096956"), 2025, 11, 30
AREAS, FEWER = 24, 10
PEOPLE, PER_NEED = 6_000, 3
AIMS = {FEWER: 1.0, AREAS: 3.0}


def main(quick: bool = False) -> None:
    """Publish the quarters of ten areas, then of 24; say how long each year takes to be prepared."""
    for areas in (FEWER,) if quick else (FEWER, AREAS):
        quarters, years, told = _measured(areas)
        print(f"Secret statistique, {areas} territoires × 4 trimestres déjà publiés (temps de processeur, k = {K})")
        print(f"  un trimestre : médiane {sorted(quarters)[len(quarters) // 2]:.2f} s, au plus {max(quarters):.2f} s")
        print(f"  une année : médiane {sorted(years)[len(years) // 2]:.2f} s, au plus {max(years):.2f} s", flush=True)
        print(f"  but : moins de {AIMS[areas]:.0f} s ; {told}", flush=True)


def _measured(areas: int) -> tuple[list[float], list[float], str]:
    world = World(Random(7), areas)
    ledger: tuple[Cell, ...] = ()
    quarters: list[float] = []
    years: list[float] = []
    refused = 0
    for term in (*(Term(YEAR, quarter) for quarter in (1, 2, 3, 4)), Term(YEAR)):
        for area in world.areas:
            begun = time.process_time()
            made = world.publish(term, area, ledger)
            (quarters if term.quarter else years).append(time.process_time() - begun)
            refused += made is None
            ledger = (*ledger, *(made or ()))
    shown = sum(cell.value is not None for cell in ledger)
    return quarters, years, f"{shown} chiffres donnés, {len(ledger) - shown} masqués, {refused} refus"


class World:
    """A year of people of two intercommunalities; a few move, most live in the larger towns."""

    def __init__(self, draw: Random, areas: int) -> None:
        towns = [one for epci in EPCIS for one in communes.epci_members(epci)]
        towns.sort(key=lambda one: -(one.population or 0))
        self.codes = tuple(sorted(one.code for one in towns))
        alone = [f"{COMMUNE}{one.code}" for one in towns][: areas - 1 - len(EPCIS)]
        self.areas = (WHOLE, *(f"{EPCI}{code}" for code in EPCIS), *alone)
        members = {f"{EPCI}{code}": frozenset(one.code for one in communes.epci_members(code)) for code in EPCIS}
        self.places = {
            WHOLE: frozenset((*self.codes, ELSEWHERE, UNKNOWN)),
            **members,
            **{one: frozenset({one.removeprefix(COMMUNE)}) for one in alone},
        }
        self.visits, self.needs, self.homes = _lived(draw, [(one.code, one.population or 0) for one in towns])
        self.first = {one.subject: one.last for one in sorted(self.visits, key=lambda one: one.last, reverse=True)}
        self.censuses: dict[str, Census] = {}

    def publish(self, term: Term, area: str, ledger: tuple[Cell, ...]) -> tuple[Cell, ...] | None:
        """The cells of an area; None when refused."""
        census = self._census(term)
        figures = census.whole() if area == WHOLE else census.part(self.places[area])
        people = figures.totals["people"]
        if is_bare(people.count, people.authors, K) or not people.count.value:
            return None
        try:
            return settle_among(figures, (term.key, area), K, ledger, Ground(term.key, self.places, census.part))
        except Recoverable:
            return None

    def _census(self, term: Term) -> Census:
        if term.key not in self.censuses:
            visits = [one for one in self.visits if term.first <= one.last <= term.last]
            needs = [case for day, case in self.needs if term.first <= day <= term.last]
            names = ("needs_resolved", "needs_waiting", "referrals_sent", "referrals_closed", "referrals_declined")
            found = {"needs_opened": needs, **dict.fromkeys((*names, "travelled"), ())}
            rows = Rows(visits, [], [], self.first)
            self.censuses[term.key] = Census(term, self.codes, rows, Cases(found, [], {}), lambda: self.homes)
        return self.censuses[term.key]


def _lived(draw: Random, towns: list[tuple[str, int]]) -> tuple[list[Visit], list[tuple[date, Case]], list[Home]]:
    bands, kinds = [one.value for one in AgeBand], [one.value for one in NeedKind]
    homes = draw.choices(
        [*(code for code, _size in towns), ELSEWHERE], [*(size for _code, size in towns), 9000], k=PEOPLE
    )
    visits: list[Visit] = []
    needs = []
    for person, home in enumerate(homes):
        band = draw.choices(bands, (1, 2, 4, 12, 20, 18, 25, 3))[0]
        for day in _days(draw):
            visits.append(
                Visit(person, person % 6 == 0, draw.randrange(ADVISERS), band, home, draw.randrange(1, 3), day)
            )
        if draw.randrange(PER_NEED) == 0:
            day = date(YEAR, 1, 1) + timedelta(days=draw.randrange(365))
            kind = draw.choices(kinds, range(len(kinds), 0, -1))[0]
            needs.append((day, Case(person, draw.randrange(ADVISERS), kind)))
    return visits, needs, [Home(person, home, date(YEAR, 1, 1)) for person, home in enumerate(homes)]


def _days(draw: Random) -> Iterator[date]:
    for _visit in range(draw.choice((1, 1, 1, 2, 3))):
        yield date(YEAR, 1, 1) + timedelta(days=draw.randrange(365))


if __name__ == "__main__":
    main()
