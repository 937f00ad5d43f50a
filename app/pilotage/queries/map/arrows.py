"""What flows between structures as arrows: how many, how long before an answer, which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.kernel import formats
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.opening_days import OpeningDays
from app.pilotage.indicators import Delays
from app.pilotage.queries.map.filters import Filters
from app.pilotage.queries.map.structures import Node
from app.pilotage.queries.sent import Pair, Sent, counts_in, sent_in, together
from app.territory import maps

# More arrows than this cannot be told apart; the rest is summed at the foot of the table.
MOST = 50
# Reminder and risk of a referral without an answer, in opening days (referrals.md, rule 7).
REMINDER, AT_RISK = 9, 21

Way = tuple[Node, Node]
Direction = tuple[Sent, list[Pair]]


@dataclass(frozen=True)
class Link:
    """One direction between two structures."""

    sender: Node
    recipient: Node
    delays: Delays


@dataclass(frozen=True)
class Links:
    """The most used directions, and what the others amount to."""

    shown: tuple[Link, ...]
    others: int
    others_sent: int
    others_unanswered: int


def flows_between(nodes: Mapping[UUID, Node], filters: Filters, days: OpeningDays) -> Links:
    """Directions used in the period, most used first; with a kind of structure, those where it sends or receives."""
    directions = _grouped(nodes, counts_in(filters.period, filters.need_kind), filters)
    ordered = sorted(directions.items(), key=_most_used)
    shown, rest = ordered[:MOST], ordered[MOST:]
    wanted = [pair for _way, (_count, pairs) in shown for pair in pairs]
    found = sent_in(filters.period, days, filters.need_kind, wanted)
    links = [Link(*way, together(found[pair] for pair in pairs).delays) for way, (_count, pairs) in shown]
    others = sum((count for _way, (count, _pairs) in rest), Sent())
    return Links(tuple(links), len(rest), others.sent, others.unanswered)


def flow_layer(links: Links) -> tuple[maps.FlowLayer, str]:
    """The arrows with their table, and the same in sentences."""
    layer = maps.FlowLayer(
        tuple(_figure(link) for link in links.shown),
        caption=_("Orientations envoyées dans la période, les liens les plus fréquents d’abord"),
        headers=(_("De"), _("Vers"), _("Envoyées"), _("Sans réponse"), _("Délai médian")),
        words=(4,),
        classes=maps.of_bounds(
            _("Délai médian de réponse, en jours ouvrés"),
            (0, REMINDER + 1, AT_RISK),
            (_("9 au plus"), _("de 10 à 20"), _("21 et plus")),
        ),
        nothing=_("Aucune réponse encore"),
        widths=_("Orientations envoyées"),
        rest=_rest(links),
    )
    return layer, _described(links)


def _grouped(nodes: Mapping[UUID, Node], counted: Mapping[Pair, Sent], filters: Filters) -> dict[Way, Direction]:
    """Structures that must not be recognised are one: what they send and receive is counted together."""
    found: dict[Way, Direction] = {}
    for pair, count in counted.items():
        way = nodes[pair[0]], nodes[pair[1]]
        if not filters.structure_kind or filters.structure_kind in (way[0].kind, way[1].kind):
            before, pairs = found.get(way, (Sent(), []))
            found[way] = before + count, [*pairs, pair]
    return found


def _most_used(direction: tuple[Way, Direction]) -> tuple[int, str, str, str, str]:
    (sender, recipient), (count, _pairs) = direction
    return -count.sent, sender.name, recipient.name, sender.key, recipient.key


def _figure(link: Link) -> maps.FlowFigure:
    found = link.delays
    cells = (formats.number(found.sent), formats.number(found.unanswered), formats.opening_days(found.median))
    return maps.FlowFigure(
        link.sender.key, link.recipient.key, found.sent, found.median, cells, f"{_way(link)} : {_told(found)}"
    )


def _told(found: Delays) -> str:
    sent = ngettext("%(num)d orientation", "%(num)d orientations", found.sent)
    silent = ngettext("%(num)d sans réponse", "%(num)d sans réponse", found.unanswered)
    if found.median is None:
        return f"{sent}, {silent}"
    return _(
        "%(sent)s, délai médian de réponse : %(delay)s, %(silent)s",
        sent=sent,
        delay=formats.opening_days(found.median),
        silent=silent,
    )


def _way(link: Link) -> str:
    return _("De %(sender)s vers %(recipient)s", sender=link.sender.name, recipient=link.recipient.name)


def _rest(links: Links) -> tuple[str, ...]:
    if not links.others:
        return ()
    words = ngettext("%(num)d autre lien, moins fréquent", "%(num)d autres liens, moins fréquents", links.others)
    return words, "", formats.number(links.others_sent), formats.number(links.others_unanswered), ""


def _described(links: Links) -> str:
    if not links.shown:
        return _("Aucune orientation dans cette période.")
    first = " ; ".join(f"{_way(link)} : {_told(link.delays)}" for link in links.shown[:3])
    return _("Les liens les plus fréquents. %(first)s. Le tableau donne les autres.", first=first)
