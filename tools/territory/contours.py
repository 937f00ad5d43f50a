"""Simplified contours with shared borders kept: one TopoJSON per département and level, and two files for all France.

The whole country is simplified as one coverage, then put on one grid: neighbours keep the same points, across départements.
"""

from __future__ import annotations

import json
import lzma
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from topojson import Topology

from tools.territory.readme import Gaps
from tools.territory.sources import NULL, PyPi, Row

GRID = 0.0001
"""Degrees: 11 m from north to south."""
LEVELS = {"fine": 0.003, "medium": 0.012}
"""Tolerance of shapely’s coverage_simplify, in degrees: the side of a triangle that may disappear."""
WHOLE = 0.02
GAP = 0.003
"""Degrees: narrower gaps between two contours are errors of drawing, and closed."""

Contours = dict[str, shapely.Geometry]


def build(pypi: PyPi, rows: list[Row], target: Path, gaps: Gaps) -> int:
    """Replace every file under `target`; the number of compressed bytes. Gaps are noted."""
    made = target.with_name(f"{target.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    known = {row["code"]: row for row in rows}
    raw = coverage(pypi, known, gaps)
    by_level = {level: simplified(raw, tolerance) for level, tolerance in LEVELS.items()}
    size = sum(write_level(made / level, found, known) for level, found in by_level.items())
    size += sum(
        write(made / "france" / f"{name}.topojson.xz", name, found)
        for name, found in whole(by_level["fine"], known).items()
    )
    shutil.rmtree(target, ignore_errors=True)
    made.rename(target)
    return size


def coverage(pypi: PyPi, known: Mapping[str, Row], gaps: Gaps) -> Contours:
    """Contours that meet without overlapping: arrondissements rather than the communes they make up."""
    wholes = {row["parent"] for row in known.values()}
    found: Contours = {}
    for row in pypi.table("communes"):
        code = row["code"]
        if row["type"] not in ("COM", "ARM") or code in wholes:
            continue
        if row["geometry"] in ("", NULL):
            gaps.note("Sans contour : un point à la place, ou rien si la commune n’a pas de position", known[code])
        else:
            found[code] = shapely.from_wkb(row["geometry"])
    for code, edges in zip(found, shapely.coverage_invalid_edges(list(found.values())), strict=True):
        if not shapely.is_empty(edges):
            gaps.note("Contour recalé sur ceux de ses voisines (leurs bords ne se rejoignaient pas)", known[code])
    return dict(zip(found, shapely.coverage_clean(list(found.values()), gap_width=GAP), strict=True))


def simplified(found: Contours, tolerance: float) -> Contours:
    return dict(zip(found, shapely.coverage_simplify(list(found.values()), tolerance), strict=True))


def write_level(folder: Path, found: Contours, known: Mapping[str, Row]) -> int:
    by_departement: dict[str, Contours] = defaultdict(dict)
    for code, contour in (found | wholes_of(found, known)).items():
        by_departement[known[code]["departement"]][code] = contour
    return sum(write(folder / f"{name}.topojson.xz", "communes", part) for name, part in by_departement.items())


def wholes_of(found: Contours, known: Mapping[str, Row]) -> Contours:
    """Paris, Lyon and Marseille, from their arrondissements."""
    return merged(found, {code: row["parent"] for code, row in known.items() if row["parent"]})


def merged(found: Contours, group_of: Mapping[str, str]) -> Contours:
    groups: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for code, group in group_of.items():
        if code in found:
            groups[group].append(found[code])
    return {group: shapely.unary_union(parts) for group, parts in sorted(groups.items())}


def whole(found: Contours, known: Mapping[str, Row]) -> dict[str, Contours]:
    """EPCI and départements, from one simplified coverage of their intersections, so that their borders agree."""
    pieces = {code: f"{known[code]['departement']} {known[code]['epci']}" for code in found}
    coarse = simplified(merged(found, pieces), WHOLE)
    return {
        "epci": merged(coarse, {piece: piece.split(" ")[1] for piece in coarse if piece.split(" ")[1]}),
        "departements": merged(coarse, {piece: piece.split(" ")[0] for piece in coarse}),
    }


def write(path: Path, name: str, found: Contours) -> int:
    """One compressed TopoJSON, its coordinates whole numbers of GRID, its arcs written as differences."""
    codes = sorted(found)
    features = [feature(code, found[code]) for code in codes]
    topology = Topology(features, prequantize=False, object_name=name).to_dict()
    geometries = topology["objects"][name]["geometries"]
    document = {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
        "objects": {
            name: {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "MultiPolygon", "id": code, "arcs": one["arcs"]}
                    for code, one in zip(codes, geometries, strict=True)
                ],
            }
        },
        "arcs": [differences(arc) for arc in topology["arcs"]],
    }
    packed = lzma.compress(json.dumps(document, separators=(",", ":")).encode("ascii"), preset=9 | lzma.PRESET_EXTREME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed)
    return len(packed)


def feature(code: str, contour: shapely.Geometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code}, "geometry": mapping(on_grid(contour))}


def on_grid(contour: shapely.Geometry) -> shapely.Geometry:
    """Rounded to the grid. The few contours that cross themselves there are put right, and rounded again."""
    rounded = rounded_to_grid(contour)
    while not rounded.is_valid:
        rounded = rounded_to_grid(shapely.transform(shapely.make_valid(rounded), lambda points: points * GRID))
    return rounded


def rounded_to_grid(contour: shapely.Geometry) -> shapely.Geometry:
    """Without the rings that vanish there; raises ValueError when nothing is left."""
    kept = []
    for polygon in surfaces(contour):
        outer, *holes = [nodes(ring) for ring in (polygon.exterior, *polygon.interiors)]
        if encloses(outer):
            kept.append(shapely.Polygon(outer, [hole for hole in holes if encloses(hole)]))
    if not kept:
        raise ValueError("a contour vanishes on the grid")
    return shapely.MultiPolygon(kept)


def surfaces(contour: shapely.Geometry) -> list[shapely.Polygon]:
    """Polygons at any depth: make_valid may also leave lines, which are dropped."""
    parts = shapely.get_parts(shapely.get_parts([contour])).tolist()
    return [part for part in parts if isinstance(part, shapely.Polygon)]


def encloses(ring: list[tuple[int, int]]) -> bool:
    return len(ring) > 3 and shapely.Polygon(ring).area > 0


def nodes(ring: shapely.LinearRing) -> list[tuple[int, int]]:
    points = [tuple(point) for point in np.round(shapely.get_coordinates(ring) / GRID).astype(int).tolist()]
    return points[:1] + [after for before, after in pairwise(points) if after != before]


def differences(arc: Iterable[Iterable[float]]) -> list[list[int]]:
    points = [[round(value) for value in point] for point in arc]
    return points[:1] + [[x - u, y - v] for (u, v), (x, y) in pairwise(points)]
