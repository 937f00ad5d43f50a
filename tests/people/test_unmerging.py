"""One record can be two again: an undo changes no row, once, by whoever merged, within thirty days."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.kernel import clock, grants, ids, merges
from app.kernel.db import Base, db
from app.kernel.errors import Conflict, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.mediation import actions as mediation
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.needs.models import Need
from app.people.actions import PersonData, likeness, merging, reaching
from app.people.actions.merging import NEWER, OLDER, MergeData
from app.people.actions.representing import RepresentationData, represent
from app.people.capacity import Measure, RepresentativeKind, Scope
from app.people.contacts import Contact, ContactKind
from app.people.enums import ConsentAnswer
from app.people.models import FollowUp, Person, PersonAdaptation
from app.people.queries.representation import RepresentativeView
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.people.doubles import SAME, doubles, look, merged, pairs, undone
from tests.people.helpers import add, follow, found
from tests.people.merges_told import LIBRARY, LOGS, a_session, answer_register, live, read, writing
from tests.support.world import World

# What says that there was a merge; the keys of likeness come back with the worker.
ABOUT = {"person_merge", "merge_undo"}


RAISED = {"version", "updated_at"}


# — Undoing ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def tables(world: World) -> dict[str, dict[str, Any]]:
    """Every row of every table but the logs, as plain values; keys of likeness are the worker's."""
    with world.app.app_context():
        rows: dict[str, dict[str, Any]] = {}
        for name, table in Base.metadata.tables.items():
            if name in LOGS | ABOUT:
                continue
            for row in db.session.execute(select(table)).mappings():
                if row.get("kind") == likeness.KIND:
                    continue
                values = {column: str(value) for column, value in row.items() if column not in RAISED}
                key = " ".join(str(row[column.name]) for column in table.primary_key)
                rows.setdefault(name, {})[key] = values
        return rows


steps = st.lists(
    st.sampled_from(
        [
            *("life", "follow ccas", "follow fs", "follow ccas less", "refuse", "agree less", "adapt", "message"),
            *("session", "reach", "represent"),
        ]
    ),
    max_size=6,
    unique=True,
)


@example(older=["life"], newer=["life"], keep=OLDER, choices={})
@example(older=["life", "refuse"], newer=["life", "follow ccas"], keep=NEWER, choices={})
@example(older=["refuse", "follow fs"], newer=["follow fs"], keep=OLDER, choices={})
@given(
    older=steps,
    newer=steps,
    keep=st.sampled_from([OLDER, NEWER]),
    choices=st.dictionaries(st.sampled_from(merging.CHOSEN), st.sampled_from([OLDER, NEWER])),
)
@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_merging_then_undoing_changes_no_row(
    world: World, older: list[str], newer: list[str], keep: str, choices: dict[str, str]
) -> None:
    """Whatever both records hold. Only what ends for good is left out: a referral that the merge withdrew as a double."""
    with taken_back(world):
        two = doubles(world, last=f"Kaci{ids.new_code(4)}")
        for person_id, some in zip(two, (older, newer), strict=True):
            for step in some:
                take(world, person_id, step)
        twins = {"life"} <= set(older) & set(newer)
        before = tables(world)
        done = merged(world, data=MergeData(keep=keep, choices=choices))
        assert tables(world) != before
        undone(world, done.id)
        after = tables(world)
        if twins:
            ended = read(world, select(Referral.id).where(Referral.state == State.WITHDRAWN))
            assert len(ended) == 1
            forget_referral(before, after, ended[0])
        told = changes(before, after)
        assert not told, "\n".join(told)
        with world.app.app_context():
            assert db.session.scalar(select(func.count()).select_from(merges.MergeUndo)) == 0


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs, told shortly."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name, {}), after.get(name, {})
        for key in was.keys() | is_now.keys():
            one, other = was.get(key, {}), is_now.get(key, {})
            found += [
                f"{name} {key} {c}: {one.get(c)} → {other.get(c)}"
                for c in {**one, **other}
                if one.get(c) != other.get(c)
            ]
    return found


def forget_referral(before: dict[str, Any], after: dict[str, Any], referral_id: UUID) -> None:
    """The referral that was withdrawn, and what its withdrawal asked the sender to do."""
    gone = {str(referral_id), referral_id.hex}
    for rows in (before, after):
        for name in ("referral", "referral_task", "referral_text", "outbox", "consent", "message"):
            kept = {key: row for key, row in rows.get(name, {}).items() if not gone & {key, row.get("referral_id")}}
            if name in rows:
                rows[name] = kept


@contextmanager
def taken_back(world: World) -> Any:
    """What one example writes is taken back before the next."""
    with world.app.app_context():
        connection = db.session.get_bind()
    nested = connection.begin_nested()
    try:
        yield
    finally:
        nested.rollback()


def take(world: World, person_id: UUID, step: str) -> None:
    """One thing that happens to a record."""
    base = Section.IDENTITY | Section.CONTACT
    acts: dict[str, Callable[[], object]] = {
        "life": lambda: live(world, person_id),
        "follow ccas": lambda: _follow_once(world, person_id, "ccas", SHARED_BY_DEFAULT),
        "follow ccas less": lambda: _follow_once(world, person_id, "ccas", base),
        "follow fs": lambda: _follow_once(world, person_id, "france_services", SHARED_BY_DEFAULT),
        "refuse": lambda: answer_register(world, person_id, ConsentAnswer.REFUSED, Section(0)),
        "agree less": lambda: answer_register(world, person_id, ConsentAnswer.GIVEN, base),
        "adapt": lambda: _adapt(world, person_id),
        "message": lambda: _no_message(world, person_id),
        "session": lambda: _hold(world, person_id),
        "reach": lambda: _reach(world, person_id),
        "represent": lambda: _represent(world, person_id),
    }
    acts[step]()


def _follow_once(world: World, person_id: UUID, structure: str, sections: Section) -> None:
    mine = (FollowUp.person_id == person_id, FollowUp.structure_id == world.structures[structure])
    if not read(world, select(FollowUp.id).where(*mine, FollowUp.ended_on.is_(None))):
        follow(world, person_id, structure, sections)


def _adapt(world: World, person_id: UUID) -> None:
    with writing(world):
        db.session.add(PersonAdaptation(person_id=person_id, needs=["vue"], languages=["ar"], interpreter=True))


def _no_message(world: World, person_id: UUID) -> None:
    with writing(world):
        db.session.get_one(Person, person_id).identity.no_message = True


def _reach(world: World, person_id: UUID) -> None:
    relay = Contact(kind=ContactKind.RELAY, value="+33639980077", who="sa fille", first=True)
    letter = Contact(kind=ContactKind.LETTER, value=f"boîte {person_id}", no_message=True)
    with writing(world):
        reaching.write(person_id, PersonData(contacts=(relay, letter)))
        merging.index(person_id)


def _represent(world: World, person_id: UUID) -> None:
    tutor = RepresentativeView(kind=RepresentativeKind.TUTEUR, name=f"Tuteur {person_id}")
    data = RepresentationData(people=(tutor,), measure=Measure.TUTELLE, scope=Scope.PROPERTY)
    with writing(world):
        actor = world.actors[LIBRARY]
        version = db.session.get_one(Person, person_id).version
        represent(actor, grants.on_person(actor, person_id), data, version)


def _hold(world: World, person_id: UUID) -> None:
    with writing(world):
        actor = world.actors[LIBRARY]
        mediation.log_session(actor, grants.on_person(actor, person_id), a_session(world), world.today)


def test_what_was_written_since_stays_with_the_record_kept(world: World) -> None:
    older, newer = doubles(world)
    life = live(world, newer)
    done = merged(world)
    actor = world.actors[LIBRARY]
    with writing(world):
        granted = grants.on_person(actor, older)
        since = needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION)).id
        db.session.get_one(Person, older).identity.phone = "+33699887766"
    undone(world, done.id)
    assert read(world, select(Need.person_id).where(Need.id == since)) == [older]
    assert read(world, select(Need.person_id).where(Need.id == life["need"])) == [newer]
    with world.app.app_context():
        assert db.session.get_one(Person, older).identity.phone == "+33699887766"
        assert db.session.get_one(Person, newer).identity.phone == SAME["phone"]
    client = world.client(LIBRARY)
    assert client.get(f"/personnes/{newer}").status_code == 200
    assert found(client, "0611223344") == ["Zohra Kaci"]


def test_undone_on_screen(world: World) -> None:
    doubles(world)
    done = merged(world)
    client = world.client(LIBRARY)
    listed = client.get("/personnes/doublons")
    assert client.select(listed, f"a[href='/personnes/fusions/{done.id}/annuler']")
    page = client.get(f"/personnes/fusions/{done.id}/annuler")
    assert client.submit(page, "#annuler").status_code == 303
    assert client.get(f"/personnes/fusions/{done.id}/annuler").status_code == 404
    assert len(found(client, "Kaci")) == 2
    assert "Kaci" in client.get("/personnes/doublons").get_data(as_text=True)


def test_not_after_thirty_days_and_the_names_of_the_undo_are_gone(world: World) -> None:
    doubles(world)
    done = merged(world)
    later = clock.now() + merges.UNDO_LIFETIME + timedelta(minutes=1)
    with clock.fixed(later), writing(world):
        merges.purge()
        assert db.session.scalar(select(func.count()).select_from(merges.MergeUndo)) == 0
        with pytest.raises(NotFound):
            merging.undo(world.actors[LIBRARY], done.id)


def test_the_last_merge_is_undone_first(world: World) -> None:
    doubles(world)
    first = merged(world)
    third = add(world, LIBRARY, "Zohra", "Kaci", **SAME)
    look(world)
    (pair,) = pairs(world)
    with writing(world):
        data = MergeData(keep=NEWER)
        second = merging.merge(world.actors[LIBRARY], pair.id, data, world.today).id
    client = world.client(LIBRARY)
    for person_id in (first.kept_id, first.removed_id):
        assert str(third) in client.get(f"/personnes/{person_id}").get_data(as_text=True)
    with world.app.app_context(), pytest.raises((Conflict, NotFound)):
        merging.undo(world.actors[LIBRARY], first.id)
    undone(world, second)
    assert client.get(f"/personnes/{first.removed_id}").status_code == 200
    undone(world, first.id)
    assert len(found(client, "Kaci")) == 3


def test_only_the_structure_that_merged_undoes(world: World) -> None:
    doubles(world)
    done = merged(world)
    follow(world, done.kept_id, "ccas")
    for who in ("ccas.adviser", "fs.adviser", "library.desk"):
        with world.app.app_context(), pytest.raises(NotFound):
            merging.undo(world.actors[who], done.id)
