"""Become a person’s « interlocuteur », hand this to a colleague, or stop."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.accounts import queries as account_queries
from app.kernel import journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.people import policy
from app.people.models import FollowUp
from app.people.queries import holders


def choose_holder(actor: Actor, granted: Granted, holder_id: UUID | None, was: UUID | None, today: date) -> FollowUp:
    """`holder_id` None: nobody in particular. `was`: who it was on the screen; Conflict when a colleague chose since.

    NotFound for a hat that does not follow; DomainError for a colleague who may not read the person.
    """
    if not policy.can_choose_holder(actor, granted):
        raise NotFound
    held = select(FollowUp).where(FollowUp.id == policy.follow_up_of(granted), FollowUp.ended_on.is_(None))
    one = db.session.scalars(held.with_for_update().execution_options(populate_existing=True)).first()
    if one is None:
        raise NotFound
    if one.holder_id == holder_id:
        return one
    if one.holder_id != was:
        raise Conflict(_changed(one.holder_id))
    if holder_id is not None and holder_id not in {it.user_id for it in holders.colleagues(granted, today)}:
        raise DomainError(_("Choisissez une ou un collègue qui peut lire la fiche."), "holder")
    one.holder_id = holder_id
    db.session.flush()
    codes = {"to": str(holder_id) if holder_id else None}
    journal.note(
        actor, "follow_up.hold", "follow_up", one.id, person_id=granted.person_id, grant=granted.source, **codes
    )
    return one


def _changed(holder_id: UUID | None) -> str:
    if holder_id is None:
        return str(_("Entre-temps, un collègue a indiqué que personne n’est interlocuteur. Choisissez de nouveau."))
    name = account_queries.display_names({holder_id})[holder_id]
    return _("Entre-temps, %(name)s est devenu l’interlocuteur de la personne. Choisissez de nouveau.") % {"name": name}
