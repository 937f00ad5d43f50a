"""Random histories of sharing: what each hat reads equals a naive model written from `domain/access.md` alone.

The model (class `Naive`) imports no rule of the application: it remembers who registered, noted, agreed, was asked and left,
and says, line by line of the document, what is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, true

from app.accounts import queries as account_queries
from app.accounts.models import Membership
from app.kernel import clock, grants, journal, timeline
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import EVERYTHING, SHARED_BY_DEFAULT, Granted, Section
from app.mediation import actions as mediation
from app.mediation import policy as mediation_policy
from app.mediation import queries as mediation_queries
from app.mediation.actions import SessionData
from app.mediation.enums import NoteVisibility, PlaceKind, Theme
from app.needs import policy as needs_policy
from app.needs import queries as need_queries
from app.network.models import Structure
from app.people import actions as people
from app.people import policy as people_policy
from app.people import queries as people_queries
from app.people.actions import presenting
from app.people.actions.data import ConsentData, PersonData, Registration
from app.people.enums import ConsentAnswer, ConsentKind, NoticeWay
from app.people.models import Consent, Person
from app.referrals import actions as referrals
from app.referrals.enums import DeclineReason, Outcome
from app.referrals.models import Referral
from tests.referrals.helpers import add_need, send
from tests.support.world import World

ADVISERS = (
    "library.adviser",
    "ccas.adviser",
    "ccas.social",
    "fs.adviser",
    "shelter.adviser",
    "newcomer.adviser",
    "camille.library",
    "camille.fablab",
)
DESKS = ("library.desk", "ccas.desk")
OTHERS = ("coordinator", "elected", "dpo", "admin")
HATS = (*ADVISERS, *DESKS)
HOMES = {
    who: {"fs": "france_services", "camille": who.partition(".")[2]}.get(who.partition(".")[0], who.partition(".")[0])
    for who in HATS
}
SECRET_TEAM = {"ccas.social": "social"}
ALL = frozenset({"identity", "contact", "needs", "sessions", "assessment", "answers", "plan", "notes", "adaptation"})
DESK_READS = frozenset({"identity", "contact", "needs", "sessions", "plan"})
AGREED = (
    SHARED_BY_DEFAULT,
    SHARED_BY_DEFAULT | Section.NOTES,
    Section.IDENTITY,
    Section.IDENTITY | Section.SESSIONS | Section.NOTES,
    Section.IDENTITY | Section.CONTACT | Section.NEEDS,
)
WHAT = ("contact", "adaptation", "needs", "need notes", "sessions", "session notes")
PHONE, PHONE_SHOWN = "+33639980001", "06 39 98 00 01"


# ---------------------------------------------------------------- the naive model


@dataclass
class Written:
    """A need or a session: its structure, its team when that one is under secrecy, whether it may ever travel."""

    id: UUID
    person: str
    author: str
    note: str
    visibility: str = ""

    @property
    def structure(self) -> str:
        return HOMES[self.author]

    @property
    def team(self) -> str | None:
        return SECRET_TEAM.get(self.author)

    @property
    def secret(self) -> bool:
        return self.team is not None or self.structure == "shelter"


@dataclass
class Sent:
    """A referral and what its agreement opens; `opened` between acceptance and the end."""

    id: UUID
    person: str
    sender: str
    to: str
    sections: frozenset[str]
    opened: bool = False


@dataclass
class Someone:
    """Who follows a person: the referent (its secret team alone, if one registered), and others by agreement."""

    id: UUID
    by: str
    agreed: frozenset[str] | None
    follows: dict[str, tuple[str | None, frozenset[str]]] = field(default_factory=dict)


@dataclass
class Naive:
    """The whole network as the document tells it."""

    people: dict[str, Someone] = field(default_factory=dict)
    needs: list[Written] = field(default_factory=list)
    sessions: list[Written] = field(default_factory=list)
    referrals: list[Sent] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    unsigned: set[str] = field(default_factory=lambda: {"newcomer"})

    def opens(self, who: str, person: str) -> frozenset[str]:
        """The sections that this hat reads of what others wrote; empty when the person does not exist for it."""
        if who in OTHERS or who in self.left:
            return frozenset()
        found: set[str] = set()
        known, home, team = self.people[person], HOMES[who], SECRET_TEAM.get(who)
        referent = HOMES[known.by]
        if referent == home and SECRET_TEAM.get(known.by) in (None, team):
            found |= ALL
        if home in known.follows and not {home, referent} & self.unsigned:
            held_by, sections = known.follows[home]
            found |= sections if held_by in (None, team) else set()
        for one in self.referrals:
            if one.opened and (one.person, one.to) == (person, home) and not {home, one.sender} & self.unsigned:
                found |= one.sections
        return frozenset(found & DESK_READS if who in DESKS else found)

    def reads(self, who: str, one: Written, section: str) -> bool:
        """A line somebody wrote."""
        opened = self.opens(who, one.person)
        if not opened:
            return False
        if one.structure == HOMES[who]:
            return one.team in (None, SECRET_TEAM.get(who))
        return section in opened and not one.secret

    def reads_need_note(self, who: str, one: Written) -> bool:
        """Our words for our advisers, the desk its own, others’ with the notes."""
        if not self.reads(who, one, "needs"):
            return False
        if one.structure != HOMES[who]:
            return "notes" in self.opens(who, one.person)
        return who not in DESKS or one.author == who

    def reads_session_note(self, who: str, one: Written) -> bool:
        """author · team · structure · network."""
        if not self.reads(who, one, "sessions"):
            return False
        if one.structure != HOMES[who]:
            return one.visibility == "network" and "notes" in self.opens(who, one.person)
        if one.author == who:
            return True
        if who in DESKS or one.visibility == "author":
            return False
        return one.visibility != "team" or one.team == SECRET_TEAM.get(who)

    def picture(self, who: str) -> dict[str, Any]:
        """Everything this hat reads."""
        found: dict[str, Any] = {}
        for key in self.people:
            opened = self.opens(who, key)
            if not opened:
                continue
            needs = [one for one in self.needs if one.person == key and self.reads(who, one, "needs")]
            sessions = [one for one in self.sessions if one.person == key and self.reads(who, one, "sessions")]
            found[key] = {
                "contact": "contact" in opened,
                "adaptation": "adaptation" in opened,
                "needs": {one.id for one in needs},
                "need notes": {one.id for one in needs if one.note and self.reads_need_note(who, one)},
                "sessions": {one.id for one in sessions},
                "session notes": {one.id for one in sessions if self.reads_session_note(who, one)},
            }
        return found


# ---------------------------------------------------------------- what the application answers


def worn(world: World, who: str) -> Actor | None:
    """The hat as the next request would find it."""
    actor = world.actors[who]
    hat = account_queries.hat(actor.user_id, actor.membership_id, world.today)
    return account_queries.actor_of(hat) if hat is not None else None


def answered(world: World, naive: Naive, who: str) -> dict[str, Any]:
    """The same picture by the real queries; lists and searches must agree with the page."""
    actor = worn(world, who)
    if actor is None:
        return {}
    found: dict[str, Any] = {}
    for key, known in naive.people.items():
        try:
            card = people_queries.card(actor, known.id)
        except NotFound:
            continue
        needs = need_queries.needs_of(actor, card.granted)
        sessions = mediation_queries.of_person(actor, card.granted, 50)[0]
        found[key] = {
            "contact": card.contact is not None,
            "adaptation": card.adaptation is not None,
            "needs": {one.id for one in needs},
            "need notes": {one.id for one in needs if one.note},
            "sessions": {one.id for one in sessions},
            "session notes": {one.id for one in sessions if _reads_note(actor, one.id)},
        }
        told = _history(world, actor, card.granted)
        assert told == {name: found[key][name] for name in told}, (who, key, "the history")
    listed = {row.id for row in people_queries.followed(actor, 1).rows} & {one.id for one in naive.people.values()}
    searched = {row.id for row in people_queries.search(actor, "Histoire").rows}
    assert listed == searched == {naive.people[key].id for key in found}, (who, "list or search")
    hidden = {one.id for one in naive.sessions} - {one for page in found.values() for one in page["sessions"]}
    assert not any(_opens(actor, one) for one in hidden if not _own(naive, who, one)), (who, "a session by its address")
    return found


def _history(world: World, actor: Actor, granted: Granted) -> dict[str, set[UUID]]:
    """The needs and sessions that the history on the person's page tells, and those whose words it shows."""
    lines = [
        entry
        for number in (1, 2, 3)
        for entry in timeline.page(actor, granted, "", number, world.app.config["TIMEZONE"]).entries
    ]
    steps = {"needs": "opened", "sessions": "held"}
    shown = {name: {one.id for one in lines if one.step == step} for name, step in steps.items()}
    words = {"need notes": "opened", "session notes": "held"}
    return {
        **shown,
        **{name: {one.id for one in lines if one.step == step and one.words} for name, step in words.items()},
    }


def _own(naive: Naive, who: str, session_id: UUID) -> bool:
    """What a structure wrote stays its own, without the name, once it follows no more."""
    one = next(one for one in naive.sessions if one.id == session_id)
    return who in HATS and HOMES[who] == one.structure and one.team in (None, SECRET_TEAM.get(who))


def _reads_note(actor: Actor, session_id: UUID) -> bool:
    """Whether the page of a listed session shows its note. A list that names what has no page is a fault."""
    try:
        return bool(mediation_queries.get(actor, session_id).note)
    except NotFound as error:
        raise AssertionError("a session is listed whose page does not open") from error


def _opens(actor: Actor, session_id: UUID) -> bool:
    try:
        mediation_queries.get(actor, session_id)
    except NotFound:
        return False
    return True


# ---------------------------------------------------------------- what may happen


def names_of(sections: Section) -> frozenset[str]:
    return frozenset(str(one.name).lower() for one in Section if one in sections)


def register(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    if key in naive.people:
        return
    sections = AGREED[pick % len(AGREED)] if pick % 3 and who != "newcomer.adviser" else None
    person = PersonData(first_name=key.title(), last_name="Histoire", phone=PHONE)
    asked = _asked(world, sections)
    data = Registration(person=person, notice_way=NoticeWay.PAPER, register=asked, today=world.today)
    made = people.register(world.actors[who], data).id
    world.people[key] = made
    naive.people[key] = Someone(made, who, names_of(sections) if sections else None)


def _asked(world: World, sections: Section | None) -> ConsentData:
    answer = ConsentAnswer.REFUSED if sections is None else ConsentAnswer.GIVEN
    kept = sections or Section(0)
    return ConsentData(kind=ConsentKind.REGISTER, answer=answer, sections=kept, starts_on=world.today)


def ask(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    sections = AGREED[pick % len(AGREED)] if pick % 4 else None
    granted = grants.on_person(world.actors[who], naive.people[key].id)
    people.answer_register(world.actors[who], granted, _asked(world, sections), world.today)
    known = naive.people[key]
    known.agreed = names_of(sections) if sections else None
    known.follows = {home: (team, known.agreed) for home, (team, _old) in known.follows.items()} if known.agreed else {}


def withdraw(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known, actor = naive.people[key], world.actors[who]
    held = (Consent.person_id == known.id, Consent.kind == ConsentKind.REGISTER, Consent.withdrawn_at.is_(None))
    consent = db.session.scalars(select(Consent).where(*held, Consent.answer == ConsentAnswer.GIVEN)).first()
    if consent is not None:
        people.withdraw_consent(actor, grants.on_person(actor, known.id), consent.id, world.today)
        known.agreed, known.follows = None, {}


def follow(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known, home = naive.people[key], HOMES[who]
    if known.agreed is None or home in (*known.follows, HOMES[known.by]) or {home, HOMES[known.by]} & naive.unsigned:
        return
    mask = Section(0)
    for name in known.agreed:
        mask |= Section[name.upper()]
    presenting.begin_follow_up(world.actors[who], db.session.get_one(Person, known.id), mask, world.today)
    known.follows[home] = (SECRET_TEAM.get(who), known.agreed)


def need(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    made = add_need(world, who, key, note="Mot de la demande.")
    naive.needs.append(Written(made, key, who, "note"))


def session(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    kinds = [NoteVisibility.AUTHOR, NoteVisibility.STRUCTURE, NoteVisibility.NETWORK, NoteVisibility.TEAM]
    visibility = kinds[pick % 4]
    data = SessionData(
        held_on=world.today,
        minutes=30,
        themes=(Theme.EMAIL,),
        place_kind=PlaceKind.A_DISTANCE,
        note="Mot de la séance.",
        visibility=visibility,
    )
    granted = grants.on_person(world.actors[who], naive.people[key].id)
    before = {one.id for one in need_queries.needs_of(world.actors[who], granted)}
    made = mediation.log_session(world.actors[who], granted, data, world.today)
    naive.sessions.append(Written(made.id, key, who, "note", visibility.value))
    if made.need_id not in before:
        naive.needs.append(Written(made.need_id, key, who, ""))


def refer(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known, to = naive.people[key], ("ccas", "fablab", "france_services", "shelter", "library")[pick % 5]
    ours = [one.id for one in naive.needs if (one.person, one.author) == (key, who)]
    if not ours or known.by != who or who in DESKS:
        return
    sections = AGREED[pick % len(AGREED)]
    made = send(world, who, sections, person=key, to=(to,), need_id=ours[-1])
    naive.referrals.append(Sent(made.id, key, HOMES[who], to, names_of(sections)))


def answer(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    for one in naive.referrals:
        if (one.person, one.to) == (key, HOMES[who]):
            act = pick % 3
            if act == 0:
                referrals.accept(world.actors[who], one.id)
            elif act == 1:
                referrals.decline(world.actors[who], one.id, DeclineReason.FULL)
            else:
                referrals.close(world.actors[who], one.id, Outcome.NEED_MET)
            one.opened = act == 0
            return


def retract(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    """The person takes back what they agreed to for one referral."""
    for one in naive.referrals:
        if one.person == key and one.sender == HOMES[who]:
            consent = db.session.get_one(Referral, one.id).consent_id
            granted = grants.on_person(world.actors[who], naive.people[key].id)
            people.withdraw_consent(world.actors[who], granted, consent, world.today)  # type: ignore[arg-type]
            one.opened = False
            return


def leave(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    hat = db.session.get_one(Membership, world.actors[who].membership_id)
    hat.ended_at, hat.ends_on = clock.now(), world.today
    naive.left.add(who)


def unsign(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    home = HOMES[who]
    db.session.get_one(Structure, world.structures[home]).agreement_ended_on = world.today
    naive.unsigned.add(home)


STEPS = {
    one.__name__: one for one in (register, ask, withdraw, follow, need, session, refer, answer, retract, leave, unsign)
}
WRITING = {"need", "session"}
OFTEN = ["need", "session", "follow", "refer", "answer", "answer"] * 3
NATURAL = "natural"
STEP = st.tuples(
    st.sampled_from([*OFTEN, *sorted(STEPS)]),
    st.sampled_from([*[NATURAL] * 10, *HATS]),
    st.sampled_from(["anna", "bilal"]),
    st.integers(0, 11),
)


def _meant(naive: Naive, name: str, key: str, pick: int) -> str:
    """The hat for which this step makes sense: who registered the person, or who received the referral."""
    if name == "answer":
        asked = [one.to for one in naive.referrals if one.person == key]
        return next((who for who in ADVISERS if asked and HOMES[who] == asked[0]), ADVISERS[0])
    if name in {"follow", "leave", "unsign"} or key not in naive.people:
        return ADVISERS[pick % len(ADVISERS)]
    return naive.people[key].by


def live(world: World, naive: Naive, step: tuple[str, str, str, int]) -> None:
    """One thing is tried. Refused, nothing changed; whoever does not follow may write nothing."""
    name, who, key, pick = step
    who = _meant(naive, name, key, pick) if who == NATURAL else who
    if who in naive.left or (name != "register" and key not in naive.people):
        return
    may_write = name not in WRITING or bool(naive.opens(who, key))
    try:
        with db.session.begin_nested():
            STEPS[name](world, naive, who, key, pick)
            db.session.flush()
    except (DomainError, NotFound):
        return
    assert may_write, (step, "written by a hat to whom the person does not exist")


def compare(world: World, naive: Naive) -> None:
    db.session.expire_all()
    for who in (*HATS, *OTHERS):
        read, told = answered(world, naive, who), naive.picture(who)
        wrong = [
            (key, what, "read", read.get(key, {}).get(what), "the document says", told.get(key, {}).get(what))
            for key in naive.people
            for what in WHAT
            if read.get(key, {}).get(what) != told.get(key, {}).get(what)
        ]
        assert not wrong, (who, wrong)


def show(world: World, naive: Naive, who: str) -> None:
    """The same through HTTP, for one hat: the page exists or not, the telephone, the name of a sensitive structure."""
    if who in naive.left:
        return
    client = world.client(who)
    for key, known in naive.people.items():
        page = client.get(f"/personnes/{known.id}")
        opened = naive.opens(who, key)
        assert page.status_code == (200 if opened else 404), (who, key)
        words = client.text(page)
        assert (PHONE_SHOWN in words) == ("contact" in opened), (who, key)
        assert "Maison des femmes" not in client.text(page, "main") or HOMES[who] == "shelter", (who, key)


@given(
    first=st.tuples(st.sampled_from(HATS), st.sampled_from(HATS), st.integers(0, 11)),
    history=st.lists(STEP, min_size=1, max_size=16),
    viewer=st.sampled_from(HATS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_read_is_what_the_document_says(
    world: World, first: tuple[str, str, int], history: list[tuple[str, str, str, int]], viewer: str
) -> None:
    with world.app.app_context():
        nested = db.engines[None].begin_nested()  # type: ignore[attr-defined]
        naive = Naive()
        try:
            begun = [("register", first[0], "anna", first[2]), ("register", first[1], "bilal", first[2] + 1)]
            for step in [*begun, *history]:
                live(world, naive, step)
            db.session.commit()
            compare(world, naive)
            db.session.commit()
            show(world, naive, viewer)
        finally:
            db.session.remove()
            nested.rollback()
            journal.forget()


# ---------------------------------------------------------------- every flag, when ignored, is noticed


LIFE = (
    ("register", "library.adviser", "anna", 1),
    ("register", "ccas.social", "bilal", 1),
    ("need", "library.adviser", "anna", 0),
    ("need", "library.desk", "anna", 0),
    ("need", "ccas.social", "bilal", 0),
    ("session", "library.adviser", "anna", 0),
    ("session", "library.adviser", "anna", 1),
    ("session", "library.adviser", "anna", 2),
    ("session", "ccas.social", "bilal", 3),
    ("follow", "camille.fablab", "anna", 0),
    ("follow", "camille.fablab", "bilal", 0),
    ("follow", "fs.adviser", "anna", 0),
    ("follow", "shelter.adviser", "anna", 0),
    ("need", "shelter.adviser", "anna", 0),
    ("refer", "library.adviser", "anna", 5),
    ("answer", "ccas.adviser", "anna", 0),
    ("session", "ccas.social", "anna", 3),
    ("unsign", "fs.adviser", "anna", 0),
    ("leave", "camille.library", "anna", 0),
)
IGNORED: dict[str, tuple[object, str, Any]] = {
    "secrecy of a team, on the person": (people_policy, "_perimeter", lambda actor: true()),
    "secrecy of a team, on what it wrote": (
        people_policy,
        "written_by_us",
        lambda a, model: model.structure_id == a.structure_id,
    ),
    "secrecy of a structure, and sections": (people_policy, "readable", lambda a, granted, section, model: true()),
    "agreement": (people_policy, "_bound", lambda kind: []),
    "note of a session": (mediation_policy, "note_readable", lambda actor, granted=None: true()),
    "note of a need": (needs_policy, "note_readable", lambda actor, granted: true()),
    "role": (grants, "role_sections", lambda role: EVERYTHING),
    "ended hat": (account_queries, "hat", lambda user, hat, day: db.session.get(Membership, hat)),
}


def _lived(world: World, naive: Naive) -> None:
    for step in LIFE:
        live(world, naive, step)
    db.session.flush()


def test_the_life_told_is_read_as_the_document_says(world: World) -> None:
    with world.app.app_context():
        naive = Naive()
        _lived(world, naive)
        assert len(naive.needs) >= 4
        assert any(one.opened for one in naive.referrals)
        assert set(naive.people["anna"].follows) == {"fablab", "france_services", "shelter"}
        compare(world, naive)


@pytest.mark.parametrize("flag", IGNORED)
def test_a_flag_ignored_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch, flag: str) -> None:
    with world.app.app_context():
        naive = Naive()
        _lived(world, naive)
        room, name, ignoring = IGNORED[flag]
        monkeypatch.setattr(room, name, ignoring)
        grants._statements.cache_clear()
        try:
            with pytest.raises(AssertionError):
                compare(world, naive)
        finally:
            monkeypatch.undo()
            grants._statements.cache_clear()
