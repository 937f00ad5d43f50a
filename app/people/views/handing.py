"""« Passer le relais » : proposing, answering, reading the answer, telling the person; and the colleague they know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, clock, gate, pages
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.panels import PersonPanel, Task
from app.people import policy, queries
from app.people.actions import handing as acts
from app.people.actions import holders as holder_acts
from app.people.enums import HandOverEnd, HandOverSide, HandOverState
from app.people.forms import ButtonForm
from app.people.forms.handing import NOBODY, AnswerForm, HolderForm, PassOnForm
from app.people.models import HandOver
from app.people.queries import handing, holders
from app.people.queries.handing import HandOverView
from app.people.views.blueprint import bp

TELL_DAYS = timedelta(days=15)


@bp.route("/<uuid:person_id>/relais", methods=["GET", "POST"])
@access.rule("Les deux structures concernées proposent ou demandent que la structure référente change", ADVISING)
def pass_on(person_id: UUID) -> ResponseReturnValue:
    """Propose another referent structure; or, where one follows beside it, ask to become it."""
    actor = gate.actor()
    who = queries.card(actor, person_id)
    asks = policy.can_ask_to_take_over(actor, who.granted)
    if who.identity is None or not (asks or policy.can_pass_on(actor, who.granted)):
        raise NotFound
    candidates = None if asks else handing.candidates(actor, who.granted, pages.today())
    form = PassOnForm().offering(candidates)
    made = form.save(lambda: acts.propose(actor, who.granted, form.to_data(), pages.today()))
    if made is not None:
        flash(_("C’est envoyé : l’autre structure a trente jours pour répondre."), "success")
        return redirect(url_for("people.hand_over", hand_over_id=made.id), 303)
    open_id = handing.open_for(actor, person_id)
    page = {"form": form, "card": who, "asks": asks, "open_id": open_id, "candidates": candidates}
    return pages.render("people/pass_on.html", form.status, **page)


@bp.route("/relais/<uuid:hand_over_id>", methods=["GET", "POST"])
@access.rule("Les deux structures concernées lisent la proposition ; l’autre côté y répond", ADVISING)
def hand_over(hand_over_id: UUID) -> ResponseReturnValue:
    """What was proposed, and the answer; the other side answers here."""
    actor, form = gate.actor(), AnswerForm()
    done = form.save(lambda: _answered(actor, hand_over_id, form))
    if done is not None:
        accepted = done.state is HandOverState.ACCEPTED
        flash(_("Le relais est passé.") if accepted else _("C’est noté : le suivi continue comme avant."), "success")
        return redirect(url_for("people.hand_over", hand_over_id=hand_over_id), 303)
    view = handing.hand_over(actor, hand_over_id)
    return pages.render("people/hand_over.html", form.status, form=form, view=view, words=_words(view))


def _answered(actor: Actor, hand_over_id: UUID, form: AnswerForm) -> HandOver:
    if form.accepts:
        return acts.accept(actor, hand_over_id, pages.today())
    return acts.decline(actor, hand_over_id, HandOverEnd(form.reason.data), pages.today())


@bp.post("/relais/<uuid:hand_over_id>/retirer")
@access.rule("Le côté qui a proposé retire sa proposition", ADVISING)
def withdraw_hand_over(hand_over_id: UUID) -> ResponseReturnValue:
    """Take it back before it is answered."""
    actor, view = _of_maker(hand_over_id)
    return _pressed(view, lambda: acts.withdraw(actor, view.id, pages.today()), _("La proposition est retirée."))


@bp.post("/relais/<uuid:hand_over_id>/vu")
@access.rule("Le côté qui a proposé a lu la réponse", ADVISING)
def see_hand_over(hand_over_id: UUID) -> ResponseReturnValue:
    """The answer leaves the list of things to do."""
    actor, view = _of_maker(hand_over_id)
    return _pressed(view, lambda: acts.see(actor, view.id), _("C’est noté."))


def _of_maker(hand_over_id: UUID) -> tuple[Actor, HandOverView]:
    actor = gate.actor()
    view = handing.hand_over(actor, hand_over_id)
    if not view.made_here:
        raise NotFound
    return actor, view


@bp.post("/relais/<uuid:hand_over_id>/prevenue")
@access.rule("La nouvelle structure référente a prévenu la personne", ADVISING)
def tell_hand_over(hand_over_id: UUID) -> ResponseReturnValue:
    """The person knows who their referent structure is."""
    actor = gate.actor()
    view = handing.hand_over(actor, hand_over_id)
    if view.side is not HandOverSide.TO:
        raise NotFound
    return _pressed(view, lambda: acts.tell_person(actor, view.id), _("C’est noté : la personne est prévenue."))


def _pressed(view: HandOverView, act: Callable[[], HandOver], words: str) -> ResponseReturnValue:
    form = ButtonForm()
    if form.save(act) is not None:
        flash(words, "success")
        return redirect(url_for("people.hand_over", hand_over_id=view.id), 303)
    answer = AnswerForm(formdata=None)
    answer.refused = form.refused
    now = handing.hand_over(gate.actor(), view.id)
    return pages.render("people/hand_over.html", form.status, form=answer, view=now, words=_words(now))


def _words(view: HandOverView) -> str:
    """What was proposed, in a sentence without the person’s name."""
    if view.made_here:
        return (
            _("Votre structure demande à devenir la structure référente, à la place de %(name)s.", name=view.other)
            if view.asked
            else _("Votre structure propose à %(name)s de devenir la structure référente.", name=view.other)
        )
    return (
        _("%(name)s demande à devenir la structure référente, à la place de la vôtre.", name=view.other)
        if view.asked
        else _("%(name)s propose à votre structure de devenir la structure référente.", name=view.other)
    )


def tasks(actor: Actor) -> list[Task]:
    """What waits for this side: an answer to give, one to read, the person to tell."""
    return [_task(one) for one in handing.waiting(actor)]


def _task(one: HandOverView) -> Task:
    who = one.person or _("une personne")
    url = url_for("people.hand_over", hand_over_id=one.id)
    if one.answers:
        return Task(
            one.expires_on, _("Répondre : changer la structure référente de %(who)s", who=who), _words(one), url
        )
    due = clock.local(one.ended_at or one.made_at, pages.timezone()).date() + TELL_DAYS
    if one.to_tell:
        words = _("Votre structure est maintenant sa structure référente.")
        return Task(due, _("Prévenir %(who)s que sa structure référente a changé", who=who), words, url)
    words = _("Le changement proposé est %(state)s.", state=one.state.label)
    return Task(max(due, pages.today()), _("Lire la réponse de %(name)s", name=one.other), words, url)


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """Who the person knows here, and the way to change the referent structure. Three queries at most."""
    if policy.follow_up_of(granted) is None:
        return None
    open_id = handing.open_for(actor, granted.person_id) if actor.role in ADVISING else None
    context = {
        "person_id": granted.person_id,
        "holder": holders.holder(granted, pages.today()),
        "may_choose": policy.can_choose_holder(actor, granted),
        "open_id": open_id,
        "may_pass_on": policy.can_pass_on(actor, granted),
        "may_ask": policy.can_ask_to_take_over(actor, granted),
    }
    return PersonPanel("relais", 88, "people/_hand_over.html", context)


@bp.route("/<uuid:person_id>/interlocuteur", methods=["GET", "POST"])
@access.rule("Qui suit la personne dit à quel collègue elle s’adresse", FRONT)
def holder(person_id: UUID) -> ResponseReturnValue:
    """Become the person’s contact, hand this to a colleague, or stop."""
    actor = gate.actor()
    who = queries.card(actor, person_id)
    if who.identity is None or not policy.can_choose_holder(actor, who.granted):
        raise NotFound
    now = holders.holder(who.granted, pages.today())
    filled = {"seen": str(now.user_id) if now else "", "holder": str(now.user_id) if now else NOBODY}
    form = HolderForm(data=filled).offering(holders.colleagues(who.granted, pages.today()), actor.user_id)
    done = form.save(lambda: holder_acts.choose_holder(actor, who.granted, form.chosen, form.was, pages.today()))
    if done is not None:
        flash(_("C’est noté."), "success")
        return redirect(url_for("people.show", person_id=person_id), 303)
    if form.status == 409:
        # Read again: the colleague’s choice was written since this page was asked for.
        now = holders.holder(who.granted, pages.today())
        form.seen.data = str(now.user_id) if now else ""
    return pages.render("people/holder.html", form.status, form=form, card=who, now=now)
