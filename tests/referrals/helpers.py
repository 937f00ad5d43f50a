"""What the tests of referrals share: a need, a draft, a referral sent by the library to the CCAS."""

from __future__ import annotations

from uuid import UUID

from app.kernel import grants
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind, Priority
from app.referrals import actions
from app.referrals.actions import Agreement, DraftData
from app.referrals.models import Referral
from tests.support.world import World

SENDER, RECIPIENT = "library.adviser", "ccas.adviser"


def add_need(
    world: World, who: str = SENDER, person: str = "amina", kind: NeedKind = NeedKind.ACCES_AUX_DROITS, **data: object
) -> UUID:
    actor = world.actors[who]
    granted = grants.on_person(actor, world.people[person])
    return needs.open_need(actor, granted, NeedData(kind=kind, **data)).id  # type: ignore[arg-type]


def prepare(
    world: World,
    who: str = SENDER,
    person: str = "amina",
    to: tuple[str, ...] = ("ccas",),
    message: str = "Le dossier est dans la pochette bleue.",
    need_id: UUID | None = None,
    urgency: Priority | None = None,
    **more: object,
) -> Referral:
    actor = world.actors[who]
    need_id = need_id or add_need(world, who, person)
    data = DraftData(
        need_id=need_id,
        recipients=tuple(world.structures[one] for one in to),
        message=message,
        urgency=urgency,
        **more,  # type: ignore[arg-type]
    )
    return actions.draft(actor, grants.on_person(actor, world.people[person]), data)


def agreed(sections: Section = SHARED_BY_DEFAULT, **more: object) -> Agreement:
    return Agreement(sections=sections, **more)  # type: ignore[arg-type]


def send(world: World, who: str = SENDER, sections: Section = SHARED_BY_DEFAULT, **more: object) -> Referral:
    draft = prepare(world, who, **more)  # type: ignore[arg-type]
    return actions.send(world.actors[who], draft.id, agreed(sections))
