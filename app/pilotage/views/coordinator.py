"""The coordinator's screens."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, clock, gate, pages
from app.kernel.access import Role
from app.kernel.i18n import lazy_gettext as _
from app.kernel.i18n import ngettext
from app.needs.enums import NeedKind
from app.network.enums import StructureKind
from app.pilotage import queries
from app.pilotage.enums import FlowOrder, Layer
from app.pilotage.forms import read_map, read_order, read_period
from app.pilotage.queries import care
from app.pilotage.views.blueprint import bp, opening_days

# The two lists of one page turn their own pages.
PAGES = ("page", "liens")
# Median and 90th percentile of a complete assessment (assessment.md § 6.3.2).
TARGET_SECONDS = {"median": 240, "p90": 360}
# What each layer of the map counts, and what it leaves out.
LAYERS_EXPLAINED = {
    Layer.FLOWS: _(
        "Les orientations envoyées dans la période. Le délai compte les jours d’ouverture du réseau et ne porte que sur"
        " celles qui ont une réponse ; celles qui n’en ont pas sont à côté. Avec un type de structures, les liens où l’une"
        " des deux en est."
    ),
    Layer.PEOPLE: _(
        "Les personnes différentes venues à au moins une séance dans la période, par commune au jour de la séance ; une"
        " personne anonyme compte à chaque fois. Avec un type de demandes, seulement les séances rattachées à une telle"
        " demande. Moins de 5 personnes dans une commune de moins de 2 000 habitants : le nombre est masqué."
    ),
    Layer.NEEDS: _(
        "Les demandes notées dans la période qui sont encore en cours, ou terminées sans solution (non résolue, abandonnée,"
        " sans suite), par commune de la personne. Moins de 5 personnes dans une commune de moins de 2 000 habitants : le"
        " nombre est masqué."
    ),
    Layer.WAITING: _(
        "Les orientations envoyées dans la période que personne n’a encore acceptées ni refusées, chez la structure qui"
        " doit répondre. En retard : au-delà du délai où la coordination est prévenue."
    ),
}
# Landis & Koch 1977.
AGREEMENT_WORDS = {
    "desaccord": _("désaccord"),
    "tres_faible": _("accord très faible"),
    "faible": _("accord faible"),
    "modere": _("accord modéré"),
    "substantiel": _("accord substantiel"),
    "presque_parfait": _("accord presque parfait"),
}


@bp.get("/orientations")
@access.rule("La coordination lit qui oriente vers qui, sous pseudonymes", Role.COORDINATOR)
def flows() -> ResponseReturnValue:
    """What flows where, how long answers take, what waits."""
    actor, timezone = gate.actor(), pages.timezone()
    typed = read_period(request.args.get("du", ""), request.args.get("au", ""), pages.today(), timezone)
    days = opening_days()
    waiting = queries.waiting(actor, days, timezone, _page_number("page"))
    order = read_order(request.args.get("tri", ""))
    found = queries.flows(actor, typed.period, days, _page_number("liens"), order)
    open_ones = ngettext("%(num)d orientation ouverte", "%(num)d orientations ouvertes", waiting.total)
    links = ngettext("%(num)d lien", "%(num)d liens", found.count)
    return pages.render(
        "pilotage/flows.html",
        typed.status,
        typed=typed,
        flows=found,
        order=order,
        orders=FlowOrder,
        flows_pager=_pager(found, "liens", "flux", str(_("Pages de ce qui circule")), links),
        waiting=waiting,
        pager=_pager(waiting, "page", "attente", str(_("Pages de ce qui attend")), open_ones),
    )


@bp.get("/blocages")
@access.rule("La coordination lit ce qui bloque les demandes, par organisme : des nombres", Role.COORDINATOR)
def blockers() -> ResponseReturnValue:
    """What stops needs, by body."""
    typed = read_period(request.args.get("du", ""), request.args.get("au", ""), pages.today(), pages.timezone())
    found = queries.blocked(gate.actor(), typed.period)
    return pages.render("pilotage/blockers.html", typed.status, typed=typed, found=found)


@bp.get("/carte")
@access.rule("La coordination lit la carte du réseau : des nombres, aucune personne", Role.COORDINATOR)
def network_map() -> ResponseReturnValue:
    """What flows, who is accompanied, what is unmet, what waits: one layer at a time, with its table."""
    form = read_map(request.args, pages.today(), pages.timezone())
    found = queries.coordinator_map(gate.actor(), form.filters, opening_days())
    return pages.render(
        "pilotage/map.html",
        form.typed.status,
        typed=form.typed,
        filters=form.filters,
        scene=found.value,
        counted_at=found.at,
        layers=Layer,
        explained=LAYERS_EXPLAINED,
        structure_kinds=StructureKind,
        need_kinds=NeedKind,
    )


@bp.get("/qualite")
@access.rule(
    "La coordination lit la qualité des évaluations, sans qu’un conseiller soit reconnaissable", Role.COORDINATOR
)
def quality() -> ResponseReturnValue:
    """How good the assessments are."""
    actor = gate.actor()
    typed = read_period(request.args.get("du", ""), request.args.get("au", ""), pages.today(), pages.timezone())
    return pages.render(
        "pilotage/quality.html",
        typed.status,
        typed=typed,
        quality=queries.quality(actor, typed.period),
        broken=care.broken(actor, clock.now()),
        agreement_words=AGREEMENT_WORDS,
        targets=TARGET_SECONDS,
    )


def _page_number(name: str) -> int:
    text = request.args.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _pager(
    found: queries.Flows | queries.WaitingPage, name: str, place: str, label: str, total: str
) -> dict[str, object]:
    number = found.number

    def address(page: int) -> str:
        chosen = {key: request.args.get(key) for key in ("du", "au", "tri", *PAGES)}
        return url_for("pilotage.flows", **{**chosen, name: str(page)}) + f"#{place}"  # type: ignore[arg-type]

    return {
        "label": label,
        "number": number,
        "pages": found.pages,
        "prev_url": address(number - 1) if number > 1 else None,
        "next_url": address(number + 1) if number < found.pages else None,
        "total_label": total,
    }
