"""One record as a place: tolerant where real files are, strict where meaning would be lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel.i18n import gettext as _
from app.kernel.phones import InvalidPhone, parse_phone, region_of_postcode
from app.kernel.sheets import unguarded
from app.network.imports.reading import Line
from app.network.schema import (
    COLUMNS,
    MODEL_FIELDS,
    PLACEHOLDER_PIVOT,
    REQUIRED,
    SEVERAL,
    in_the_lists_spelling,
)
from app.territory import communes

PIVOT = re.compile(r"[a-zA-Z0-9]{9,14}")
POSTCODE = re.compile(r"[0-9]{5}")
INSEE = re.compile(r"([013-9]\d|2[AB1-9])\d{3}", re.ASCII)
DEGREES = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?", re.ASCII)
LIMITS = {"id": 200, "nom": 300, "commune": 200, "adresse": 300, "complement_adresse": 300}
LONGEST = 20_000
PARAGRAPHS = frozenset({"presentation_detail"})


class RowRefused(ValueError):
    """The row is left out; the message says why, `column` where."""

    def __init__(self, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True)
class PlaceRow:
    """A checked row, in the words of `network.models.Place`."""

    external_id: str
    pivot: str
    name: str
    commune_name: str
    postcode: str
    commune_code: str | None
    address: str
    address_more: str | None
    latitude: float | None
    longitude: float | None
    services: list[str]
    details: dict[str, Any]
    updated_on: date
    # The columns that the file has: what it does not speak of is left as it is known.
    present: frozenset[str] = frozenset(COLUMNS)

    @property
    def parent_key(self) -> str:
        """What tells the structure behind the place: its Siret, its named parent, or its own name and postcode."""
        parent = self.details.get("structure_parente")
        if self.pivot != PLACEHOLDER_PIVOT:
            return f"pivot:{self.pivot}"
        return f"parent:{parent}"[:300] if parent else f"place:{self.name.casefold()}|{self.postcode}"[:300]


def parse_row(line: Line) -> PlaceRow:
    """The place of a record. Raises RowRefused with the reason in words."""
    if line.cells > line.expected:
        raise RowRefused(_("Trop de cellules sur cette ligne (%(num)d de trop).", num=line.cells - line.expected))
    cells = {name: _clean(name, line.values.get(name, "")) for name in COLUMNS}
    _check_presence(cells)
    postcode = _postcode(cells["code_postal"])
    latitude, longitude = _position(cells["latitude"], cells["longitude"])
    return PlaceRow(
        external_id=cells["id"],
        pivot=_pivot(cells["pivot"]),
        name=cells["nom"],
        commune_name=cells["commune"],
        postcode=postcode,
        commune_code=_commune_code(cells["code_insee"], postcode, cells["commune"]),
        address=cells["adresse"],
        address_more=cells["complement_adresse"] or None,
        latitude=latitude,
        longitude=longitude,
        services=several("services", cells["services"]),
        details=_details(cells, postcode),
        updated_on=_date(cells["date_maj"]),
        present=frozenset(line.columns),
    )


def _clean(name: str, text: str) -> str:
    """Spaces folded; the lines of the long presentation are kept."""
    text = unguarded(text.replace("\x00", "").replace("\ufeff", "").strip())
    if name in PARAGRAPHS:
        return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    return " ".join(text.split())


def _check_presence(cells: dict[str, str]) -> None:
    for name in REQUIRED:
        if not cells[name]:
            raise RowRefused(_("La colonne %(name)s est vide.", name=name), name)
    for name, text in cells.items():
        limit = LIMITS.get(name, LONGEST)
        if len(text) > limit:
            raise RowRefused(_("La colonne %(name)s dépasse %(num)d caractères.", name=name, num=limit), name)


def several(column: str, text: str) -> list[str]:
    """Values joined by `|` (or `;` in older files), each once, in the schema's spelling. A `;` inside an address of the
    web is part of it."""
    cut = r"\||;(?=\s*https?:)" if column == "site_web" else r"[|;]"
    values = (value.strip() for value in re.split(cut, text))
    return list(dict.fromkeys(in_the_lists_spelling(column, value) for value in values if value))


def _details(cells: dict[str, str], postcode: str) -> dict[str, Any]:
    kept = {name: cells[name] for name in COLUMNS if name not in MODEL_FIELDS and cells[name]}
    if "telephone" in kept:
        kept["telephone"] = _phone(kept["telephone"], postcode)
    found = {name: several(name, value) if name in SEVERAL else value for name, value in kept.items()}
    return {name: value for name, value in found.items() if value}


def _phone(text: str, postcode: str) -> str:
    """The international form; a number that nobody knows how to dial stays as it was written."""
    try:
        return parse_phone(text, region_of_postcode(postcode))
    except InvalidPhone:
        return text


def _pivot(text: str) -> str:
    compact = text.replace(" ", "")
    if not PIVOT.fullmatch(compact):
        raise RowRefused(_("Le pivot « %(text)s » n’est ni un Siret ni un RNA.", text=text[:20]), "pivot")
    return compact


def _postcode(text: str) -> str:
    padded = text.zfill(5) if len(text) == 4 else text
    if not POSTCODE.fullmatch(padded):
        raise RowRefused(_("Le code postal « %(text)s » doit avoir cinq chiffres.", text=text[:20]), "code_postal")
    return padded


def _commune_code(text: str, postcode: str, name: str) -> str | None:
    """The Insee code given; without it, or when it is of no commune, the one found from postcode and name if no doubt."""
    code = text.upper().zfill(5) if len(text) == 4 else text.upper()
    if code and not INSEE.fullmatch(code):
        raise RowRefused(_("Le code Insee « %(text)s » n’existe pas.", text=text[:20]), "code_insee")
    if code and communes.by_code(code):
        return code
    return communes.agreed(postcode, name) or code or None


def _position(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    if not latitude and not longitude:
        return None, None
    texts = [text.replace(",", ".") for text in (latitude, longitude)]
    if not all(DEGREES.fullmatch(text) for text in texts):
        raise RowRefused(_("Les coordonnées ne sont pas deux nombres."), "latitude")
    lat, lon = (float(text) for text in texts)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise RowRefused(
            _("Les coordonnées ne sont pas sur Terre : latitude %(lat)s, longitude %(lon)s.", lat=lat, lon=lon),
            "latitude",
        )
    return lat, lon


def _date(text: str) -> date:
    """A calendar day; the hour that some files add is left."""
    if not DAY.fullmatch(text):
        raise RowRefused(
            _(
                "La date de mise à jour « %(text)s » n’est pas écrite comme attendu : 2026-03-31.",
                text=text[:20],
            ),
            "date_maj",
        )
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise RowRefused(
            _("La date de mise à jour « %(text)s » n’existe pas dans le calendrier.", text=text[:20]), "date_maj"
        ) from error
