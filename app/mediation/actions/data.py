"""What is noted of a session, and the rules that tie its answers together (vocabularies.md, « Session log »)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.errors import DomainError
from app.kernel.i18n import lazy_gettext as _
from app.mediation.enums import (
    Act,
    Autonomy,
    Channel,
    Material,
    NoteVisibility,
    PlaceKind,
    Posture,
    SessionKind,
    Theme,
)
from app.needs.enums import Demarche, NeedKind, Organisme
from app.people.enums import AgeBand, Genre, SocialStatus

LONGEST = 23 * 60 + 59
# A session is logged the same day or soon after; older ones come by import.
OLDEST_YEARS = 5
MOST_PARTICIPANTS = 300
ELSEWHERE = frozenset({PlaceKind.DOMICILE, PlaceKind.AUTRE})

Fault = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class SessionData:
    """One session. `minutes`: 1 to 1439; `note` None leaves the recorded one as it is; `visibility` None: the default.

    `need_id` names an open need of the person; without it, ours of the same kind if one is open, else a new one
    (`new_need`: a new one in any case).
    """

    held_on: date
    minutes: int
    themes: tuple[Theme, ...]
    place_kind: PlaceKind
    place_id: UUID | None = None
    commune_code: str | None = None
    channel: Channel = Channel.GUICHET
    demarches: tuple[Demarche, ...] = ()
    organismes: tuple[Organisme, ...] = ()
    materials: tuple[Material, ...] = ()
    acts: tuple[Act, ...] = ()
    autonomy: Autonomy | None = None
    posture: Posture | None = None
    kind: SessionKind = SessionKind.INDIVIDUEL
    title: str = ""
    need_id: UUID | None = None
    new_need: bool = False
    note: str | None = ""
    visibility: NoteVisibility | None = None


@dataclass(frozen=True, kw_only=True)
class Anonymous:
    """What is known of somebody who is not in the register: four facts, never a name."""

    genre: Genre = Genre.NON_COMMUNIQUE
    age_band: AgeBand = AgeBand.UNKNOWN
    statut_social: SocialStatus = SocialStatus.NON_COMMUNIQUE
    commune_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Anonymous participants of a workshop: how many, and how many of them by genre, age band and status when known."""

    total: int
    genres: tuple[tuple[Genre, int], ...] = ()
    age_bands: tuple[tuple[AgeBand, int], ...] = ()
    statuses: tuple[tuple[SocialStatus, int], ...] = ()
    commune_code: str | None = None


def check(data: SessionData, today: date) -> None:
    """Raise DomainError, on its field, for the first rule that is broken."""
    for field, message in faults(data, today):
        raise DomainError(message, field)


def faults(data: SessionData, today: date) -> Iterator[Fault]:
    """Every broken rule: (field, sentence)."""
    yield from _time_faults(data, today)
    yield from _place_faults(data)
    if not data.themes:
        yield "themes", _("Choisissez au moins un thème.")
    if data.demarches and Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES not in data.themes:
        yield "demarches", _("Une démarche ne se note qu’avec le thème « Aide aux démarches administratives ».")
    if data.autonomy is not None and data.kind is SessionKind.COLLECTIF:
        yield "autonomy", _("L’autonomie se note pour une seule personne, pas pour un atelier.")


def _time_faults(data: SessionData, today: date) -> Iterator[Fault]:
    if not 1 <= data.minutes <= LONGEST:
        yield "minutes", _("La durée va de 1 minute à 23 h 59.")
    if data.held_on > today:
        yield "held_on", _("Cette date est à venir : une séance se note une fois qu’elle a eu lieu.")
    if data.held_on.year < today.year - OLDEST_YEARS:
        yield "held_on", _("Cette date est trop ancienne : vérifiez l’année.")


def _place_faults(data: SessionData) -> Iterator[Fault]:
    if data.place_kind is PlaceKind.LIEU_ACTIVITE and data.place_id is None:
        yield "place_id", _("Choisissez le lieu d’activité.")
    if data.place_kind in ELSEWHERE and not data.commune_code:
        yield "commune", _("Indiquez la commune.")


def count_faults(counts: Counts) -> Iterator[Fault]:
    """Each breakdown adds up to the total at most."""
    if not 1 <= counts.total <= MOST_PARTICIPANTS:
        yield "total", _("Un atelier compte de 1 à 300 personnes.")
    for field, parts in (("genres", counts.genres), ("age_bands", counts.age_bands), ("statuses", counts.statuses)):
        if any(number < 0 for _code, number in parts) or sum(number for _code, number in parts) > counts.total:
            yield field, _("Le détail dépasse le nombre de personnes.")


# What somebody came for, guessed from the theme of a session for which no need was chosen.
NEED_KINDS = {
    Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES: NeedKind.DEMARCHE_EN_LIGNE,
    Theme.DIAGNOSTIC_NUMERIQUE: NeedKind.COMPETENCES_BASE,
    Theme.PRENDRE_EN_MAIN_DU_MATERIEL: NeedKind.PRISE_EN_MAIN,
    Theme.MAINTENANCE_DE_MATERIEL: NeedKind.EQUIPEMENT,
    Theme.GERE_SES_CONTENUS_NUMERIQUES: NeedKind.COMPETENCES_BASE,
    Theme.NAVIGATION_SUR_INTERNET: NeedKind.COMPETENCES_BASE,
    Theme.EMAIL: NeedKind.BOITE_MAIL,
    Theme.BUREAUTIQUE: NeedKind.COMPETENCES_BASE,
    Theme.RESEAUX_SOCIAUX: NeedKind.COMPETENCES_BASE,
    Theme.SANTE: NeedKind.SANTE_EN_LIGNE,
    Theme.BANQUE_ET_ACHATS_EN_LIGNE: NeedKind.COMPETENCES_BASE,
    Theme.ENTREPRENEURIAT: NeedKind.INSERTION_PRO,
    Theme.INSERTION_PROFESSIONNELLE: NeedKind.INSERTION_PRO,
    Theme.SECURITE_NUMERIQUE: NeedKind.SECURITE,
    Theme.PARENTALITE: NeedKind.PARENTALITE_SCOLARITE,
    Theme.SCOLARITE_ET_NUMERIQUE: NeedKind.PARENTALITE_SCOLARITE,
    Theme.CREER_AVEC_LE_NUMERIQUE: NeedKind.CREATION_LOISIRS,
    Theme.CULTURE_NUMERIQUE: NeedKind.COMPETENCES_BASE,
    Theme.INTELLIGENCE_ARTIFICIELLE: NeedKind.COMPETENCES_BASE,
}


def need_behind(data: SessionData) -> tuple[NeedKind, Demarche | None]:
    """The kind of need a session answers, and its procedure when there is exactly one."""
    if Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES in data.themes:
        return NeedKind.DEMARCHE_EN_LIGNE, data.demarches[0] if len(data.demarches) == 1 else None
    return NEED_KINDS[data.themes[0]], None
