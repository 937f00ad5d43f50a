"""A summary as it is read: sentences, four key figures, a map, tables, definitions. The screen and the PDF say the same.

A page is written once, in every language of the product, from the published cells; what is frozen is the page itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.i18n import gettext as _
from app.pilotage.formulas import places, sentences
from app.pilotage.formulas.catalogue import BY_CODE, CATALOGUE, NETWORK_ONLY, Definition
from app.pilotage.formulas.figures import Figures
from app.pilotage.formulas.sentences import number, share
from app.pilotage.formulas.tables import communes, hidden_note, shared, shown, together
from app.pilotage.formulas.told import Compared, Keyed, Mapped, Page, Part, Told, Words, from_document

__all__ = ["Compared", "Keyed", "Mapped", "Page", "Part", "Told", "Words", "compose", "from_document"]


def compose(told: Told) -> Page:
    """The page of these figures, in the present language."""
    return Page(
        told.language,
        places.title(told.place, told.term.label),
        _lead(told),
        [_key(told, code) for code in ("people", "accompaniments", "needs_resolved")] + [_answered(told)],
        [sentences.not_compared(one.when) for one in told.compared if one.figures is None],
        _map(told),
        [_public(told), _needs(told), _network(told), _blocked(told)],
        [[one.code, *map(str, (one.label, one.text, one.unit, one.source, one.rule))] for one in _defined(told)],
        _notes(told),
    )


def _lead(told: Told) -> list[str]:
    """Whom it is about when it is a part, then two paragraphs: what was done; what was asked and what waits."""
    figures = told.figures
    asked = sentences.needs(figures, dict(told.labels["kind"]))
    done = sentences.activity(figures, told.term.opening)
    others = [*asked[:2], *sentences.network(figures)[:1], *sentences.blocked(figures)[:1]]
    return [" ".join(found) for found in (places.scope(told.place), done, others) if found]


def _defined(told: Told) -> list[Definition]:
    return [one for one in CATALOGUE if told.place.is_whole or one.code not in NETWORK_ONLY]


def _key(told: Told, code: str) -> Keyed:
    now = told.figures.total(code)
    trends = [sentences.trend(now, one.figures.total(code), one.when) for one in told.compared if one.figures]
    return Keyed(code, str(BY_CODE[code].label), shown(now), trends, _definition(code))


def _answered(told: Told) -> Keyed:
    now = _share_within(told.figures)
    trends = [
        sentences.share_trend(now, _share_within(one.figures), one.when)
        for one in told.compared
        if one.figures and told.figures.total("referrals_sent") != 0 and one.figures.total("referrals_sent") != 0
    ]
    label = _("Orientations répondues en 9 jours ouvrés")
    return Keyed("answered", label, _answered_value(told.figures, now), trends, _definition("referrals_sent"))


def _answered_value(figures: Figures, now: int | None) -> str:
    sent, least = figures.total("referrals_sent"), figures.at_least("answer", "referrals_sent", "within", "other")
    if sent == 0:
        return "–"
    if now is None and sent and least is not None:
        return _("%(share)s ou plus", share=share(least, sent))
    return _("masqué") if now is None else share(now, 100)


def _share_within(figures: Figures) -> int | None:
    sent, within = figures.total("referrals_sent"), figures.part("answer", "referrals_sent", "within")
    return 100 * within // sent if sent and within is not None else None


def _definition(code: str) -> str:
    one = BY_CODE[code]
    return f"{one.text} {one.rule}"


def _public(told: Told) -> Part:
    figures = told.figures
    tables = [shared(told, "age", _("Par âge"), _("Tranche d’âge"))]
    if told.place.kind != "commune":
        tables.append(communes(told))
    said = [_anonymous(figures.total("anonymous"))]
    return Part("public", _("Le public"), said, [table for table in tables if table])


def _anonymous(count: int | None) -> str:
    if count is None:
        return _("Le nombre de participations sans nom est masqué : il porterait sur trop peu de personnes.")
    if count == 0:
        return _("Aucune participation sans nom n’a été notée.")
    return sentences.anonymous(count)


def _needs(told: Told) -> Part:
    labels = told.labels["kind"]
    lines = [line for line in told.figures.lines("kind", "needs_opened") if line.value]
    rows = [
        [labels[line.code], number(line.value or 0)]
        for line in sorted(lines, key=lambda line: (-(line.value or 0), labels[line.code]))
    ]
    groups = told.figures.groups("kind", "needs_opened")
    for line in groups:
        rows.append([together(line.members, labels), shown(line.value)])
    table = Words(
        _("Demandes ouvertes, par nature"), [_("Nature"), _("Demandes")], rows, hidden_note() if groups else ""
    )
    said = sentences.needs(told.figures, dict(labels)) or [_("Ces chiffres sont masqués.")]
    return Part("demandes", _("Les demandes"), said, [table] if rows else [])


def _network(told: Told) -> Part:
    said = sentences.network(told.figures)
    if told.figures.total("travelled") is not None and told.figures.part("distance", "travelled", "nearer") is None:
        said.append(_("Trop peu de personnes ont été évaluées deux fois pour donner la distance parcourue."))
    return Part("reseau", _("Le réseau"), said or [_("Ces chiffres sont masqués.")])


def _blocked(told: Told) -> Part:
    return Part("blocages", _("Ce qui bloque"), sentences.blocked(told.figures) or [_("Ces chiffres sont masqués.")])


def _map(told: Told) -> Mapped:
    if told.place.kind == "commune":
        title, legend = _("Personnes accompagnées, par commune"), _("Personnes accompagnées")
        return Mapped(title, places.no_map(told.place), legend, _("Aucune, ou masqué"), {})
    lines = told.figures.lines("commune", "people")
    values = {line.code: line.value for line in lines if line.code in told.communes}
    filled: dict[str, int | None] = {code: values.get(code) for code in told.communes}
    return Mapped(
        _("Personnes accompagnées, par commune"),
        _describe(filled, told.labels["commune"]),
        _("Personnes accompagnées"),
        _("Aucune, ou masqué"),
        filled,
    )


def _describe(values: Mapping[str, int | None], labels: Mapping[str, str]) -> str:
    shown = sorted(((value, code) for code, value in values.items() if value), key=lambda one: (-one[0], one[1]))
    if not shown:
        return _("Aucune commune n’a de chiffre qui puisse être donné.")
    said = sentences.communes_shown(len(shown), len(values))
    first = ", ".join(f"{labels[code]} ({number(value)})" for value, code in shown[:3])
    return _(
        "%(said)s Les premières : %(first)s. Sans couleur : aucune personne, ou chiffre masqué.", said=said, first=first
    )


def _notes(told: Told) -> list[str]:
    return [
        _("Aucun chiffre ne porte sur 1 à %(most)d personnes : il est masqué ou donné avec d’autres.", most=told.k - 1),
        _("Rien n’est donné de ce qui reposerait sur moins de trois personnes du réseau."),
        _("0 veut dire aucun ; « masqué » veut dire que le chiffre existe et n’est pas donné."),
        *places.notes(told.place),
    ]
