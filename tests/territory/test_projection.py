"""Whatever the territory: everything in the box, not stretched, in the same order, wherever the antimeridian is."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.territory.projection import Box, around, fit, thin

BOX = Box(10, 20, 600, 400)
latitudes = st.floats(-75, 75, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)
places = st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=40)
near = st.lists(st.tuples(st.floats(-6, 6), st.floats(-4, 4)), min_size=2, max_size=30)
paddings = st.floats(0, 150, allow_nan=False)


@given(places, paddings)
def test_every_place_is_in_the_box_without_its_margins(found: list[tuple[float, float]], padding: float) -> None:
    project = fit(found, BOX, padding)
    assert all(BOX.inside(padding).holds(project(one), 1e-6) for one in found)


@given(near, st.tuples(longitudes, latitudes))
def test_the_territory_is_not_stretched(shape: list[tuple[float, float]], centre: tuple[float, float]) -> None:
    """A degree of latitude is as long everywhere, a degree of longitude as its cosine: in the box as on the ground."""
    found = [(centre[0] + dx, centre[1] + dy) for dx, dy in shape]
    project = fit(found, BOX)
    middle = (min(lat for _lon, lat in found) + max(lat for _lon, lat in found)) / 2
    (x, y), (east, _y), (_x, north) = (
        project((project.lon0, project.lat0)),
        project((project.lon0 + 0.5, project.lat0)),
        project((project.lon0, project.lat0 + 0.5)),
    )
    assert (east - x) / (y - north) == pytest.approx(cos(radians(middle)), rel=1e-6)


@given(near, st.tuples(longitudes, latitudes))
def test_it_fills_the_box_one_way_at_least(shape: list[tuple[float, float]], centre: tuple[float, float]) -> None:
    found = [(centre[0] + dx, centre[1] + dy) for dx, dy in shape]
    assume(max(dx for dx, _dy in shape) - min(dx for dx, _dy in shape) > 0.5)
    points = [fit(found, BOX)(one) for one in found]
    across = max(x for x, _y in points) - min(x for x, _y in points)
    down = max(y for _x, y in points) - min(y for _x, y in points)
    assert across == pytest.approx(BOX.width, rel=1e-6) or down == pytest.approx(BOX.height, rel=1e-6)


@given(near, st.tuples(longitudes, latitudes))
def test_east_is_right_and_north_is_up(shape: list[tuple[float, float]], centre: tuple[float, float]) -> None:
    found = [(centre[0] + dx, centre[1] + dy) for dx, dy in shape]
    project = fit(found, BOX)
    for one, other in pairwise(found):
        (x1, y1), (x2, y2) = project(one), project(other)
        if other[0] - one[0] > 1e-6:
            assert x2 > x1
        if other[1] - one[1] > 1e-6:
            assert y2 < y1


@given(near, latitudes, st.floats(-180, 180))
def test_the_antimeridian_changes_nothing(shape: list[tuple[float, float]], lat: float, turned: float) -> None:
    """The same islands, drawn around any meridian, written in any way, give the same drawing."""
    here = [(dx, lat + dy) for dx, dy in shape]
    there = [((lon + turned + 180) % 360 - 180, y) for lon, y in here]
    first, second = fit(here, BOX), fit(there, BOX)
    for one, other in zip(here, there, strict=True):
        assert first(one) == pytest.approx(second(other), abs=1e-5)


def test_wallis_and_noumea_are_neighbours() -> None:
    """Wallis is at 176° W, Nouméa at 166° E: 18° apart, not 342."""
    project = fit([(-176.2, -13.3), (166.4, -22.3)], BOX)
    assert project((166.4, -22.3))[0] < project((-176.2, -13.3))[0]
    assert BOX.width / project.scale < 25


@given(longitudes, latitudes)
def test_one_place_alone_is_in_the_middle(lon: float, lat: float) -> None:
    project = fit([(lon, lat)], BOX)
    assert project((lon, lat)) == pytest.approx((310, 220), abs=1e-6)
    assert 1000 < project.scale < 20_000


def test_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        fit([], BOX)


@given(longitudes, longitudes)
def test_around_is_the_same_meridian_close_by(lon: float, middle: float) -> None:
    found = around(lon, middle)
    assert abs(found - middle) <= 180 + 1e-9
    assert (found - lon) % 360 == pytest.approx(0, abs=1e-6) or (found - lon) % 360 == pytest.approx(360, abs=1e-6)


points = st.lists(st.tuples(st.floats(0, 800), st.floats(0, 600)), max_size=60)


@given(points, st.floats(0.1, 5))
def test_thinning_moves_no_point_further_than_the_grid_and_keeps_their_order(
    found: list[tuple[float, float]], step: float
) -> None:
    kept = thin(found, step)
    assert all(one != other for one, other in pairwise(kept))
    rest = iter(found)
    for x, y in kept:
        assert any(abs(x - a) <= step / 2 + 1e-6 and abs(y - b) <= step / 2 + 1e-6 for a, b in rest)


@given(points, st.floats(0.1, 5))
def test_a_border_followed_both_ways_stays_one_line(found: list[tuple[float, float]], step: float) -> None:
    """What neighbours share is thinned in the same way from both sides: no gap, no overlap."""
    assert thin(found, step) == tuple(reversed(thin(reversed(found), step)))


def test_no_step_keeps_everything_but_repeats() -> None:
    assert thin([(0, 0), (0, 0), (0.01, 0)], 0) == ((0, 0), (0.01, 0))
