"""The kind of a structure, told from the typologies, programmes and name of its place."""

from __future__ import annotations

from app.network.enums import StructureKind
from app.network.imports.rows import PlaceRow

BY_TYPOLOGY = {
    "BIB": StructureKind.LIBRARY,
    "RELAIS_LECTURE": StructureKind.LIBRARY,
    "CCAS": StructureKind.CCAS,
    "CIAS": StructureKind.CCAS,
    "RFS": StructureKind.FRANCE_SERVICES,
    "MSAP": StructureKind.FRANCE_SERVICES,
    "ASSO": StructureKind.ASSOCIATION,
    "CD": StructureKind.SOCIAL_WORK,
    "CDAS": StructureKind.SOCIAL_WORK,
    "CMS": StructureKind.SOCIAL_WORK,
    "MDS": StructureKind.SOCIAL_WORK,
    "MUNI": StructureKind.MUNICIPALITY,
    "EPCI": StructureKind.MUNICIPALITY,
    "CAF": StructureKind.OPERATOR,
    "CPAM": StructureKind.OPERATOR,
    "FT": StructureKind.OPERATOR,
    "MSA": StructureKind.OPERATOR,
    "LA_POSTE": StructureKind.OPERATOR,
    "EPN": StructureKind.DIGITAL_MEDIATION,
    "FABLAB": StructureKind.DIGITAL_MEDIATION,
    "TIERS_LIEUX": StructureKind.DIGITAL_MEDIATION,
}
BY_NAME = (
    ("ccas", StructureKind.CCAS),
    ("cias", StructureKind.CCAS),
    ("mediatheque", StructureKind.LIBRARY),
    ("médiathèque", StructureKind.LIBRARY),
    ("bibliotheque", StructureKind.LIBRARY),
    ("bibliothèque", StructureKind.LIBRARY),
    ("france services", StructureKind.FRANCE_SERVICES),
    ("maison du département", StructureKind.SOCIAL_WORK),
    ("mairie", StructureKind.MUNICIPALITY),
    ("association", StructureKind.ASSOCIATION),
    ("la poste", StructureKind.OPERATOR),
)


def kind_of(row: PlaceRow) -> StructureKind:
    """The kind, in this order: typology, name, national programme; « other » when nothing tells."""
    for code in row.details.get("typologie", []):
        if code in BY_TYPOLOGY:
            return BY_TYPOLOGY[code]
    name = row.name.casefold()
    for word, kind in BY_NAME:
        if word in name:
            return kind
    programmes = row.details.get("dispositif_programmes_nationaux", [])
    if "France Services" in programmes:
        return StructureKind.FRANCE_SERVICES
    return StructureKind.DIGITAL_MEDIATION if "Conseillers numériques" in programmes else StructureKind.OTHER
