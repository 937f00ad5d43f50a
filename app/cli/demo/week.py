"""What the coming days hold: some needs noted on the last day, with the limit that the person brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from app.cli.demo.house import recent
from app.cli.demo.life import Life
from app.kernel import grants
from app.kernel.access import ADVISING
from app.kernel.db import db
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import Demarche, NeedKind, Priority

ONLINE = NeedKind.DEMARCHE_EN_LIGNE
# By structure: the days until the limit, and what is to be done by then.
LIMITS: dict[str, tuple[tuple[int, NeedData], ...]] = {
    "library": (
        (1, NeedData(kind=ONLINE, demarche=Demarche.LOGEMENT, priority=Priority.P1)),
        (0, NeedData(kind=ONLINE, demarche=Demarche.TRAVAIL, priority=Priority.P2)),
        (0, NeedData(kind=NeedKind.NUMERISER_ENVOYER, priority=Priority.P2)),
        (4, NeedData(kind=ONLINE, demarche=Demarche.SOCIAL_SANTE, priority=Priority.P2)),
        (6, NeedData(kind=ONLINE, demarche=Demarche.FAMILLE)),
    ),
    "ccas": (
        (0, NeedData(kind=NeedKind.COMPRENDRE_UN_COURRIER, priority=Priority.P2)),
        (3, NeedData(kind=ONLINE, demarche=Demarche.SOCIAL_SANTE, priority=Priority.P1)),
    ),
    "france_services": (
        (0, NeedData(kind=ONLINE, demarche=Demarche.PAPIERS, priority=Priority.P2)),
        (5, NeedData(kind=ONLINE, demarche=Demarche.ARGENT)),
    ),
    "bus": (
        (2, NeedData(kind=ONLINE, demarche=Demarche.TRAVAIL, priority=Priority.P1)),
        (5, NeedData(kind=NeedKind.COURRIER_REDACTION)),
    ),
}


def bring_limits(life: Life) -> None:
    """Plan it for the last day, among the people met lately."""
    for key in LIMITS:
        life.on(life.last, partial(_bring, life, key))


def _bring(life: Life, key: str) -> None:
    actor = next(hat for hat in life.network.front(key) if hat.role in ADVISING)
    met = db.session.scalars(recent(actor).limit(3 * len(LIMITS[key])))
    known = (granted for granted in (grants.on_person(actor, person_id) for person_id in met) if granted.may_write)
    for granted, (left, data) in zip(known, LIMITS[key], strict=False):
        needs.open_need(actor, granted, replace(data, due_on=life.last + timedelta(days=left)))
