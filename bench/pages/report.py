"""The report, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.pages.measure import Measure

AIM = 20.0
HEAD = (
    "Page",
    "médiane (ms)",
    "95 % sous (ms)",
    "fois la page nue",
    "pages/s à 8",
    "processeur (ms)",
    "fois, processeur",
    "requêtes",
    "SQL brut (ms)",
    "HTML (Ko)",
)


@dataclass(frozen=True)
class Run:
    """One database of one size, measured. `filling` in seconds; `busy`: the machine's load at the end."""

    database: str
    people: int
    sessions: int
    filling: float
    measures: list[Measure]
    busy: float


def report(runs: list[Run]) -> str:
    """Every run, then the ratios side by side."""
    parts = [
        "# Temps des pages",
        "",
        "Gunicorn, 2 processus, 4 fils ; un visiteur à la fois, puis 8 connexions. La page Flask nue est mesurée juste",
        f"avant chaque page, par le même serveur. But : {AIM:.0f} fois la page nue au plus, aux deux tailles. Les rapports",
        "se comparent d’une machine à l’autre ; les millisecondes, non. « Processeur » : ce que le serveur a calculé pour une",
        "réponse (sans PostgreSQL, qui est un autre programme) ; c’est ce qu’une machine occupée par ailleurs dérange le moins.",
        "",
    ]
    for run in runs:
        parts += [*_run(run), ""]
    return "\n".join(parts + (_beside(runs) if len(runs) > 1 else [])) + "\n"


def _run(run: Run) -> Iterable[str]:
    yield f"## {run.database}, {_number(run.people)} personnes, {_number(run.sessions)} séances"
    yield ""
    yield f"Remplie en {run.filling:.0f} s. Charge de la machine pendant la mesure : {run.busy:.1f}."
    yield ""
    yield from _table(HEAD, [_cells(one) for one in run.measures])


def _cells(one: Measure) -> list[str]:
    times = [f"{one.median:.1f}", f"{one.slow:.1f}", f"{one.ratio:.1f}", f"{one.rate:.0f}"]
    work = [f"{one.work:.1f}", f"{one.work_ratio:.1f}"]
    return [one.name, *times, *work, str(one.queries), f"{one.sql:.2f}", f"{one.size / 1000:.1f}"]


def _beside(runs: list[Run]) -> list[str]:
    parts = ["## Rapports côte à côte", ""]
    for title, ratio in (("Fois la page nue", Measure.ratio), ("Fois, processeur", Measure.work_ratio)):
        head = (title, *(f"{run.database} {_number(run.people)}" for run in runs))
        rows = [[one.name, *(_mark(_of(run, one.name, ratio)) for run in runs)] for one in runs[0].measures]
        parts += [*_table(head, rows), ""]
    return [*parts, f"En gras : au-delà de {AIM:.0f} fois.", ""]


def _of(run: Run, name: str, ratio: property) -> float:
    found: float = ratio.__get__(next(one for one in run.measures if one.name == name))
    return found


def _mark(ratio: float) -> str:
    return f"**{ratio:.1f}**" if ratio > AIM else f"{ratio:.1f}"


def _table(head: Iterable[str], rows: list[list[str]]) -> list[str]:
    titles = list(head)
    lines = [titles, ["---"] + ["---:"] * (len(titles) - 1), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")
