"""The `score` part of the instrument: thresholds, families, index and bands."""

from app.assessments.engine.conditions import MAX_SCORE, Vocabulary, read_condition
from app.assessments.engine.instrument import (
    REFUSERS,
    Band,
    Dimension,
    Family,
    IndexRule,
    Scoring,
)
from app.assessments.engine.node import Node

ANSWERS_ONLY = frozenset({"question"})


def parse_scoring(node: Node, words: Vocabulary, dimensions: tuple[Dimension, ...]) -> Scoring:
    """Thresholds checked against the dimensions and the families; InstrumentError."""
    families = _families(node["famille"], dimensions)
    return Scoring(
        points_max=node["points_max"].integer(1),
        min_dimension_coverage=node["couverture_min_dimension"].ratio(),
        min_coverage=node["couverture_min_evaluation"].ratio(),
        reason_weight=node["poids_couverture_M1"].integer(),
        presence=_score(node["seuil_presence"]),
        reason_floor=_floor(node),
        reason_tolerance=_score(node["tolerance_motif"]),
        cause_threshold=_score(node["seuil_sous_cause"]),
        min_known_express=node["min_dimensions_express"].integer(1),
        shown_change=_score(node["changement_minimal_affiche"]),
        families=families,
        tie_order=_tie_order(node["ordre_egalite"], families),
        refuser_present=read_condition(node["refractaire_present_si"], words, ANSWERS_ONLY),
        refuser_first=read_condition(node["refractaire_principal_si"], words, ANSWERS_ONLY),
        index=_index(node["indice"], words),
        bands=_bands(node["bandes"]),
    )


def _score(node: Node) -> int:
    if node.integer() > MAX_SCORE:
        node.fail(f"un score ne dépasse pas {MAX_SCORE}")
    return node.integer()


def _floor(node: Node) -> int:
    floor = _score(node["plancher_motif"])
    if floor < _score(node["seuil_presence"]):
        node["plancher_motif"].fail("le motif déclaré doit rendre sa famille présente")
    return floor


def _families(node: Node, dimensions: tuple[Dimension, ...]) -> tuple[Family, ...]:
    families = tuple(_family(code, item, dimensions) for code, item in node.entries())
    expected = {dimension.family for dimension in dimensions} - {None}
    if {family.code for family in families} != expected or REFUSERS not in expected:
        node.fail("les familles ne sont pas celles des dimensions")
    return families


def _family(code: str, node: Node, dimensions: tuple[Dimension, ...]) -> Family:
    own = {dimension.id for dimension in dimensions if dimension.family == code}
    read_on = node["pire_sur"].all_among(own, "dimension de la famille")
    if set(read_on) != own:
        node["pire_sur"].fail("une dimension de la famille est oubliée")
    return Family(code, read_on, _min_known(node["min_dimensions"], len(read_on)))


def _min_known(node: Node, available: int) -> int:
    if node.integer(1) > available:
        node.fail("plus de dimensions demandées que la famille n’en a")
    return node.integer()


def _tie_order(node: Node, families: tuple[Family, ...]) -> tuple[str, ...]:
    order = node.all_among((family.code for family in families), "famille")
    if len(order) != len(families):
        node.fail("une famille manque dans l’ordre d’égalité")
    return order


def _index(node: Node, words: Vocabulary) -> IndexRule:
    return IndexRule(
        node["pire_sur"].all_among(words.dimensions, "dimension"),
        node["obligatoires"].all_among(words.dimensions, "dimension"),
        node["poids_connu_min"].ratio(),
    )


def _bands(node: Node) -> tuple[Band, ...]:
    bands = tuple(
        Band(
            item["code"].text(),
            item["libelle"].text(),
            _score(item["min"]),
            _score(item["max"]),
        )
        for item in node.each()
    )
    covered = [score for band in bands for score in range(band.low, band.high + 1)]
    if covered != list(range(MAX_SCORE + 1)):
        node.fail(f"les bandes doivent couvrir 0 à {MAX_SCORE} sans trou ni recouvrement")
    return bands
