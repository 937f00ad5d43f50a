"""A summary that is being prepared: its figures after secrecy, its pages in every language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
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
from app.pilotage.queries.summaries.figures import AREA, ELSEWHERE, UNKNOWN, counted
from app.pilotage.queries.summaries.ledger import ledger
from app.pilotage.queries.summaries.published import current
from app.pilotage.secrecy import Cell, Recoverable, settle
from app.territory import communes
from app.territory import queries as territory


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


@dataclass(frozen=True)
class Draft:
    """What would be published. `reused`: figures of a summary withdrawn since, which do not change."""

    term: Term
    cells: tuple[Cell, ...]
    pages: Mapping[str, Page]
    territory: str
    k: int
    reused: bool = False
    documents: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Changes when one of its words or figures does."""
        said = json.dumps(self.documents, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def offered(actor: Actor, frame: Frame) -> list[Term]:
    """The periods that can be prepared and are not published, latest first. NotFound but for the coordinator. Two queries."""
    if not policy.can_publish(actor):
        raise NotFound
    first = db.session.scalar(select(func.min(ParticipationFact.held_on)))
    done = set(db.session.scalars(select(Summary.period).where(Summary.withdrawn_at.is_(None))))
    terms = _terms(first, clock.today(frame.timezone)) if first else []
    return [one for one in terms if one.key not in done and is_over(one, frame)]


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


def draft(actor: Actor, term: Term, frame: Frame) -> Draft:
    """The summary of a period as it would be published now.

    NotFound but for the coordinator, NotYet too early, DomainError 409 when whatever is left out tells a hidden count.
    """
    writable(actor, term, frame)
    withdrawn = current(term.key, AREA)[1]
    if withdrawn is not None:
        return _again(term, withdrawn.content)
    ours = territory.network_territory()
    codes = ours.commune_codes if ours else _codes_seen()
    known = ledger(AREA)
    figures = counted(term, codes, frame.timezone, frame.days)
    try:
        made = settle(figures, term.key, AREA, frame.k, known)
    except Recoverable as error:
        raise DomainError(
            _("Avec ce qui a déjà été publié, ces chiffres feraient deviner un nombre masqué : rien n’est publié.")
        ) from error
    pages = _pages(term, (*known, *made), codes, frame.k)
    documents = {name: page.to_document() for name, page in pages.items()}
    return Draft(term, made, pages, ours.name if ours else "", frame.k, documents=documents)


def _again(term: Term, content: Mapping[str, Any]) -> Draft:
    documents = content["pages"]
    pages = {name: from_document(page) for name, page in documents.items()}
    return Draft(term, (), pages, content["territory"], content["k"], reused=True, documents=documents)


def _codes_seen() -> tuple[str, ...]:
    """Without a chosen territory: the communes that facts speak of."""
    query = select(ParticipationFact.area_code).where(ParticipationFact.area_code.is_not(None)).distinct()
    found = (communes.by_code(code) for code in db.session.scalars(query) if code)
    return tuple(sorted({one.parent or one.code for one in found if one}))


def _pages(term: Term, cells: Sequence[Cell], codes: Sequence[str], k: int) -> dict[str, Page]:
    periods = {cell.key.period for cell in cells}
    found = {}
    for name in LANGUAGES:
        with speaking(name):
            compared = tuple(
                Compared(one, figures_of(cells, one.key, AREA) if one.key in periods else None)
                for one in dict.fromkeys((term.previous, term.year_before))
            )
            figures = figures_of(cells, term.key, AREA)
            found[name] = compose(Told(term, figures, compared, _labels(codes), codes, k, name))
    return found


def _labels(codes: Sequence[str]) -> dict[str, dict[str, str]]:
    names = {code: found.name for code in codes if (found := communes.by_code(code))}
    return {
        "age": {band.value: str(band.label) for band in AgeBand},
        "kind": {kind.value: str(kind.label) for kind in NeedKind},
        "commune": {**names, ELSEWHERE: _t("Hors du territoire"), UNKNOWN: _t("Commune non communiquée")},
    }
