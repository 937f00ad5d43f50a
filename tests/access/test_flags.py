"""Every flag of visibility, one by one: when the application ignores it, what is read is no longer what the model says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import and_, or_, select, true

from app.accounts import queries as account_queries
from app.accounts.models import Membership
from app.assessments import policy as assessment_policy
from app.assessments.enums import AssessmentState
from app.assessments.models import Assessment
from app.kernel import grants, statements
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.grants import EVERYTHING, Section
from app.mediation import policy as mediation_policy
from app.mediation.enums import NoteVisibility
from app.mediation.models import SessionText
from app.needs import policy as needs_policy
from app.network import policy as network_policy
from app.network.models import Structure
from app.people import policy as people_policy
from app.people.actions import settling
from app.people.duplicates import Answer, Said
from app.referrals import policy as referral_policy
from app.referrals.enums import State
from tests.access.histories import apart, live
from tests.access.naive import Naive
from tests.access.pictures import compare, show
from tests.support.world import World

Step = tuple[str, str, str, int]
LIFE: tuple[Step, ...] = (
    ("register", "library.adviser", "anna", 1),
    ("register", "ccas.social", "bilal", 1),
    ("need", "library.adviser", "anna", 0),
    ("need", "library.desk", "anna", 0),
    ("need", "ccas.social", "bilal", 0),
    ("session", "library.adviser", "anna", 0),
    ("session", "library.adviser", "anna", 1),
    ("session", "library.adviser", "anna", 2),
    ("session", "ccas.social", "bilal", 3),
    ("assess", "library.adviser", "anna", 0),
    ("follow", "camille.fablab", "anna", 0),
    ("follow", "camille.fablab", "bilal", 0),
    ("follow", "fs.adviser", "anna", 0),
    ("follow", "shelter.adviser", "anna", 0),
    ("need", "shelter.adviser", "anna", 0),
    ("refer", "library.adviser", "anna", 5),
    ("answer", "ccas.adviser", "anna", 0),
    ("session", "ccas.social", "anna", 3),
)
# Somebody who agreed to share their identity alone, and somebody who agreed to everything but the notes.
NARROW: tuple[Step, ...] = (
    ("register", "library.adviser", "chloe", 2),
    ("need", "library.adviser", "chloe", 0),
    ("follow", "camille.fablab", "chloe", 0),
)
WITHOUT_NOTES: tuple[Step, ...] = (
    ("register", "library.adviser", "chloe", 10),
    ("session", "library.adviser", "chloe", 2),
    ("follow", "camille.fablab", "chloe", 0),
)
ASKED: tuple[Step, ...] = (
    ("register", "library.adviser", "chloe", 3),
    ("need", "library.adviser", "chloe", 0),
    ("refer", "library.adviser", "chloe", 5),
)
TWO_RECORDS: tuple[Step, ...] = (
    ("register", "library.adviser", "anna", 1),
    ("register", "library.adviser", "bilal", 2),
    ("need", "library.adviser", "anna", 0),
    ("follow", "camille.fablab", "bilal", 0),
    ("follow", "fs.adviser", "anna", 0),
    ("merge", "library.adviser", "anna", 0),
)


@dataclass(frozen=True)
class Flag:
    """What ignores the flag, and what happens after (or instead of) `LIFE` for it to matter."""

    ignored: tuple[tuple[object, str, Any], ...]
    after: tuple[Step, ...] = ()
    life: tuple[Step, ...] = LIFE


def flag(room: object, name: str, ignoring: Any, *after: Step, life: tuple[Step, ...] = LIFE) -> Flag:
    return Flag(((room, name, ignoring),), after, life)


_note_of_session, _perimeter, _actor_of = (
    mediation_policy.note_readable,
    people_policy._perimeter,
    account_queries.actor_of,
)
_role_sections = grants.role_sections


def _as_if_read_by_all(visibility: NoteVisibility) -> Any:
    def ignoring(actor: Actor, granted: Any = None) -> Any:
        return or_(_note_of_session(actor, granted), SessionText.visibility == visibility)

    return ignoring


def _as_if_not_secret(actor: Actor, granted: Any, section: Section, model: Any) -> Any:
    ours = people_policy.written_by_us(actor, model)
    return or_(ours, model.structure_id != actor.structure_id) if granted.opens(section) else ours


def _as_if_agreed(actor: Actor, granted: Any, section: Section, model: Any) -> Any:
    theirs = and_(model.structure_id != actor.structure_id, model.secret.is_(False))
    return or_(people_policy.written_by_us(actor, model), theirs)


def _as_if_of_the_team(actor: Actor) -> Any:
    return true() if actor.role is Role.MANAGER else _perimeter(actor)


def _as_if_everything(*roles: Role) -> Any:
    return lambda role: EVERYTHING if role in roles else _role_sections(role)


def _as_if_one_hat(hat: Membership) -> Actor:
    first = select(Membership).where(Membership.user_id == hat.user_id).order_by(Membership.id).limit(1)
    return _actor_of(db.session.scalars(first).one())


def _results_of_all(actor: Actor, granted: Any) -> Any:
    rows = people_policy.readable(actor, granted, Section.ASSESSMENT, Assessment)
    return and_(Assessment.person_id == granted.person_id, Assessment.state == AssessmentState.DONE, rows)


def _widest(one: Answer, other: Answer) -> Answer:
    return Answer(Said.GIVEN, one.sections | other.sections)


def _everyone_signed(_today: Any) -> Any:
    return select(Structure.id)


ALWAYS = (referral_policy, "holds_on", lambda today: true())
ANY_STATE = (referral_policy, "OPENED", frozenset(State))
UNSIGN_FS: Step = ("unsign", "fs.adviser", "anna", 0)
PROTECT: Step = ("protect", "library.adviser", "anna", 0)
FOLLOW_AGAIN: Step = ("follow", "camille.fablab", "anna", 0)
RESTRICT: Step = ("restrict", "library.adviser", "anna", 0)
CARD: Step = ("make_card", "library.adviser", "anna", 0)

FLAGS: dict[str, Flag] = {
    "secrecy of a team, on the person": flag(people_policy, "_perimeter", lambda actor: true()),
    "secrecy of a team, for a manager": flag(people_policy, "_perimeter", _as_if_of_the_team),
    "secrecy of a team, on what it wrote": flag(
        people_policy, "written_by_us", lambda a, model: model.structure_id == a.structure_id
    ),
    "secrecy of a structure, on what it wrote": flag(people_policy, "readable", _as_if_not_secret),
    "secrecy and sections together": flag(people_policy, "readable", lambda a, granted, section, model: true()),
    "sections, on what was written": flag(people_policy, "readable", _as_if_agreed, life=NARROW),
    "sections of a shared follow-up": flag(people_policy, "_opened_by", lambda kind: EVERYTHING),
    "name of a sensitive structure": flag(network_policy, "reads_real_name", lambda actor, structure: True),
    "network agreement, follow-ups": flag(people_policy, "_bound", lambda kind: [], UNSIGN_FS),
    "network agreement, referrals": flag(
        network_policy, "bound_ids", _everyone_signed, ("unsign", "ccas.adviser", "anna", 0)
    ),
    "note of a session, the author’s": flag(
        mediation_policy, "note_readable", _as_if_read_by_all(NoteVisibility.AUTHOR)
    ),
    "note of a session, the structure’s": flag(
        mediation_policy, "note_readable", _as_if_read_by_all(NoteVisibility.STRUCTURE)
    ),
    "note of a session, the network’s": flag(
        mediation_policy, "note_readable", _as_if_read_by_all(NoteVisibility.NETWORK), life=WITHOUT_NOTES
    ),
    "note of a session": flag(mediation_policy, "note_readable", lambda actor, granted=None: true()),
    "note of a need": flag(needs_policy, "note_readable", lambda actor, granted: true()),
    "answers of an assessment": flag(assessment_policy, "reads_answers", lambda actor, granted, found: True),
    "result of an assessment, for the desk": flag(assessment_policy, "readable", _results_of_all),
    "role, the desk": flag(grants, "role_sections", _as_if_everything(Role.DESK)),
    "role, the coordinator": flag(grants, "role_sections", _as_if_everything(Role.COORDINATOR)),
    "role, elected": flag(grants, "role_sections", _as_if_everything(Role.ELECTED)),
    "role, the officer": flag(grants, "role_sections", _as_if_everything(Role.DPO)),
    "role, the administrator": flag(grants, "role_sections", _as_if_everything(Role.ADMIN)),
    "ended hat": flag(
        account_queries,
        "hat",
        lambda user, hat, day: db.session.get(Membership, hat),
        ("leave", "camille.library", "anna", 0),
    ),
    "hat chosen": flag(account_queries, "actor_of", _as_if_one_hat),
    "ended follow-up": flag(people_policy, "_open", true, ("withdraw", "library.adviser", "anna", 0)),
    "protected, named structures": flag(people_policy, "_named", true, PROTECT, FOLLOW_AGAIN),
    "restricted, written": flag(people_policy, "unless_restricted", lambda rows: rows, RESTRICT),
    "restricted, opened with a card": flag(
        people_policy, "may_have_card", lambda person: True, CARD, RESTRICT, ("present", "ccas.adviser", "anna", 0)
    ),
    # Archiving also ends the follow-ups: each of the two hides the record without the other.
    "archived": Flag(
        ((people_policy, "active", true), (people_policy, "_open", true)), (("archive", "library.adviser", "anna", 0),)
    ),
    "merged agreements": flag(settling, "narrower", _widest, life=TWO_RECORDS),
    "referral not yet accepted": Flag((ANY_STATE,), ASKED),
    "referral declined": Flag((ANY_STATE, ALWAYS), (*ASKED, ("answer", "ccas.adviser", "chloe", 1))),
    "referral closed": Flag((ANY_STATE, ALWAYS), (("answer", "ccas.adviser", "anna", 2),)),
    "agreement of a referral taken back": Flag((ANY_STATE, ALWAYS), (("retract", "library.adviser", "anna", 0),)),
}
SHOWN = {"name of a sensitive structure"}


def _tried(world: World, naive: Naive, told: Flag, *, shown: bool) -> None:
    """What happens, then everything that every hat reads."""
    for step in (*told.life, *told.after):
        live(world, naive, step)
    db.session.commit()
    compare(world, naive)
    if shown:
        db.session.commit()
        show(world, naive, "library.adviser")


LIVES = {(told.life, told.after): name for name, told in reversed(FLAGS.items())}


@pytest.fixture
def ignoring(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Statements are built once per hat: none outlives the rule that made it."""
    yield monkeypatch
    monkeypatch.undo()
    statements.forget()


@pytest.mark.parametrize("name", sorted(LIVES.values()))
def test_with_every_flag_what_is_read_is_what_the_model_says(world: World, name: str) -> None:
    """So that what is noticed below is the flag that is ignored."""
    with apart(world) as naive:
        _tried(world, naive, FLAGS[name], shown=name in SHOWN)


# That the histories are noticed to differ: each database lives the histories themselves, above.
@pytest.mark.one_database
@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_ignored_is_noticed(world: World, ignoring: pytest.MonkeyPatch, name: str) -> None:
    for room, function, ignored in FLAGS[name].ignored:
        ignoring.setattr(room, function, ignored)
    statements.forget()
    with apart(world) as naive, pytest.raises(AssertionError):
        _tried(world, naive, FLAGS[name], shown=name in SHOWN)


def test_the_life_told_has_something_of_everything(world: World) -> None:
    with apart(world) as naive:
        _tried(world, naive, Flag((), ()), shown=True)
        assert len(naive.needs) >= 4
        assert len(naive.assessments) == 1
        assert any(one.opened for one in naive.referrals)
        assert set(naive.people["anna"].follows) == {"fablab", "france_services", "shelter"}
