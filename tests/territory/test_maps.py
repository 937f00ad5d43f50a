"""Scenes: words that do not overlap, arrows that stand apart, classes that can be read, the table of the same figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.i18n import speaking
from app.territory import maps
from app.territory.maps import flows, labels, marks, svg
from app.territory.projection import Box

WITHIN = Box(0, 0, 400, 300)
spots = st.tuples(st.floats(0, 400), st.floats(0, 300))
names = st.sampled_from(["Marmande", "Sainte-Bazeille", "Le Mas-d’Agenais", "Agmé", "Saint-Barthélemy-d’Agenais"])


def square(lon: float, lat: float, half: float = 0.02) -> maps.Shape:
    corners = ((lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half))
    return (((*corners, corners[0]),),)


def commune(code: str, name: str, lon: float, lat: float, value: int | None, *, drawn: bool = True) -> maps.AreaFigure:
    shape = square(lon, lat) if drawn else None
    said = "masqué" if value is None else str(value)
    return maps.AreaFigure(code, name, shape, (lon, lat), value, (said,), f"{name} : {said}")


COMMUNES = (
    commune("47157", "Marmande", 0.16, 44.50, 40),
    commune("47310", "Tonneins", 0.31, 44.39, 12),
    commune("47002", "Agmé", 0.34, 44.48, None),
    commune("47020", "Beaupuy", 0.15, 44.54, 0),
)
PLACES = (
    maps.PlaceFigure("a", "Médiathèque", (0.16, 44.50), maps.Mark.SQUARE),
    maps.PlaceFigure("b", "CCAS", (0.31, 44.39), maps.Mark.DIAMOND),
    maps.PlaceFigure("c", "Structure partenaire", None),
)


def people(*rows: maps.AreaFigure) -> maps.AreaLayer:
    return maps.AreaLayer(
        rows or COMMUNES,
        caption="Personnes par commune",
        headers=("Commune", "Personnes"),
        classes=maps.of_counts("Personnes", [one.value for one in rows or COMMUNES], least=11),
        nothing="Aucune, ou masqué",
    )


def scene(**layers: object) -> maps.Scene:
    return maps.compose(maps.Look("carte", "Titre", "Description."), **layers)  # type: ignore[arg-type]


# ---------------------------------------------------------------- words


@given(st.lists(st.builds(labels.Wanted, names, spots, st.floats(0, 12), st.booleans(), st.booleans()), max_size=40))
def test_no_words_over_others_nor_out_of_the_map(wanted: list[labels.Wanted]) -> None:
    placed = list(labels.place(wanted, WITHIN, 12, labels.Taken()))
    boxes = [labels.box_of(one) for one in placed]
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert all(WITHIN.holds((box.left, box.top)) and WITHIN.holds((box.right, box.bottom)) for box in boxes)


def test_the_first_wanted_is_the_one_that_stays() -> None:
    same = [labels.Wanted(name, (200.0, 150.0), centred=True) for name in ("Marmande", *["Tonneins"] * 30)]
    placed = list(labels.place(same, WITHIN, 12, labels.Taken()))
    assert placed[0].text == "Marmande"
    assert len(placed) < len(same)


def test_words_keep_off_what_is_taken() -> None:
    taken = labels.Taken()
    taken.add(Box(205, 100, 195, 100))
    (label,) = labels.place([labels.Wanted("Marmande", (200.0, 150.0), 4)], WITHIN, 12, taken)
    assert label.anchor == "end"


# ---------------------------------------------------------------- arrows


@given(spots, spots, st.floats(1.4, 9), st.floats(0, 12), st.floats(0, 12))
def test_an_arrow_goes_from_the_edge_of_one_mark_to_that_of_the_other(
    start: tuple[float, float], end: tuple[float, float], width: float, here: float, there: float
) -> None:
    found = flows.arrow(start, end, width, (here, there))
    if found is None:
        assert hypot(end[0] - start[0], end[1] - start[1]) <= here + there + 5.001
        return
    begun, _control, _base, (tip, _left, _right) = found
    assert hypot(begun[0] - start[0], begun[1] - start[1]) >= here
    assert hypot(tip[0] - end[0], tip[1] - end[1]) == pytest.approx(there + 2.5, abs=1e-6)


@given(spots, spots)
def test_there_and_back_are_on_either_side(start: tuple[float, float], end: tuple[float, float]) -> None:
    there, back = flows.arrow(start, end, 3), flows.arrow(end, start, 3)
    if there is None or back is None:
        return
    one, other = flows.middle(*there[:3]), flows.middle(*back[:3])
    assert hypot(one[0] - other[0], one[1] - other[1]) > 2


@given(spots, spots)
def test_a_curve_stays_on_the_drawing(start: tuple[float, float], end: tuple[float, float]) -> None:
    found = flows.arrow(start, end, 3, within=WITHIN)
    if found is not None:
        assert all(WITHIN.holds(point, 1e-6) for point in (*found[:3], found[3][0]))


def test_widths_follow_counts() -> None:
    widths = [flows.width(count, 100) for count in (1, 4, 25, 100)]
    assert widths == sorted(widths)
    assert widths[-1] == flows.WIDEST
    assert flows.width(0, 0) == flows.THINNEST


@given(st.lists(st.tuples(spots, st.floats(3, 9)), max_size=40))
def test_marks_of_one_town_are_moved_apart(found: list[tuple[tuple[float, float], float]]) -> None:
    moved = marks.spread(found, Box(-400, -400, 1200, 1100))
    for (one, (_at, first)), (other, (_spot, second)) in combinations(zip(moved, found, strict=True), 2):
        assert hypot(one[0] - other[0], one[1] - other[1]) >= first + second - 1e-6


# ---------------------------------------------------------------- classes


@given(st.lists(st.integers(0, 100_000) | st.none(), max_size=80), st.sampled_from([1, 5, 11]))
def test_every_value_that_may_be_told_has_a_class_and_no_other(values: list[int | None], least: int) -> None:
    classes = maps.of_counts("Personnes", values, least)
    assert len(classes.bounds) == len(classes.labels) <= 5
    assert list(classes.bounds) == sorted(set(classes.bounds))
    for value in values:
        told = classes.of(value)
        assert (told is None) == (value is None or value < least)
        if told is not None and value is not None:
            assert classes.bounds[told] <= value
            assert told == len(classes.bounds) - 1 or value < classes.bounds[told + 1]


@given(st.lists(st.integers(0, 100_000) | st.none(), max_size=80), st.sampled_from([1, 5, 11]))
def test_the_legend_has_no_class_without_a_value(values: list[int | None], least: int) -> None:
    classes = maps.of_counts("Personnes", values, least)
    assert {classes.of(value) for value in values} - {None} == set(range(len(classes.bounds)))


def test_the_legend_is_in_french() -> None:
    classes = maps.of_counts("Personnes", [11, 12, 18, 25, 40, 1500, 12_500], least=11)
    assert classes.labels[0].startswith("de 11 à ")
    assert classes.labels[-1].endswith(" et plus")
    assert "\u202f" in classes.labels[-1]
    with speaking("en"):
        assert "\u202f" not in maps.of_counts("People", [1, 12_500]).labels[-1]


def test_tones_use_the_whole_range() -> None:
    two = maps.of_bounds("Délai", (0, 10), ("vite", "moins vite"))
    assert [two.tone(0), two.tone(1)] == [0, 4]
    assert maps.of_bounds("Délai", (0,), ("tout",)).tone(0) == 2
    with pytest.raises(ValueError, match="labels"):
        maps.of_bounds("Délai", (0, 10), ("vite",))


# ---------------------------------------------------------------- scenes


def test_zero_and_hidden_look_the_same_on_the_map_and_not_in_the_table() -> None:
    found = scene(areas=people())
    steps = {one.code: one.step for one in found.areas}
    assert steps["47002"] is steps["47020"] is None
    assert steps["47157"] != steps["47310"]
    (twin,) = found.twins
    assert twin.rows == (("Marmande", "40"), ("Tonneins", "12"), ("Agmé", "masqué"), ("Beaupuy", "0"))
    assert found.legends[0].keys[-1].label == "Aucune, ou masqué"


def test_a_commune_without_a_contour_is_a_dot_where_it_is() -> None:
    found = scene(areas=people(*COMMUNES[:2], commune("98818", "Nouméa", 166.4, -22.3, 30, drawn=False)))
    (dot,) = [one for one in found.areas if not one.rings]
    assert dot.code == "98818"
    assert dot.step is not None
    (frame,) = found.insets
    assert frame.title == "Nouvelle-Calédonie"
    assert frame.box.holds(dot.centre)


def test_communes_that_are_nowhere_are_told_to_be_in_the_table() -> None:
    lost = maps.AreaFigure("98735", "Papeete", None, None, 30, ("30",))
    found = scene(areas=people(lost))
    assert found.areas == ()
    assert "tableau" in found.labels[0].text
    assert found.twins[0].rows == (("Papeete", "30"),)


def test_what_is_drawn_is_inside_the_drawing() -> None:
    layer = people(*COMMUNES, commune("97411", "Saint-Denis", 55.45, -20.88, 20))
    found = scene(areas=layer, places=maps.PlaceLayer(PLACES))
    frame = Box(0, 0, found.width, found.height)
    corners = [point for one in found.areas for ring in one.rings for point in ring]
    assert corners
    assert all(frame.holds(point, 0.6) for point in corners)
    assert all(frame.holds(one.at) for one in found.places)
    assert all(frame.holds((labels.box_of(one).left, labels.box_of(one).top)) for one in found.labels)


def test_a_place_that_is_nowhere_stands_in_the_frame_below() -> None:
    found = scene(areas=people(), places=maps.PlaceLayer(PLACES, elsewhere="Lieu non montré"))
    (frame,) = found.insets
    assert frame.title == "Lieu non montré"
    assert [one.key for one in found.places if frame.box.holds(one.at)] == ["c"]


def test_flows_join_their_places_and_their_table_says_as_much() -> None:
    rows = (
        maps.FlowFigure("a", "b", 30, 4, ("30", "4 jours"), "De Médiathèque vers CCAS : 30"),
        maps.FlowFigure("b", "a", 2, None, ("2", "–"), "De CCAS vers Médiathèque : 2"),
        maps.FlowFigure("b", "gone", 1, None, ("1", "–"), ""),
        maps.FlowFigure("a", "a", 1, None, ("1", "–"), ""),
    )
    layer = maps.FlowLayer(
        rows,
        caption="Liens",
        headers=("De", "Vers", "Nombre", "Délai"),
        classes=maps.of_bounds("Délai", (0, 10), ("vite", "moins vite")),
        nothing="Sans réponse",
        widths="Nombre",
        rest=("2 autres", "", "5", ""),
    )
    found = scene(areas=people(), places=maps.PlaceLayer(PLACES), flows=layer)
    assert [(one.sender, one.recipient, one.step) for one in found.flows] == [("a", "b", 0), ("b", "a", None)]
    assert found.flows[0].width > found.flows[1].width
    table = found.twins[0]
    assert table.rows[0] == ("Médiathèque", "CCAS", "30", "4 jours")
    assert len(table.rows) == 5
    assert table.numeric == (2, 3)


def test_words_of_a_small_screen_are_larger_and_fewer() -> None:
    found = scene(areas=people())
    large, small = ([one for one in found.labels if one.narrow is narrow] for narrow in (False, True))
    assert 0 < len(small) <= len(large)
    assert min(one.size for one in small) > max(one.size for one in large)


def test_towns_are_named_among_the_marks_that_stand_on_them() -> None:
    places = maps.PlaceLayer(
        tuple(maps.PlaceFigure(str(rank), f"Structure {rank}", (0.16, 44.50)) for rank in range(4))
    )
    for narrow in (False, True):
        words = [one.text for one in scene(areas=people(), places=places).labels if one.narrow is narrow]
        assert "Marmande" in words


def test_a_smaller_map_names_fewer_communes_the_largest_first() -> None:
    """Words are as large on both: as many would hide what they name."""
    grid = [(column, row) for column in range(5) for row in range(5)]
    rows = [
        replace(commune(f"47{rank:03}", f"Bourg {rank}", x * 0.2, 44 + y * 0.2, 20), weight=1000 - rank)
        for rank, (x, y) in enumerate(grid)
    ]
    screen, paper = (
        {one.text for one in scene(areas=people(*rows), width=width).labels if not one.narrow}
        for width in (760.0, 350.0)
    )
    assert len(screen) == len(rows)
    assert paper == {one.name for one in rows[: len(paper)]}
    assert 3 < len(paper) <= len(rows) / 2


def test_a_map_knows_when_it_has_nothing_to_say() -> None:
    nobody = tuple(
        replace(one, value=value, cells=(str(value),)) for one, value in zip(COMMUNES, (0, None, 0, 0), strict=True)
    )
    assert scene(areas=people()).says_something
    assert not scene(areas=people(*nobody)).says_something


def test_an_empty_map_is_still_a_map() -> None:
    found = scene()
    assert found.width > found.height > 0
    assert found.areas == found.flows == found.places == ()


# ---------------------------------------------------------------- path data


@pytest.mark.parametrize(("value", "text"), [(0.5, ".5"), (-0.5, "-.5"), (10.0, "10"), (-0.04, "0"), (100.25, "100.2")])
def test_numbers_are_short(value: float, text: str) -> None:
    assert svg.short(value) == text


def test_rings_are_closed_and_relative() -> None:
    assert svg.closed([((1, 1), (2, 1), (2, 3), (1, 1))]) == "M1 1l1 0 0 2z"
    assert svg.line(((0, 0), (1, 2))) == "M0 0l1 2"


@given(st.lists(st.tuples(st.floats(0, 800), st.floats(0, 800)), min_size=2, max_size=200))
def test_relative_moves_do_not_drift(points: list[tuple[float, float]]) -> None:
    """Rounding each move would lead the end of a long border away from its neighbour."""
    text = svg.line(points)
    start, _l, moves = text.removesuffix("z").removeprefix("M").partition("l")
    numbers = [float(one) for one in _numbers(start + " " + moves)]
    x, y = sum(numbers[::2]), sum(numbers[1::2])
    last = points[-2] if text.endswith("z") else points[-1]
    assert (x, y) == pytest.approx(last, abs=0.11)


def _numbers(text: str) -> list[str]:
    return text.replace("-", " -").split()
