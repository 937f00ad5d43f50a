"""What the history of a person says of their sessions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from flask import url_for

from app.kernel import formats
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext
from app.kernel.timeline import Entry, Source, Told
from app.mediation.enums import SessionKind, Theme
from app.mediation.queries import history as sessions
from app.needs import policy as need_policy
from app.needs.enums import SENSITIVE_DEMARCHES, Demarche


def _tell(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    themes, demarches, minutes, ours, kind = entry.codes
    title = ", ".join(str(Theme(one).label) for one in _list(themes))
    every = [Demarche(one) for one in _list(demarches)]
    opened = bool(ours) or need_policy.opens_sensitive(granted)
    shown = [str(one.label) for one in every if opened or one not in SENSITIVE_DEMARCHES]
    length = [formats.duration(int(minutes))] if minutes else []
    held = [str(SessionKind.COLLECTIF.label)] if kind == SessionKind.COLLECTIF else []
    url = url_for("mediation.show", session_id=entry.id)
    return Told(title, " · ".join([*held, *length, *shown]), entry.words, url)


def _list(codes: str) -> list[str]:
    found: list[str] = json.loads(codes) if codes else []
    return found


history = Source(sessions.KIND, lazy_gettext("Séances"), "hands", sessions.lines, _tell)
