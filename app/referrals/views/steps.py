"""The acts on one referral: each has its own address, its form, one verb of `actions`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as account_queries
from app.kernel import access, gate, pages
from app.kernel.access import ADVISING, FRONT, Actor, Role
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.network import queries as network_queries
from app.referrals import actions, queries
from app.referrals.enums import Act, Contact, DeclineReason, EndCause, Outcome
from app.referrals.forms import (
    CloseForm,
    ConfirmForm,
    DeclineForm,
    GiveForm,
    StampedForm,
    StartForm,
    WithdrawForm,
    WordsForm,
)
from app.referrals.models import Referral
from app.referrals.queries import Detail
from app.referrals.views.blueprint import bp
from app.referrals.views.show import context

Do = Callable[[Actor, UUID, Any], Referral]


@dataclass(frozen=True)
class Step:
    """One act as a screen: its title, what will happen, the button, what is said once done."""

    act: Act
    form: type[StampedForm]
    do: Do
    title: str
    text: str
    button: str
    done: str
    kind: str = "primary"


STEPS: dict[str, Step] = {
    "prendre": Step(
        Act.TAKE,
        ConfirmForm,
        lambda a, i, f: actions.take(a, i, f.stamp),
        _("S’occuper de cette orientation"),
        _("Votre nom s’affichera ; vos collègues peuvent toujours répondre."),
        _("Je m’en occupe"),
        _("Vous vous occupez de cette orientation."),
    ),
    "confier": Step(
        Act.GIVE,
        GiveForm,
        lambda a, i, f: actions.give(a, i, UUID(f.colleague.data), f.stamp),
        _("Confier à une ou un collègue"),
        _("L’orientation reste à votre structure."),
        _("Confier l’orientation"),
        _("L’orientation est confiée."),
    ),
    "demander": Step(
        Act.ASK,
        WordsForm,
        lambda a, i, f: actions.ask(a, i, f.words.data, f.stamp),
        _("Poser une question"),
        _("La structure qui oriente vous répond ici. Le délai s’arrête en attendant."),
        _("Envoyer la question"),
        _("La question est envoyée."),
    ),
    "repondre": Step(
        Act.ANSWER,
        WordsForm,
        lambda a, i, f: actions.answer(a, i, f.words.data, f.stamp),
        _("Répondre à la question"),
        _("Le partenaire n’a pas encore accepté : n’écrivez ni nom ni coordonnées."),
        _("Envoyer la réponse"),
        _("La réponse est envoyée."),
    ),
    "accepter": Step(
        Act.ACCEPT,
        ConfirmForm,
        lambda a, i, f: actions.accept(a, i, f.stamp),
        _("Accepter cette orientation"),
        _("Ce que la personne a accepté de partager s’ouvre à votre structure. La structure qui oriente la prévient."),
        _("Accepter l’orientation"),
        _("Orientation acceptée : la fiche partagée est ouverte."),
    ),
    "refuser": Step(
        Act.DECLINE,
        DeclineForm,
        lambda a, i, f: actions.decline(
            a,
            i,
            DeclineReason(f.reason.data),
            f.words.data or "",
            UUID(f.suggested.data) if f.suggested.data else None,
            f.stamp,
        ),
        _("Refuser cette orientation"),
        _("La structure qui oriente cherche une autre solution et prévient la personne."),
        _("Refuser l’orientation"),
        _("Orientation refusée. La structure qui oriente est prévenue."),
    ),
    "commencer": Step(
        Act.START,
        StartForm,
        lambda a, i, f: actions.start(a, i, Contact(f.contact.data), f.stamp),
        _("Noter le premier contact"),
        "",
        _("Noter le premier contact"),
        _("Premier contact noté."),
    ),
    "terminer": Step(
        Act.CLOSE,
        CloseForm,
        lambda a, i, f: actions.close(a, i, Outcome(f.outcome.data), f.words.data or "", f.stamp),
        _("Terminer l’orientation"),
        _("La fiche partagée se referme. La structure qui oriente prévient la personne."),
        _("Terminer l’orientation"),
        _("Orientation terminée. Merci : la structure qui oriente est prévenue."),
    ),
    "rouvrir": Step(
        Act.REOPEN,
        WordsForm,
        lambda a, i, f: actions.reopen(a, i, f.words.data, f.stamp),
        _("Rouvrir l’orientation"),
        _("Dites pourquoi. La fiche partagée s’ouvre de nouveau."),
        _("Rouvrir l’orientation"),
        _("L’orientation reprend."),
    ),
    "ecrire": Step(
        Act.MESSAGE,
        WordsForm,
        lambda a, i, f: actions.message(a, i, f.words.data, f.stamp),
        _("Écrire à l’autre structure"),
        _(
            "Les deux structures lisent ce message. Jamais de mot de passe, ni de numéro de sécurité sociale ou de carte."
        ),
        _("Envoyer le message"),
        _("Message envoyé."),
    ),
    "retirer": Step(
        Act.WITHDRAW,
        WithdrawForm,
        lambda a, i, f: actions.withdraw(a, i, EndCause(f.cause.data), f.stamp),
        _("Retirer l’orientation"),
        _("Le partenaire est prévenu et n’ouvre plus rien."),
        _("Retirer l’orientation"),
        _("Orientation retirée."),
        "danger",
    ),
    "annuler": Step(
        Act.VOID,
        ConfirmForm,
        lambda a, i, f: actions.void(a, i, f.stamp),
        _("Annuler l’envoi"),
        _("Le partenaire ne l’a pas encore ouverte : elle est annulée comme si elle n’était pas partie."),
        _("Annuler l’envoi"),
        _("Envoi annulé."),
        "danger",
    ),
    "abandonner": Step(
        Act.DISCARD,
        ConfirmForm,
        lambda a, i, f: actions.discard(a, i, f.stamp),
        _("Abandonner ce brouillon"),
        _("Rien n’a été envoyé."),
        _("Abandonner le brouillon"),
        _("Brouillon abandonné."),
        "danger",
    ),
}
NUDGE = Step(
    Act.NUDGE,
    WordsForm,
    lambda a, i, f: actions.nudge(a, i, f.words.data, f.stamp),
    _("Relancer"),
    _("La structure dont une réponse est attendue reçoit votre message. N’écrivez aucun nom."),
    _("Envoyer la relance"),
    _("Relance envoyée."),
)
VERBS = ", ".join(STEPS)


@bp.route(f"/orientations/<uuid:referral_id>/<any({VERBS}):verb>", methods=["GET", "POST"])
@access.rule("Chaque structure fait ce que le tableau des orientations lui permet à cet instant", FRONT)
def act(referral_id: UUID, verb: str) -> ResponseReturnValue:
    """One act of the sender or the recipient."""
    return _take(STEPS[verb], referral_id)


@bp.route("/orientations/<uuid:referral_id>/relancer", methods=["GET", "POST"])
@access.rule("La coordination relance la structure en retard", Role.COORDINATOR)
def nudge(referral_id: UUID) -> ResponseReturnValue:
    """A word from the coordinator to the late side."""
    return _take(NUDGE, referral_id)


def _take(step: Step, referral_id: UUID) -> ResponseReturnValue:
    actor = gate.actor()
    seen = queries.detail(actor, referral_id)
    form = step.form(data={"version": seen.stamp})
    _offer(form, actor)
    done = form.save(lambda: step.do(actor, referral_id, form))
    if done is not None:
        flash(str(step.done), "success")
        return redirect(url_for("referrals.show", referral_id=referral_id), 303)
    if form.status == 200 and step.act not in seen.acts:
        flash(gettext("Ce n’est plus possible : l’orientation a changé."), "info")
        return redirect(url_for("referrals.show", referral_id=referral_id), 303)
    return _page(actor, step, form, seen if form.status == 200 else queries.detail(actor, referral_id))


def _offer(form: StampedForm, actor: Actor) -> None:
    if isinstance(form, GiveForm):
        form.offer(account_queries.colleagues(actor.structure_id, pages.today(), ADVISING))
    if isinstance(form, DeclineForm):
        form.offer((one.id, one.name) for one in network_queries.partners(actor, pages.today()) if one.shares)


def _page(actor: Actor, step: Step, form: StampedForm, seen: Detail) -> ResponseReturnValue:
    possible = step.act in seen.acts
    return pages.render("referrals/act.html", form.status, form=form, step=step, possible=possible, **context(seen))
