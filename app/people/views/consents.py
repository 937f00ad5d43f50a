"""Asking again about the shared register, and taking an agreement back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, grants, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext
from app.people import actions, policy, queries
from app.people.capacity import word_needed
from app.people.enums import ConsentAnswer
from app.people.forms import ConsentForm, WithdrawForm
from app.people.queries import PersonCard, representation
from app.people.views.blueprint import bp
from app.people.views.show import consent_words

MINORS = f"people/minors/_{actions.MINORS_VERSION}.html"
_SAID = {
    ConsentAnswer.GIVEN: lazy_gettext("L’accord est noté."),
    ConsentAnswer.REFUSED: lazy_gettext("Le refus est noté. L’aide continue comme avant."),
    ConsentAnswer.PENDING: lazy_gettext("La réponse attend : rien n’est partagé d’ici là."),
}


@bp.route("/<uuid:person_id>/accord", methods=["GET", "POST"])
@access.rule("Qui suit la personne note sa réponse pour le registre partagé", FRONT)
def ask(person_id: UUID) -> ResponseReturnValue:
    """Note the person's answer about the shared register, given or refused."""
    actor = gate.actor()
    card = _card(actor, person_id)
    who = representation.situation(person_id)
    form = ConsentForm().about(who)
    consent = form.save(lambda: actions.answer_register(actor, card.granted, form.to_data(), pages.today()))
    if consent is not None:
        flash(str(_SAID[consent.answer]), "success")
        return _back(actor, person_id)
    return pages.render(
        "people/consent.html", form.status, form=form, card=card, who=who, word=word_needed(who), minors=MINORS
    )


@bp.route("/<uuid:person_id>/accords/<uuid:consent_id>/retirer", methods=["GET", "POST"])
@access.rule("Qui suit la personne note qu’elle retire un accord", FRONT)
def withdraw(person_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """Take an agreement back: it says what will happen, then happens at once."""
    actor, form = gate.actor(), WithdrawForm()
    card = queries.card(actor, person_id)
    if card.identity is None or not policy.can_withdraw_consent(card.granted):
        raise NotFound
    line = queries.consent(actor, card.granted, consent_id, pages.today())
    if line.answer is not ConsentAnswer.GIVEN or line.withdrawn_at is not None:
        raise NotFound
    done = form.save(lambda: actions.withdraw_consent(actor, card.granted, consent_id, pages.today()))
    if done is not None:
        flash(_("L’accord est retiré. C’est effectif tout de suite."), "success")
        return _back(actor, person_id)
    words = consent_words(line)
    return pages.render("people/withdraw.html", form.status, form=form, card=card, line=line, words=words)


def _card(actor: Actor, person_id: UUID) -> PersonCard:
    card = queries.card(actor, person_id)
    if card.identity is None or not policy.can_record_consent(actor, card.granted):
        raise NotFound
    return card


def _back(actor: Actor, person_id: UUID) -> ResponseReturnValue:
    """To the person's page, or to the list when what was just taken back opened it."""
    if grants.on_person(actor, person_id):
        return redirect(url_for("people.show", person_id=person_id), 303)
    return redirect(url_for("people.index"), 303)
