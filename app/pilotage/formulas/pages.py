"""A summary as it is read: sentences, four key figures, a map, tables, definitions. The screen and the PDF say the same.

A page is written once, in every language of the product, from the published cells; what is frozen is the page itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.kernel.i18n import gettext as _
from app.pilotage.formulas import sentences
from app.pilotage.formulas.catalogue import BY_CODE, CATALOGUE
from app.pilotage.formulas.figures import Figures, Line
from app.pilotage.formulas.sentences import number, share
from app.pilotage.formulas.terms import Term

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Words:
    """A table in words."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page: an h2, sentences, tables."""

    code: str
    title: str
    sentences: list[str]
    tables: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class Keyed:
    """A key figure with its definition and its trends."""

    code: str
    label: str
    value: str
    trends: list[str]
    definition: str


@dataclass(frozen=True)
class Mapped:
    """What the map says: the people of each commune, None where nothing may be told."""

    title: str
    description: str
    legend: str
    nothing: str
    values: dict[str, int | None]


@dataclass(frozen=True)
class Page:
    """The whole summary in one language."""

    language: str
    title: str
    lead: list[str]
    keys: list[Keyed]
    not_compared: list[str]
    map: Mapped
    parts: list[Part]
    definitions: list[list[str]]
    notes: list[str]

    def to_document(self) -> dict[str, Any]:
        """What is kept: words and numbers only."""
        return asdict(self)


def from_document(document: Mapping[str, Any]) -> Page:
    """The page that was kept."""
    parts = [
        Part(one["code"], one["title"], one["sentences"], [Words(**table) for table in one["tables"]])
        for one in document["parts"]
    ]
    keys = [Keyed(**one) for one in document["keys"]]
    return Page(**{**document, "parts": parts, "keys": keys, "map": Mapped(**document["map"])})


@dataclass(frozen=True)
class Compared:
    """Another period and its published figures; None when it was not published."""

    term: Term
    figures: Figures | None

    @property
    def when(self) -> str:
        return self.term.with_article


@dataclass(frozen=True)
class Told:
    """Everything a page is made of."""

    term: Term
    figures: Figures
    compared: tuple[Compared, ...]
    labels: Labels
    communes: Sequence[str]
    k: int
    language: str = "fr"


def compose(told: Told) -> Page:
    """The page of these figures, in the present language."""
    return Page(
        told.language,
        _("Synthèse, %(term)s", term=told.term.label),
        _lead(told),
        [_key(told, code) for code in ("people", "accompaniments", "needs_resolved")] + [_answered(told)],
        [sentences.not_compared(one.when) for one in told.compared if one.figures is None],
        _map(told),
        [_public(told), _needs(told), _network(told), _blocked(told)],
        [[one.code, *map(str, (one.label, one.text, one.unit, one.source, one.rule))] for one in CATALOGUE],
        _notes(told),
    )


def _lead(told: Told) -> list[str]:
    """Two paragraphs: what was done, then what was asked and what waits."""
    figures = told.figures
    asked = sentences.needs(figures, dict(told.labels["kind"]))
    done = sentences.activity(figures, told.term.opening)
    others = [*asked[:2], *sentences.network(figures)[:1], *sentences.blocked(figures)[:1]]
    return [" ".join(found) for found in (done, others) if found]


def _key(told: Told, code: str) -> Keyed:
    now = told.figures.total(code)
    trends = [sentences.trend(now, one.figures.total(code), one.when) for one in told.compared if one.figures]
    return Keyed(code, str(BY_CODE[code].label), _told(now), trends, _definition(code))


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


def _told(value: int | None) -> str:
    return _("masqué") if value is None else number(value)


def _public(told: Told) -> Part:
    figures = told.figures
    tables = [_shared(told, "age", _("Par âge"), _("Tranche d’âge")), _communes(told)]
    said = [_anonymous(figures.total("anonymous"))]
    return Part("public", _("Le public"), said, [table for table in tables if table])


def _anonymous(count: int | None) -> str:
    if count is None:
        return _("Le nombre de participations sans nom est masqué : il porterait sur trop peu de personnes.")
    if count == 0:
        return _("Aucune participation sans nom n’a été notée.")
    return sentences.anonymous(count)


def _shared(told: Told, breakdown: str, caption: str, head: str) -> Words | None:
    """People and accompaniments by category; those told together on one line."""
    figures, labels = told.figures, told.labels[breakdown]
    lines = figures.lines(breakdown, "accompaniments") or figures.lines(breakdown, "people")
    if not lines:
        return None
    grouped = {code for line in figures.groups(breakdown, "people") for code in line.members}
    grouped |= {code for line in figures.groups(breakdown, "accompaniments") for code in line.members}
    rows = [
        [labels[line.code], *(_cell(figures, breakdown, name, line.code) for name in ("people", "accompaniments"))]
        for line in lines
        if line.code not in grouped
    ]
    rows += _grouped(figures, breakdown, labels)
    note = _hidden_note() if grouped else ""
    return Words(caption, [head, _("Personnes"), _("Accompagnements")], rows, note)


def _cell(figures: Figures, breakdown: str, indicator: str, code: str) -> str:
    return _told(figures.part(breakdown, indicator, code))


def _grouped(figures: Figures, breakdown: str, labels: Mapping[str, str]) -> list[list[str]]:
    people = {line.code: line for line in figures.groups(breakdown, "people")}
    done = {line.code: line for line in figures.groups(breakdown, "accompaniments")}
    rows = []
    for code in dict.fromkeys([*done, *people]):
        members = (done.get(code) or people[code]).members
        rows.append([_together(members, labels), _of_group(people.get(code)), _of_group(done.get(code))])
    return rows


def _together(members: Sequence[str], labels: Mapping[str, str]) -> str:
    """« Ensemble : Clairac, Seyches »; semicolons between names that hold commas."""
    names = sorted(labels[one] for one in members)
    return _("Ensemble : %(names)s", names=(" ; " if any("," in one for one in names) else ", ").join(names))


def _of_group(line: Line | None) -> str:
    return _told(line.value) if line else _("masqué")


def _hidden_note() -> str:
    return _(
        "Les catégories trop petites sont données ensemble, pour que personne ne soit reconnaissable ; une plus grande "
        "peut y être ajoutée pour la même raison."
    )


def _communes(told: Told) -> Words:
    """Communes with figures, those told together, and the others in a sentence."""
    figures, labels = told.figures, told.labels["commune"]
    found = _shared(told, "commune", _("Par commune"), _("Commune"))
    if found is None:
        return Words(_("Par commune"), [_("Commune"), _("Personnes"), _("Accompagnements")], [], _no_communes(told))
    zero = {line.code for line in figures.lines("commune", "accompaniments") if line.value == 0}
    rows = [row for row in found.rows if row[0] not in {labels[code] for code in zero}]
    nobody_in = sorted(labels[code] for code in zero if code in told.communes)
    rows.sort(key=lambda row: (row[0].startswith(_("Ensemble : %(names)s", names="")), row[0]))
    note = _communes_note(told) if any(figures.groups("commune", name) for name in ("people", "accompaniments")) else ""
    if nobody_in:
        nobody = _("Aucun accompagnement : %(names)s.", names=", ".join(nobody_in))
        note = f"{note} {nobody}".strip()
    return Words(found.caption, found.columns, rows, note)


def _communes_note(told: Told) -> str:
    said = _(
        "Les communes trop petites pour la période sont données par groupes, formés par intercommunalité si possible."
    )
    if told.term.quarter:
        said += " " + _("La synthèse de l’année peut en dire davantage.")
    return said


def _no_communes(told: Told) -> str:
    if told.term.quarter:
        return _("Les communes sont trop petites pour être données sur un trimestre : lisez la synthèse de l’année.")
    return _("Les communes sont trop petites pour être données, même sur une année.")


def _needs(told: Told) -> Part:
    labels = told.labels["kind"]
    lines = [line for line in told.figures.lines("kind", "needs_opened") if line.value]
    rows = [
        [labels[line.code], number(line.value or 0)]
        for line in sorted(lines, key=lambda line: (-(line.value or 0), labels[line.code]))
    ]
    groups = told.figures.groups("kind", "needs_opened")
    for line in groups:
        rows.append([_together(line.members, labels), _told(line.value)])
    table = Words(
        _("Demandes ouvertes, par nature"), [_("Nature"), _("Demandes")], rows, _hidden_note() if groups else ""
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
    ]
