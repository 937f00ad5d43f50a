"""The communes of all France, by code, by postcode, and from what somebody typed."""

from app.territory.communes.labels import label
from app.territory.communes.reference import (
    Commune,
    Departement,
    Epci,
    all_communes,
    arrondissements,
    by_code,
    by_postcode,
    departement,
    departements,
    epci,
    epci_members,
)
from app.territory.communes.search import find, resolve
from app.territory.communes.spelling import spelled

__all__ = [
    "Commune",
    "Departement",
    "Epci",
    "all_communes",
    "arrondissements",
    "by_code",
    "by_postcode",
    "departement",
    "departements",
    "epci",
    "epci_members",
    "find",
    "label",
    "resolve",
    "spelled",
]
