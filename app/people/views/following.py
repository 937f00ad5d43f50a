"""Shared follow-ups: ceasing to follow, asking the person to stay followed; what the referent structure is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, clock, gate, pages
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.panels import Task
from app.people import policy, queries
from app.people.actions import cards as acts
from app.people.actions import presenting
from app.people.enums import CardEvent
from app.people.forms import ButtonForm, StayForm, StopForm
from app.people.queries import cards as records
from app.people.queries.cards import CardNoticeView
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
    return pages.render("people/card_notice.html", form.status, form=form, notice=notice, words=_words(notice))


def _words(notice: CardNoticeView) -> str:
    """What happened, in a sentence without the person’s name."""
    name = notice.structure or _("Une structure partenaire")
    said = {
        CardEvent.OPENED: _("%(name)s a ouvert sa fiche avec sa carte, et la suit maintenant aussi.", name=name),
        CardEvent.STAYED: _("%(name)s lui a demandé de rester suivie : la réponse est oui.", name=name),
        CardEvent.LEFT: _("%(name)s ne la suit plus.", name=name),
        CardEvent.LOCKED: _("Sa carte est bloquée après trois erreurs : elle n’ouvre plus rien."),
    }
    return said[notice.event]


def card_tasks(actor: Actor) -> list[Task]:
    """What the referent structure was told and has not read."""
    return [_task(one) for one in records.card_notices(actor)]


def _task(one: CardNoticeView) -> Task:
    due = clock.local(one.at, pages.timezone()).date() + NOTICE_DAYS
    title = (
        _("Proposer une autre carte à %(who)s", who=one.person)
        if one.event is CardEvent.LOCKED
        else _("%(who)s : le suivi a changé", who=one.person)
    )
    return Task(max(due, pages.today()), title, _words(one), url_for("people.card_notice", card_notice_id=one.id))
