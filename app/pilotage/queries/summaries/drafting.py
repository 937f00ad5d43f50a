"""A summary that is being prepared: its figures after secrecy, its pages in every language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.i18n import LANGUAGES, speaking
from app.kernel.i18n import gettext as _t
from app.kernel.i18n import lazy_gettext as _
from app.kernel.opening_days import OpeningDays
from app.mediation.models import ParticipationFact
from app.needs.enums import NeedKind
from app.people.enums import AgeBand
from app.pilotage import policy
from app.pilotage.formulas.figures import figures_of
from app.pilotage.formulas.pages import Compared, Page, Told, compose, from_document
from app.pilotage.formulas.terms import Term, containing
from app.pilotage.indicators import ANSWER_WITHIN
from app.pilotage.models import Summary
from app.pilotage.queries.summaries.census import ELSEWHERE, UNKNOWN, Census, Places
from app.pilotage.queries.summaries.figures import AREA, census
from app.pilotage.queries.summaries.ledger import ledger
from app.pilotage.queries.summaries.published import Earlier, current, same_period
from app.pilotage.queries.summaries.zones import Zone, places, zone, zones
from app.pilotage.secrecy import Cell, Ground, Recoverable, Total, is_bare, settle_among
from app.territory import communes
from app.territory import queries as territory
from app.territory.queries import Territory


@dataclass(frozen=True)
class Frame:
    """What figures are counted in: the network's calendar, name and threshold."""

    timezone: str
    days: OpeningDays
    k: int
    network: str


class NotYet(DomainError):
    """The period is not over, or answers may still come in time."""

    status = 409


class TooFew(DomainError):
    """Nothing can be said of the people of this part: they are fewer than k, or met by fewer than three advisers."""

    status = 409


@dataclass(frozen=True)
class Draft:
    """What would be published. `reused`: figures of a summary withdrawn since, which do not change.

    `until`: sessions noted later are not counted, because another summary of the period was published then.
    """

    term: Term
    zone: Zone
    cells: tuple[Cell, ...]
    pages: Mapping[str, Page]
    territory: str
    k: int
    reused: bool = False
    documents: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None

    @property
    def mark(self) -> str:
        """Changes when one of its words or figures does."""
        said = json.dumps(self.documents, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def offered(actor: Actor, frame: Frame) -> list[Term]:
    """The periods that are over and whose summary of the whole network is not published, latest first. Two queries.

    NotFound but for the coordinator.
    """
    if not policy.can_publish(actor):
        raise NotFound
    published = select(Summary.period).where(Summary.withdrawn_at.is_(None), Summary.area == AREA)
    done = set(db.session.scalars(published))
    return [one for one in over(frame) if one.key not in done]


@dataclass(frozen=True)
class Preparing:
    """What the coordinator may prepare: periods of the whole network not published yet, every period, every part."""

    offered: list[Term]
    terms: list[Term]
    zones: list[Zone]


def preparing(actor: Actor, frame: Frame) -> Preparing:
    """The choices of the coordinator. Four queries. NotFound for anybody else."""
    return Preparing(offered(actor, frame), over(frame), zones(territory.network_territory()))


def over(frame: Frame) -> list[Term]:
    """The periods that are over, since the first session, latest first. One query."""
    first = db.session.scalar(select(func.min(ParticipationFact.held_on)))
    terms = _terms(first, clock.today(frame.timezone)) if first else []
    return [one for one in terms if is_over(one, frame)]


def _terms(first: date, today: date) -> list[Term]:
    quarters = [containing(today).previous]
    while quarters[-1].last > first:
        quarters.append(quarters[-1].previous)
    found = [one for one in quarters if one.last >= first]
    years = [Term(one.year) for one in found if one.quarter == 4]
    return sorted([*found, *years], key=lambda one: (one.last, one.first), reverse=True)


def is_over(term: Term, frame: Frame) -> bool:
    """Nine opening days have passed since its last day: an answer sent in time has arrived."""
    return frame.days.between(term.last, clock.today(frame.timezone)) > ANSWER_WITHIN


def writable(actor: Actor, term: Term, frame: Frame) -> None:
    """NotFound but for the coordinator; NotYet as long as the period may change."""
    if not policy.can_publish(actor):
        raise NotFound
    if not is_over(term, frame):
        raise NotYet(
            _("Cette période n’est pas finie, ou des réponses peuvent encore arriver à temps : revenez plus tard.")
        )


def draft(actor: Actor, term: Term, frame: Frame, area: str = AREA) -> Draft:
    """The summary of a period and of the network or a part of its territory, as it would be published now.

    NotFound but for the coordinator and for an unknown part, NotYet too early; DomainError 409 of a part with too few
    people, and when whatever is left out tells a hidden count.
    """
    writable(actor, term, frame)
    ours = territory.network_territory()
    about = chosen(area, ours)
    withdrawn = current(term.key, about.key)[1]
    if withdrawn is not None:
        return _again(term, about, withdrawn.content)
    codes = ours.commune_codes if ours else about.codes
    others, held = same_period(term.key), places(codes, ours)
    _check_ground(others, held)
    until = min((one.published_at for one in others), default=None)
    known = ledger(term.year, about.key)
    found = census(term, codes, frame.timezone, frame.days, until)
    made = _settled(found, about, frame, known, held)
    pages = _pages(term, (*known, *made), about, frame.k)
    documents = {name: page.to_document() for name, page in pages.items()}
    named = ours.name if ours and about.is_whole else about.place.name
    return Draft(term, about, made, pages, named, frame.k, documents=documents, until=until)


def chosen(area: str, ours: Territory | None) -> Zone:
    """The network, or one of its parts; NotFound of any other."""
    if area == AREA:
        return Zone(AREA, ours.commune_codes if ours else _codes_seen())
    found = zone(area, ours)
    if found is None:
        raise NotFound
    return found


def _check_ground(others: Iterable[Earlier], held: Mapping[str, Places]) -> None:
    """Conflict when the territory has changed: parts that are not what they were do not add up with what was published."""
    if any(held.get(one.area, frozenset()) - {ELSEWHERE, UNKNOWN} != one.codes for one in others):
        raise Conflict(
            _(
                "Le territoire du réseau a changé depuis une autre synthèse de cette période : les deux ne parleraient pas "
                "des mêmes communes. Rien n’est publié."
            )
        )


def _settled(
    found: Census, about: Zone, frame: Frame, known: Sequence[Cell], held: Mapping[str, Places]
) -> tuple[Cell, ...]:
    figures = found.whole() if about.is_whole else found.part(frozenset(about.codes))
    if not about.is_whole:
        _enough(figures.totals["people"], frame.k)
    alone = about.is_whole and all(cell.key.area == AREA for cell in known)
    ground = None if alone else Ground(found.term.key, held, found.part)
    try:
        return settle_among(figures, (found.term.key, about.key), frame.k, known, ground)
    except Recoverable as error:
        raise Conflict(
            _("Avec ce qui a déjà été publié, ces chiffres feraient deviner un nombre masqué : rien n’est publié.")
        ) from error


def _enough(people: Total, k: int) -> None:
    """TooFew when the people of a part, or those who met them, could be recognised."""
    if not people.count.value or is_bare(people.count, people.authors, k):
        raise TooFew(
            _(
                "Trop peu de personnes de ce territoire ont été accompagnées pendant cette période, ou par trop peu de "
                "personnes du réseau : elles seraient reconnaissables. Choisissez l’année, ou un territoire plus grand."
            )
        )


def _again(term: Term, about: Zone, content: Mapping[str, Any]) -> Draft:
    documents = content["pages"]
    pages = {name: from_document(page) for name, page in documents.items()}
    return Draft(term, about, (), pages, content["territory"], content["k"], reused=True, documents=documents)


def _codes_seen() -> tuple[str, ...]:
    """Without a chosen territory: the communes that facts speak of."""
    query = select(ParticipationFact.area_code).where(ParticipationFact.area_code.is_not(None)).distinct()
    found = (communes.by_code(code) for code in db.session.scalars(query) if code)
    return tuple(sorted({one.parent or one.code for one in found if one}))


def _pages(term: Term, cells: Sequence[Cell], about: Zone, k: int) -> dict[str, Page]:
    periods = {cell.key.period for cell in cells if cell.key.area == about.key}
    figures = figures_of(cells, term.key, about.key)
    found = {}
    for name in LANGUAGES:
        with speaking(name):
            compared = tuple(
                Compared(one, figures_of(cells, one.key, about.key) if one.key in periods else None)
                for one in dict.fromkeys((term.previous, term.year_before))
            )
            told = Told(term, figures, compared, _labels(about.codes), about.codes, k, name, about.place)
            found[name] = compose(told)
    return found


def _labels(codes: Sequence[str]) -> dict[str, dict[str, str]]:
    names = {code: found.name for code in codes if (found := communes.by_code(code))}
    return {
        "age": {band.value: str(band.label) for band in AgeBand},
        "kind": {kind.value: str(kind.label) for kind in NeedKind},
        "commune": {**names, ELSEWHERE: _t("Hors du territoire"), UNKNOWN: _t("Commune non communiquée")},
    }
