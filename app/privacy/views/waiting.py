"""« À faire » of the officer: what waits at their desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from flask import url_for

from app.kernel import formats, pages
from app.kernel.access import Actor, Role
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.panels import Task
from app.privacy import queries
from app.privacy.enums import ConsentState
from app.privacy.models import RetentionReport
from app.privacy.queries import DeskView

MONTH = timedelta(days=30)
# The report is of every night: none for longer means that nothing runs.
NIGHTS = timedelta(days=2)


def desk_tasks(actor: Actor) -> list[Task]:
    """What waits at the officer's desk, in counts; nothing for the others."""
    return list(_desk(actor, pages.today())) if actor.role is Role.DPO else []


def _desk(actor: Actor, today: date) -> Iterable[Task]:
    view = queries.desk(actor, today)
    yield from _review(view, today)
    yield from _agreements(view.consents[ConsentState.SOON], today)
    yield from _records(view, today)
    if view.last_report is not None:
        yield _report(view.last_report, today)


def _review(view: DeskView, today: date) -> Iterable[Task]:
    if view.review_on is not None and view.review_on <= today + MONTH:
        text = _("La personne responsable de la structure dit qui garde un accès.")
        yield Task(view.review_on, _("Revue des accès de la structure"), text, url_for("privacy.desk"))


def _agreements(count: int, today: date) -> Iterable[Task]:
    if count:
        title = ngettext("%(num)d accord finit dans le mois", "%(num)d accords finissent dans le mois", count)
        text = _("Les équipes redemandent leur avis aux personnes. Sans réponse, plus rien n’est partagé.")
        yield Task(today + MONTH, title, text, url_for("privacy.consents", etat=ConsentState.SOON.value))


def _records(view: DeskView, today: date) -> Iterable[Task]:
    soon, ready, url = view.retention.soon, view.retention.to_archive, url_for("privacy.retention_state")
    if soon:
        title = ngettext("%(num)d fiche bientôt archivée", "%(num)d fiches bientôt archivées", soon)
        yield Task(today, title, _("Aucun contact depuis 22 mois ou plus."), url)
    if ready:
        title = ngettext("%(num)d fiche à archiver", "%(num)d fiches à archiver", ready)
        yield Task(today, title, _("Aucun contact depuis deux ans."), url)


def _report(report: RetentionReport, today: date) -> Task:
    url = url_for("privacy.retention_state")
    if report.day < today - NIGHTS:
        text = _("Le dernier est du %(day)s. Prévenez l’administration technique.", day=formats.day(report.day))
        return Task(report.day, _("Les comptes rendus de conservation se sont arrêtés"), text, url)
    words = {"archived": report.archived, "anonymised": report.anonymised, "held": report.held_back}
    text = _("Fiches archivées : %(archived)s, anonymisées : %(anonymised)s, retenues : %(held)s.", **words)
    return Task(today, _("Compte rendu de conservation du %(day)s", day=formats.day(report.day)), text, url)
