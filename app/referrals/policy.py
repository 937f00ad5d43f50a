"""Who may see and do what with a referral. Sides are computed from the loaded referral and the hat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.kernel import clock
from app.kernel.access import ADVISING, FRONT, Actor, Role
from app.kernel.grants import Granted, Right, Section, row
from app.kernel.opening_days import OpeningDays
from app.network import policy as network_policy
from app.people import policy as people_policy
from app.people.enums import ConsentAnswer
from app.people.models import Consent, ConsentRecipient, Person
from app.referrals import machine
from app.referrals.enums import ENDED, OPENED, Act, LinkStep, Side, State
from app.referrals.machine.tokens import Keys
from app.referrals.models import Referral

REOPENING = timedelta(days=machine.REOPEN_DAYS)
# Clocks ring when the day begins.
MORNING = time(7)


@dataclass(frozen=True)
class Rules:
    """What a network chooses: delays, opening days, time zone, whether the desk may send, the address written in mails.

    `keys`: what is derived from the installation’s secret for the links of partners without an account.
    """

    clocks: machine.Clocks = field(default_factory=machine.Clocks)
    days: OpeningDays = field(default_factory=OpeningDays)
    timezone: str = "Europe/Paris"
    desk_may_send: bool = False
    public_url: str = ""
    network_name: str = ""
    keys: Keys = field(default_factory=Keys)

    def today(self) -> date:
        """The network's calendar day."""
        return clock.today(self.timezone)


_installed = Rules()


def install(rules: Rules) -> None:
    """Choose the network's rules. Called by `app/wiring`."""
    global _installed  # noqa: PLW0603
    _installed = rules


def rules() -> Rules:
    """The network's rules."""
    return _installed


def side_of(actor: Actor, referral: Referral) -> Side | None:
    """The side this hat stands on, or None: a coordinator coordinates, whatever structure they come from."""
    if actor.role is Role.COORDINATOR:
        return Side.COORDINATOR if referral.state is not State.DRAFT and referral.sent_at else None
    if actor.role not in FRONT:
        return None
    if referral.structure_id == actor.structure_id:
        return Side.SENDER if _in_perimeter(actor, referral) else None
    received = referral.recipient_id == actor.structure_id and referral.sent_at is not None
    return Side.RECIPIENT if received else None


def _in_perimeter(actor: Actor, referral: Referral) -> bool:
    return referral.team_id is None or referral.team_id == actor.team_id


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL: the same as `side_of` is not None."""
    if actor.role is Role.COORDINATOR:
        return Referral.sent_at.is_not(None)
    return or_(sent_by_us(actor), received_by_us(actor))


def sent_by_us(actor: Actor) -> ColumnElement[bool]:
    """SQL: prepared or sent by the actor's structure, within the perimeter of its teams."""
    return people_policy.written_by_us(actor, Referral)


def received_by_us(actor: Actor) -> ColumnElement[bool]:
    """SQL: sent to the actor's structure (a draft has reached nobody)."""
    return (Referral.recipient_id == actor.structure_id) & Referral.sent_at.is_not(None)


def of_person(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL: the referrals of one person that this hat may tie to them: ours, those we accepted, and the open section's."""
    theirs = people_policy.readable(actor, granted, Section.NEEDS, Referral) & Referral.sent_at.is_not(None)
    ours = Referral.recipient_id == actor.structure_id
    received = received_by_us(actor) & Referral.state.in_(KNOWN_TO_RECIPIENT)
    which = or_(sent_by_us(actor), received, theirs & ~ours)
    return and_(Referral.person_id == granted.person_id, which)


def acts(actor: Actor, referral: Referral) -> frozenset[Act]:
    """What this hat may do now with this referral: the buttons shown, and what the server accepts."""
    side = side_of(actor, referral)
    if side is None:
        return frozenset()
    possible = machine.acts_for(referral.state, referral.seen_at is not None, side)
    return frozenset(act for act in possible if _role_may(actor, act) and _in_time(referral, act))


def may(actor: Actor, referral: Referral, act: Act) -> bool:
    """Whether this act is among those."""
    return act in acts(actor, referral)


def _role_may(actor: Actor, act: Act) -> bool:
    if actor.role is Role.DESK:
        return act in DESK_ACTS or (act is Act.SEND and rules().desk_may_send)
    return True


# The desk prepares and may give up what it prepared; answering and deciding are the advisers'.
DESK_ACTS = frozenset({Act.DRAFT, Act.DISCARD, Act.SEE})


def _in_time(referral: Referral, act: Act) -> bool:
    if act is not Act.REOPEN:
        return True
    return referral.ended_at is not None and clock.now() - referral.ended_at <= REOPENING


def can_draft(actor: Actor, may_write: bool) -> bool:
    """Anyone of the front who follows the person prepares a referral."""
    return actor.role in FRONT and may_write


def refers_apart(actor: Actor, parent_id: UUID | None) -> bool:
    """Under secrecy one refers from a need that nobody else reads: another reader would learn of it by rule 6.

    What was received and is handed on keeps its need: its first sender may be told of the next partner.
    """
    return actor.secret and parent_id is None


def can_send(actor: Actor) -> bool:
    """Advisers and managers send; the desk too where the network decided so."""
    return actor.role in ADVISING or (actor.role is Role.DESK and rules().desk_may_send)


def can_tell(actor: Actor) -> bool:
    """Whoever meets the person tells them, the desk included."""
    return actor.role in FRONT


def can_decide(actor: Actor) -> bool:
    """Advisers and managers decide what comes after an ending."""
    return actor.role in ADVISING


def opens_words(actor: Actor, referral: Referral, written_by: Side, act: Act) -> bool:
    """Whether this hat may read words written on the referral.

    A question, its answer, a reason to decline or to reopen and a nudge open as soon as written; the message of the
    draft and later ones only while the recipient's work is open (rule 2); why a path comes back stays with the sender.
    The desk reads what it prepares; the coordinator reads nudges.
    """
    side = side_of(actor, referral)
    if side is None or side is Side.COORDINATOR:
        return side is written_by
    if actor.role is Role.DESK:
        return referral.state is State.DRAFT
    if side is Side.RECIPIENT and written_by is Side.SENDER:
        return act is Act.ANSWER or (act in {Act.DRAFT, Act.MESSAGE} and referral.state in OPENED)
    return True


# States in which the recipient knows who the referral is about.
KNOWN_TO_RECIPIENT = OPENED | {State.CLOSED}


def links_person(side: Side | None, state: State) -> bool:
    """Whether this side may tie the referral to somebody it may otherwise know: never before acceptance, never coordinators."""
    if side is Side.RECIPIENT:
        return state in KNOWN_TO_RECIPIENT
    return side is not Side.COORDINATOR


STEPS = {
    State.SENT: LinkStep.ANSWER,
    State.ASKED: LinkStep.ANSWER,
    State.ACCEPTED: LinkStep.FOLLOW,
    State.IN_PROGRESS: LinkStep.FOLLOW,
}


def step_of(state: State | None) -> LinkStep | None:
    """The step for which a link may serve in this state; None when there is nothing for a partner to answer."""
    return STEPS.get(state) if state else None


def can_give_link(actor: Actor, referral: Referral) -> bool:
    """Whoever may send gives, renews and cancels the link of a referral that is under way."""
    return side_of(actor, referral) is Side.SENDER and can_send(actor) and step_of(referral.state) is not None


def deadline(referral: Referral) -> datetime:
    """The instant at which the present state’s deadline passes: a link serves until then (rules 7 and 11)."""
    installed = rules()
    since = clock.local(referral.clock_from or referral.sent_at or clock.now(), installed.timezone).date()
    day = machine.deadline(installed.clocks.of(referral.state, referral.urgency), since, installed.days)
    return datetime.combine(day, MORNING, ZoneInfo(installed.timezone))


def can_print_slip(referral: Referral, names_a_sensitive_structure: bool) -> bool:
    """A paper that names a sensitive structure would tell whoever finds it; an ended referral has nothing to hand over."""
    return not names_a_sensitive_structure and referral.state not in ENDED


def lately_opened(actor: Actor, since: date) -> Select[UUID]:
    """The people whose referral my structure accepted, and closed since that day at the latest: it may ask them to stay."""
    ours = (Referral.recipient_id == actor.structure_id, Referral.state.in_(KNOWN_TO_RECIPIENT))
    still = or_(Referral.state.in_(OPENED), Referral.ended_at >= datetime.combine(since, time.min, UTC))
    return select(Referral.person_id).where(*ours, still)


def referral_grants(actor: Actor) -> Select[Any]:
    """An accepted referral to my structure opens the sections that its consent names, while consent and agreements hold."""
    today = rules().today()
    bound = network_policy.bound_ids(today)
    return people_policy.unless_restricted(
        row(Referral.person_id, Consent.sections, Right.WRITE, "referral", Referral.id)
        .join(Consent, Consent.id == Referral.consent_id)
        .join(
            ConsentRecipient,
            (ConsentRecipient.consent_id == Consent.id) & (ConsentRecipient.structure_id == Referral.recipient_id),
        )
        .join(Person, Person.id == Referral.person_id)
        .where(Referral.recipient_id == actor.structure_id, Referral.state.in_(OPENED))
        .where(people_policy.active(), holds_on(today))
        .where(Referral.recipient_id.in_(bound), Referral.structure_id.in_(bound))
    )


def holds_on(today: date) -> ColumnElement[bool]:
    """SQL: the consent was given, is not withdrawn, and its dates include this day."""
    ended = Consent.ends_on.is_not(None) & (Consent.ends_on < today)
    given = (Consent.answer == ConsentAnswer.GIVEN) & Consent.withdrawn_at.is_(None)
    return given & (Consent.starts_on <= today) & ~ended
