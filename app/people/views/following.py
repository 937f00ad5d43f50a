"""Shared follow-ups: ceasing to follow, asking the person to stay followed; what the referent structure is told."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, clock, gate, pages
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.due import Names, Row, Source, Told, When
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.people import policy, queries
from app.people.actions import cards as acts
from app.people.actions import presenting
from app.people.enums import CardEvent
from app.people.forms import ButtonForm, StayForm, StopForm
from app.people.queries import cards as records
from app.people.views.blueprint import bp

NOTICE_DAYS = timedelta(days=15)


@bp.route("/<uuid:person_id>/ne-plus-suivre", methods=["GET", "POST"])
@access.rule("La structure qui suit à côté de la référente met fin à son suivi", FRONT)
def stop_following(person_id: UUID) -> ResponseReturnValue:
    """Say what will happen, then the record closes for this structure."""
    actor, form = gate.actor(), StopForm()
    who = queries.card(actor, person_id)
    if who.identity is None or policy.other_follow_up(who.granted) is None:
        raise NotFound
    done = form.save(lambda: presenting.stop_following(actor, who.granted, pages.today()))
    if done is not None:
        flash(
            _("Votre structure ne suit plus cette personne. Sa carte, si elle la présente, rouvrira sa fiche."),
            "success",
        )
        return redirect(url_for("people.index"), 303)
    return pages.render("people/stop_following.html", form.status, form=form, card=who)


@bp.route("/<uuid:person_id>/rester-suivie", methods=["GET", "POST"])
@access.rule("La structure qui suivait la personne lui demande si elle veut rester suivie", FRONT)
def stay(person_id: UUID) -> ResponseReturnValue:
    """Ask the person, who is there; nothing of the record is shown before."""
    actor, form = gate.actor(), StayForm()
    if not presenting.may_ask_to_stay(actor, person_id, pages.today()):
        raise NotFound
    done = form.save(lambda: presenting.stay(actor, person_id, pages.today()))
    if done is not None:
        flash(_("C’est noté : votre structure suit cette personne."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    return pages.render("people/stay.html", form.status, form=form)


@bp.route("/cartes/avis/<uuid:card_notice_id>", methods=["GET", "POST"])
@access.rule("La structure référente lit ce qui a été fait avec la carte d’une personne qu’elle suit", ADVISING)
def card_notice(card_notice_id: UUID) -> ResponseReturnValue:
    """What another structure did with the card of a person whom this one follows."""
    actor, form = gate.actor(), ButtonForm()
    notice = records.card_notice(actor, card_notice_id)
    seen = form.save(lambda: acts.see_card_notice(actor, card_notice_id))
    if seen is not None:
        flash(_("C’est noté."), "success")
        return redirect(url_for("people.show", person_id=notice.person_id), 303)
    return pages.render(
        "people/card_notice.html", form.status, form=form, notice=notice, words=_words(notice.event, notice.structure)
    )


def _words(event: CardEvent, structure: str) -> str:
    """What happened, in a sentence without the person’s name."""
    name = structure or _("Une structure partenaire")
    said = {
        CardEvent.OPENED: _("%(name)s a ouvert sa fiche avec sa carte, et la suit maintenant aussi.", name=name),
        CardEvent.STAYED: _("%(name)s lui a demandé de rester suivie : la réponse est oui.", name=name),
        CardEvent.LEFT: _("%(name)s ne la suit plus.", name=name),
        CardEvent.LOCKED: _("Sa carte est bloquée après trois erreurs : elle n’ouvre plus rien."),
    }
    return said[event]


def _due(row: Row, when: When) -> tuple[date, bool]:
    told = clock.local(row.at or clock.now(), when.timezone).date()
    return max(told + NOTICE_DAYS, when.today), False


def _task(_actor: Actor, row: Row, names: Names) -> Told:
    event, who = CardEvent(row.codes[0]), names.person(row)
    title = (
        _("Proposer une autre carte à %(who)s", who=who)
        if event is CardEvent.LOCKED
        else _("%(who)s : le suivi a changé", who=who)
    )
    return Told(title, _words(event, names.other(row)), url_for("people.card_notice", card_notice_id=row.id))


# What the referent structure was told and has not read.
card_tasks = Source(records.card_notices, _due, _task)
