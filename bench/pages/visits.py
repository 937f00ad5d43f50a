"""What is visited, and as whom: cookies of two people of the demonstration, and the addresses of typical records."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select, update

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.models import Membership, User, UserSession
from app.cli.demo.cast import DOMAIN
from app.kernel import clock
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.writes import commit
from app.mediation.models import Participation, SessionLog
from app.people import actions as people
from app.people.models import FollowUp
from app.referrals.models import Referral

SEARCHED = "martin"


@dataclass(frozen=True)
class Visit:
    """One page: its name in the report, its address, the cookie of whoever asks for it."""

    name: str
    path: str
    cookie: str


def visits(app: Flask) -> list[Visit]:
    """The main pages, for an adviser who meets most people and for the coordinator."""
    with app.app_context():
        adviser, coordinator = _cookie(app, "hugo", Role.ADVISER), _cookie(app, "anne", Role.COORDINATOR)
        membership = _membership("hugo", Role.ADVISER)
        person = _typical(membership.structure_id)
        referral = _received(membership.structure_id)
        token = people.save_search(account_queries.actor_of(membership), SEARCHED)
        commit()
        db.session.remove()
        db.engine.dispose()
    ours = {
        "Accueil": "/",
        "Liste des personnes": "/personnes",
        "Liste des personnes, page 10": "/personnes?page=10",
        "Liste des personnes, par nom": "/personnes?tri=nom",
        "Recherche": f"/personnes?recherche={token}",
        "Une personne": f"/personnes/{person}",
        "Formulaire de séance": f"/personnes/{person}/seances/nouvelle",
        "Liste des séances": "/seances",
        "Boîte de réception": "/orientations",
        "Une orientation": f"/orientations/{referral}",
    }
    theirs = {"Qui oriente vers qui": "/pilotage/orientations"}
    return [Visit(*one, adviser) for one in ours.items()] + [Visit(*one, coordinator) for one in theirs.items()]


def _membership(key: str, role: Role) -> Membership:
    query = select(Membership).join(User, User.id == Membership.user_id).where(User.email == f"{key}@{DOMAIN}")
    return db.session.scalars(query.where(Membership.role == role)).first() or _missing(key)


def _missing(key: str) -> Membership:
    raise LookupError(key)


def _cookie(app: Flask, key: str, role: Role) -> str:
    """A session opened without the form, its hat put on; the cookie as a browser holds it after its first page."""
    membership = _membership(key, role)
    opened = accounts.open_session(db.session.get_one(User, membership.user_id), clock.today("Europe/Paris"))
    kept = update(UserSession).where(UserSession.key_hash == account_queries.hash_key(opened))
    db.session.execute(kept.values(membership_id=membership.id))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'cle': opened, 'csrf_token': token_hex(20)})}"


def _typical(structure_id: UUID) -> UUID:
    """Somebody with ten sessions, as most who are followed for a year."""
    query = (
        select(Participation.person_id, func.count())
        .join(SessionLog, SessionLog.id == Participation.session_id)
        .join(FollowUp, FollowUp.person_id == Participation.person_id)
        .where(FollowUp.structure_id == structure_id, FollowUp.ended_on.is_(None))
        .group_by(Participation.person_id)
        .order_by(func.abs(func.count() - 10), Participation.person_id)
        .limit(1)
    )
    found: UUID = db.session.execute(query).one()[0]
    return found


def _received(structure_id: UUID) -> UUID:
    query = select(Referral.id).where(Referral.recipient_id == structure_id, Referral.started_at.is_not(None))
    return db.session.scalars(query.order_by(Referral.id.desc()).limit(1)).one()
