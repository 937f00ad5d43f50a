"""Every table that points at a person says what becomes of it in a merge."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel import merges
from app.kernel.db import Base, db
from app.kernel.errors import NotFound
from app.mediation.models import ParticipationFact
from app.people.actions import merging
from app.people.enums import PersonState
from app.people.models import Person
from app.privacy import actions as privacy
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.people.doubles import doubles, merged, undone
from tests.people.helpers import follow, found, journal
from tests.people.merges_told import LIBRARY, LOGS, live, read, writing
from tests.support.world import World


def test_referrals_move_their_events_say_it_and_a_double_is_withdrawn(world: World) -> None:
    older, newer = doubles(world)
    first, second = live(world, older), live(world, newer)
    done = merged(world)
    states = dict.fromkeys((first["referral"], second["referral"]))
    with world.app.app_context():
        for one in states:
            states[one] = db.session.get_one(Referral, one).state
    assert states == {first["referral"]: State.SENT, second["referral"]: State.WITHDRAWN}
    undone(world, done.id)
    assert read(world, select(Referral.person_id).where(Referral.id == second["referral"])) == [newer]
    assert len(journal(world, "referral.move")) == 2


# — Erasing ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_anonymising_the_record_kept_erases_the_one_that_was_merged(world: World) -> None:
    older, newer = doubles(world)
    live(world, newer)
    code = read(world, select(Person.code).where(Person.id == newer))[0]
    key = read(world, select(Person.subject_key).where(Person.id == newer))[0]
    merged(world)
    with writing(world):
        privacy.anonymise(None, older)
    with world.app.app_context():
        text = str(
            [
                db.session.execute(select(table)).all()
                for name, table in Base.metadata.tables.items()
                if name not in LOGS
            ]
        )
        for word in ("Kaci", "33611223344", code):
            assert word not in text
        assert db.session.scalar(select(func.count()).where(ParticipationFact.subject_key == key)) == 1
        assert db.session.get_one(Person, newer).subject_key != key
    assert world.client(LIBRARY).get(f"/personnes/{newer}").status_code == 404


def test_somebody_anonymised_is_no_longer_undone(world: World) -> None:
    older, _newer = doubles(world)
    done = merged(world)
    with writing(world):
        privacy.anonymise(None, older)
    with world.app.app_context(), pytest.raises(NotFound):
        merging.undo(world.actors[LIBRARY], done.id)


# — The registry —————————————————————————————————————————————————————————————————————————————————————————————————————


def pointing_at_people() -> set[tuple[str, str]]:
    """(table, column) of everything that names a person."""
    return {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name == "person_id" or any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }


def test_every_table_that_points_at_a_person_is_declared(app: Flask) -> None:
    declared = merges.declared()
    missing = pointing_at_people() - declared.keys()
    assert not missing, f"say in app/wiring what becomes of {sorted(missing)} when two people become one"
    assert all(declared.values())


def test_what_is_declared_exists(app: Flask) -> None:
    unknown = {
        (table, column) for table, column in merges.declared() if column not in Base.metadata.tables[table].columns
    }
    assert not unknown


def test_a_merge_leaves_nothing_behind_in_the_tables_that_move(world: World) -> None:
    """No row of a table declared moved names the record that was removed, but the record itself."""
    older, newer = doubles(world)
    for person_id in (older, newer):
        live(world, person_id)
        follow(world, person_id, "ccas")
    merged(world)
    stays = {"person", "person_identity", "person_alias"}
    with world.app.app_context():
        for (name, column), why in merges.declared().items():
            table = Base.metadata.tables[name]
            if why == "moved" and name not in stays:
                left = db.session.scalar(select(func.count()).where(table.c[column] == newer))
                assert left == 0, (name, column)
        removed = db.session.get_one(Person, newer)
        assert (removed.state, removed.identity.display_name, removed.birth_year) == (PersonState.ARCHIVED, "", None)


def test_the_code_of_the_record_removed_still_finds_the_person(world: World) -> None:
    """A slip printed before the merge goes on leading to them, for those who may read them."""
    _older, newer = doubles(world)
    code = read(world, select(Person.code).where(Person.id == newer))[0]
    merged(world)
    assert found(world.client(LIBRARY), code) == ["Zohra Kaci"]
    assert found(world.client("fs.adviser"), code) == []
