"""« Situation protégée » : set and lifted at the referent’s, by an adviser or a manager, with the person."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import ADVISING, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.panels import PersonPanel
from app.network import queries as network_queries
from app.people import policy, queries
from app.people.actions import protecting
from app.people.forms.protection import ProtectForm, UnprotectForm
from app.people.queries import PersonCard, protection
from app.people.views.blueprint import bp


@bp.route("/<uuid:person_id>/protection", methods=["GET", "POST"])
@access.rule("Un conseiller ou un responsable de la structure référente protège la situation d’une personne", ADVISING)
def protect(person_id: UUID) -> ResponseReturnValue:
    """Set the protected situation, or change how the person is reached."""
    actor = gate.actor()
    who = _kept(actor, person_id)
    known = protection.safety(who.granted)
    form = _form(actor, who.granted, known)
    saved = form.save(lambda: protecting.protect(actor, who.granted, form.to_data(), pages.today()))
    if saved is not None:
        flash(_("La situation est protégée. C’est effectif tout de suite."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    return pages.render("people/protect.html", form.status, form=form, card=who, protected=known is not None)


def _form(actor: Actor, granted: Granted, known: protection.Safety | None) -> ProtectForm:
    beside = protection.beside(granted)
    names = network_queries.names(actor, set(beside))
    values: dict[str, object] = {"safe_way": known.safe_way, "secret_code": known.code_word} if known else {}
    values["named"] = [str(one) for one in protection.named(granted)]
    return ProtectForm(data=values).offering([(one, names[one]) for one in beside])


@bp.route("/<uuid:person_id>/protection/lever", methods=["GET", "POST"])
@access.rule("Un conseiller ou un responsable de la structure référente lève la protection", ADVISING)
def unprotect(person_id: UUID) -> ResponseReturnValue:
    """Say what will happen, then lift it."""
    actor, form = gate.actor(), UnprotectForm()
    who = _kept(actor, person_id)
    if form.save(lambda: protecting.unprotect(actor, who.granted)):
        flash(_("La protection est levée."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    return pages.render("people/unprotect.html", form.status, form=form, card=who)


def _kept(actor: Actor, person_id: UUID) -> PersonCard:
    who = queries.card(actor, person_id)
    if who.identity is None or not policy.can_protect(actor, who.granted):
        raise NotFound
    return who


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """First on the page of a protected person, for whoever follows them; at the referent’s, the way to protect somebody."""
    known = protection.safety(granted)
    may_set = policy.can_protect(actor, granted)
    if known is None and not may_set:
        return None
    context = {"safety": known, "may_set": may_set, "person_id": granted.person_id}
    return PersonPanel("protection", 1 if known else 95, "people/_protection.html", context)
