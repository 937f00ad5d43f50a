"""The report of the benches says what was measured. No time is judged here."""

from __future__ import annotations

import pickle
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bench.pages import measure, served
from bench.pages.measure import Measure
from bench.pages.report import Run, report

PAGE = Measure(
    name="Accueil",
    median=30.0,
    slow=41.5,
    rate=55.4,
    work=24.0,
    queries=16,
    sql=1.234,
    size=15_100,
    bare=1.2,
    bare_work=2.0,
)


def run(people: int, page: Measure = PAGE) -> Run:
    return Run("SQLite", people, people * 10, 12.4, [page], 0.5)


def test_a_line_per_page_with_its_ratios() -> None:
    words = report([run(1000)])
    assert "| Accueil | 30.0 | 41.5 | 25.0 | 55 | 24.0 | 12.0 | 16 | 1.23 | 15.1 |" in words
    assert "## SQLite, 1\u202f000 personnes, 10\u202f000 séances" in words
    assert "côte à côte" not in words


def test_two_sizes_are_set_side_by_side_and_what_passes_the_aim_stands_out() -> None:
    words = report([run(1000, replace(PAGE, median=12.0)), run(100_000)])
    assert "| Accueil | 10.0 | **25.0** |" in words
    assert "| Accueil | 12.0 | 12.0 |" in words


def test_processor_time_is_read_whatever_the_name_of_the_program() -> None:
    ticks = measure.os.sysconf("SC_CLK_TCK")
    stat = "42 (gunicorn: (a b)) S 1 1 1 0 -1 4194304 100 0 0 0 7 3 0 0 20 0 1 0 100 1000 100"
    assert measure._spent(stat) == pytest.approx(10 * 1000 / ticks)


def test_bare_statements_are_run_with_their_values(tmp_path: Path) -> None:
    file = tmp_path / "bare.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE one (id INTEGER)")
    connection.close()
    assert measure.raw(f"sqlite:///{file}", [("SELECT id FROM one WHERE id = ?", (1,))]) >= 0
    with pytest.raises(sqlite3.OperationalError):
        measure.raw(f"sqlite:///{file}", [("SELECT id FROM two", ())])


def test_statements_are_kept_whatever_their_values() -> None:
    """SQLite’s driver sees bytes through a view, which no file can hold."""
    for values in ((1, memoryview(b"\x01")), {"days": memoryview(b"\x01"), "kind": "a"}):
        kept = served._kept(values)
        assert pickle.loads(pickle.dumps(kept)) == kept
        assert b"\x01" in (kept.values() if isinstance(kept, dict) else kept)
