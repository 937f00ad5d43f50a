"""Choosing the partner: a simple, honest ranking whose reasons are words. Never distance alone (domain/referrals.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.needs.enums import NeedKind
from app.network.enums import StructureKind

K, N = StructureKind, NeedKind
_LEARNING = frozenset({K.DIGITAL_MEDIATION, K.LIBRARY})
_PAPERS = frozenset({K.FRANCE_SERVICES, K.CCAS, K.MUNICIPALITY, K.DIGITAL_MEDIATION})
_SOCIAL = frozenset({K.CCAS, K.SOCIAL_WORK})

KINDS: dict[NeedKind, frozenset[StructureKind]] = {
    N.DEMARCHE_EN_LIGNE: _PAPERS | {K.OPERATOR},
    N.COURRIER_REDACTION: frozenset({K.FRANCE_SERVICES, K.ASSOCIATION, K.CCAS, K.LIBRARY}),
    N.COMPRENDRE_UN_COURRIER: frozenset({K.FRANCE_SERVICES, K.CCAS, K.SOCIAL_WORK, K.ASSOCIATION}),
    N.NUMERISER_ENVOYER: _PAPERS | {K.LIBRARY},
    N.COMPTE_MOT_DE_PASSE: _LEARNING | {K.FRANCE_SERVICES},
    N.BOITE_MAIL: _LEARNING | {K.FRANCE_SERVICES},
    N.PRISE_EN_MAIN: _LEARNING,
    N.COMPETENCES_BASE: _LEARNING,
    N.REASSURANCE: _LEARNING | {K.ASSOCIATION},
    N.SECURITE: _LEARNING,
    N.EQUIPEMENT: frozenset({K.ASSOCIATION, K.DIGITAL_MEDIATION}),
    N.CONNEXION: frozenset({K.ASSOCIATION, K.DIGITAL_MEDIATION, K.LIBRARY}),
    N.INTERPRETARIAT: frozenset({K.ASSOCIATION}),
    N.APPRENDRE_FRANCAIS: frozenset({K.ASSOCIATION, K.LIBRARY}),
    N.ACCES_AUX_DROITS: _SOCIAL | {K.FRANCE_SERVICES, K.ASSOCIATION},
    N.ACCOMPAGNEMENT_SOCIAL: _SOCIAL,
    N.MANDAT: frozenset({K.FRANCE_SERVICES, K.CCAS, K.SOCIAL_WORK}),
    N.INSERTION_PRO: frozenset({K.OPERATOR, K.ASSOCIATION, K.FRANCE_SERVICES}),
    N.SANTE_EN_LIGNE: frozenset({K.FRANCE_SERVICES, K.CCAS, K.OPERATOR}),
    N.PARENTALITE_SCOLARITE: frozenset({K.LIBRARY, K.ASSOCIATION, K.DIGITAL_MEDIATION}),
    N.CREATION_LOISIRS: _LEARNING | {K.ASSOCIATION},
    N.ALLER_VERS: _SOCIAL | {K.ASSOCIATION},
    N.LIEN_SOUTIEN: _SOCIAL | {K.ASSOCIATION},
    N.INFORMATION: frozenset({K.FRANCE_SERVICES, K.MUNICIPALITY, K.LIBRARY}),
    N.AUTRE: frozenset(),
}

# Services of the national schema of places of digital mediation, v1.0.2.
_PROCEDURES = "Aide aux démarches administratives"
_TOOLS = "Maîtrise des outils numériques du quotidien"
_SAFETY = "Utilisation sécurisée du numérique"
_ACCESS = "Accès internet et matériel informatique"
SERVICES: dict[NeedKind, frozenset[str]] = {
    N.DEMARCHE_EN_LIGNE: frozenset({_PROCEDURES}),
    N.COURRIER_REDACTION: frozenset({_PROCEDURES}),
    N.COMPRENDRE_UN_COURRIER: frozenset({_PROCEDURES}),
    N.NUMERISER_ENVOYER: frozenset({_PROCEDURES, _ACCESS}),
    N.COMPTE_MOT_DE_PASSE: frozenset({_TOOLS, _SAFETY}),
    N.BOITE_MAIL: frozenset({_TOOLS}),
    N.PRISE_EN_MAIN: frozenset({_TOOLS}),
    N.COMPETENCES_BASE: frozenset({_TOOLS}),
    N.REASSURANCE: frozenset({_TOOLS}),
    N.SECURITE: frozenset({_SAFETY}),
    N.EQUIPEMENT: frozenset({"Acquisition de matériel informatique à prix solidaire", _ACCESS}),
    N.CONNEXION: frozenset({_ACCESS}),
    N.ACCES_AUX_DROITS: frozenset({_PROCEDURES}),
    N.MANDAT: frozenset({_PROCEDURES}),
    N.INSERTION_PRO: frozenset({"Insertion professionnelle via le numérique"}),
    N.SANTE_EN_LIGNE: frozenset({_PROCEDURES}),
    N.PARENTALITE_SCOLARITE: frozenset({"Parentalité et éducation avec le numérique"}),
    N.CREATION_LOISIRS: frozenset({"Loisirs et créations numériques"}),
}


class Why(StrEnum):
    """A reason to propose a partner."""

    KIND = "kind"
    SERVICE = "service"
    SAME_COMMUNE = "same_commune"
    SAME_EPCI = "same_epci"


POINTS = {Why.KIND: 4, Why.SERVICE: 4, Why.SAME_COMMUNE: 2, Why.SAME_EPCI: 1}
RELEVANT = frozenset({Why.KIND, Why.SERVICE})


@dataclass(frozen=True)
class Candidate:
    """A partner as the ranking sees it: its kind, what its places declare, where it is."""

    id: UUID
    name: str
    kind: StructureKind
    services: frozenset[str]
    communes: frozenset[str]
    epcis: frozenset[str]


@dataclass(frozen=True)
class Ranked:
    """A partner, its reasons, and whether they are enough to propose it."""

    candidate: Candidate
    reasons: tuple[Why, ...]

    @property
    def proposed(self) -> bool:
        """Offers something for this need: being near is not enough."""
        return bool(RELEVANT & set(self.reasons))

    @property
    def points(self) -> int:
        return sum(POINTS[reason] for reason in self.reasons)


def rank(need: NeedKind, commune: str | None, epci: str | None, partners: Iterable[Candidate]) -> list[Ranked]:
    """Partners with their reasons, the best first, then by name; the proposed ones before the others."""
    found = [Ranked(one, tuple(_reasons(need, commune, epci, one))) for one in partners]
    return sorted(found, key=lambda one: (not one.proposed, -one.points, one.candidate.name.casefold()))


def _reasons(need: NeedKind, commune: str | None, epci: str | None, one: Candidate) -> Iterable[Why]:
    if one.kind in KINDS[need]:
        yield Why.KIND
    if one.services & SERVICES.get(need, frozenset()):
        yield Why.SERVICE
    if commune is not None and commune in one.communes:
        yield Why.SAME_COMMUNE
    elif epci is not None and epci in one.epcis:
        yield Why.SAME_EPCI
