"""Who plays in the demonstration: an invented network on a real territory (Val de Garonne Agglomération, 43 communes).

Structures, professionals and people are invented; phone numbers are those Arcep keeps for fiction (06 39 98 …).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.policy import DEMO_DOMAIN as DOMAIN
from app.accounts.policy import DEMO_PASSWORD as PASSWORD
from app.kernel.access import Role
from app.network.actions import StructureData
from app.network.enums import LegalBasis, StructureKind

EPCI = "200030674"
PUBLIC = LegalBasis.PUBLIC_INTEREST
LEGITIMATE = LegalBasis.LEGITIMATE_INTEREST
Kind = StructureKind

STRUCTURES = {
    "library": StructureData(name="Médiathèques du Val", kind=Kind.LIBRARY, commune_code="47157", legal_basis=PUBLIC),
    "ccas": StructureData(
        name="CCAS de Marmande", kind=Kind.CCAS, commune_code="47157", legal_basis=PUBLIC, under_secrecy=False
    ),
    "france_services": StructureData(
        name="France Services de Seyches", kind=Kind.FRANCE_SERVICES, commune_code="47301", legal_basis=PUBLIC
    ),
    "bus": StructureData(
        name="Le Bus numérique", kind=Kind.DIGITAL_MEDIATION, commune_code="47310", legal_basis=PUBLIC
    ),
    "words": StructureData(
        name="Les Mots d’ici, cours de français",
        kind=Kind.ASSOCIATION,
        commune_code="47157",
        legal_basis=LEGITIMATE,
    ),
    "repair": StructureData(
        name="Ordis solidaires", kind=Kind.ASSOCIATION, commune_code="47310", legal_basis=LEGITIMATE
    ),
    "social": StructureData(
        name="Maison des solidarités",
        kind=Kind.SOCIAL_WORK,
        commune_code="47157",
        legal_basis=PUBLIC,
        under_secrecy=True,
    ),
    "shelter": StructureData(
        name="Un toit pour elles",
        kind=Kind.ASSOCIATION,
        commune_code="47157",
        legal_basis=LEGITIMATE,
        sensitive=True,
        under_secrecy=True,
    ),
    "town": StructureData(name="Mairie de Clairac", kind=Kind.MUNICIPALITY, commune_code="47065", legal_basis=PUBLIC),
    "agglomeration": StructureData(
        name="Agglomération, service numérique",
        kind=Kind.MUNICIPALITY,
        commune_code="47157",
        legal_basis=PUBLIC,
    ),
}

# place key: structure, name, commune code, address
PLACES = {
    "library.marmande": ("library", "Médiathèque Albert-Camus", "47157", "3 rue des Tilleuls"),
    "library.tonneins": ("library", "Médiathèque de Tonneins", "47310", "12 quai des Bateliers"),
    "library.clairac": ("library", "Bibliothèque de Clairac", "47065", "1 place de l’Abbaye"),
    "library.bazeille": ("library", "Bibliothèque de Sainte-Bazeille", "47233", "8 rue du Marché"),
    "ccas.marmande": ("ccas", "Accueil du CCAS", "47157", "20 avenue des Peupliers"),
    "fs.seyches": ("france_services", "France Services", "47301", "2 place de la Halle"),
    "bus.tonneins": ("bus", "Bus numérique, halte de Tonneins", "47310", "Place du Champ-de-Foire"),
    "bus.meilhan": ("bus", "Bus numérique, halte de Meilhan", "47165", "Place du Tertre"),
    "words.marmande": ("words", "Salle des Mots d’ici", "47157", "5 impasse du Moulin"),
    "repair.tonneins": ("repair", "Atelier Ordis solidaires", "47310", "14 rue des Ateliers"),
    "social.marmande": ("social", "Maison des solidarités", "47157", "30 boulevard des Chênes"),
}


@dataclass(frozen=True)
class Player:
    """A professional and their hats: (structure, role, team or none)."""

    key: str
    name: str
    hats: tuple[tuple[str, Role, str | None], ...]
    said: str = ""


PLAYERS = (
    Player(
        "camille",
        "Camille Roux",
        (("library", Role.ADVISER, None), ("bus", Role.ADVISER, None)),
        "conseillère numérique, deux casquettes",
    ),
    Player("lea", "Léa Fabre", (("library", Role.DESK, None),), "accueil de la médiathèque"),
    Player("hugo", "Hugo Marchand", (("library", Role.ADVISER, None),)),
    Player("nadia", "Nadia Lopez", (("library", Role.MANAGER, None),), "responsable de la médiathèque"),
    Player("thomas", "Thomas Delmas", (("ccas", Role.ADVISER, None),), "agent du CCAS"),
    Player("sylvie", "Sylvie Bernard", (("ccas", Role.DESK, None),)),
    Player("ines", "Inès Garcia", (("ccas", Role.ADVISER, "ccas.social"),), "travailleuse sociale, équipe sous secret"),
    Player("marc", "Marc Dupuy", (("france_services", Role.ADVISER, None),), "conseiller France Services"),
    Player("yasmine", "Yasmine Haddad", (("bus", Role.ADVISER, None),)),
    Player("paul", "Paul Castets", (("words", Role.ADVISER, None),)),
    Player("elise", "Élise Morel", (("repair", Role.ADVISER, None),)),
    Player("karine", "Karine Vidal", (("social", Role.ADVISER, None),)),
    Player("rose", "Rose Andrieu", (("shelter", Role.ADVISER, None),)),
    Player("julien", "Julien Cazenave", (("town", Role.DESK, None),)),
    Player("anne", "Anne Lafitte", (("agglomeration", Role.COORDINATOR, None),), "coordinatrice du réseau"),
    Player("pierre", "Pierre Duclos", (("agglomeration", Role.ELECTED, None),), "élu"),
    Player("dominique", "Dominique Sarrazin", (("library", Role.DPO, None),), "déléguée à la protection des données"),
    Player("alex", "Alex Martin", (("agglomeration", Role.ADMIN, None),), "administration technique"),
    # Last, so that the sign-in page goes on offering those above.
    Player("helene", "Hélène Barrère", (("ccas", Role.MANAGER, None),)),
    Player("olivier", "Olivier Lasserre", (("france_services", Role.MANAGER, None),)),
    Player("mathilde", "Mathilde Capdeville", (("bus", Role.MANAGER, None),)),
    Player("brigitte", "Brigitte Soulé", (("words", Role.MANAGER, None),)),
    Player("denis", "Denis Mauriac", (("repair", Role.MANAGER, None),)),
    Player("sandra", "Sandra Tastet", (("social", Role.MANAGER, None),)),
    Player("agnes", "Agnès Lamothe", (("shelter", Role.MANAGER, None),)),
    Player("jerome", "Jérôme Bazin", (("town", Role.MANAGER, None),)),
    Player("valerie", "Valérie Descamps", (("agglomeration", Role.MANAGER, None),)),
)

TEAMS = {"ccas.social": ("ccas", "Action sociale", True)}
# Where people live, weighted by population and by where the structures are.
HOMES = ("47157", "47310", "47233", "47065", "47326", "47110", "47159", "47165", "47301", "47068", "47056", "47094")
HOME_WEIGHTS = (40, 22, 8, 8, 4, 4, 3, 3, 4, 2, 1, 1)

__all__ = ["DOMAIN", "EPCI", "HOMES", "HOME_WEIGHTS", "PASSWORD", "PLACES", "PLAYERS", "STRUCTURES", "TEAMS", "Player"]
