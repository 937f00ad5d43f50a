"""Records that live, are merged and read again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from uuid import UUID

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people import actions as people
from app.people.actions import ConsentData
from app.people.capacity import OwnWord
from app.people.enums import ConsentAnswer, ConsentKind
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from tests.support.world import World

LIBRARY = "library.adviser"


EXPRESS = {"M1": "langue", "U2": "droit", "L1": "peu", "S1": "bloque", "C2": "avec", "T2": "avec"}


# Append-only, or raised by each write: an undo adds to them and takes nothing back.
LOGS = {"journal_entry", "journal_head", "journal_checkpoint", "referral_event", "job", "outbox_message"}


@contextmanager
def writing(world: World) -> Any:
    """A transaction that commits."""
    with world.app.app_context():
        yield
        commit()
        db.session.remove()


def read(world: World, query: Any) -> list[Any]:
    with world.app.app_context():
        rows = list(db.session.scalars(query))
        db.session.expunge_all()
        return rows


def live(world: World, person_id: UUID, who: str = LIBRARY) -> dict[str, UUID]:
    """A need, a session, a finished assessment and a referral sent."""
    actor = world.actors[who]
    with writing(world):
        granted = grants.on_person(actor, person_id)
        need = needs.open_need(actor, granted, NeedData(kind=NeedKind.ACCES_AUX_DROITS, note="dossier"))
        session = mediation.log_session(actor, granted, a_session(world, need.id), world.today)
        begun = assessments.start(actor, granted, Mode.EXPRESS)
        assessments.save_sheet(actor, granted, begun.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
        assessments.finish(actor, granted, begun.id)
        draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=(world.structures["ccas"],)))
        referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT, interpreter=True))
        return {"need": need.id, "session": session.id, "assessment": begun.id, "referral": draft.id}


def a_session(world: World, need_id: UUID | None = None) -> SessionData:
    return SessionData(
        held_on=world.today,
        minutes=30,
        themes=(Theme.EMAIL,),
        place_kind=PlaceKind.A_DISTANCE,
        need_id=need_id,
        note="mot",
    )


# — Agreements and follow-ups ————————————————————————————————————————————————————————————————————————————————————————


def answer_register(world: World, person_id: UUID, answer: ConsentAnswer, sections: Section) -> None:
    with writing(world):
        actor = world.actors[LIBRARY]
        data = ConsentData(
            kind=ConsentKind.REGISTER,
            answer=answer,
            sections=sections,
            interpreter=True,
            own_word=OwnWord.AGREES,
            starts_on=world.today,
        )
        people.answer_register(actor, grants.on_person(actor, person_id), data, world.today)
