"""How the demonstration's partners answer: some fast, some slow, some never; and what follows each ending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.cli.demo.life import Followed, Life
from app.cli.demo.people import pick
from app.cli.demo.story import end_own_needs, meet
from app.kernel import journal
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.needs import actions as needs
from app.needs.actions import CloseData
from app.needs.enums import NeedKind, NeedResult, RightOutcome
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import LIVE, Contact, Decision, DeclineReason, EndCause, Outcome, State, TaskKind, ToldWay
from app.referrals.machine import URGENT
from app.referrals.models import Referral, ReferralTask

SOCIAL = (("ccas", 60), ("social", 40))
PAPERS = (("france_services", 62), ("ccas", 26), ("social", 12))
PARTNERS: dict[NeedKind, tuple[tuple[str, int], ...]] = {
    NeedKind.DEMARCHE_EN_LIGNE: PAPERS,
    NeedKind.COMPRENDRE_UN_COURRIER: PAPERS,
    NeedKind.COURRIER_REDACTION: (("france_services", 60), ("words", 40)),
    NeedKind.APPRENDRE_FRANCAIS: (("words", 100),),
    NeedKind.EQUIPEMENT: (("repair", 90), ("bus", 10)),
    NeedKind.CONNEXION: (("repair", 60), ("library", 40)),
    NeedKind.ACCES_AUX_DROITS: (("social", 45), ("ccas", 45), ("shelter", 10)),
    NeedKind.ACCOMPAGNEMENT_SOCIAL: SOCIAL,
    NeedKind.PRISE_EN_MAIN: (("library", 55), ("bus", 45)),
    NeedKind.COMPETENCES_BASE: (("library", 55), ("bus", 45)),
}
ANYBODY = (("library", 35), ("bus", 30), ("france_services", 35))


@dataclass(frozen=True)
class Temper:
    """How a partner answers: opening days (from, to), chances out of 100 to be silent, to decline; to meet the need."""

    delay: tuple[int, int]
    silent: int
    declines: int
    meets: int


TEMPERS = {
    "france_services": Temper((1, 4), 2, 8, 74),
    "ccas": Temper((2, 9), 8, 12, 66),
    "social": Temper((6, 24), 22, 18, 55),
    "words": Temper((2, 12), 6, 20, 70),
    "repair": Temper((1, 10), 10, 24, 60),
    "library": Temper((1, 5), 4, 8, 72),
    "bus": Temper((2, 8), 6, 14, 68),
    "shelter": Temper((1, 3), 4, 5, 70),
}
SHARED = SHARED_BY_DEFAULT | Section.NOTES
AGREEMENT = Agreement(sections=SHARED, interpreter=True)
# How often an adviser sends what they have just prepared; how often a draft that waited is given up.
AT_ONCE, GIVEN_UP = 0.8, 0.15


def refer(life: Life, followed: Followed) -> None:
    """Ask a partner, if the person agrees and none is already asked about this need."""
    sender = _sender(life, followed)
    chosen = _choose(life, followed, sender)
    if chosen is None or not life.rights(sender, followed.person_id).may_write:
        return
    data = DraftData(
        need_id=followed.need_id,
        recipients=tuple(life.network.structures[key] for key in chosen),
        message="La personne viendra avec ses papiers. Merci de la rappeler plutôt le matin.",
    )
    try:
        draft_id = referrals.draft(followed.actor, life.rights(followed.actor, followed.person_id), data).id
    except DomainError:
        return
    if life.rng.random() < 0.06:
        referrals.record_refusal(sender, draft_id, AGREEMENT)
    elif followed.actor is sender and life.rng.random() < AT_ONCE:
        sent = referrals.send(sender, draft_id, AGREEMENT)
        await_answer(life, followed, sender, sent.id, chosen[0])
    else:
        life.later(life.rng.randint(1, 5), lambda: _send_draft(life, followed, sender, draft_id))


def _send_draft(life: Life, followed: Followed, sender: Actor, referral_id: UUID) -> None:
    """What the desk prepared, or what waited for a paper: an adviser sends it within days, or gives it up."""
    referral = db.session.get_one(Referral, referral_id)
    if referral.state is not State.DRAFT:
        return
    if life.rng.random() > GIVEN_UP and _try_whole(lambda: referrals.send(sender, referral_id, AGREEMENT)):
        await_answer(life, followed, sender, referral_id, life.network.key_of(referral.recipient_id))
    else:
        _try(lambda: referrals.discard(sender, referral_id))


def _sender(life: Life, followed: Followed) -> Actor:
    """An adviser of the structure that follows the person: the desk prepares, an adviser sends."""
    if followed.actor.role is not Role.DESK:
        return followed.actor
    same = [hat for hat in life.network.front(life.network.key_of(followed.actor.structure_id)) if not hat.secret]
    return life.rng.choice([hat for hat in same if hat.role is Role.ADVISER])


def _choose(life: Life, followed: Followed, sender: Actor) -> tuple[str, ...] | None:
    own = life.network.key_of(sender.structure_id)
    weighted = [one for one in PARTNERS.get(followed.wanted[0], ANYBODY) if one[0] != own]
    weighted = weighted or [one for one in ANYBODY if one[0] != own]
    open_ones = select(Referral.recipient_id).where(Referral.need_id == followed.need_id)
    taken = set(db.session.scalars(open_ones.where(Referral.state.in_(LIVE | {State.DRAFT, State.ACCEPTED}))))
    free = [one for one in weighted if life.network.structures[one[0]] not in taken]
    if not free:
        return None
    first = pick(life.rng, free)
    second = [one for one in free if one[0] != first]
    return (first, pick(life.rng, second)) if second and life.rng.random() < 0.3 else (first,)


def _agent(life: Life, key: str) -> Actor:
    """Whoever answers for the structure: an adviser; whoever runs the house has other things to do."""
    return life.rng.choice([hat for hat in life.network.front(key) if hat.role is Role.ADVISER])


def await_answer(life: Life, followed: Followed, sender: Actor, referral_id: UUID, key: str) -> None:
    """The partner opens it, then answers in its own time, or never."""
    temper, agent = TEMPERS[key], _agent(life, key)
    urgent = followed.priority in URGENT
    delay = min(life.rng.randint(*temper.delay), 3) if urgent else life.rng.randint(*temper.delay)
    life.later(max(1, delay - 1), lambda: _try(lambda: referrals.see(agent, referral_id)))
    dice = life.rng.randrange(100)
    life.later(delay + life.rng.randint(20, 40), lambda: _follow_up(life, followed, sender, referral_id))
    if dice < temper.silent:
        return
    if dice < temper.silent + temper.declines:
        life.later(delay, lambda: _decline(life, followed, sender, agent, referral_id))
    else:
        life.later(delay, lambda: _accept(life, followed, sender, agent, referral_id, temper))


def _try(act: Callable[[], object]) -> bool:
    """Do what the agents of the story do; something may have happened meanwhile (a person changed their mind)."""
    try:
        act()
    except DomainError:
        return False
    return True


def _try_whole(act: Callable[[], object]) -> bool:
    """The same for an act of several steps: what it began is undone, as the end of a request undoes it."""
    noted = len(journal.pending())
    try:
        with db.session.begin_nested():
            act()
    except DomainError:
        del journal.pending()[noted:]
        return False
    return True


def _decline(life: Life, followed: Followed, sender: Actor, agent: Actor, referral_id: UUID) -> None:
    reason = life.rng.choice([one for one in DeclineReason if one is not DeclineReason.OTHER])
    if _try(lambda: referrals.decline(agent, referral_id, reason)):
        life.later(2, lambda: _follow_up(life, followed, sender, referral_id))


def _accept(  # noqa: PLR0913
    life: Life, followed: Followed, sender: Actor, agent: Actor, referral_id: UUID, temper: Temper
) -> None:
    if not _try(lambda: referrals.accept(agent, referral_id)):
        return
    life.later(life.rng.randint(1, 3), lambda: _tell(life, sender, referral_id))
    first = life.rng.randint(1, 3 if followed.priority in URGENT else 12)
    life.later(first, lambda: _start(life, followed, sender, agent, referral_id, temper))


def _start(  # noqa: PLR0913
    life: Life, followed: Followed, sender: Actor, agent: Actor, referral_id: UUID, temper: Temper
) -> None:
    if not _try(lambda: referrals.start(agent, referral_id, life.rng.choice(list(Contact)))):
        return
    life.granted.pop((agent.membership_id, followed.person_id), None)
    if life.rights(agent, followed.person_id).may_write:
        meet(life, followed, agent)
    outcome = _outcome(life, temper)
    life.later(life.rng.randint(4, 45), lambda: _close(life, followed, sender, agent, referral_id, outcome))


def _outcome(life: Life, temper: Temper) -> Outcome:
    if life.rng.randrange(100) < temper.meets:
        return Outcome.NEED_MET
    others = [Outcome.PARTLY_MET, Outcome.DID_NOT_COME, Outcome.UNREACHABLE, Outcome.NOT_POSSIBLE]
    return life.rng.choice([*others, Outcome.PERSON_DECLINED])


def _close(  # noqa: PLR0913
    life: Life, followed: Followed, sender: Actor, agent: Actor, referral_id: UUID, outcome: Outcome
) -> None:
    life.granted.pop((agent.membership_id, followed.person_id), None)
    end_own_needs(life, followed, agent)
    if _try(lambda: referrals.close(agent, referral_id, outcome)):
        life.later(life.rng.randint(1, 5), lambda: _follow_up(life, followed, sender, referral_id))


def _tell(life: Life, sender: Actor, referral_id: UUID) -> None:
    _tell_about(life, sender, _open_tasks(referral_id)[TaskKind.TELL_PERSON])


def _tell_about(life: Life, sender: Actor, tasks: list[UUID]) -> None:
    for task_id in tasks:
        way = pick(life.rng, ((ToldWay.PHONE, 56), (ToldWay.SMS, 20), (ToldWay.AT_DESK, 20), (ToldWay.COULD_NOT, 4)))
        _try(partial(referrals.told, sender, task_id, way))


def _follow_up(life: Life, followed: Followed, sender: Actor, referral_id: UUID) -> None:
    """The sender tells the person, decides what comes next, closes the need when it is met; what is left waits for a
    quieter day, so that only the last weeks have a list of things to do."""
    referral = db.session.get(Referral, referral_id)
    if referral is None:
        return
    if referral.state in LIVE:
        _wait_or_withdraw(life, followed, sender, referral_id)
        return
    waiting = _open_tasks(referral_id)
    _tell_about(life, sender, waiting[TaskKind.TELL_PERSON])
    _close_need(life, followed, sender, referral)
    for task_id in waiting[TaskKind.NEXT_ACTION]:
        if life.rng.random() < 0.7:
            _decide(life, followed, sender, referral_id, task_id)
    if any(waiting.values()) and any(_open_tasks(referral_id).values()):
        life.later(life.rng.randint(2, 6), lambda: _follow_up(life, followed, sender, referral_id))


def _wait_or_withdraw(life: Life, followed: Followed, sender: Actor, referral_id: UUID) -> None:
    if life.rng.random() < 0.12:
        _try(lambda: referrals.withdraw(sender, referral_id, EndCause.OTHER_SOLUTION))
    life.later(life.rng.randint(5, 15), lambda: _follow_up(life, followed, sender, referral_id))


def _close_need(life: Life, followed: Followed, sender: Actor, referral: Referral) -> None:
    met = referral.outcome in {Outcome.NEED_MET, Outcome.PARTLY_MET}
    if not met or followed.need_id in life.closed or life.rng.random() < 0.3:
        return
    result = NeedResult.RESOLUE if referral.outcome is Outcome.NEED_MET else NeedResult.EN_PARTIE
    close = CloseData(result=result, right_outcome=RightOutcome.YES, trip_avoided=life.rng.random() < 0.5)
    granted = life.rights(sender, followed.person_id)
    if _try(lambda: needs.close_need(sender, granted, followed.need_id, close)):
        life.closed.add(followed.need_id)


def _decide(life: Life, followed: Followed, sender: Actor, referral_id: UUID, task_id: UUID) -> None:
    known = set(db.session.scalars(select(Referral.id).where(Referral.need_id == followed.need_id)))
    if _try_whole(lambda: referrals.decide(sender, task_id, Decision.NEXT_STRUCTURE)):
        found = select(Referral).where(Referral.parent_id == referral_id, Referral.id.not_in(known))
        child = db.session.scalars(found).first()
        if child is not None and child.state is State.SENT:
            await_answer(life, followed, sender, child.id, life.network.key_of(child.recipient_id))
        return
    _try(lambda: referrals.decide(sender, task_id, Decision.SESSION_WITH_US))


def _open_tasks(referral_id: UUID) -> dict[TaskKind, list[UUID]]:
    """What the sender still has to do about a referral, by kind."""
    found: dict[TaskKind, list[UUID]] = {kind: [] for kind in TaskKind}
    query = select(ReferralTask.id, ReferralTask.kind).where(ReferralTask.referral_id == referral_id)
    for task_id, kind in db.session.execute(query.where(ReferralTask.done_at.is_(None))):
        found[kind].append(task_id)
    return found
