"""Each layer of the coordinator's map as a scene, its tables with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from app.kernel import formats
from app.kernel.access import Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.opening_days import OpeningDays
from app.kernel.remembered import MANY, Dated, dated
from app.pilotage import policy
from app.pilotage.enums import Layer
from app.pilotage.queries.map import counts, structures
from app.pilotage.queries.map.arrows import flow_layer, flows_between
from app.pilotage.queries.map.filters import Filters
from app.pilotage.queries.map.ground import Ground, Zone, ground_of
from app.pilotage.queries.map.structures import Node
from app.pilotage.queries.sent import Pair, Sent, counts_in
from app.territory import maps
from app.territory.queries import network_territory

KEY = "carte"
# Where fewer than 2,000 people live, a count under 5 could name somebody: it is hidden (the least k of indicators.md).
FEWEST = 5
Counted = Callable[[Filters], Mapping[Any, Any]]
Drawn = Callable[["_Stage", Any], maps.Scene]


class _Stage:
    """What every layer starts from."""

    def __init__(self, actor: Actor, filters: Filters, days: OpeningDays) -> None:
        self.filters, self.days = filters, days
        self.nodes = structures.nodes(actor)
        codes = [one.commune_code for one in self.nodes.values() if one.commune_code]
        self.ground = ground_of(network_territory(), codes)

    def scene(self, description: str, **layers: object) -> maps.Scene:
        look = maps.Look(KEY, self.filters.layer.label, description)
        return maps.compose(look, outline=self.ground.outline, **layers)  # type: ignore[arg-type]


def coordinator_map(actor: Actor, filters: Filters, days: OpeningDays) -> Dated[maps.Scene]:
    """The map of one layer, with the minute of its figures when there are very many; counts only.

    NotFound for anybody but a coordinator.
    """
    if not policy.can_read_flows(actor):
        raise NotFound
    counted = dated(("map", actor, filters), lambda: _COUNTED[filters.layer](filters), many=_are_many)
    return Dated(_DRAWN[filters.layer](_Stage(actor, filters, days), counted.value), counted.at)


def _are_many(found: Mapping[Any, Any]) -> bool:
    return sum(_weight(one) for one in found.values()) > MANY


def _weight(one: Sent | counts.Unmet | counts.Waiting | int) -> int:
    match one:
        case Sent():
            return one.sent
        case counts.Unmet():
            return one.needs
        case counts.Waiting():
            return one.unanswered
    return one


def _flows(stage: _Stage, counted: Mapping[Pair, Sent]) -> maps.Scene:
    found = flows_between(stage.nodes, stage.filters, stage.days, counted)
    layer, told = flow_layer(found)
    used = [node for flow in found.shown for node in (flow.sender, flow.recipient)]
    places = maps.PlaceLayer(
        structures.figures(used),
        kinds=structures.kinds(used),
        legend=_("Structures"),
        elsewhere=_elsewhere(),
    )
    return stage.scene(told, areas=stage.ground.plain(), places=places, flows=layer)


def _people(stage: _Stage, counted: Mapping[str | None, int]) -> maps.Scene:
    found = _by_zone(stage.ground, counted)
    title = _("Personnes accompagnées")
    rows = [
        _zone_row(zone, found.get(zone.code, 0), found.get(zone.code, 0), _people_words) for zone in stage.ground.zones
    ]
    return _choropleth(stage, rows, found.get(None, 0), (title,), _people_words)


def _needs(stage: _Stage, unmet: Mapping[str | None, counts.Unmet]) -> maps.Scene:
    needs = _by_zone(stage.ground, {code: one.needs for code, one in unmet.items()})
    people = _by_zone(stage.ground, {code: one.people for code, one in unmet.items()})
    rows = [
        _zone_row(zone, needs.get(zone.code, 0), people.get(zone.code, 0), _needs_words) for zone in stage.ground.zones
    ]
    return _choropleth(stage, rows, needs.get(None, 0), (_("Demandes sans solution"),), _needs_words)


def _waiting(stage: _Stage, counted: Mapping[UUID, counts.Waiting]) -> maps.Scene:
    found = _by_node(stage.nodes, counted, stage.filters)
    values = {node.key: _waiting_figure(node, one) for node, one in found.items()}
    places = maps.PlaceLayer(
        tuple(sorted(values.values(), key=lambda one: (-(one.value or 0), one.name))),
        caption=_("Les chiffres de la carte, par structure"),
        headers=(_("Structure qui doit répondre"), _("Sans réponse"), _("dont en retard")),
        kinds=structures.kinds(found),
        legend=_("Structures"),
        strong=_("Au moins une en retard"),
        elsewhere=_elsewhere(),
    )
    count, late = sum(one.unanswered for one in found.values()), sum(one.late for one in found.values())
    told = ngettext("%(num)d orientation attend une réponse", "%(num)d orientations attendent une réponse", count)
    late_told = ngettext("%(num)d en retard", "%(num)d en retard", late)
    where = ngettext("chez %(num)d structure", "chez %(num)d structures", len(found))
    return stage.scene(f"{told}, {where} ; {late_told}.", areas=stage.ground.plain(), places=places)


def _waiting_figure(node: Node, one: counts.Waiting) -> maps.PlaceFigure:
    cells = (formats.number(one.unanswered), formats.number(one.late))
    told = ngettext("%(num)d orientation sans réponse", "%(num)d orientations sans réponse", one.unanswered)
    late = ngettext("dont %(num)d en retard", "dont %(num)d en retard", one.late)
    detail = f"{node.name} : {told}, {late}" if one.late else f"{node.name} : {told}"
    return maps.PlaceFigure(node.key, node.name, node.at, node.mark, one.unanswered, cells, detail, strong=one.late > 0)


def _by_node(
    nodes: Mapping[UUID, Node], found: Mapping[UUID, counts.Waiting], filters: Filters
) -> dict[Node, counts.Waiting]:
    summed: dict[Node, counts.Waiting] = {}
    for structure_id, one in found.items():
        node = nodes[structure_id]
        if filters.structure_kind in (None, node.kind):
            before = summed.get(node, counts.Waiting(0, 0))
            summed[node] = counts.Waiting(before.unanswered + one.unanswered, before.late + one.late)
    return summed


def _by_zone(ground: Ground, found: Mapping[str | None, int]) -> dict[str | None, int]:
    """Counts of communes summed by zone; under None, what is elsewhere or unknown."""
    summed: dict[str | None, int] = {}
    for code, count in found.items():
        zone = ground.zone_of.get(code or "")
        summed[zone] = summed.get(zone, 0) + count
    return summed


def _zone_row(zone: Zone, count: int, people: int, words: Callable[[int], str]) -> maps.AreaFigure:
    hidden = zone.small and 0 < people < FEWEST
    told = _("moins de %(least)d", least=FEWEST) if hidden else formats.number(count)
    detail = f"{zone.name} : {_('trop peu de personnes pour le dire') if hidden else words(count)}"
    return maps.AreaFigure(
        zone.code, zone.name, zone.shape, zone.at, None if hidden else count, (told,), detail, zone.population
    )


def _choropleth(
    stage: _Stage,
    rows: list[maps.AreaFigure],
    elsewhere: int,
    headers: tuple[str, ...],
    words: Callable[[int], str],
) -> maps.Scene:
    ordered = sorted(rows, key=lambda one: (-(one.value or 0), one.value is not None, one.name))
    described = _described(ordered, words)
    if elsewhere:
        ordered.append(
            maps.AreaFigure("", _("Ailleurs, ou commune inconnue"), None, None, None, (formats.number(elsewhere),))
        )
    layer = maps.AreaLayer(
        tuple(ordered),
        caption=_("Les chiffres de la carte, par commune"),
        headers=(_("EPCI") if stage.ground.by_epci else _("Commune"), *headers),
        classes=maps.of_counts(headers[0], [one.value for one in ordered]),
        nothing=_("Aucune, ou masqué"),
    )
    return stage.scene(described, areas=layer)


def _described(ordered: list[maps.AreaFigure], words: Callable[[int], str]) -> str:
    first = [one for one in ordered[:3] if one.value]
    if not first:
        return _("Aucune commune n’a de chiffre à montrer dans cette période.")
    leading = ", ".join(f"{one.name} ({words(int(one.value or 0))})" for one in first)
    return _("Les plus concernées : %(leading)s. Le tableau donne les chiffres de chaque commune.", leading=leading)


def _people_words(count: int) -> str:
    return ngettext("%(num)d personne", "%(num)d personnes", count)


def _needs_words(count: int) -> str:
    return ngettext("%(num)d demande", "%(num)d demandes", count)


def _elsewhere() -> str:
    return _("Hors du territoire, ou lieu non montré")


_COUNTED: dict[Layer, Counted] = {
    Layer.FLOWS: lambda filters: counts_in(filters.period, filters.need_kind),
    Layer.PEOPLE: counts.people,
    Layer.NEEDS: counts.unmet,
    Layer.WAITING: counts.waiting,
}
_DRAWN: dict[Layer, Drawn] = {
    Layer.FLOWS: _flows,
    Layer.PEOPLE: _people,
    Layer.NEEDS: _needs,
    Layer.WAITING: _waiting,
}
