"""The communes of all France, by code, by postcode, and from what somebody typed."""

from app.territory.communes.agreed import agreed
from app.territory.communes.groups import (
    ReadList,
    epci_label,
    epci_short,
    find_epcis,
    inhabitants,
    read_list,
    resolve_epci,
)
from app.territory.communes.labels import label, label_with_postcode
from app.territory.communes.reference import (
    Commune,
    Departement,
    Epci,
    all_communes,
    arrondissements,
    by_code,
    by_postcode,
    departement,
    departement_members,
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
    "ReadList",
    "agreed",
    "all_communes",
    "arrondissements",
    "by_code",
    "by_postcode",
    "departement",
    "departement_members",
    "departements",
    "epci",
    "epci_label",
    "epci_members",
    "epci_short",
    "find",
    "find_epcis",
    "inhabitants",
    "label",
    "label_with_postcode",
    "read_list",
    "resolve",
    "resolve_epci",
    "spelled",
]
