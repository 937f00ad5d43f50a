"""The 32 columns in order, and the closed lists."""

from __future__ import annotations

from functools import lru_cache

from app.territory.communes import spelled

COLUMNS = (
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "itinerance",
    "structure_parente",
    "date_maj",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
)
REQUIRED = ("id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj")
PLACEHOLDER_PIVOT = "00000000000000"
RESUME_LENGTH = 280

# Values of each closed list.
LISTS: dict[str, tuple[str, ...]] = {
    "itinerance": ("Itinérant", "Fixe"),
    "services": (
        "Aide aux démarches administratives",
        "Maîtrise des outils numériques du quotidien",
        "Insertion professionnelle via le numérique",
        "Utilisation sécurisée du numérique",
        "Parentalité et éducation avec le numérique",
        "Loisirs et créations numériques",
        "Compréhension du monde numérique",
        "Accès internet et matériel informatique",
        "Acquisition de matériel informatique à prix solidaire",
    ),
    "publics_specifiquement_adresses": ("Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes"),
    "prise_en_charge_specifique": (
        "Surdité",
        "Handicaps moteurs",
        "Handicaps mentaux",
        "Illettrisme",
        "Langues étrangères (anglais)",
        "Langues étrangères (autres)",
        "Déficience visuelle",
    ),
    "frais_a_charge": ("Gratuit", "Gratuit sous condition", "Payant"),
    "dispositif_programmes_nationaux": (
        "Aidants Connect",
        "Bibliothèques numérique de référence",
        "Certification PIX",
        "Conseillers numériques",
        "Emmaüs Connect",
        "France Services",
        "Grande école du numérique",
        "La Croix Rouge",
        "Point d'accès numérique CAF",
        "Promeneurs du net",
        "Relais numérique (Emmaüs Connect)",
    ),
    "formations_labels": (
        "Formé à « Mon Espace Santé »",
        "Formé à « DUPLEX » (illettrisme)",
        "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
        "Collectif ressources et acteurs réemploi (Normandie)",
        "Étapes numériques (La Poste)",
        "Fabriques de Territoire",
        "Les Éclaireurs du numérique (Drôme)",
        "Mes Papiers (Métropole de Lyon)",
        "ORDI 3.0",
        "SUD LABS (PACA)",
    ),
    "modalites_acces": (
        "Se présenter",
        "Téléphoner",
        "Contacter par mail",
        "Prendre un RDV en ligne",
        "Ce lieu n'accueille pas de public",
        "Envoyer un mail avec une fiche de prescription",
    ),
    "modalites_accompagnement": (
        "En autonomie",
        "Accompagnement individuel",
        "Dans un atelier collectif",
        "À distance",
    ),
}
# What the schema writes without the space that French wants, and that its users read as we write it.
OFFICIAL_SPELLINGS = {"Étapes numériques (La Poste)": "Étapes numériques(La Poste)"}
# Several values too, but free: no list closes them.
FREE_LISTS = ("typologie", "courriels", "site_web", "autres_formations_labels")
SEVERAL = frozenset({*LISTS, *FREE_LISTS})

# Written in the model's own columns; every other one is kept in `Place.details` under its schema name.
MODEL_FIELDS = {
    "id": "external_id",
    "pivot": "pivot",
    "nom": "name",
    "commune": "commune_name",
    "code_postal": "postcode",
    "code_insee": "commune_code",
    "adresse": "address",
    "complement_adresse": "address_more",
    "latitude": "latitude",
    "longitude": "longitude",
    "date_maj": "updated_on",
    "services": "services",
}


@lru_cache(maxsize=4096)
def in_the_lists_spelling(column: str, value: str) -> str:
    """The value as the closed list of its column writes it, whatever accents, case, apostrophes and spaces were typed.

    A value that the list does not hold comes back as it is.
    """
    return _known(column).get(spelled(value), value)


@lru_cache(maxsize=len(LISTS))
def _known(column: str) -> dict[str, str]:
    return {spelled(one): one for one in LISTS.get(column, ())}
