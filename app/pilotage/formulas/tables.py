"""The tables of a summary: categories with figures, those told together, the others in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.kernel.i18n import gettext as _
from app.pilotage.formulas.figures import Figures, Line
from app.pilotage.formulas.sentences import number
from app.pilotage.formulas.told import Told, Words


def shown(value: int | None) -> str:
    """The figure, or « masqué »."""
    return _("masqué") if value is None else number(value)


def shared(told: Told, breakdown: str, caption: str, head: str) -> Words | None:
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
    note = hidden_note() if grouped else ""
    return Words(caption, [head, _("Personnes"), _("Accompagnements")], rows, note)


def _cell(figures: Figures, breakdown: str, indicator: str, code: str) -> str:
    return shown(figures.part(breakdown, indicator, code))


def _grouped(figures: Figures, breakdown: str, labels: Mapping[str, str]) -> list[list[str]]:
    people = {line.code: line for line in figures.groups(breakdown, "people")}
    done = {line.code: line for line in figures.groups(breakdown, "accompaniments")}
    rows = []
    for code in dict.fromkeys([*done, *people]):
        members = (done.get(code) or people[code]).members
        rows.append([together(members, labels), _of_group(people.get(code)), _of_group(done.get(code))])
    return rows


def together(members: Sequence[str], labels: Mapping[str, str]) -> str:
    """« Ensemble : Clairac, Seyches »; semicolons between names that hold commas."""
    names = sorted(labels[one] for one in members)
    return _("Ensemble : %(names)s", names=(" ; " if any("," in one for one in names) else ", ").join(names))


def _of_group(line: Line | None) -> str:
    return shown(line.value) if line else _("masqué")


def hidden_note() -> str:
    """Why some categories are told together."""
    return _(
        "Les catégories trop petites sont données ensemble, pour que personne ne soit reconnaissable ; une plus grande "
        "peut y être ajoutée pour la même raison."
    )


def communes(told: Told) -> Words:
    """Communes with figures, those told together, and the others in a sentence."""
    figures, labels = told.figures, told.labels["commune"]
    found = shared(told, "commune", _("Par commune"), _("Commune"))
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
