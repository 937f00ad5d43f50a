"""`python -m bench [--quick] [scoring|writes|pages|map|summaries]…`: every measure, or those that are named."""

from __future__ import annotations

import argparse

from bench import coordinator_map, scoring, summaries, write_path
from bench.pages import run as pages

MEASURES = ("scoring", "writes", "pages", "map", "summaries")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("measures", nargs="*", metavar="MESURE", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="une minute : 1 000 personnes, SQLite seul")
    parser.add_argument("--people", type=int, action="append", help="nombre de personnes, au lieu de 1 000 et 100 000")
    asked = parser.parse_args()
    chosen = asked.measures or [one for one in MEASURES if not (asked.quick and one in {"writes", "map", "summaries"})]
    if unknown := set(chosen) - set(MEASURES):
        parser.error(f"inconnu : {', '.join(sorted(unknown))}")
    if "scoring" in chosen:
        scoring.main()
    if "writes" in chosen:
        write_path.main()
    if "pages" in chosen:
        pages.main(asked.quick, tuple(asked.people or (pages.SMALL, pages.LARGE)))
    if "map" in chosen:
        coordinator_map.main(asked.quick)
    if "summaries" in chosen:
        summaries.main(asked.quick)


main()
