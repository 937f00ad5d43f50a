"""Opening hours as a table: seven days, a morning and an afternoon. Stored as OpenStreetMap writes them."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field

from app.kernel.i18n import gettext as _
from app.network.queries.pages import WEEKDAYS
from app.network.schema import hours

SLOTS = 4
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?|\.\s*(\d{2}))?\s*")


class WeekField(Field):
    """`.data` is the text of OpenStreetMap; `.rows` what is in the 28 boxes."""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        self.rows = _rows_of(str(self.data or ""))
        names = [[self.box(day, slot) for slot in range(SLOTS)] for day in range(7)]
        if formdata is not None and any(name in formdata for row in names for name in row):
            self.raw_data = ["sent"]
            self.rows = [[str(formdata.get(name, "")).strip()[:20] for name in row] for row in names]

    def box(self, day: int, slot: int) -> str:
        """The name of a box."""
        return f"{self.name}-{day}-{slot}"

    def shown(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """(day, [(name of the box, its words for who does not see it, its content)])."""
        words = (_("ouvre le matin à"), _("ferme à midi à"), _("rouvre à"), _("ferme le soir à"))
        return [
            (str(WEEKDAYS[day]), [(self.box(day, s), f"{WEEKDAYS[day]}, {words[s]}", row[s]) for s in range(SLOTS)])
            for day, row in enumerate(self.rows)
        ]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        days: list[hours.Spans] = []
        for day, row in enumerate(self.rows):
            try:
                days.append(_spans(row))
            except ValueError as error:
                days.append(())
                self.errors = [*self.errors, _("%(day)s : %(why)s", day=str(WEEKDAYS[day]).capitalize(), why=error)]
        self.data = hours.write(hours.Week(tuple(days)))


def fits(week: hours.Week | None) -> bool:
    """The table can say it: two openings a day at most, public holidays closed or unspoken of."""
    return week is not None and all(len(spans) <= 2 for spans in week.days) and not week.holidays


def _rows_of(text: str) -> list[list[str]]:
    week = hours.read(text) if text else None
    if week is None or not fits(week):
        return [[""] * SLOTS for _day in range(7)]
    return [_boxes(spans) for spans in week.days]


def _boxes(spans: hours.Spans) -> list[str]:
    """One opening stands in the morning when it begins then; from morning to evening without a break, in its two ends."""
    told = [(hours.clock(first), _end(last)) for first, last in spans]
    if len(told) == 2:
        return [*told[0], *told[1]]
    if not told:
        return [""] * SLOTS
    first, last = spans[0]
    if first >= 12 * 60:
        return ["", "", *told[0]]
    return [told[0][0], "", "", told[0][1]] if last > 14 * 60 else [*told[0], "", ""]


def _end(minutes: int) -> str:
    return hours.clock(minutes if minutes < hours.MIDNIGHT else 0)


def _spans(row: list[str]) -> hours.Spans:
    """Both halves, one of them, or one opening from the first box to the last. Raises ValueError with words."""
    times = [_minutes(text) for text in row]
    given = [time for time in times if time is not None]
    if not given:
        return ()
    pairs = [(times[0], times[1]), (times[2], times[3])]
    if times[1] is None and times[2] is None:
        pairs = [(times[0], times[3])]
    spans = []
    for first, last in pairs:
        if first is None and last is None:
            continue
        if first is None or last is None:
            raise ValueError(_("il manque une heure d’ouverture ou de fermeture."))
        spans.append((first, last or hours.MIDNIGHT))
    if any(first >= last for first, last in spans) or (len(spans) == 2 and spans[0][1] > spans[1][0]):
        raise ValueError(_("les heures doivent se suivre, de l’ouverture à la fermeture."))
    return tuple(spans)


def _minutes(text: str) -> int | None:
    if not text:
        return None
    matched = _TIME.fullmatch(text)
    hour, minute = (int(matched[1]), int(matched[2] or matched[3] or 0)) if matched else (99, 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(_("« %(text)s » n’est pas une heure. Exemple : 14:30.", text=text))
    return hour % 24 * 60 + minute
