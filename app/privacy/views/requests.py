"""Rights requests: noted with the person, followed by the officer, answered within a month; the copy of the data."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages
from app.kernel.access import ADVISING, Actor, Role
from app.kernel.due import MOST_COUNTED, Names, Row, Source, Told, When, count_of, some_today
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.kernel.panels import PersonPanel
from app.people import queries as people
from app.privacy import actions, policy, queries
from app.privacy.enums import RightKind
from app.privacy.forms import AnswerForm, ButtonForm, CodeRequestForm, ExtensionForm, RequestForm
from app.privacy.queries import retention
from app.privacy.views.blueprint import bp

HANDLING = ADVISING | {Role.DPO}
TYPES = {"pdf": "application/pdf", "json": "application/json"}


@bp.get("/demandes")
@access.rule("La personne déléguée suit les demandes de droits de la structure qui l’a désignée", Role.DPO)
def rights_requests() -> ResponseReturnValue:
    """The requests of the structure, the nearest end of delay first."""
    found = queries.requests_of_structure(gate.actor())
    return pages.render("privacy/requests.html", lines=found, today=pages.today())


@bp.route("/demandes/nouvelle", methods=["GET", "POST"])
@access.rule("La personne déléguée note une demande de droits, avec le code de la personne", Role.DPO)
def new_request() -> ResponseReturnValue:
    """Note a request of somebody known by their code."""
    actor, form = gate.actor(), _dated(CodeRequestForm())
    made = form.save(lambda: actions.record_by_code(actor, form.code.data or "", form.to_data(), pages.today()))
    if made is not None:
        return _noted(made.id)
    return pages.render("privacy/new_request.html", form.status, form=form, card=None)


@bp.route("/personnes/<uuid:person_id>/demandes/nouvelle", methods=["GET", "POST"])
@access.rule("La structure référente note une demande de droits avec la personne", ADVISING)
def record_request(person_id: UUID) -> ResponseReturnValue:
    """Note what the person asks about their data."""
    actor, form = gate.actor(), _dated(RequestForm())
    card = people.card(actor, person_id)
    if not policy.can_record(actor, card.granted):
        raise NotFound
    made = form.save(lambda: actions.record_request(actor, card.granted, form.to_data(), pages.today()))
    if made is not None:
        return _noted(made.id)
    return pages.render("privacy/new_request.html", form.status, form=form, card=card)


Noted = TypeVar("Noted", bound=RequestForm)


def _dated(form: Noted) -> Noted:
    if request.method == "GET" and form.received_on.data is None:
        form.received_on.data = pages.today()
    return form


def _noted(request_id: UUID) -> ResponseReturnValue:
    flash(_("La demande est notée. Le délai d’un mois court."), "success")
    return redirect(url_for("privacy.show_request", rights_request_id=request_id), 303)


@bp.get("/demandes/<uuid:rights_request_id>")
@access.rule("La structure référente et sa personne déléguée lisent une demande de droits", HANDLING)
def show_request(rights_request_id: UUID) -> ResponseReturnValue:
    """One request: what was asked, how long is left, what was answered."""
    return _page(rights_request_id, ButtonForm(formdata=None))


def _page(request_id: UUID, form: ButtonForm) -> ResponseReturnValue:
    actor = gate.actor()
    view = queries.show(actor, request_id)
    journal.note(actor, "right.read", "rights_request", request_id)
    hours = int(policy.COPY_LIFETIME.total_seconds() // 3600)
    context = {"view": view, "form": form, "today": pages.today(), "hours": hours}
    return pages.render("privacy/request.html", form.status, **context)


@bp.route("/demandes/<uuid:rights_request_id>/prolonger", methods=["GET", "POST"])
@access.rule("La structure référente prolonge le délai d’une demande, une fois, avec une raison", HANDLING)
def extend_request(rights_request_id: UUID) -> ResponseReturnValue:
    """Two more months, with a reason that the person is told."""
    actor, form = gate.actor(), ExtensionForm()
    view = queries.show(actor, rights_request_id)
    done = form.save(lambda: actions.extend_request(actor, rights_request_id, form.to_data(), pages.today()))
    if done is not None:
        flash(_("Le délai est prolongé de deux mois."), "success")
        return redirect(url_for("privacy.show_request", rights_request_id=rights_request_id), 303)
    if request.method == "GET":
        form.version.data = str(view.version)
    due = policy.due(view.received_on, extended=True)
    return pages.render("privacy/extend_request.html", form.status, form=form, view=view, due=due)


@bp.route("/demandes/<uuid:rights_request_id>/repondre", methods=["GET", "POST"])
@access.rule("La structure référente note la réponse donnée à une demande de droits", HANDLING)
def answer_request(rights_request_id: UUID) -> ResponseReturnValue:
    """Close the request with what was done and said."""
    actor = gate.actor()
    view = queries.show(actor, rights_request_id)
    form = AnswerForm().for_kind(view.kind, officer=view.officer)
    done = form.save(lambda: actions.answer_request(actor, rights_request_id, form.to_data(), pages.today()))
    if done is not None:
        flash(_("La réponse est notée."), "success")
        return redirect(_after(view.officer, rights_request_id), 303)
    if request.method == "GET":
        form.version.data = str(view.version)
    erasing = view.kind is RightKind.ERASURE
    return pages.render("privacy/answer_request.html", form.status, form=form, view=view, erasing=erasing)


def _after(officer: bool, request_id: UUID) -> str:
    return (
        url_for("privacy.rights_requests") if officer else url_for("privacy.show_request", rights_request_id=request_id)
    )


@bp.post("/demandes/<uuid:rights_request_id>/copie")
@access.rule("La personne déléguée fait préparer la copie des données d’une personne", Role.DPO)
def prepare_copy(rights_request_id: UUID) -> ResponseReturnValue:
    """The worker prepares the copy; the page of the request shows where it is."""
    actor, form = gate.actor(), ButtonForm()
    if form.save(lambda: actions.ask_answer(actor, rights_request_id)) is not None:
        return redirect(url_for("privacy.show_request", rights_request_id=rights_request_id) + "#copie", 303)
    return _page(rights_request_id, form)


@bp.get("/demandes/<uuid:rights_request_id>/copie.<any(pdf, json):kind>")
@access.rule("La personne déléguée télécharge la copie des données, pendant 72 heures", Role.DPO)
def download_copy(rights_request_id: UUID, kind: str) -> ResponseReturnValue:
    """The copy, for the person alone."""
    actor = gate.actor()
    made, copy_id, person_id = queries.answer_file(actor, rights_request_id, kind)
    actions.note_download(actor, copy_id, person_id, kind)
    answer = Response(made, mimetype=TYPES[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename=copie-des-donnees.{kind}"
    return answer


@bp.post("/demandes/<uuid:rights_request_id>/degeler")
@access.rule("La structure référente dégèle une fiche quand la vérification est finie", HANDLING)
def unfreeze(rights_request_id: UUID) -> ResponseReturnValue:
    """The record is written again."""
    actor, form = gate.actor(), ButtonForm()
    if form.save(lambda: actions.unfreeze(actor, rights_request_id)) is not None:
        flash(_("La fiche est dégelée : on peut de nouveau y écrire."), "success")
        return redirect(url_for("privacy.show_request", rights_request_id=rights_request_id), 303)
    return _page(rights_request_id, form)


def banner(_actor: Actor, granted: Granted) -> PersonPanel | None:
    """At the head of a frozen record, for whoever reads it. Nobody who may write needs it: one query less."""
    if granted.may_write:
        return None
    since = queries.restricted_since(granted)
    return PersonPanel("frozen", 0, "privacy/_frozen.html", {"since": since}) if since else None


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """« Ses droits » on the person’s page, at the referent’s."""
    if not policy.can_record(actor, granted):
        return None
    lines = queries.requests_of_person(actor, granted)
    context = {"person_id": granted.person_id, "lines": lines}
    return PersonPanel("rights", 95, "privacy/_rights.html", context)


def _archives(_actor: Actor, row: Row, _names: Names) -> Told:
    """People not met for 22 months: whoever still needs help is to be called before their record is archived."""
    count = count_of(row)
    title = (
        _("Plus de %(num)d fiches bientôt archivées", num=MOST_COUNTED)
        if count > MOST_COUNTED
        else ngettext("%(num)d fiche bientôt archivée", "%(num)d fiches bientôt archivées", count)
    )
    text = _("Aucun contact depuis 22 mois ou plus. Appelez qui a encore besoin d’aide : la fiche restera ouverte.")
    return Told(title, text, url_for("privacy.soon_archived"))


def _days_left(row: Row, today: date) -> int:
    return ((row.day or today) - today).days


def _due(row: Row, when: When) -> tuple[date, bool]:
    return row.day or when.today, _days_left(row, when.today) <= 3


def _task(_actor: Actor, row: Row, _names: Names) -> Told:
    left = _days_left(row, pages.today())
    late = _("Le délai est dépassé.")
    text = ngettext("Il reste %(num)d jour.", "Il reste %(num)d jours.", left) if left >= 0 else late
    title = _("Répondre à une demande de droits (%(code)s)", code=row.codes[0])
    return Told(title, text, url_for("privacy.show_request", rights_request_id=row.id))


# Requests to answer within ten days, or late; people soon archived.
tasks = (Source(queries.due_soon, _due, _task), Source(retention.soon_archived, some_today, _archives))
