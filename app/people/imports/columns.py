"""Which column of a file is what, guessed from the words of its title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled
from app.people.names import normalise


class ImportField(Labelled):
    """The ten columns of La Coop's file, in its order."""

    LAST_NAME = "nom", _("Nom")
    FIRST_NAME = "prenom", _("Prénom")
    BIRTH_YEAR = "annee_naissance", _("Année de naissance")
    COMMUNE = "commune", _("Commune")
    INSEE = "insee", _("Code Insee de la commune")
    POSTCODE = "code_postal", _("Code postal")
    PHONE = "telephone", _("Téléphone")
    EMAIL = "courriel", _("Adresse électronique")
    GENRE = "genre", _("Genre")
    NOTES = "notes", _("Notes")


FIELDS = tuple(ImportField)

# The title is exactly one of the first, or holds one of the second as whole words.
_EXACT: dict[ImportField, str] = {
    ImportField.LAST_NAME: "nom|noms|nom de famille|nom du beneficiaire|last name|lastname|surname",
    ImportField.FIRST_NAME: "prenom|prenoms|prenom du beneficiaire|first name|firstname",
    ImportField.BIRTH_YEAR: "annee de naissance|annee naissance|naissance|ne en|birth year",
    ImportField.COMMUNE: "commune|ville|commune de residence|nom de la commune|city",
    ImportField.INSEE: "insee|code insee|insee commune|code insee de la commune|code commune",
    ImportField.POSTCODE: "cp|code postal|postal|zip",
    ImportField.PHONE: "telephone|tel|portable|mobile|numero de telephone|phone",
    ImportField.EMAIL: "e mail|email|mail|courriel|adresse electronique|adresse e mail|adresse mail",
    ImportField.GENRE: "genre|sexe|civilite|gender",
    ImportField.NOTES: "notes|note|commentaires|commentaire|remarques|observations",
}
_HELD: dict[ImportField, str] = {
    ImportField.LAST_NAME: "nom",
    ImportField.FIRST_NAME: "prenoms?",
    ImportField.BIRTH_YEAR: "naissance",
    ImportField.COMMUNE: "commune|ville",
    ImportField.INSEE: "insee",
    ImportField.POSTCODE: "cp|code postal",
    ImportField.PHONE: "telephone|tel|portable|mobile",
    ImportField.EMAIL: "e mail|email|mail|courriel|electronique",
    ImportField.GENRE: "genre|sexe|civilite",
    ImportField.NOTES: "notes?|commentaires?|remarques?|observations?",
}
# « Nom de la structure » is nobody's name, « commune de naissance » nobody's address.
_OTHERS = re.compile(r"\b(structure|atelier|lieu|conseiller|mediateur|aidant|usage|id|identifiant)\b")
_SUREST, _SURE = 2, 1


def guess(titles: Sequence[str]) -> dict[ImportField, int]:
    """Field → column, counted from 0; a field that no title names is absent, a column serves once.

    An exact title goes before one that only holds the word; then the leftmost.
    """
    spelled = [_spelled(title) for title in titles]
    likely = [
        (-sure, at, field)
        for field in FIELDS
        for at, title in enumerate(spelled)
        if title and (sure := _sureness(field, title))
    ]
    found: dict[ImportField, int] = {}
    for _sure, at, field in sorted(likely, key=lambda one: (one[0], one[1], FIELDS.index(one[2]))):
        if field not in found and at not in found.values():
            found[field] = at
    return {field: found[field] for field in FIELDS if field in found}


def _spelled(title: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", normalise(title)).split())


def _sureness(field: ImportField, title: str) -> int:
    if re.fullmatch(_EXACT[field], title):
        return _SUREST
    return _SURE if not _OTHERS.search(title) and re.search(rf"\b(?:{_HELD[field]})\b", title) else 0
