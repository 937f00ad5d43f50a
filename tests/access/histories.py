"""Random histories: what may happen to people, told to the application and to the naive model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.models import Membership
from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import clock, grants, journal
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import NoteVisibility, PlaceKind, Theme
from app.needs import queries as need_queries
from app.network.models import Structure
from app.people import actions as people
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions import merging, presenting, protecting
from app.people.actions.cards import CardData
from app.people.actions.data import ConsentData, PersonData, Registration
from app.people.actions.merging import MergeData
from app.people.actions.presenting import Facts
from app.people.actions.protecting import SafetyData
from app.people.enums import ConsentAnswer, ConsentKind, NoticeWay
from app.people.models import Consent, DuplicatePair, Person, SharingCard
from app.privacy import actions as privacy
from app.privacy.enums import UnarchiveReason
from app.referrals import actions as referrals
from app.referrals.enums import DeclineReason, Outcome
from app.referrals.models import Referral
from tests.access.naive import ADVISERS, DESKS, HATS, HOMES, SECRET_TEAM, Merge, Naive, Sent, Someone, Written
from tests.access.stage import EXPRESS
from tests.referrals.helpers import add_need, send
from tests.support.world import PASSWORD, World

PEOPLE = ("anna", "bilal")
WORD, YEAR = "tournesol", 1958
AGREED = (
    SHARED_BY_DEFAULT,
    SHARED_BY_DEFAULT | Section.NOTES,
    Section.IDENTITY,
    Section.IDENTITY | Section.SESSIONS | Section.NOTES,
    Section.IDENTITY | Section.CONTACT | Section.NEEDS,
)
PHONE = "+33639980001"


def staffed(world: World) -> World:
    """The same network, whose CCAS also has a manager: of no team, before a team under secrecy."""
    user = accounts.add_user("ccas.manager@essai.example", "Ccas Manager", PASSWORD, 8)
    begun = world.today - timedelta(days=50)
    hat = accounts.add_membership(user, world.structures["ccas"], Role.MANAGER, begun)
    world.emails["ccas.manager"], world.actors["ccas.manager"] = user.email, account_queries.actor_of(hat)
    return world


@contextmanager
def apart(world: World) -> Iterator[Naive]:
    """A network that is taken back at the end."""
    with world.app.app_context():
        nested = db.engines[None].begin_nested()  # type: ignore[attr-defined]
        try:
            staffed(world)
            yield Naive()
        finally:
            db.session.remove()
            nested.rollback()
            journal.forget()


def names_of(sections: Section) -> frozenset[str]:
    return frozenset(str(one.name).lower() for one in Section if one in sections)


def register(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    if key in naive.people:
        return
    sections = AGREED[pick % len(AGREED)] if pick % 3 and who != "newcomer.adviser" else None
    person = PersonData(first_name=key.title(), last_name="Histoire", phone=PHONE, birth_year=YEAR)
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
    if sections is None:
        known.share_nothing()
        return
    known.agreed = names_of(sections)
    known.follows = {home: (team, known.agreed) for home, (team, _old) in known.follows.items()}


def withdraw(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known, actor = naive.people[key], world.actors[who]
    held = (Consent.person_id == known.id, Consent.kind == ConsentKind.REGISTER, Consent.withdrawn_at.is_(None))
    consent = db.session.scalars(select(Consent).where(*held, Consent.answer == ConsentAnswer.GIVEN)).first()
    if consent is not None:
        people.withdraw_consent(actor, grants.on_person(actor, known.id), consent.id, world.today)
        known.share_nothing()


def follow(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known, home = naive.people[key], HOMES[who]
    if (
        known.agreed is None
        or known.restricted
        or home in (*known.follows, HOMES[known.by])
        or {home, HOMES[known.by]} & naive.unsigned
    ):
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
            one.opened = one.live = act == 0
            return


def retract(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    """The person takes back what they agreed to for one referral."""
    for one in naive.referrals:
        if one.person == key and one.sender == HOMES[who]:
            consent = db.session.get_one(Referral, one.id).consent_id
            granted = grants.on_person(world.actors[who], naive.people[key].id)
            people.withdraw_consent(world.actors[who], granted, consent, world.today)  # type: ignore[arg-type]
            one.end()
            return


def leave(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    hat = db.session.get_one(Membership, world.actors[who].membership_id)
    hat.ended_at, hat.ends_on = clock.now(), world.today
    naive.left.add(who)


def unsign(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    home = HOMES[who]
    db.session.get_one(Structure, world.structures[home]).agreement_ended_on = world.today
    naive.unsigned.add(home)


def assess(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    actor = world.actors[who]
    granted = grants.on_person(actor, naive.people[key].id)
    begun = assessments.start(actor, granted, Mode.EXPRESS)
    assessments.save_sheet(actor, granted, begun.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
    naive.assessments.append(Written(assessments.finish(actor, granted, begun.id).id, key, who, ""))


def make_card(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known = naive.people[key]
    data = CardData(word=WORD, birth_year=YEAR)
    card_actions.make_card(world.actors[who], grants.on_person(world.actors[who], known.id), data, world.today)
    assert known.agreed is not None, "a card without an agreement"
    assert (known.named, known.restricted) == (None, False), "a card of a protected or restricted record"
    assert HOMES[known.by] == HOMES[who] not in naive.unsigned
    known.card = True


def present(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    """The person shows the newest card they were given, at any desk that may open one."""
    known, home, actor = naive.people[key], HOMES[who], world.actors[who]
    query = select(SharingCard.id).where(SharingCard.person_id == known.id).order_by(SharingCard.id.desc())
    card = db.session.scalars(query.limit(1)).first()
    if card is None or not presenting.can_open(actor, world.today):
        return
    code = cards.rules().code_of(card)
    presenting.open_with_card(
        actor, presenting.begin_try(actor, code, "192.0.2.1"), Facts(code, YEAR, WORD), world.today
    )
    assert known.card, "a card that was ended opened"
    assert known.agreed is not None
    assert not known.gone
    assert known.named is None
    assert not known.restricted
    assert not {home, HOMES[known.by]} & naive.unsigned
    if home not in (*known.follows, HOMES[known.by]):
        known.follows[home] = (SECRET_TEAM.get(who), known.agreed)


def protect(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known = naive.people[key]
    named = frozenset(sorted(known.follows)[: pick % 3])
    wanted = tuple(world.structures[home] for home in named)
    granted = grants.on_person(world.actors[who], known.id)
    protecting.protect(world.actors[who], granted, SafetyData(named=wanted), world.today)
    known.named, known.card = named, False
    known.follows = {home: held for home, held in known.follows.items() if home in named}


def unprotect(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known = naive.people[key]
    protecting.unprotect(world.actors[who], grants.on_person(world.actors[who], known.id))
    known.named = None


def restrict(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    """The officer freezes the record, or lets it be written again."""
    known = naive.people[key]
    known.restricted = not known.restricted
    db.session.get_one(Person, known.id).restricted_on = world.today if known.restricted else None


def archive(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known = naive.people[key]
    if known.gone:
        return
    privacy.archive(known.id)
    known.archived = True
    known.share_nothing()
    for one in naive.referrals:
        if one.person == key:
            one.end()


def unarchive(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    known = naive.people[key]
    officer = replace(world.actors["dpo"], structure_id=world.structures[HOMES[known.by]])
    privacy.unarchive(officer, known.id, UnarchiveReason.CAME_BACK, world.today)
    assert known.archived
    assert known.merged_into is None
    known.archived = False


def merge(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    """« anna » and « bilal » were one person."""
    one, other = (naive.people[name] for name in PEOPLE)
    low, high = sorted((one.id, other.id))
    pair = DuplicatePair(low_id=low, high_id=high, structure_id=world.structures[HOMES[one.by]], score=99, reasons=[])
    db.session.add(pair)
    db.session.flush()
    done = merging.merge(world.actors[who], pair.id, MergeData(keep="ab"[pick % 2]), world.today)
    assert not any(it.gone or it.restricted for it in (one, other))
    assert HOMES[one.by] == HOMES[other.by] == HOMES[who]
    assert SECRET_TEAM.get(one.by) == SECRET_TEAM.get(other.by)
    kept, removed = PEOPLE if done.kept_id == one.id else PEOPLE[::-1]
    before = {name: deepcopy(naive.people[name]) for name in PEOPLE}
    moved = _moved(naive, removed, kept)
    naive.merges.append(Merge(done.id, kept, removed, before, moved))
    _united(naive.people[kept], naive.people[removed], kept)


def _moved(naive: Naive, removed: str, kept: str) -> list[Written | Sent]:
    """What was written follows; the same thing asked twice of a partner is asked once."""
    asked = {one.to for one in naive.referrals if one.person == kept and one.live}
    for one in naive.referrals:
        if one.person == removed and one.live and one.to in asked:
            one.end()
    written: list[Written | Sent] = [*naive.needs, *naive.sessions, *naive.assessments, *naive.referrals]
    found = [it for it in written if it.person == removed]
    for it in found:
        it.person = kept
    return found


def _united(kept: Someone, removed: Someone, key: str) -> None:
    """Neither is opened to anybody by the other: a refusal wins, then what both agreed to."""
    kept.card = kept.card or removed.card
    if kept.agreed is None or removed.agreed is None:
        kept.share_nothing()
    else:
        agreed = kept.agreed & removed.agreed
        both = {home: _narrower(kept, removed, home) for home in {*kept.follows, *removed.follows}}
        kept.agreed, kept.follows = agreed, {home: (team, held & agreed) for home, (team, held) in both.items()}
    if removed.named is not None:
        kept.named = removed.named | (kept.named or frozenset())
    removed.merged_into = key
    removed.follows, removed.card = {}, False


def _narrower(kept: Someone, removed: Someone, home: str) -> tuple[str | None, frozenset[str]]:
    if home not in removed.follows:
        return kept.follows[home]
    if home not in kept.follows:
        return removed.follows[home]
    team, held = kept.follows[home]
    return team, held & removed.follows[home][1]


def undo(world: World, naive: Naive, who: str, key: str, pick: int) -> None:
    """It was a mistake. Tried when nothing was said of sharing since, or when the person took everything back."""
    if not naive.merges or not (naive.merges[-1].silent or naive.merges[-1].withdrawn):
        return
    last = naive.merges[-1]
    merging.undo(world.actors[who], last.id)
    naive.merges.pop()
    withdrawn = last.withdrawn
    for name in (last.kept, last.removed):
        naive.people[name] = last.before[name]
        if withdrawn:
            naive.people[name].share_nothing()
    for it in last.moved:
        it.person = last.removed


STEPS = {
    one.__name__: one
    for one in (
        *(register, ask, withdraw, follow, need, session, assess, refer, answer, retract, leave, unsign),
        *(make_card, present, protect, unprotect, restrict, archive, unarchive, merge, undo),
    )
}
WRITING = {"need", "session", "assess"}
# What is said of sharing: after it, an undo no longer gives back what was before the merge.
OF_SHARING = {"ask", "follow", "make_card", "present", "protect", "unprotect", "restrict", "archive", "unarchive"}
OFTEN = ["need", "session", "follow", "refer", "answer", "answer", "make_card", "present", "present"] * 3
SOMETIMES = ["merge", "undo", "withdraw", "assess", "assess"] * 2
NATURAL = "natural"
STEP = st.tuples(
    st.sampled_from([*OFTEN, *SOMETIMES, *sorted(STEPS)]),
    st.sampled_from([*[NATURAL] * 10, *HATS]),
    st.sampled_from(PEOPLE),
    st.integers(0, 11),
)


def _meant(naive: Naive, name: str, key: str, pick: int) -> str:
    """The hat for which this step makes sense: who registered the person, or who received the referral."""
    if name == "answer":
        asked = [one.to for one in naive.referrals if one.person == key]
        return next((who for who in ADVISERS if asked and HOMES[who] == asked[0]), ADVISERS[0])
    if name in {"follow", "present", "leave", "unsign"} or key not in naive.people:
        return ADVISERS[pick % len(ADVISERS)]
    return naive.people[key].by


def live(world: World, naive: Naive, step: tuple[str, str, str, int]) -> None:
    """One thing is tried. Refused, nothing changed; whoever does not follow may write nothing."""
    name, who, key, pick = step
    if key in naive.people:
        key = naive.shown(key)
    who = _meant(naive, name, key, pick) if who == NATURAL else who
    if who in naive.left or (name != "register" and key not in naive.people):
        return
    if name in {"merge", "undo"} and not set(PEOPLE) <= set(naive.people):
        return
    may_write = name not in WRITING or naive.writes(who, key)
    told = deepcopy(naive)
    try:
        with db.session.begin_nested():
            STEPS[name](world, naive, who, key, pick)
            db.session.flush()
    except (DomainError, NotFound):
        assert naive == told, (step, "refused, yet the model changed")
        return
    _remember(naive, name, key)
    assert may_write, (step, "written by a hat to whom the person does not exist, or in a restricted record")


def _remember(naive: Naive, name: str, key: str) -> None:
    for one in naive.merges:
        if one.kept == key and name in OF_SHARING:
            one.silent = one.withdrawn = False
        elif one.kept == key and name == "withdraw":
            one.silent, one.withdrawn = False, one.silent or one.withdrawn
