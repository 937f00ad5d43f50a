"""What the directory says of the demonstration's places, and what its structures propose. Telephone numbers of fiction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.cli.demo.cast import PLACES
from app.kernel import ids
from app.kernel.access import Actor
from app.network import actions as network
from app.network.actions import OfferData
from app.network.models import Place
from app.territory import communes

PAPERS = "Aide aux démarches administratives"
BASICS = "Maîtrise des outils numériques du quotidien"
SAFETY = "Utilisation sécurisée du numérique"
ACCESS = "Accès internet et matériel informatique"
CHEAP = "Acquisition de matériel informatique à prix solidaire"
WORK = "Insertion professionnelle via le numérique"
FREE = "Gratuit"
ALONE, TOGETHER = "Accompagnement individuel", "Dans un atelier collectif"


@dataclass(frozen=True)
class Counter:
    """What is found at a place. `checked`: how many days ago somebody last made sure of it; the number ends in `line`."""

    services: tuple[str, ...]
    hours: str
    line: int
    checked: int
    more: tuple[tuple[str, Any], ...] = ()


COUNTERS = {
    "library.marmande": Counter(
        (BASICS, PAPERS, SAFETY, ACCESS), "Tu,Th 14:00-18:00; We,Sa 10:00-12:30,14:00-18:00; Fr 14:00-18:30", 11, 34
    ),
    "library.tonneins": Counter((BASICS, PAPERS, ACCESS), "Tu,Fr 14:00-18:00; We,Sa 10:00-12:00,14:00-17:30", 12, 41),
    "library.clairac": Counter((BASICS, ACCESS), "We 10:00-12:00,14:00-18:00; Sa 10:00-12:00", 13, 96),
    "library.bazeille": Counter((BASICS, ACCESS), "Tu 16:00-18:30; We 14:00-18:00; Sa 09:30-12:00", 14, 205),
    "ccas.marmande": Counter((PAPERS,), "Mo-Th 08:30-12:00,13:30-17:00; Fr 08:30-12:00", 21, 18),
    "fs.seyches": Counter(
        (PAPERS, BASICS, WORK),
        "Mo-Fr 09:00-12:30; Tu,Th 14:00-17:30",
        31,
        9,
        (("dispositif_programmes_nationaux", ["France Services", "Aidants Connect"]),),
    ),
    "bus.tonneins": Counter((BASICS, PAPERS), "We 09:00-12:00", 41, 62, (("itinerance", ["Itinérant"]),)),
    "bus.meilhan": Counter((BASICS, PAPERS), "Th 14:00-17:00", 41, 62, (("itinerance", ["Itinérant"]),)),
    "words.marmande": Counter((BASICS,), "Mo,Tu,Th 09:00-11:30; We 17:30-19:30", 51, 130),
    "repair.tonneins": Counter((CHEAP, ACCESS), "Tu,Th 14:00-18:00; Sa 10:00-12:00", 61, 260),
    "social.marmande": Counter((PAPERS,), "Mo-Fr 08:45-12:15,13:45-17:00", 71, 75),
}


def _offer(title: str, description: str = "", **said: tuple[str, ...]) -> OfferData:
    return OfferData(title=title, description=description, **{"fees": (FREE,), **said})  # type: ignore[arg-type]


# By structure: what it proposes beyond its places.
OFFERS = {
    "library": (
        _offer(
            "Premiers pas avec l’ordinateur", "Six séances de deux heures.", services=(BASICS,), publics=("Seniors",)
        ),
        _offer("Reconnaître une arnaque", "Un atelier chaque mois.", services=(SAFETY,), ways=(TOGETHER,)),
    ),
    "ccas": (_offer("Aide aux démarches, sur rendez-vous", services=(PAPERS,), ways=(ALONE,)),),
    "france_services": (
        _offer("Démarches en ligne, avec ou sans rendez-vous", services=(PAPERS,), ways=(ALONE,)),
        _offer("Retour à l’emploi : le CV et l’espace personnel", services=(WORK,), ways=(ALONE,)),
    ),
    "bus": (_offer("À bord, une demi-journée par commune", services=(BASICS, PAPERS), ways=(ALONE,)),),
    "words": (
        _offer("Cours de français, grands débutants", "Deux fois par semaine.", ways=(TOGETHER,)),
        _offer("Français et numérique", "Lire un courrier, écrire un mail.", services=(BASICS,), ways=(TOGETHER,)),
    ),
    "repair": (_offer("Ordinateur remis en état", services=(CHEAP,), fees=("Gratuit sous condition", "Payant")),),
}


def places(structures: dict[str, UUID], today: date) -> dict[str, list[UUID]]:
    """Add every place to its structure; their ids by the key of the structure. `today`: the last day of the story."""
    made: dict[str, list[UUID]] = {}
    for key, (structure, name, code, address) in PLACES.items():
        place = network.add_place(None, _place(key, structures[structure], name, code, address, today))
        made.setdefault(structure, []).append(place.id)
    return made


def offers(coordinator: Actor, structures: dict[str, UUID]) -> None:
    """What each structure proposes, as the coordinator notes it."""
    for key, proposed in OFFERS.items():
        for data in proposed:
            network.add_offer(coordinator, structures[key], data)


def _place(key: str, structure_id: UUID, name: str, code: str, address: str, today: date) -> Place:  # noqa: PLR0913
    commune, counter = communes.by_code(code), COUNTERS[key]
    if commune is None:
        raise LookupError(code)
    return Place(
        id=ids.new_id(),
        structure_id=structure_id,
        external_id=f"demo-{key}",
        pivot="00000000000000",
        name=name,
        commune_name=commune.name,
        postcode=commune.postcodes[0],
        commune_code=code,
        address=address,
        latitude=commune.lat,
        longitude=commune.lon,
        services=list(counter.services),
        details=_details(counter),
        updated_on=today - timedelta(days=counter.checked),
    )


def _details(counter: Counter) -> dict[str, Any]:
    told = {"telephone": f"+335364900{counter.line}", "horaires": counter.hours, "frais_a_charge": [FREE]}
    return {**told, "source": "demonstration", **dict(counter.more)}
