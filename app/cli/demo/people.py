"""Invented people: names of every generation and origin met in a town of the South-West, ages, homes, what they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from app.cli.demo.cast import HOME_WEIGHTS, HOMES
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.needs.enums import Demarche, NeedKind
from app.people.actions import ConsentData, PersonData, Registration
from app.people.capacity import InterpretedBy
from app.people.enums import (
    Adaptation,
    AgeStatus,
    ConsentAnswer,
    ConsentKind,
    ConsentWay,
    Genre,
    NoticeWay,
    SocialStatus,
)

Choice = TypeVar("Choice")
WOMEN = [
    "Marie",
    "Jeanne",
    "Monique",
    "Françoise",
    "Catherine",
    "Nathalie",
    "Isabelle",
    "Sylvie",
    "Valérie",
    "Sandrine",
    "Aurélie",
    "Céline",
    "Émilie",
    "Julie",
    "Laura",
    "Manon",
    "Chloé",
    "Fatima",
    "Aïcha",
    "Khadija",
    "Samira",
    "Leïla",
    "Nadia",
    "Amina",
    "Mariama",
    "Fatoumata",
    "Awa",
    "Aminata",
    "Maria",
    "Rosa",
    "Carmen",
    "Ana",
    "Teresa",
    "Elena",
    "Oksana",
    "Natalia",
    "Svetlana",
    "Thi-Mai",
    "Linh",
    "Svitlana",
    "Odette",
    "Yvette",
    "Ginette",
    "Simone",
    "Raymonde",
    "Huguette",
    "Josiane",
    "Danielle",
]
MEN = [
    "Jean",
    "Pierre",
    "Michel",
    "André",
    "Bernard",
    "Alain",
    "Patrick",
    "Philippe",
    "Christophe",
    "Stéphane",
    "Laurent",
    "Nicolas",
    "Julien",
    "Thomas",
    "Kevin",
    "Lucas",
    "Mohamed",
    "Ahmed",
    "Karim",
    "Rachid",
    "Youssef",
    "Abdallah",
    "Omar",
    "Ibrahima",
    "Moussa",
    "Ousmane",
    "Mamadou",
    "José",
    "António",
    "Manuel",
    "Paulo",
    "Luis",
    "Carlos",
    "Dmytro",
    "Andriy",
    "Viktor",
    "Van-Tuan",
    "Minh",
    "Raymond",
    "Marcel",
    "Roger",
    "Gaston",
    "Lucien",
    "Fernand",
    "Gilbert",
    "Jean-Claude",
    "Jean-Marie",
]
SURNAMES = [
    "Martin",
    "Bernard",
    "Dubois",
    "Petit",
    "Durand",
    "Leroy",
    "Moreau",
    "Laurent",
    "Lefèvre",
    "Roux",
    "Fournier",
    "Girard",
    "Bonnet",
    "Lambert",
    "Fontaine",
    "Rousseau",
    "Gauthier",
    "Garnier",
    "Faure",
    "Blanc",
    "Mercier",
    "Lacaze",
    "Lafon",
    "Laborde",
    "Castaing",
    "Cazeaux",
    "Labat",
    "Duprat",
    "Dupouy",
    "Lalanne",
    "Ducasse",
    "Dubourg",
    "Ferrand",
    "Marcadé",
    "Delpech",
    "Bouyssou",
    "Vidal",
    "Garcia",
    "Martinez",
    "Lopez",
    "Fernandez",
    "Da-Silva",
    "Ferreira",
    "Pereira",
    "Gonçalves",
    "Benali",
    "Haddad",
    "Bouazza",
    "Cherif",
    "El-Amrani",
    "Diallo",
    "Traoré",
    "Coulibaly",
    "Ndiaye",
    "Camara",
    "Nguyen",
    "Tran",
    "Kovalenko",
    "Shevchenko",
    "O’Brien",
    "Ben-Youssef",
]
# Needs met at a counter, with their weight; the second term is the domain of the online procedure.
NEEDS: tuple[tuple[NeedKind, Demarche | None, int], ...] = (
    (NeedKind.DEMARCHE_EN_LIGNE, Demarche.SOCIAL_SANTE, 16),
    (NeedKind.DEMARCHE_EN_LIGNE, Demarche.ARGENT, 12),
    (NeedKind.DEMARCHE_EN_LIGNE, Demarche.PAPIERS, 9),
    (NeedKind.DEMARCHE_EN_LIGNE, Demarche.LOGEMENT, 7),
    (NeedKind.DEMARCHE_EN_LIGNE, Demarche.TRAVAIL, 6),
    (NeedKind.DEMARCHE_EN_LIGNE, Demarche.FAMILLE, 4),
    (NeedKind.COMPRENDRE_UN_COURRIER, None, 8),
    (NeedKind.COMPTE_MOT_DE_PASSE, None, 7),
    (NeedKind.BOITE_MAIL, None, 5),
    (NeedKind.PRISE_EN_MAIN, None, 7),
    (NeedKind.COMPETENCES_BASE, None, 6),
    (NeedKind.EQUIPEMENT, None, 5),
    (NeedKind.COURRIER_REDACTION, None, 4),
    (NeedKind.APPRENDRE_FRANCAIS, None, 4),
    (NeedKind.ACCES_AUX_DROITS, None, 4),
    (NeedKind.ACCOMPAGNEMENT_SOCIAL, None, 4),
    (NeedKind.NUMERISER_ENVOYER, None, 4),
    (NeedKind.REASSURANCE, None, 3),
    (NeedKind.CONNEXION, None, 2),
    (NeedKind.SECURITE, None, 2),
)


@dataclass(frozen=True)
class Somebody:
    """An invented person before being registered, and what brings them."""

    data: PersonData
    wanted: tuple[NeedKind, Demarche | None]
    agrees: bool


def somebody(rng: Random, rank: int, today: date) -> Somebody:
    """The next invented person; `rank` makes the phone number unique."""
    woman = rng.random() < 0.58
    birth_year = _birth_year(rng, today)
    nameless = rng.random() < 0.04
    speaks = rng.random()
    data = PersonData(
        first_name="" if nameless else rng.choice(WOMEN if woman else MEN).replace("-", " ", rank % 2),
        last_name="" if nameless else rng.choice(SURNAMES).replace("-", " "),
        phone="" if nameless or rng.random() < 0.2 else f"+3363998{rank % 10000:04d}",
        no_message=rng.random() < 0.07,
        birth_year=birth_year,
        age_status=AgeStatus.ADULT if today.year - birth_year >= 18 else AgeStatus.FROM_15,
        genre=Genre.FEMININ if woman else Genre.MASCULIN,
        statut_social=_status(rng, today.year - birth_year),
        commune_code=rng.choices(HOMES, HOME_WEIGHTS)[0],
        adaptation=_adaptation(rng),
        languages=() if speaks < 0.85 else (rng.choice(("ar", "pt", "es", "uk", "vi", "en")),),
        interpreter=speaks > 0.95,
    )
    kind, demarche, _weight = rng.choices(NEEDS, [weight for *_need, weight in NEEDS])[0]
    return Somebody(data, (kind, demarche), agrees=rng.random() < 0.86)


def _birth_year(rng: Random, today: date) -> int:
    low, high = rng.choices(((16, 25), (25, 40), (40, 60), (60, 70), (70, 92)), (6, 17, 30, 24, 23))[0]
    return today.year - rng.randint(low, high)


def _status(rng: Random, age: int) -> SocialStatus:
    if age >= 64:
        return SocialStatus.RETRAITE
    if age < 20:
        return SocialStatus.SCOLARISE
    return rng.choices((SocialStatus.EN_EMPLOI, SocialStatus.SANS_EMPLOI, SocialStatus.NON_COMMUNIQUE), (40, 48, 12))[0]


def _adaptation(rng: Random) -> tuple[str, ...]:
    return (rng.choice([need.value for need in Adaptation]),) if rng.random() < 0.1 else ()


def registration(rng: Random, who: Somebody, today: date) -> Registration:
    """The form the desk fills: the notice, and the person's answer about the shared register."""
    answer = ConsentAnswer.GIVEN if who.agrees else ConsentAnswer.REFUSED
    consent = ConsentData(
        kind=ConsentKind.REGISTER,
        answer=answer,
        way=rng.choice(list(ConsentWay)),
        sections=SHARED_BY_DEFAULT if who.agrees else Section(0),
        interpreted_by=InterpretedBy.PROFESSIONAL if who.data.interpreter else None,
        starts_on=today,
    )
    return Registration(person=who.data, notice_way=rng.choice(list(NoticeWay)), register=consent, today=today)


def pick(rng: Random, weighted: Sequence[tuple[Choice, int]]) -> Choice:
    """One of several, by weight."""
    return rng.choices([one for one, _weight in weighted], [weight for _one, weight in weighted])[0]
