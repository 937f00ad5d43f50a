"""Two years of the network's life, day after day, through the same verbs as the screens."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.cli.demo import calendar
from app.cli.demo.network import Network
from app.cli.demo.people import Somebody, pick, registration, somebody
from app.kernel import clock, grants
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.grants import Granted
from app.kernel.opening_days import OpeningDays
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, Counts, SessionData
from app.mediation.enums import Autonomy, Channel, Material, PlaceKind, Posture, SessionKind, Theme
from app.needs import actions as needs
from app.needs.actions import CloseData, NeedData
from app.needs.enums import Demarche, NeedKind, NeedResult, Origin, Priority
from app.network.models import Place, Structure, Team
from app.people import actions as people
from app.people.enums import AgeBand, Genre, SocialStatus
from app.referrals import actions as referrals

# Who welcomes the network's people, with their weight.
WELCOME = (("library", 46), ("ccas", 22), ("france_services", 18), ("bus", 14))
THEMES: dict[NeedKind, tuple[Theme, ...]] = {
    NeedKind.BOITE_MAIL: (Theme.EMAIL,),
    NeedKind.COMPTE_MOT_DE_PASSE: (Theme.NAVIGATION_SUR_INTERNET, Theme.SECURITE_NUMERIQUE),
    NeedKind.PRISE_EN_MAIN: (Theme.PRENDRE_EN_MAIN_DU_MATERIEL,),
    NeedKind.COMPETENCES_BASE: (Theme.PRENDRE_EN_MAIN_DU_MATERIEL, Theme.NAVIGATION_SUR_INTERNET),
    NeedKind.EQUIPEMENT: (Theme.MAINTENANCE_DE_MATERIEL,),
    NeedKind.CONNEXION: (Theme.NAVIGATION_SUR_INTERNET,),
    NeedKind.SECURITE: (Theme.SECURITE_NUMERIQUE,),
    NeedKind.REASSURANCE: (Theme.DIAGNOSTIC_NUMERIQUE,),
    NeedKind.COURRIER_REDACTION: (Theme.BUREAUTIQUE,),
}
ADMINISTRATIVE = (Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES,)
MINUTES = ((15, 10), (30, 34), (45, 20), (60, 26), (90, 8), (120, 2))


@dataclass(frozen=True)
class Followed:
    """Somebody of the register, their need and whoever follows them."""

    person_id: UUID
    need_id: UUID
    wanted: tuple[NeedKind, Demarche | None]
    priority: Priority
    actor: Actor


@dataclass
class Life:
    """What the story needs at every turn. `agenda` holds what will happen: (day, order, act)."""

    network: Network
    rng: Random
    days: OpeningDays
    timezone: str
    last: date
    today: date
    agenda: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    granted: dict[tuple[UUID, UUID], Granted] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)
    held: list[object] = field(default_factory=list)
    registered: int = 0

    def later(self, opening_days: int, act: Callable[[], object]) -> None:
        """Let `act` happen this many opening days from today, unless that is after the last day."""
        day = self.days.add(self.today, max(1, opening_days))
        if day <= self.last:
            heapq.heappush(self.agenda, (day, next(self.order), act))

    def due(self) -> list[Callable[[], object]]:
        """What happens today, in the order it was planned."""
        acts = []
        while self.agenda and self.agenda[0][0] <= self.today:
            acts.append(heapq.heappop(self.agenda)[2])
        return acts

    def rights(self, actor: Actor, person_id: UUID) -> Granted:
        """The actor's rights on somebody they follow, asked once."""
        key = (actor.membership_id, person_id)
        if key not in self.granted:
            self.granted[key] = grants.on_person(actor, person_id)
        return self.granted[key]


@dataclass(frozen=True)
class Volume:
    """How much happens: people registered, sessions with nobody known, workshops; referrals follow from the people."""

    people: int = 400
    anonymous: int = 420
    workshops: int = 180
    years: int = 2


Referring = Callable[[Life, Followed], None]
Assessing = Callable[[Life, Followed], None]


def live(life: Life, volume: Volume, refer: Referring, assess: Assessing, said: Callable[[str], None]) -> None:
    """Make every day happen, committing once a month. `refer` and `assess` are what follows a first meeting."""
    days = calendar.opening_days(life.last, volume.years, life.days)
    arrivals = calendar.spread(volume.people, days, life.rng)
    anonymous = calendar.spread(volume.anonymous, days, life.rng)
    workshops = calendar.spread(volume.workshops, days, life.rng)
    _hold(life)
    for rank, day in enumerate(days):
        life.today = day
        acts: list[Callable[[], object]] = life.due()
        acts += [lambda: arrive(life, refer, assess)] * arrivals.get(day, 0)
        acts += [lambda: meet_somebody(life)] * anonymous.get(day, 0)
        acts += [lambda: hold_workshop(life)] * workshops.get(day, 0)
        _day(life, acts)
        if rank % 20 == 19 or day == days[-1]:
            commit()
            db.session.expunge_all()
            _hold(life)
        if rank % 100 == 99:
            said(f"  {rank + 1} jours sur {len(days)}")


def _hold(life: Life) -> None:
    """Keep the directory in the session: it forgets what nobody holds, and every verb asks for it again."""
    life.held = [one for table in (Structure, Place, Team, User) for one in db.session.scalars(select(table))]


def _day(life: Life, acts: list[Callable[[], object]]) -> None:
    opening = calendar.moment(life.today, 0, life.timezone)
    with clock.fixed(opening - timedelta(hours=1)):
        referrals.run_due_clocks(clock.now())
    for rank, act in enumerate(acts):
        with clock.fixed(calendar.moment(life.today, rank, life.timezone)):
            act()


def arrive(life: Life, refer: Referring, assess: Assessing) -> None:
    """Somebody comes for the first time: registered, a need noted, a session, and what follows."""
    actor = _welcomer(life)
    who = somebody(life.rng, life.registered, life.today)
    life.registered += 1
    person = people.register(actor, registration(life.rng, who, life.today))
    granted = life.rights(actor, person.id)
    need = needs.open_need(actor, granted, _need(life, who))
    followed = Followed(person.id, need.id, who.wanted, need.priority, actor)
    meet(life, followed, actor)
    if actor.role is not Role.DESK and life.rng.random() < 0.55:
        assess(life, followed)
    _plan(life, followed, refer)


def _welcomer(life: Life) -> Actor:
    structure = pick(life.rng, WELCOME)
    return life.rng.choice([hat for hat in life.network.front(structure) if hat.role is not Role.MANAGER])


def _need(life: Life, who: Somebody) -> NeedData:
    kind, demarche = who.wanted
    priority = pick(life.rng, ((Priority.P3, 78), (Priority.P2, 17), (Priority.P1, 5)))
    origin = pick(life.rng, ((Origin.SPONTANEE, 68), (Origin.ORIENTEE, 22), (Origin.ALLER_VERS, 8), (Origin.ELU, 2)))
    return NeedData(kind=kind, demarche=demarche, priority=priority, origin=origin)


def _plan(life: Life, followed: Followed, refer: Referring) -> None:
    """How many times they come back, and how often a partner is asked."""
    gap = 0
    for _visit in range(min(16, int(life.rng.expovariate(1 / 5.2)))):
        gap += life.rng.randint(3, 14)
        life.later(gap, lambda: meet(life, followed, followed.actor))
    life.later(gap + life.rng.randint(20, 60), lambda: finish(life, followed))
    for _referral in range(pick(life.rng, ((0, 6), (1, 20), (2, 30), (3, 44)))):
        life.later(life.rng.randint(1, 75), lambda: refer(life, followed))


def finish(life: Life, followed: Followed) -> None:
    """The need ends where it began, when no partner has ended it: most are resolved, some are given up."""
    if followed.need_id in life.closed or life.rng.random() < 0.15:
        return
    result = pick(
        life.rng,
        (
            (NeedResult.RESOLUE, 62),
            (NeedResult.EN_PARTIE, 16),
            (NeedResult.NON_RESOLUE, 8),
            (NeedResult.ABANDONNEE, 8),
            (NeedResult.SANS_SUITE, 6),
        ),
    )
    close = CloseData(result=result, trip_avoided=life.rng.choice([True, False, None]))
    needs.close_need(followed.actor, life.rights(followed.actor, followed.person_id), followed.need_id, close)
    life.closed.add(followed.need_id)


def meet(life: Life, followed: Followed, actor: Actor) -> None:
    """A session with somebody of the register, if they are still followed."""
    kind, demarche = followed.wanted
    themes = THEMES.get(kind, ADMINISTRATIVE)
    data = _session(
        life,
        actor,
        themes,
        demarches=(demarche,) if demarche and themes == ADMINISTRATIVE else (),
        autonomy=life.rng.choice([None, *Autonomy]),
        posture=pick(life.rng, ((Posture.J_ACCOMPAGNE, 70), (Posture.JE_FORME, 30))),
        need_id=followed.need_id if actor is followed.actor and followed.need_id not in life.closed else None,
    )
    mediation.log_session(actor, life.rights(actor, followed.person_id), data, life.today)


def _session(life: Life, actor: Actor, themes: tuple[Theme, ...], **more: object) -> SessionData:
    places = life.network.places.get(life.network.key_of(actor.structure_id), [])
    channel = pick(life.rng, ((Channel.GUICHET, 82), (Channel.TELEPHONE, 14), (Channel.EN_LIGNE, 4)))
    at_place = channel is Channel.GUICHET and bool(places)
    values: dict[str, object] = {
        "held_on": life.today,
        "minutes": pick(life.rng, MINUTES),
        "themes": themes,
        "place_kind": PlaceKind.LIEU_ACTIVITE if at_place else PlaceKind.A_DISTANCE,
        "place_id": life.rng.choice(places) if at_place else None,
        "channel": channel if at_place or channel is not Channel.GUICHET else Channel.TELEPHONE,
        "materials": (life.rng.choice([Material.ORDINATEUR, Material.TELEPHONE, Material.AUCUN]),),
    }
    return SessionData(**{**values, **more})  # type: ignore[arg-type]


def meet_somebody(life: Life) -> None:
    """A session with somebody who is not in the register."""
    actor = _welcomer(life)
    bands = [band for band in AgeBand if band not in {AgeBand.UNDER_12, AgeBand.FROM_12}]
    who = Anonymous(
        genre=life.rng.choice([Genre.FEMININ, Genre.FEMININ, Genre.MASCULIN]),
        age_band=life.rng.choice(bands),
        statut_social=life.rng.choice(list(SocialStatus)),
        commune_code="47157",
    )
    themes = life.rng.choice([ADMINISTRATIVE, (Theme.EMAIL,), (Theme.NAVIGATION_SUR_INTERNET,)])
    mediation.log_anonymous(actor, who, _session(life, actor, themes), life.today)


def hold_workshop(life: Life) -> None:
    """A workshop of three to ten people, counted."""
    actor = life.rng.choice(life.network.front(pick(life.rng, (("library", 60), ("bus", 40)))))
    total = life.rng.randint(3, 10)
    women = life.rng.randint(1, total)
    counts = Counts(total=total, genres=((Genre.FEMININ, women), (Genre.MASCULIN, total - women)), commune_code="47157")
    theme = life.rng.choice([Theme.SECURITE_NUMERIQUE, Theme.EMAIL, Theme.BUREAUTIQUE, Theme.INTELLIGENCE_ARTIFICIELLE])
    data = _session(life, actor, (theme,), kind=SessionKind.COLLECTIF, minutes=120, title="Atelier du mardi")
    mediation.log_workshop(actor, counts, data, life.today)
