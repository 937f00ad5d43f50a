"""The officer’s desk: agreements, who shares with whom, how long records are kept, the archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages
from app.kernel.access import ADVISING, Actor, Role
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.network import queries as network
from app.privacy import actions, policy, queries
from app.privacy.enums import ConsentState, Desk, UnarchiveReason
from app.privacy.forms import ConsentsForm, UnarchiveForm
from app.privacy.queries import held, retention
from app.privacy.queries import sharing as shared
from app.privacy.views.blueprint import bp


@bp.get("")
@access.rule("La personne déléguée voit ce qui l’attend dans la structure qui l’a désignée", Role.DPO)
def desk() -> ResponseReturnValue:
    """Where each list stands today."""
    today = pages.today()
    return pages.render("privacy/desk.html", view=queries.desk(gate.actor(), today), today=today, States=ConsentState)


@bp.get("/accords")
@access.rule("La personne déléguée lit les accords des personnes de sa structure, par code", Role.DPO)
def consents() -> ResponseReturnValue:
    """Agreements by state: those that end soon first."""
    actor, token = gate.actor(), request.args.get("recherche", "")
    wanted = queries.selection(actor, Desk.CONSENTS, token) if token else {}
    form = _offered(actor, ConsentsForm(formdata=None)).show(wanted or {})
    return _consents(actor, form, wanted, token)


@bp.post("/accords/recherche")
@access.rule("La personne déléguée cherche parmi les accords de sa structure", Role.DPO, form_key=False)
def search_consents() -> ResponseReturnValue:
    """Keep what is looked for on the server; only an opaque token travels in the address."""
    actor = gate.actor()
    form = _offered(actor, ConsentsForm())
    token = form.save(lambda: actions.keep_selection(actor, Desk.CONSENTS, form.criteria()))
    if token is None:
        return _consents(actor, form, None, "")
    return redirect(url_for("privacy.consents", recherche=token, etat=_state().value), 303)


def _offered(actor: Actor, form: ConsentsForm) -> ConsentsForm:
    """Structures whose name is hidden are not offered: all would read the same."""
    return form.offer([(str(one.id), one.name) for one in network.named_structures(actor)])


def _state() -> ConsentState:
    asked = request.args.get("etat", "")
    return ConsentState(asked) if asked in set(ConsentState) else ConsentState.SOON


def _consents(actor: Actor, form: ConsentsForm, wanted: queries.Criteria | None, token: str) -> ResponseReturnValue:
    state, kept = _state(), token or None
    number = request.args.get("page", 1, type=int)
    found = None if wanted is None else queries.consent_page(actor, state, wanted, pages.today(), number)
    return pages.render(
        "privacy/consents.html",
        form.status,
        form=form,
        found=found,
        state=state,
        expired=found is None and not form.errors,
        tabs=[(one, url_for("privacy.consents", etat=one.value, recherche=kept)) for one in ConsentState],
        pager=_consent_pager(found, kept) if found else None,
        all_url=url_for("privacy.consents", etat=state.value) if kept or found is None else None,
    )


def _consent_pager(found: queries.ConsentPage, token: str | None) -> dict[str, object]:
    total = ngettext("%(num)d accord", "%(num)d accords", found.total)
    kept: dict[str, Any] = {"etat": found.state.value, "recherche": token}
    return _pager("privacy.consents", found.number, found.pages, total, kept)


def _pager(endpoint: str, number: int, last: int, total: str, kept: dict[str, Any]) -> dict[str, object]:
    def address(page: int) -> str | None:
        return url_for(endpoint, page=page, **kept) if 1 <= page <= last else None

    places = {"prev_url": address(number - 1), "next_url": address(number + 1)}
    return {"number": number, "pages": last, "total_label": total, **places}


@bp.get("/partages")
@access.rule("La personne déléguée voit qui partage quoi avec qui, sans petits nombres", Role.DPO)
def sharing() -> ResponseReturnValue:
    """Who shares what with whom."""
    found = shared.sharing_map(gate.actor())
    return pages.render("privacy/sharing.html", found=found, Way=shared.Way, days=shared.CARD_DAYS)


@bp.get("/conservation")
@access.rule("La personne déléguée voit combien de temps les fiches sont gardées, et l’archive", Role.DPO)
def retention_state() -> ResponseReturnValue:
    """What today would do, the reports of each night, the archive."""
    found = retention.retention_page(gate.actor(), pages.today(), request.args.get("page", 1, type=int))
    total = ngettext("%(num)d fiche archivée", "%(num)d fiches archivées", found.now.archived)
    pager = _pager("privacy.retention_state", found.number, found.pages, total, {})
    months = (policy.ACTIVE_MONTHS, policy.rules().archive_months)
    return pages.render(
        "privacy/retention.html", found=found, pager=pager, active=policy.rules().retention, months=months
    )


@bp.get("/bientot-archivees")
@access.rule("La structure référente voit qui appeler avant que sa fiche soit archivée", ADVISING)
def soon_archived() -> ResponseReturnValue:
    """People not met for 22 months, the longest ago first."""
    lines = retention.soon_archived_people(gate.actor(), pages.today())
    return pages.render("privacy/soon_archived.html", lines=lines, most=retention.PAGE)


@bp.route("/archives/<uuid:person_id>", methods=["GET", "POST"])
@access.rule("La personne déléguée lit seule une fiche archivée, et peut la rouvrir avec une raison", Role.DPO)
def archived(person_id: UUID) -> ResponseReturnValue:
    """Everything held about somebody whose record is archived; open it again."""
    actor, form = gate.actor(), UnarchiveForm()
    record = retention.archived_record(actor, person_id)
    done = form.save(lambda: actions.unarchive(actor, person_id, UnarchiveReason(form.reason.data), pages.today()))
    if done is not None:
        flash(_("La fiche est sortie de l’archive : la structure référente la suit de nouveau."), "success")
        return redirect(url_for("privacy.retention_state"), 303)
    journal.note(actor, "archive.read", "person", person_id, person_id=person_id)
    told = held.everything(actor, person_id)
    return pages.render("privacy/archived.html", form.status, form=form, record=record, told=told)
