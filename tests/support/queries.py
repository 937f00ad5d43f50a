"""Counting what is asked of the database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, scoped_session

HOUSEKEEPING = re.compile(r"\s*(PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW)\b", re.IGNORECASE)


@dataclass
class Queries:
    """The statements sent, in order, parameters left out."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def repeated(self) -> dict[str, int]:
        """Statements sent more than once: where an N+1 shows."""
        return {text: count for text, count in Counter(self.statements).most_common() if count > 1}

    def told(self) -> str:
        """All statements on lines of their own, for the message of a failure."""
        return "\n".join(f"{rank:3} {text}" for rank, text in enumerate(self.statements, 1))

    def assert_at_most(self, limit: int) -> None:
        assert len(self) <= limit, f"{len(self)} statements, {limit} allowed:\n{self.told()}"

    def assert_same_as(self, other: Queries) -> None:
        """The count did not grow with the rows."""
        message = f"{len(other)} statements, then {len(self)}; repeated: {self.repeated()}\n{self.told()}"
        assert len(self) == len(other), message


@contextmanager
def count_queries(where: Engine | Connection | Session | scoped_session[Any]) -> Iterator[Queries]:
    """Count the statements sent inside the block, transactions and settings apart.

    `where` is an engine, a connection, or a session (whose bind is watched, whatever session uses it).
    """
    target = where.get_bind() if isinstance(where, Session | scoped_session) else where
    queries = Queries()

    def note(conn: Connection, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        if not HOUSEKEEPING.match(statement):
            queries.statements.append(" ".join(statement.split()))

    event.listen(target, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(target, "before_cursor_execute", note)
