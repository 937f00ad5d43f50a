"""The link of a partner without an account: what the sender reads of it, and what the page shows of the referral."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.accounts import queries as account_queries
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.network import policy as network_policy
from app.network.models import Place, Structure
from app.people.queries import protection
from app.referrals import policy
from app.referrals.enums import LinkEnd, LinkStep
from app.referrals.machine import tokens
from app.referrals.models import PartnerLink, PartnerTry, Referral
from app.referrals.queries.load import mail_targets


@dataclass(frozen=True)
class LinkLine:
    """A link, as the sender follows it. `ends_at` None once it ended."""

    id: UUID
    step: LinkStep
    made_at: datetime
    made_by: str
    opened_at: datetime | None
    confirmed_at: datetime | None
    mailed_at: datetime | None
    wrong: int
    ends_at: datetime | None
    ended_at: datetime | None
    end_cause: LinkEnd | None

    @property
    def serves(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True)
class LinkPage:
    """« Donner le lien » : the step to be answered, the latest link, the structure’s own mail address or an empty text."""

    step: LinkStep
    recipient_id: UUID
    person_id: UUID
    protected: bool
    ends_at: datetime
    address: str
    link: LinkLine | None


def without_account(structure_id: UUID, today: date) -> bool:
    """Nobody of this structure can answer on screen: no adviser nor manager has an open account."""
    return not mail_targets(structure_id, None, today)


def link_page(actor: Actor, referral_id: UUID) -> LinkPage:
    """NotFound unless this hat may give the link: a live referral that it sent to a structure without an account."""
    referral = db.session.scalars(select(Referral).where(Referral.id == referral_id, policy.sent_by_us(actor))).first()
    if referral is None or not policy.can_give_link(actor, referral):
        raise NotFound
    step = policy.step_of(referral.state)
    if step is None or not without_account(referral.recipient_id, policy.rules().today()):
        raise NotFound
    return LinkPage(
        step,
        referral.recipient_id,
        referral.person_id,
        protection.is_protected(referral.person_id),
        policy.deadline(referral),
        own_address(referral.recipient_id),
        _latest(referral),
    )


def needs_link(actor: Actor, referral_id: UUID) -> bool:
    """Whether the sender’s page shows « Donner le lien »."""
    try:
        link_page(actor, referral_id)
    except NotFound:
        return False
    return True


def _latest(referral: Referral) -> LinkLine | None:
    query = select(PartnerLink).where(PartnerLink.referral_id == referral.id)
    one = db.session.scalars(query.order_by(PartnerLink.created_at.desc(), PartnerLink.id).limit(1)).first()
    if one is None:
        return None
    by = account_queries.display_names({one.made_by}).get(one.made_by, "")
    return LinkLine(
        one.id,
        one.step,
        one.created_at,
        by,
        one.opened_at,
        one.confirmed_at,
        one.mailed_at,
        one.tries - one.forgiven,
        policy.deadline(referral) if one.ended_at is None else None,
        one.ended_at,
        one.end_cause,
    )


def own_address(structure_id: UUID) -> str:
    """The structure’s mail address in the directory: the first of its open places that gives one; empty without."""
    query = select(Place.details).where(Place.structure_id == structure_id, Place.closed_on.is_(None))
    for details in db.session.scalars(query.order_by(Place.name, Place.id)):
        for one in _addresses(details.get("courriels")):
            return one
    return ""


def _addresses(known: object) -> list[str]:
    texts = known if isinstance(known, list) else str(known or "").split("|")
    return [one for text in texts if (one := str(text).strip()).count("@") == 1 and not set(one) & set(" ,;<>\r\n")]


def address_for_link(link_id: UUID) -> str | None:
    """Where a partner’s link is sent; None when it no longer serves (outbox)."""
    found = serving(PartnerLink.id == link_id)
    return own_address(found.referral.recipient_id) or None if found else None


# ---------------------------------------------------------------- what a link opens


@dataclass(frozen=True)
class Serving:
    """A link that serves now, and its referral."""

    link: PartnerLink
    referral: Referral


def by_token(token: str) -> Serving | None:
    """The link that this token opens now; None alike when it is unknown, ended, locked, past its deadline or its step."""
    return serving(PartnerLink.token_hash == policy.rules().keys.token_hash(token))


def serving(which: ColumnElement[bool], lock: bool = False) -> Serving | None:
    """The same, by any condition on the link; `lock` takes the referral, then the link, until the end of the transaction."""
    found = _found(which, lock)
    return found if found and found.link.tries - found.link.forgiven < tokens.TRIES else None


def tried(link_id: UUID) -> Serving | None:
    """The link of a try that was just counted, locked: it may be the third, and right."""
    return _found(PartnerLink.id == link_id, lock=True)


def spent(link_id: UUID) -> Referral | None:
    """The referral, locked, of a link that took its three wrong codes and has not been ended yet."""
    found = _locked(PartnerLink.id == link_id)
    return found.referral if found and found.link.tries - found.link.forgiven >= tokens.TRIES else None


def _found(which: ColumnElement[bool], lock: bool) -> Serving | None:
    found = _locked(which) if lock else _read(which)
    return found if found and _in_time(found.link, found.referral) else None


def _read(which: ColumnElement[bool]) -> Serving | None:
    query = select(PartnerLink, Referral).join(Referral, Referral.id == PartnerLink.referral_id)
    query = query.where(which, PartnerLink.ended_at.is_(None))
    row = db.session.execute(query.execution_options(populate_existing=True)).first()
    return Serving(row[0], row[1]) if row else None


def _locked(which: ColumnElement[bool]) -> Serving | None:
    """The referral first, as everywhere else, so that nobody waits for somebody who waits for them."""
    referral_id = select(PartnerLink.referral_id).where(which).scalar_subquery()
    db.session.execute(select(Referral.id).where(Referral.id == referral_id).with_for_update())
    db.session.execute(select(PartnerLink.id).where(which).with_for_update())
    return _read(which)


def _in_time(link: PartnerLink, referral: Referral) -> bool:
    in_step = policy.step_of(referral.state) is link.step
    return in_step and clock.now() < policy.deadline(referral) and _bound(referral)


def _bound(referral: Referral) -> bool:
    """Both structures are still bound by the network agreement."""
    wanted = {referral.structure_id, referral.recipient_id}
    found = db.session.scalars(select(Structure).where(Structure.id.in_(wanted))).all()
    return len(found) == 2 and all(network_policy.can_share(one, policy.rules().today()) for one in found)


def wrong_codes_from(source: str, since: datetime) -> int:
    """How many wrong codes came from one address since."""
    query = select(func.count()).select_from(PartnerTry)
    return db.session.scalar(query.where(PartnerTry.address_hash == source, PartnerTry.at > since)) or 0


def ended_link(token: str) -> UUID | None:
    """The link of this token once it ended; None for one that never was."""
    hashed = policy.rules().keys.token_hash(token)
    query = select(PartnerLink.id).where(PartnerLink.token_hash == hashed, PartnerLink.ended_at.is_not(None))
    return db.session.scalar(query)
