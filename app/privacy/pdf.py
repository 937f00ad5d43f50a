"""The copy of somebody’s data on paper: plain words, one heading for each subject, who opened the record at the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.kernel import formats, pdf
from app.kernel.i18n import gettext as _

# Read as tables, with the columns that say something; the file holds them all.
COLUMNS = {
    "plan_action": ("code", "level", "state", "decided_at"),
    "plan_event": ("at", "user_id", "from_state", "to_state"),
    "referral_event": ("at", "act", "side", "user_id", "to_state"),
    "journal_entry": ("at", "action", "user_id", "membership_id", "structure_id"),
    "assessment_answer": ("question", "code", "answered_at"),
}
SHARES = {"question": 2.6, "code": 2.0, "action": 1.5, "at": 1.4, "structure_id": 1.4}


def access_copy(data: dict[str, Any], timezone: str, lasting_hours: int) -> bytes:
    """The tagged A4 document of `queries.held.everything`."""
    made_at = datetime.fromisoformat(data["made_at"])
    blocks: list[pdf.Block] = [
        pdf.Heading(_("Vos données"), 1),
        *_foreword(data, formats.moment(made_at, timezone), lasting_hours),
    ]
    for part in data["sections"]:
        blocks += [pdf.Heading(part["title"], 2), *_part(part)]
    blocks += _nothing(data["empty"])
    return pdf.render(
        pdf.Document(title=_("Vos données"), made_at=made_at, footer=data["network"], blocks=tuple(blocks))
    )


def _foreword(data: dict[str, Any], when: str, hours: int) -> list[pdf.Block]:
    return [
        pdf.Paragraph(
            _(
                "Voici tout ce que le réseau %(network)s garde sur vous, lu le %(when)s. Vous l’avez demandé : "
                "c’est votre droit (RGPD, article 15).",
                network=data["network"],
                when=when,
            )
        ),
        pdf.Paragraph(
            _(
                "Une erreur ? Vous pouvez la faire corriger. Vous pouvez aussi demander d’effacer, de geler, ou de ne plus "
                "partager ces données. Dites-le à la structure qui vous suit. Vous pouvez écrire à la CNIL : "
                "3 place de Fontenoy, 75007 Paris, ou www.cnil.fr."
            )
        ),
        pdf.Paragraph(
            _(
                "La note d’un atelier parle de plusieurs personnes : elle n’est pas copiée ici. Certaines structures ne sont "
                "pas nommées, pour votre sécurité : « Structure partenaire ». Dans l’application, cette copie s’efface "
                "%(hours)d heures après avoir été demandée. Le fichier JSON remis avec ce document contient les mêmes données, "
                "avec leurs codes.",
                hours=hours,
            )
        ),
    ]


def _part(part: dict[str, Any]) -> list[pdf.Block]:
    if part["table"] in COLUMNS:
        return [_table(part)]
    rows = part["rows"]
    several = len(rows) > 1
    return [
        block
        for rank, row in enumerate(rows, 1)
        if (block := _facts(row, f"{part['title']} – {rank}" if several else "")) is not None
    ]


def _table(part: dict[str, Any]) -> pdf.Block:
    names = COLUMNS[part["table"]]
    first = part["rows"][0]
    columns = tuple(pdf.Column(first[name]["label"], share=SHARES.get(name, 1.0)) for name in names)
    rows = tuple(tuple(row[name]["words"] or "–" for name in names) for row in part["rows"])
    return pdf.Table(part["title"], columns, rows)


def _facts(row: dict[str, Any], caption: str) -> pdf.Block | None:
    pairs = tuple((cell["label"], cell["words"]) for cell in row.values() if cell["words"])
    return pdf.Facts(pairs, caption=caption) if pairs else None


def _nothing(titles: list[str]) -> list[pdf.Block]:
    if not titles:
        return []
    return [pdf.Heading(_("Rien n’est gardé pour ces rubriques"), 2), pdf.Items(tuple(titles))]
