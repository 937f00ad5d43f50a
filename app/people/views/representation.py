"""« Représentant et mesure de protection » : noted at the referent’s, by an adviser or a manager, with the person."""

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
from app.people import policy, queries
from app.people.actions import representing
from app.people.capacity import Matter, Situation, signing
from app.people.forms.representation import RepresentForm, as_filled
from app.people.queries import representation
from app.people.views.blueprint import bp


@bp.route("/<uuid:person_id>/representant", methods=["GET", "POST"])
@access.rule("Un conseiller ou un responsable de la structure référente note qui représente la personne", ADVISING)
def represent(person_id: UUID) -> ResponseReturnValue:
    """Who stands beside the person, and the measure that protects them."""
    actor = gate.actor()
    card = queries.card(actor, person_id)
    known = representation.representation(card.granted)
    if card.identity is None or known is None or not policy.can_represent(actor, card.granted):
        raise NotFound
    form = RepresentForm(data=as_filled(known, card.version))
    if not form.adds_line():
        act = lambda: representing.represent(actor, card.granted, form.to_data(), form.typed_version())  # noqa: E731
        if form.save(act) is not None:
            flash(_("C’est noté."), "success")
            return redirect(url_for("people.show", person_id=person_id), 303)
    return pages.render("people/represent.html", form.status, form=form, card=card)


def panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    """For whoever reads the section: who stands beside the person; at the referent’s, the way to note it."""
    known = representation.representation(granted)
    may_set = policy.can_represent(actor, granted)
    if known is None or not (known or may_set):
        return None
    context = {"known": known, "may_set": may_set, "person_id": granted.person_id, "signs": _signs(known)}
    return PersonPanel("representation", 4 if known else 94, "people/_representation.html", context)


def _signs(known: representation.Representation) -> list[tuple[str, str]]:
    """What the measure changes, in words: who signs, matter by matter."""
    if known.measure is None:
        return []
    who = Situation(measure=known.measure, scope=known.scope)
    return [(str(matter.label), str(signing(who, matter).label)) for matter in (Matter.PROPERTY, Matter.PERSON)]
