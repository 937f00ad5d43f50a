"""Contours of communes and départements, simplified, with shared borders kept: what maps are drawn from.

Shipped in `app/territory/data/contours` (TopoJSON, one compressed file per département and level; source, licence and gaps
in `app/territory/data/README.md`), read at the first call and kept. All coordinates are (longitude, latitude) in WGS 84
degrees, on one national grid of 0.0001°: neighbours share exactly the same points, across départements too.

    shapes(codes, level) -> {code: Shape}     communes and arrondissements, by Insee code
    outline(codes, level) -> lines            the border around a set of communes (an EPCI, a département)
    epci_shapes(codes) -> {code: Shape}       whole EPCI, coarse, for a map of a region or of France
    departement_shapes(codes) -> {code: Shape}  whole départements, coarse (« 47 », « 2A », « 974 »)

    Shape = tuple of Polygon; Polygon = tuple of Ring, the outer one first, then its holes; Ring = tuple of Point, closed
    (the last point repeats the first).

A code without a contour (overseas collectivities, New Caledonia, a few former communes, a code that does not exist) is
absent from the result: draw a point at the commune's `lat`, `lon`, and where these are None say it in the text.
"""

from __future__ import annotations

import json
import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from app.territory.communes import by_code

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
Shape = tuple[Polygon, ...]
Line = tuple[Point, ...]
Level = Literal["fine", "medium"]
"""« fine » for an EPCI or a few communes, « medium » for a whole département; wider maps draw EPCI or départements."""

_DATA = Path(__file__).resolve().parent / "data" / "contours"
_Arcs = tuple[tuple[tuple[int, ...], ...], ...]
_Node = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Topology:
    """Arcs on the grid, and for each code its polygons as rings of arc numbers (~n: arc n, backwards)."""

    scale: float
    arcs: tuple[tuple[_Node, ...], ...]
    shapes: dict[str, _Arcs]

    def ring(self, numbers: Iterable[int]) -> Ring:
        nodes: list[_Node] = []
        for number in numbers:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            nodes.extend(arc[1:] if nodes else arc)
        return tuple(self.point(node) for node in nodes)

    def point(self, node: _Node) -> Point:
        return round(node[0] * self.scale, 4), round(node[1] * self.scale, 4)

    def shape(self, code: str) -> Shape | None:
        found = self.shapes.get(code)
        if found is None:
            return None
        return tuple(tuple(self.ring(ring) for ring in polygon) for polygon in found)


def shapes(codes: Iterable[str], level: Level = "fine") -> dict[str, Shape]:
    """The contour of each commune or arrondissement, in the order of `codes`; those without one are absent."""
    found = ((code, _shape(code, level)) for code in dict.fromkeys(codes))
    return {code: shape for code, shape in found if shape is not None}


def epci_shapes(codes: Iterable[str] | None = None) -> dict[str, Shape]:
    """The contour of each EPCI (all of them by default), coarse, with shared borders kept among EPCI."""
    return _whole("epci", codes)


def departement_shapes(codes: Iterable[str] | None = None) -> dict[str, Shape]:
    """The contour of each département (all 101 by default), coarse; overseas collectivities have none."""
    return _whole("departements", codes)


def outline(codes: Iterable[str], level: Level = "fine") -> tuple[Line, ...]:
    """The border around these communes, without those between two of them; a line is closed when it returns on itself.

    Islands and holes (a commune in the middle that is not in the set) give lines of their own. Nothing is repeated.
    """
    return _outline(frozenset(codes), level)


def _whole(name: str, codes: Iterable[str] | None) -> dict[str, Shape]:
    topology = _topology("france", name)
    wanted = topology.shapes if codes is None else dict.fromkeys(codes)
    return {code: shape for code in wanted if (shape := topology.shape(code)) is not None}


@lru_cache(maxsize=4096)
def _shape(code: str, level: Level) -> Shape | None:
    commune = by_code(code)
    return _topology(level, commune.departement).shape(commune.code) if commune else None


@lru_cache(maxsize=64)
def _outline(codes: frozenset[str], level: Level) -> tuple[Line, ...]:
    edges: set[tuple[_Node, _Node]] = set()
    scale = 1.0
    for departement, members in _by_departement(codes).items():
        topology = _topology(level, departement)
        scale = topology.scale if topology.arcs else scale
        for number in _used_once(topology, members):
            edges ^= {(min(pair), max(pair)) for pair in pairwise(topology.arcs[number])}
    return tuple(tuple((round(x * scale, 4), round(y * scale, 4)) for x, y in line) for line in _chained(edges))


def _by_departement(codes: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    known = {commune.code: commune for code in codes if (commune := by_code(code))}
    for commune in known.values():
        if commune.parent not in known:
            found[commune.departement].append(commune.code)
    return found


def _used_once(topology: _Topology, codes: Iterable[str]) -> set[int]:
    once: set[int] = set()
    for code in codes:
        for polygon in topology.shapes.get(code, ()):
            for ring in polygon:
                once ^= {number if number >= 0 else ~number for number in ring}
    return once


def _chained(edges: Iterable[tuple[_Node, _Node]]) -> Iterator[list[_Node]]:
    """Edges put end to end, each used once, in an order that does not depend on the run."""
    ways: dict[_Node, set[_Node]] = defaultdict(set)
    for one, other in edges:
        ways[one].add(other)
        ways[other].add(one)
    for start in sorted(ways):
        while ways[start]:
            line = [start]
            while ways[line[-1]]:
                here = line[-1]
                following = min(ways[here])
                ways[here].discard(following)
                ways[following].discard(here)
                line.append(following)
            yield line


@lru_cache(maxsize=128)
def _topology(folder: str, name: str) -> _Topology:
    path = _DATA / folder / f"{name}.topojson.xz"
    if not path.is_file():
        return _Topology(1.0, (), {})
    found = json.loads(lzma.decompress(path.read_bytes()))
    (objects,) = found["objects"].values()
    scale, _same = found["transform"]["scale"]
    return _Topology(scale, tuple(_nodes(arc) for arc in found["arcs"]), dict(_geometries(objects["geometries"])))


def _nodes(arc: list[list[int]]) -> tuple[_Node, ...]:
    x = y = 0
    nodes = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        nodes.append((x, y))
    return tuple(nodes)


def _geometries(found: Iterable[dict[str, Any]]) -> Iterator[tuple[str, _Arcs]]:
    for one in found:
        yield one["id"], tuple(tuple(tuple(ring) for ring in polygon) for polygon in one["arcs"])
