"""Looking for words that should be nowhere: in every column of every table, and in the bytes of the SQLite file."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, select


@dataclass(frozen=True)
class Trace:
    """A word found: in which table and column, or in which file of the database. The word itself is not repeated."""

    rank: int
    where: str


def scan_tables(connection: Connection, words: Iterable[str]) -> list[Trace]:
    """Read every table of the database, whatever the models say, and tell where a word is (case ignored)."""
    wanted = [word.casefold() for word in words]
    metadata = MetaData()
    metadata.reflect(connection)
    return [trace for table in metadata.sorted_tables for trace in _scan_table(connection, table, wanted)]


def _scan_table(connection: Connection, table: Table, wanted: list[str]) -> list[Trace]:
    found: set[Trace] = set()
    for row in connection.execute(select(table)).mappings():
        for name, value in row.items():
            found.update(Trace(rank, f"{table.name}.{name}") for rank in _ranks(value, wanted))
    return sorted(found, key=lambda trace: (trace.where, trace.rank))


def _ranks(value: Any, wanted: list[str]) -> list[int]:
    if value is None or isinstance(value, bool | int | float):
        return []
    words = str(value).casefold()
    return [rank for rank, word in enumerate(wanted) if word in words]


def checkpoint(engine: Engine) -> None:
    """Bring the write-ahead log into the file and empty it, so that the bytes on disk are those of the database.

    On a raw connection: SQLite refuses it inside a transaction.
    """
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def scan_file(path: Path, words: Iterable[str]) -> list[Trace]:
    """Look for the words' bytes (UTF-8, as written and folded) in the database file and its companions."""
    wanted = [{word.encode(), word.casefold().encode(), word.upper().encode()} for word in words]
    found: list[Trace] = []
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if file.exists() and file.stat().st_size:
            with file.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
                found += [
                    Trace(rank, file.name)
                    for rank, forms in enumerate(wanted)
                    if any(content.find(f) >= 0 for f in forms)
                ]
    return found
