"""« Carte de partage » : made and cancelled at the referent’s desk, printed, and opened anywhere else with the person there."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, journal, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.panels import PersonPanel
from app.kernel.writes import later, retrying
from app.people import cards, policy, queries
from app.people.actions import cards as acts
from app.people.actions import presenting
from app.people.actions.presenting import Try
from app.people.enums import AgeStatus
from app.people.forms import CancelCardForm, MakeCardForm, OpenCardForm
from app.people.pdf import Paper, sharing_card
from app.people.queries import IdentityView, PersonCard
from app.people.queries import cards as records
from app.people.views.blueprint import bp


@bp.route("/<uuid:person_id>/carte", methods=["GET", "POST"])
@access.rule("La structure référente fait et remplace la carte de partage, avec la personne", FRONT)
def card(person_id: UUID) -> ResponseReturnValue:
    """The person’s sharing card; made, or replaced by another."""
    actor = gate.actor()
    who, identity = _kept(actor, person_id)
    child = identity.age_status is AgeStatus.UNDER_15
    form = MakeCardForm().for_person(year_known=identity.birth_year is not None, child=child)
    made = form.save(lambda: acts.make_card(actor, who.granted, form.to_data(), pages.today()))
    if made is not None:
        flash(_("La carte est prête : imprimez-la et remettez-la à la personne."), "success")
        return redirect(url_for("people.card", person_id=person_id), 303)
    found = records.cards_of(who.granted, pages.today())
    return pages.render("people/card.html", form.status, form=form, card=who, cards=found)


def _kept(actor: Actor, person_id: UUID) -> tuple[PersonCard, IdentityView]:
    who = queries.card(actor, person_id)
    if who.identity is None or not policy.keeps_card(who.granted):
        raise NotFound
    return who, who.identity


@bp.get("/<uuid:person_id>/carte/papier")
@access.rule("La structure référente imprime la carte de partage", FRONT)
def card_paper(person_id: UUID) -> ResponseReturnValue:
    """The sheet to print: the card to cut out, and what to know about it."""
    actor = gate.actor()
    who, _identity = _kept(actor, person_id)
    current = records.cards_of(who.granted, pages.today()).current
    if current is None or current.locked:
        raise NotFound
    journal.note(actor, "card.print", "card", current.id, person_id=person_id, grant=who.granted.source)
    contact = records.printed_contact(who.referent_structure_id)
    rules = cards.rules()
    made = sharing_card(Paper(rules.code_of(current.id), rules.network_name, *contact, current.made_at))
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "inline; filename=carte-de-partage.pdf"
    return answer


@bp.route("/<uuid:person_id>/carte/annuler", methods=["GET", "POST"])
@access.rule("La structure référente annule la carte de partage", FRONT)
def cancel_card(person_id: UUID) -> ResponseReturnValue:
    """Say what will happen, then the card opens nothing any more."""
    actor, form = gate.actor(), CancelCardForm()
    who, _identity = _kept(actor, person_id)
    if records.cards_of(who.granted, pages.today()).current is None:
        raise NotFound
    if form.save(lambda: acts.cancel_card(actor, who.granted)):
        flash(_("La carte est annulée. Elle n’ouvre plus rien."), "success")
        return redirect(url_for("people.card", person_id=person_id), 303)
    return pages.render("people/cancel_card.html", form.status, form=form, card=who)


@bp.route("/ouvrir-avec-une-carte", methods=["GET", "POST"])
@access.rule(
    "Avec la personne, sa carte et ce qu’elle dit, une structure du réseau ouvre sa fiche", FRONT, form_key=False
)
def open_card() -> ResponseReturnValue:
    """Open somebody’s record with their card. Every refusal has the same page."""
    actor, form = gate.actor(), OpenCardForm()
    if not presenting.can_open(actor, pages.today()):
        return pages.render("people/open_card.html", 422 if request.method == "POST" else 200, form=form, bound=False)
    person_id = form.save(lambda: _open(actor, form))
    if person_id is not None:
        flash(_("La fiche est ouverte. Votre structure suit maintenant cette personne."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    form.forget()
    return pages.render("people/open_card.html", form.status, form=form, bound=True)


def _open(actor: Actor, form: OpenCardForm) -> UUID:
    """The try is counted first, in a transaction of its own; whatever happens next, it has been."""
    facts, counted = form.to_facts(), None
    try:
        counted = retrying(lambda: presenting.begin_try(actor, facts.code, request.remote_addr or ""))
        return presenting.open_with_card(actor, counted, facts, pages.today())
    except Conflict:
        _afterwards(counted)
        raise
    except DomainError:
        later(lambda: presenting.note_refusal(actor, counted))
        raise


def _afterwards(counted: Try | None) -> None:
    """Both facts were right: the try is no failure, even though nothing could be opened."""
    if counted is not None:
        later(lambda: presenting.forgive(counted))


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """The card on the person’s page, at the referent’s; elsewhere, that one may cease to follow, or ask to go on."""
    if policy.keeps_card(granted):
        found = records.cards_of(granted, pages.today())
        if not found.can_make and found.current is None:
            return None
        return PersonPanel("card", 90, "people/_card.html", {"cards": found, "person_id": granted.person_id})
    ours = policy.other_follow_up(granted) is not None
    may_stay = not ours and presenting.may_ask_to_stay(actor, granted.person_id, pages.today())
    if not ours and not may_stay:
        return None
    context = {"person_id": granted.person_id, "ours": ours, "may_stay": may_stay}
    return PersonPanel("follow-up", 90, "people/_follow_up.html", context)
