"""Who has access to a structure: inviting, joining, changing, ending, and the yearly review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from app.accounts import mails, policy, queries
from app.accounts.actions.links import LIFETIMES, SPENT
from app.accounts.actions.opening import add_membership, open_account
from app.accounts.enums import LinkPurpose, Verdict
from app.accounts.models import AccessReview, Invitation, Membership, MembershipPlace, User
from app.kernel import clock, ids, journal, outbox
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.network import queries as network

LAST_ADMIN = _("C’est le dernier compte d’administration technique : donnez d’abord ce rôle à une autre personne.")


@dataclass(frozen=True)
class MemberData:
    """What is decided of an access. `role` None: unchanged."""

    role: Role | None
    team_id: UUID | None
    places: tuple[UUID, ...] = ()


def invite(actor: Actor, structure_id: UUID, email: str, role: Role, team_id: UUID | None) -> Invitation:
    """Invite an address to wear a hat, whether or not it has an account: nothing is said of it. An older one is replaced."""
    if not policy.manages(actor, structure_id) or role not in policy.roles_given(actor):
        raise NotFound
    _check_team(structure_id, team_id)
    folded = email.strip().lower()
    _cancel_same(structure_id, folded)
    invitation_id = ids.random_key()
    invitation = Invitation(
        id=invitation_id,
        structure_id=structure_id,
        team_id=team_id,
        role=role,
        email=folded,
        invited_by=actor.user_id,
        token_hash=queries.hash_key(policy.token_of(LinkPurpose.INVITATION, invitation_id)),
        expires_at=clock.now() + LIFETIMES[LinkPurpose.INVITATION],
    )
    db.session.add(invitation)
    db.session.flush()
    outbox.queue(invitation_id, mails.invitation(invitation_id))
    journal.note(actor, "member.invite", "invitation", invitation_id, role=role.value)
    return invitation


def _check_team(structure_id: UUID, team_id: UUID | None) -> None:
    if team_id is not None and network.team(team_id).structure_id != structure_id:
        raise NotFound


def _cancel_same(structure_id: UUID, email: str) -> None:
    waiting = (Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
    same = (Invitation.structure_id == structure_id, Invitation.email == email, *waiting)
    db.session.execute(update(Invitation).where(*same).values(cancelled_at=clock.now()))


def cancel_invitation(actor: Actor, invitation_id: UUID) -> UUID:
    """The link no longer serves. Returns the structure."""
    invitation = db.session.get(Invitation, invitation_id)
    known = invitation is not None and policy.manages(actor, invitation.structure_id)
    if invitation is None or not known or invitation.accepted_at or invitation.cancelled_at:
        raise NotFound
    invitation.cancelled_at = clock.now()
    journal.note(actor, "member.uninvite", "invitation", invitation_id)
    return invitation.structure_id


def join(invitation: Invitation, user: User | None, display_name: str, password_hash: str) -> User:
    """Accept an invitation: an account opens when the address has none, and the hat is given. The link is spent."""
    invitation_id = invitation.id
    _spend(invitation_id)
    fresh = db.session.get_one(Invitation, invitation_id)
    joined = user or open_account(fresh.email, display_name, password_hash)
    if not _wears(joined, fresh):
        add_membership(joined, fresh.structure_id, fresh.role, policy.rules().today(), fresh.team_id)
    journal.note(None, "member.join", "user", joined.id, role=fresh.role.value)
    return joined


def _spend(invitation_id: UUID) -> None:
    open_ones = (
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
        Invitation.expires_at > clock.now(),
    )
    spent = update(Invitation).where(Invitation.id == invitation_id, *open_ones).values(accepted_at=clock.now())
    if db.session.execute(spent.returning(Invitation.id)).first() is None:
        raise DomainError(SPENT)


def _wears(user: User, invitation: Invitation) -> bool:
    same = (Membership.user_id == user.id, Membership.structure_id == invitation.structure_id)
    held = select(Membership.id).where(
        *same, Membership.role == invitation.role, policy.current(policy.rules().today())
    )
    return db.session.scalar(held) is not None


def change_member(actor: Actor, membership_id: UUID, data: MemberData) -> Membership:
    """Change the team, the usual places, the role. Another role is another hat: what was signed keeps the one it had."""
    hat = queries.member(actor, membership_id)
    _check_team(hat.structure_id, data.team_id)
    if data.role is not None and data.role is not hat.role:
        hat = _other_role(actor, hat, data.role)
    hat.team_id = data.team_id
    hat.usual_places = [MembershipPlace(place_id=place) for place in _places(hat.structure_id, data.places)]
    db.session.flush()
    journal.note(actor, "member.change", "membership", hat.id, role=hat.role.value)
    return hat


def _other_role(actor: Actor, hat: Membership, role: Role) -> Membership:
    if not policy.can_end(actor, hat) or role not in policy.roles_given(actor):
        raise NotFound
    user = db.session.get_one(User, hat.user_id)
    _end(actor, hat)
    return add_membership(user, hat.structure_id, role, policy.rules().today(), hat.team_id, actor=actor)


def _places(structure_id: UUID, asked: tuple[UUID, ...]) -> list[UUID]:
    known = [place.id for place in network.places_of(structure_id)]
    return [place for place in known if place in asked]


def end_member(actor: Actor, membership_id: UUID) -> Membership:
    """End an access at once: on their next request this person sees nothing of the structure any more."""
    hat = queries.member(actor, membership_id)
    if not policy.can_end(actor, hat):
        raise DomainError(_("Une autre personne doit mettre fin à votre propre accès."))
    _end(actor, hat)
    return hat


def _end(actor: Actor, hat: Membership) -> None:
    if hat.role is Role.ADMIN and queries.count_wearing(Role.ADMIN, policy.rules().today()) < 2:
        raise DomainError(LAST_ADMIN)
    hat.ended_at, hat.ends_on = clock.now(), max(hat.starts_on, policy.rules().today())
    db.session.flush()
    journal.note(actor, "member.end", "membership", hat.id, role=hat.role.value)


def assign_team(actor: Actor, structure_id: UUID, team_id: UUID, members: frozenset[UUID]) -> None:
    """These members are in the team, and no other of those whom this hat may change."""
    _check_team(structure_id, team_id)
    for hat in queries.hats_in(structure_id, policy.rules().today()):
        wanted = team_id if hat.id in members else None
        if policy.can_change(actor, hat) and (hat.team_id == team_id or wanted) and hat.team_id != wanted:
            hat.team_id = wanted
            journal.note(actor, "member.change", "membership", hat.id, role=hat.role.value)
    db.session.flush()


def review(actor: Actor, structure_id: UUID, verdicts: Mapping[UUID, Verdict]) -> AccessReview:
    """Keep the answers of the yearly review: each access was confirmed or is ended, all at once."""
    if not policy.manages(actor, structure_id):
        raise NotFound
    asked = {hat.id for hat in queries.hats_in(structure_id, policy.rules().today()) if policy.can_end(actor, hat)}
    if asked - set(verdicts):
        raise DomainError(_("Quelqu’un a rejoint la structure entre-temps. Répondez aussi pour cette personne."))
    ended = [one for one in asked if verdicts[one] is Verdict.END]
    for membership_id in ended:
        end_member(actor, membership_id)
    kept = len(asked) - len(ended)
    done = AccessReview(
        structure_id=structure_id,
        reviewed_by=actor.user_id,
        reviewed_on=policy.rules().today(),
        kept=kept,
        ended=len(ended),
    )
    db.session.add(done)
    db.session.flush()
    journal.note(actor, "member.review", "structure", structure_id, kept=kept, ended=len(ended))
    return done
