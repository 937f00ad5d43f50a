"""What the history of a person says of their referrals."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import url_for

from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext
from app.kernel.timeline import Entry, Source, Told
from app.needs.enums import SENSITIVE_DEMARCHES, Demarche, NeedKind
from app.referrals.enums import DeclineReason, EndCause, Outcome, Side, State
from app.referrals.queries import history as kept


def _tell(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    side, kind, demarche, state, outcome, declined, cause = entry.codes
    url = url_for("referrals.show", referral_id=entry.id) if side else ""
    need = _need(kind, demarche, sensitive=bool(side))
    other = names.get(entry.other_id, "") if entry.other_id else ""
    if entry.step == "sent":
        received = side == Side.RECIPIENT
        return Told(_("Orientation reçue") if received else _("Orientation vers %(name)s", name=other), need, url=url)
    if entry.step == "accepted":
        return Told(_("Orientation acceptée par %(name)s", name=other), need, url=url)
    title = _("Orientation : %(state)s", state=str(State(state).label).lower())
    ending = _ending(outcome, declined, cause)
    asked_by = names.get(entry.structure_id, "") if entry.structure_id else ""
    partner = asked_by if side == Side.RECIPIENT else other
    return Told(title, " · ".join(one for one in (need, partner, ending) if one), url=url)


def _need(kind: str, demarche: str, *, sensitive: bool) -> str:
    """The need; a sensitive procedure is for the two structures alone (`preview_of`)."""
    known = Demarche(demarche) if demarche else None
    label = str(NeedKind(kind).label)
    return label if known is None or (known in SENSITIVE_DEMARCHES and not sensitive) else f"{label} · {known.label}"


def _ending(outcome: str, declined: str, cause: str) -> str:
    if outcome:
        return str(Outcome(outcome).label)
    if declined:
        return str(DeclineReason(declined).label)
    return str(EndCause(cause).label) if cause else ""


history = Source(kept.KIND, lazy_gettext("Orientations"), "arrow", kept.lines, _tell)
