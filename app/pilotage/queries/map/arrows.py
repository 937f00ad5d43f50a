"""What flows between structures as arrows: how many, how long before an answer, which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.kernel import formats
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.opening_days import OpeningDays
from app.pilotage.indicators import Delays
from app.pilotage.queries.map.filters import Filters
from app.pilotage.queries.map.structures import Node
from app.pilotage.queries.sent import Pair, Sent, sent_in, together
from app.territory import maps

# More arrows than this cannot be told apart; the rest is summed at the foot of the table.
MOST = 50
# Reminder and risk of a referral without an answer, in opening days (referrals.md, rule 7).
REMINDER, AT_RISK = 9, 21


@dataclass(slots=True)
class _Direction:
    """What went from one mark to another, and between which structures."""

    sender: Node
    recipient: Node
    sent: int = 0
    unanswered: int = 0
    pairs: list[Pair] = field(default_factory=list)


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


def flows_between(
    nodes: Mapping[UUID, Node], filters: Filters, days: OpeningDays, counts: Mapping[Pair, Sent]
) -> Links:
    """Directions used in the period, most used first; with a kind of structure, those where it sends or receives."""
    ordered = sorted(_grouped(nodes, counts, filters), key=_most_used)
    shown, rest = ordered[:MOST], ordered[MOST:]
    found = sent_in(filters.period, days, filters.need_kind, [pair for one in shown for pair in one.pairs])
    links = [
        Link(one.sender, one.recipient, together(found[pair] for pair in one.pairs if pair in found)) for one in shown
    ]
    return Links(tuple(links), len(rest), sum(one.sent for one in rest), sum(one.unanswered for one in rest))


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


def _grouped(nodes: Mapping[UUID, Node], counted: Mapping[Pair, Sent], filters: Filters) -> list[_Direction]:
    """Structures that must not be recognised are one: what they send and receive is counted together."""
    found: dict[tuple[str, str], _Direction] = {}
    for pair, count in counted.items():
        sender, recipient = nodes[pair[0]], nodes[pair[1]]
        if filters.structure_kind and filters.structure_kind not in (sender.kind, recipient.kind):
            continue
        known = found.get((sender.key, recipient.key))
        if known is None:
            found[sender.key, recipient.key] = known = _Direction(sender, recipient)
        known.sent += count.sent
        known.unanswered += count.unanswered
        known.pairs.append(pair)
    return list(found.values())


def _most_used(one: _Direction) -> tuple[int, str, str, str, str]:
    return -one.sent, one.sender.name, one.recipient.name, one.sender.key, one.recipient.key


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
