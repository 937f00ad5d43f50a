"""Notes about a person: written by whoever follows them, corrected on the day, then only hidden."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import access, gate, pages
from app.kernel.access import FRONT, Actor
from app.kernel.errors import Conflict, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.people import policy, queries
from app.people.actions import notes as actions
from app.people.forms.notes import DropNoteForm, NoteForm
from app.people.queries import notes as kept
from app.people.views.blueprint import bp


@bp.route("/<uuid:person_id>/notes/nouvelle", methods=["GET", "POST"])
@access.rule("Qui suit la personne écrit une note à son sujet", FRONT)
def write_note(person_id: UUID) -> ResponseReturnValue:
    """Write a note."""
    actor, granted = _writing(person_id)
    offered = policy.visibilities(actor)
    form = NoteForm(offered, data={"visibility": policy.default_visibility(actor).value})
    note = form.save(lambda: actions.write_note(actor, granted, form.to_data()))
    if note is not None:
        flash(_("Note enregistrée."), "success")
        return _back(person_id)
    return pages.render("people/note.html", form.status, form=form, person_id=person_id, note=None)


@bp.route("/<uuid:person_id>/notes/<uuid:note_id>/corriger", methods=["GET", "POST"])
@access.rule("L’auteur d’une note la corrige le jour où elle est écrite", FRONT)
def correct_note(person_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Correct one's own note of the day."""
    actor, granted = _writing(person_id)
    note = kept.own_note(actor, granted, note_id, pages.timezone())
    if not note.can_change:
        raise Conflict(_("Une note se corrige le jour où elle est écrite. Vous pouvez encore la masquer."))
    filled = {"version": note.version, "body": note.body, "visibility": note.visibility.value}
    form, zone = NoteForm(policy.visibilities(actor), data=filled), pages.timezone()
    saved = form.save(lambda: actions.correct_note(actor, granted, note_id, form.to_data(), form.typed_version, zone))
    if saved is not None:
        flash(_("Note corrigée."), "success")
        return _back(person_id)
    return pages.render("people/note.html", form.status, form=form, person_id=person_id, note=note)


@bp.route("/<uuid:person_id>/notes/<uuid:note_id>/retirer", methods=["GET", "POST"])
@access.rule("L’auteur d’une note la supprime le jour même, ou la masque ensuite", FRONT)
def drop_note(person_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Delete one's own note of the day; hide it afterwards."""
    actor, granted = _writing(person_id)
    note, form = kept.own_note(actor, granted, note_id, pages.timezone()), DropNoteForm()
    dropped = form.save(lambda: _drop(actor, granted, note))
    if dropped is not None:
        flash(_("Note supprimée.") if note.can_change else _("Note masquée."), "success")
        return _back(person_id)
    return pages.render("people/drop_note.html", form.status, form=form, person_id=person_id, note=note)


def _drop(actor: Actor, granted: Granted, note: kept.NoteView) -> UUID:
    if note.can_change:
        return actions.delete_note(actor, granted, note.id, pages.timezone())
    return actions.hide_note(actor, granted, note.id).id


def _writing(person_id: UUID) -> tuple[Actor, Granted]:
    actor = gate.actor()
    granted = queries.granted_on(actor, person_id)
    if not policy.can_write_note(actor, granted):
        raise NotFound
    return actor, granted


def _back(person_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("people.show", person_id=person_id, _anchor="histoire"), 303)
