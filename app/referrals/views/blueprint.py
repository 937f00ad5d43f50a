"""Where the screens of referrals are hung, and the words they share."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint

from app.kernel import clock, formats, pages
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.referrals.enums import Side, State

bp = Blueprint("referrals", __name__)

SHAPES = {
    State.DRAFT: "open",
    State.VOID: "bar",
    State.SENT: "open",
    State.ASKED: "diamond",
    State.ACCEPTED: "half",
    State.IN_PROGRESS: "half",
    State.DECLINED: "bar",
    State.CLOSED: "full",
    State.WITHDRAWN: "bar",
    State.EXPIRED: "cross",
}


def status_words(state: State, side: Side | None) -> str:
    """The state as this side says it: what was sent by one is received by the other."""
    received = state is State.SENT and side is Side.RECIPIENT
    return _("Reçue, sans réponse") if received else str(state.label)


def day_of(instant: datetime) -> date:
    """The network's calendar day of an instant."""
    return clock.local(instant, pages.timezone()).date()


def waits(state: State, side: Side | None, since: datetime) -> str:
    """« À vous de répondre depuis 3 jours »: who is waited for, and since when; empty once ended."""
    return _waiting_words(state, side, _since(since))


def _since(since: datetime) -> str:
    days = (pages.today() - day_of(since)).days
    if days < 1:
        return _("depuis aujourd’hui")
    return _("depuis hier") if days == 1 else ngettext("depuis %(num)d jour", "depuis %(num)d jours", days)


def _waiting_words(state: State, side: Side | None, since: str) -> str:
    if state is State.DRAFT:
        return _("À envoyer, préparée %(since)s", since=since)
    if state is State.IN_PROGRESS:
        return _("En cours %(since)s", since=since)
    if state is State.ACCEPTED and side is Side.RECIPIENT:
        return _("Premier contact à prendre, %(since)s", since=since)
    if state is State.ACCEPTED:
        return _("Premier contact attendu %(since)s", since=since)
    if state not in {State.SENT, State.ASKED}:
        return ""
    ours = side is (Side.RECIPIENT if state is State.SENT else Side.SENDER)
    return _("À vous de répondre, %(since)s", since=since) if ours else _("Réponse attendue %(since)s", since=since)


def exact(instant: datetime) -> str:
    """The date in full."""
    return formats.moment(instant, pages.timezone())
