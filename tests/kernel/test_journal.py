"""The journal: a chain that shows where somebody touched it, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.kernel import clock, journal, triggers
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.grants import Grant, Granted, Right, Section
from app.kernel.journal import JournalCheckpoint, JournalEntry, JournalHead, Problem
from app.kernel.writes import commit, rollback
from tests.support.probes import within

START = datetime(2025, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def filled(committed_app: Flask) -> Flask:
    """Eight entries, a day apart, in four transactions."""
    for rank in range(0, 8, 2):
        within(committed_app, lambda rank=rank: _two_entries(rank))
    return committed_app


def _two_entries(rank: int) -> None:
    for one in (rank, rank + 1):
        with clock.fixed(START + timedelta(days=one)):
            journal.note(None, "essai.act", "essai", uuid4(), person_id=uuid4(), rank=one, kind="é")
    commit()


def tamper(app: Flask, *statements: str) -> None:
    """What the owner of the database could do: take the triggers away, then write."""

    def act() -> None:
        for table in ("journal_entry", "journal_checkpoint"):
            for statement in [*triggers.drop(db.engine.dialect.name, table)]:
                db.session.execute(text(statement))
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()

    within(app, act)


def verified(app: Flask) -> tuple[int, list[str]]:
    done = app.test_cli_runner().invoke(args=["journal", "verify"])
    return done.exit_code, done.output.strip().splitlines()


def problems(app: Flask) -> list[Problem]:
    found: list[Problem] = within(app, journal.verify)
    return found


def test_an_untouched_chain_holds(filled: Flask) -> None:
    assert verified(filled)[0] == 0
    assert "Journal intact." in verified(filled)[1][0]
    assert problems(filled) == []


def test_an_empty_chain_holds(committed_app: Flask) -> None:
    assert problems(committed_app) == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'essai.autre'",
        "person_id = NULL",
        "details = '{}'",
        "at = '2025-01-03 12:00:00.000001+00:00'",
        "\"grant\" = 'referent'",
        "hash = previous_hash",
    ],
)
def test_a_modified_row_is_named(filled: Flask, change: str) -> None:
    if db_is_sqlite(filled):
        change = change.replace("+00:00", "")
    tamper(filled, f"UPDATE journal_entry SET {change} WHERE seq = 3")
    code, lines = verified(filled)
    assert code == 1
    assert lines[0] == "Entrée 3 : modifiée après coup."
    assert problems(filled)[0] == Problem(3, "modified")


def db_is_sqlite(app: Flask) -> bool:
    return bool(within(app, lambda: db.engine.dialect.name == "sqlite"))


def test_a_modified_row_whose_hash_was_recomputed_breaks_the_next(filled: Flask) -> None:
    def forged() -> str:
        table = JournalEntry.__table__
        row = db.session.execute(select(table).where(table.c.seq == 3)).one()._asdict()
        return journal.chain.fingerprint(3, row["previous_hash"], {**row, "action": "essai.autre"})

    tamper(filled, f"UPDATE journal_entry SET action = 'essai.autre', hash = '{within(filled, forged)}' WHERE seq = 3")
    assert problems(filled) == [Problem(4, "moved")]


@pytest.mark.parametrize("seq", [1, 4])
def test_a_deleted_row_is_named(filled: Flask, seq: int) -> None:
    tamper(filled, f"DELETE FROM journal_entry WHERE seq = {seq}")
    assert problems(filled) == [Problem(seq, "missing")]
    assert verified(filled) == (1, [f"Entrée {seq} : absente."])


def test_rows_deleted_at_the_end_are_seen_from_the_head(filled: Flask) -> None:
    tamper(filled, "DELETE FROM journal_entry WHERE seq > 6")
    assert problems(filled) == [Problem(8, "head")]


def test_every_row_deleted(filled: Flask) -> None:
    tamper(filled, "DELETE FROM journal_entry")
    assert problems(filled) == [Problem(8, "head")]


def test_two_reordered_rows_are_named(filled: Flask) -> None:
    tamper(
        filled,
        "UPDATE journal_entry SET seq = 99 WHERE seq = 5",
        "UPDATE journal_entry SET seq = 5 WHERE seq = 6",
        "UPDATE journal_entry SET seq = 6 WHERE seq = 99",
    )
    assert {problem.seq for problem in problems(filled)} >= {5, 6}
    code, lines = verified(filled)
    assert code == 1
    assert lines[0].startswith("Entrée 5 : déplacée")


def test_a_row_added_after_the_head(filled: Flask) -> None:
    def add() -> None:
        table = JournalEntry.__table__
        row = db.session.execute(select(table).where(table.c.seq == 8)).one()._asdict()
        db.session.execute(insert(JournalEntry), [{**row, "seq": 9, "previous_hash": row["hash"]}])
        db.session.commit()

    within(filled, add)
    assert Problem(9, "modified") in problems(filled)
    assert Problem(8, "head") in problems(filled)


def test_a_head_taken_away(filled: Flask) -> None:
    within(filled, lambda: (db.session.execute(delete(JournalHead)), db.session.commit()))
    assert problems(filled) == [Problem(8, "head")]


@pytest.mark.parametrize(
    "statement",
    [
        update(JournalEntry).values(action="autre"),
        update(JournalEntry).where(JournalEntry.seq == 8).values(details="{}"),
        delete(JournalEntry),
        delete(JournalEntry).where(JournalEntry.seq == 1),
    ],
)
def test_the_database_refuses_to_change_the_past(filled: Flask, statement: object) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        within(filled, lambda: db.session.execute(statement))  # type: ignore[call-overload]
    assert problems(filled) == []


def test_no_way_around(filled: Flask) -> None:
    """REPLACE on SQLite and TRUNCATE on PostgreSQL do not go through the row triggers by themselves."""
    around = (
        "REPLACE INTO journal_entry SELECT * FROM journal_entry" if db_is_sqlite(filled) else "TRUNCATE journal_entry"
    )
    with pytest.raises(DBAPIError, match="append-only"):
        within(filled, lambda: db.session.execute(text(around)))


def purge(app: Flask, before: datetime) -> int:
    def act() -> int:
        count = journal.purge(before)
        commit()
        return count

    return int(within(app, act))


def test_a_purge_leaves_a_checkpoint_and_the_chain_holds(filled: Flask) -> None:
    assert purge(filled, START + timedelta(days=3)) == 3
    assert problems(filled) == []
    kept = within(filled, lambda: db.session.scalars(select(JournalEntry.seq).order_by(JournalEntry.seq)).all())
    assert kept == [4, 5, 6, 7, 8, 9]
    point = within(filled, lambda: db.session.scalars(select(JournalCheckpoint)).one())
    assert (point.seq, point.purged) == (3, 3)
    assert purge(filled, START + timedelta(days=5)) == 2
    assert problems(filled) == []


def test_above_a_checkpoint_nothing_can_be_deleted(filled: Flask) -> None:
    purge(filled, START + timedelta(days=3))
    with pytest.raises(DBAPIError, match="append-only"):
        within(filled, lambda: db.session.execute(delete(JournalEntry).where(JournalEntry.seq == 4)))
    for statement in (delete(JournalCheckpoint), update(JournalCheckpoint).values(seq=8)):
        with pytest.raises(DBAPIError, match="append-only"):
            within(filled, lambda statement=statement: db.session.execute(statement))


def test_a_deletion_after_a_purge_is_still_seen(filled: Flask) -> None:
    purge(filled, START + timedelta(days=3))
    tamper(filled, "DELETE FROM journal_entry WHERE seq = 4")
    assert problems(filled) == [Problem(4, "missing")]


def test_a_checkpoint_made_up_to_hide_a_deletion_is_seen(filled: Flask) -> None:
    """The trigger lets go of what is below a checkpoint; a true one is told by the purge's own entry."""

    def hide() -> None:
        digest = db.session.scalar(select(JournalEntry.hash).where(JournalEntry.seq == 5))
        db.session.add(JournalCheckpoint(seq=5, hash=digest, purged=5, at=clock.now()))
        db.session.flush()
        db.session.execute(delete(JournalEntry).where(JournalEntry.seq <= 5))
        db.session.commit()

    within(filled, hide)
    assert problems(filled) == [Problem(5, "checkpoint")]
    assert verified(filled)[1][0].startswith("Entrée 5 : un point de contrôle")


def test_a_purge_never_takes_something_younger(committed_app: Flask) -> None:
    """Entries are chained in the order of commits, which is not always that of their dates."""
    for days in (0, 10, 1):
        with clock.fixed(START + timedelta(days=days)):
            within(committed_app, lambda: (journal.note(None, "essai.act", "essai"), commit()))
    assert purge(committed_app, START + timedelta(days=5)) == 1
    assert problems(committed_app) == []


def test_the_command_purges_what_is_too_old(filled: Flask) -> None:
    done = filled.test_cli_runner().invoke(args=["journal", "purge"])
    assert done.exit_code == 0
    assert done.output.startswith("8 ")
    assert problems(filled) == []


def test_a_rollback_forgets_the_entries(committed_app: Flask) -> None:
    def act() -> int:
        journal.note(None, "essai.act", "essai")
        rollback()
        commit()
        return db.session.scalar(select(func.count()).select_from(JournalEntry)) or 0

    assert within(committed_app, act) == 0


def test_details_are_the_same_bytes_whatever_their_order() -> None:
    assert (
        journal.chain.canonical({"b": 1, "a": "é"}) == journal.chain.canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'
    )


def test_a_record_read_twice_in_ten_minutes_is_noted_once(app: Flask) -> None:
    actor = Actor(uuid4(), uuid4(), Role.ADVISER, uuid4())
    granted = Granted(uuid4(), (Grant(uuid4(), Section.IDENTITY, Right.READ, "referral", uuid4()),))
    other = Granted(granted.person_id, (Grant(uuid4(), Section.IDENTITY, Right.READ, "referent_follow_up", uuid4()),))
    with app.app_context():
        assert _reads(actor, granted, 0) == 1
        assert _reads(actor, granted, 9) == 1
        assert _reads(actor, other, 9) == 2
        assert _reads(actor, granted, 11) == 3


def _reads(actor: Actor, granted: Granted, minutes: int) -> int:
    with clock.fixed(START + timedelta(minutes=minutes)):
        journal.read_person(actor, granted, "person")
        journal.read_person(actor, granted, "person")
        commit()
    query = select(func.count()).select_from(JournalEntry).where(JournalEntry.action == "person.read")
    return db.session.scalar(query) or 0
