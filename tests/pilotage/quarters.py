"""A quarter of life of the small network, counted and published."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from app.kernel import ids
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.kernel.writes import commit
from app.mediation.enums import Channel, PlaceKind, SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.people import policy as people_policy
from app.people.enums import AgeBand, Genre, SocialStatus
from app.pilotage import actions
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term
from app.pilotage.queries.summaries import Frame
from tests.support.world import World

TERM = Term(2024, 2)


DAY = date(2024, 5, 14)


EPCI = "200030674"


THREE = ("library.adviser", "ccas.adviser", "fs.adviser")


FRAME = Frame("Europe/Paris", OpeningDays(), 11, "Réseau d’essai")


WORDS = SummaryData("Un trimestre calme.", "Ouvrir un lieu à Meilhan.")


class Turn:
    """Whose turn it is: the advisers meet people one after the other, from the first again for each test."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._ranks = count()

    def __next__(self) -> int:
        return next(self._ranks)


rank = Turn()


def visit(
    world: World,
    who: str,
    subject: UUID,
    *,
    commune: str | None = "47157",
    day: date = DAY,
    anonymous: bool = False,
    band: AgeBand = AgeBand.FROM_40,
    kind: SessionKind = SessionKind.INDIVIDUEL,
    minutes: int = 30,
) -> None:
    """One accompaniment, as it is stored. Inside an application context."""
    actor = world.actors[who]
    session = SessionLog(
        id=ids.new_id(),
        kind=kind,
        held_on=day,
        minutes=minutes,
        place_kind=PlaceKind.A_DISTANCE,
        channel=Channel.TELEPHONE,
        materials=[],
        themes=[],
        demarches=[],
        organismes=[],
        acts=[],
        **people_policy.authorship(actor),
    )
    fact = ParticipationFact(
        subject_key=subject,
        anonymous=anonymous,
        held_on=day,
        structure_id=actor.structure_id,
        age_band=band,
        genre=Genre.FEMININ,
        statut_social=SocialStatus.RETRAITE,
        area_code=commune,
    )
    session.participations = [Participation(id=ids.new_id(), fact=fact)]
    db.session.add(session)


def crowd(world: World, people: int, commune: str = "47157", day: date = DAY, times: int = 1) -> list[UUID]:
    """So many people of a commune, met by three advisers in turn."""
    made = [ids.random_key() for _one in range(people)]
    for subject in made:
        for _time in range(times):
            visit(world, THREE[next(rank) % 3], subject, commune=commune, day=day)
    return made


def published(world: World, term: Term = TERM, words_: SummaryData = WORDS) -> UUID:
    with world.app.app_context():
        made = actions.publish(world.actors["coordinator"], term, words_, FRAME).id
        commit()
    return made
