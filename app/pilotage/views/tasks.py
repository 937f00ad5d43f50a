"""« À faire » of those who coordinate, and what is new for elected officials."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, url_for

from app.kernel import formats, pages
from app.kernel.access import Actor
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.panels import Task
from app.pilotage import policy
from app.pilotage.queries import summaries, todo
from app.pilotage.queries.summaries import Frame, SummaryLine
from app.pilotage.views.blueprint import opening_days
from config import Settings

# A summary is expected two months after the end of its period; the two latest periods of the last year are offered.
# The older ones stay on their page: nobody waits for them any more.
EXPECTED_WITHIN, RECENT = timedelta(days=60), timedelta(days=366)
MOST_TERMS = 2


def tasks(actor: Actor) -> list[Task]:
    """Referrals left without an answer, summaries to prepare; for elected officials, those to read."""
    return [*_late(actor), *_to_prepare(actor), *_to_read(actor)]


def _late(actor: Actor) -> list[Task]:
    found = todo.late(actor, pages.timezone())
    if found is None:
        return []
    title = ngettext("%(num)d orientation attend trop", "%(num)d orientations attendent trop", found.count)
    text = _("La plus ancienne attend depuis le %(day)s. Relancez la structure.", day=formats.day(found.since))
    return [Task(found.since, title, text, url_for("pilotage.flows"), urgent=True)]


def _to_prepare(actor: Actor) -> list[Task]:
    if not policy.can_publish(actor):
        return []
    settings: Settings = current_app.extensions["settings"]
    since = pages.today() - RECENT
    frame = Frame(settings.timezone, opening_days(), settings.secrecy_k, settings.network_name)
    text = _("La période est finie : relisez les chiffres, puis publiez.")
    return [
        Task(
            term.last + EXPECTED_WITHIN,
            _("Préparer la synthèse : %(term)s", term=term.label),
            text,
            url_for("pilotage.prepare_summary", period=term.key),
        )
        for term in [one for one in summaries.offered(actor, frame) if one.last >= since][:MOST_TERMS]
    ]


def _to_read_title(line: SummaryLine) -> str:
    if line.place.is_whole:
        return _("Lire la synthèse : %(term)s", term=line.term.label)
    return _("Lire la synthèse : %(term)s, %(place)s", term=line.term.label, place=line.place.name)


def _to_read(actor: Actor) -> list[Task]:
    return [
        Task(
            line.published_on + todo.NEW,
            _("Lire la synthèse : %(term)s", term=line.term.label),
            _("Publiée le %(day)s", day=formats.day(line.published_on)),
            url_for("pilotage.summary", summary_id=line.id),
        )
        for line in todo.new_summaries(actor, pages.timezone(), pages.today())
    ]
