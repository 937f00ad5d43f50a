"""Forms of needs: one short screen to note one, one to say how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from app.kernel.forms import CheckboxesField, DayField, Form, Needed, NoteField, OptionalRadioField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.pages import today
from app.needs.actions import CloseData, NeedData
from app.needs.enums import (
    Blocker,
    Demarche,
    NeedKind,
    NeedResult,
    Organisme,
    Origin,
    PieceKind,
    PieceState,
    Priority,
    RightOutcome,
)
from app.needs.queries import NeedView, PieceLine

GROUPS: tuple[tuple[str, tuple[NeedKind, ...]], ...] = (
    (
        _("Démarches et papiers"),
        (
            NeedKind.DEMARCHE_EN_LIGNE,
            NeedKind.COMPRENDRE_UN_COURRIER,
            NeedKind.COURRIER_REDACTION,
            NeedKind.NUMERISER_ENVOYER,
            NeedKind.COMPTE_MOT_DE_PASSE,
            NeedKind.BOITE_MAIL,
        ),
    ),
    (
        _("Apprendre, être à l’aise"),
        (NeedKind.PRISE_EN_MAIN, NeedKind.COMPETENCES_BASE, NeedKind.REASSURANCE, NeedKind.SECURITE),
    ),
    (_("Matériel et connexion"), (NeedKind.EQUIPEMENT, NeedKind.CONNEXION)),
    (
        _("Droits et vie quotidienne"),
        (
            NeedKind.ACCES_AUX_DROITS,
            NeedKind.ACCOMPAGNEMENT_SOCIAL,
            NeedKind.MANDAT,
            NeedKind.INSERTION_PRO,
            NeedKind.SANTE_EN_LIGNE,
            NeedKind.PARENTALITE_SCOLARITE,
        ),
    ),
    (
        _("Langue, lien, déplacement"),
        (NeedKind.APPRENDRE_FRANCAIS, NeedKind.INTERPRETARIAT, NeedKind.ALLER_VERS, NeedKind.LIEN_SOUTIEN),
    ),
    (_("Et aussi"), (NeedKind.CREATION_LOISIRS, NeedKind.INFORMATION, NeedKind.AUTRE)),
)


def _kinds() -> list[Any]:
    return [replace(one, optgroup=str(name)) for name, kinds in GROUPS for one in choices_of(NeedKind, kinds)]


def _demarches() -> list[Any]:
    return [*choices_of(Demarche), SelectChoice("", gettext("Je ne sais pas"))]


class _Versioned(Form):
    version = HiddenField()

    @property
    def typed_version(self) -> int:
        """The version the form was filled from; 0, which is no version, when it is unreadable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0


class NeedForm(_Versioned):
    """« Que demande la personne ? »"""

    kind = RadioField(_("Que demande la personne ?"), [Needed(_("Choisissez une demande."))], choices=_kinds)
    demarche = OptionalRadioField(_("Quelle démarche ?"), choices=_demarches)
    organismes = CheckboxesField(_("Quel organisme ?"), [Optional()], choices=lambda: choices_of(Organisme))
    priority = RadioField(_("Pour quand ?"), default=Priority.P3.value, choices=lambda: choices_of(Priority))
    due_on = DayField(_("Date limite"))
    origin = RadioField(
        _("Comment la personne est-elle venue ?"),
        default=Origin.SPONTANEE.value,
        choices=lambda: choices_of(Origin),
    )
    note = NoteField(_("Note"), max_length=2000)
    pieces = CheckboxesField(_("Quelles pièces faut-il ?"), [Optional()], choices=lambda: choices_of(PieceKind))
    blockers = CheckboxesField(_("Qu’est-ce qui bloque ?"), [Optional()], choices=lambda: choices_of(Blocker))

    def __init__(self, reads_note: bool = True, kept_due: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kept_due = kept_due
        if not reads_note:
            del self.note

    def validate_due_on(self, field: DayField) -> None:
        """A limit that has passed is a slip of the hand, except the one already recorded."""
        if field.data is not None and field.data < today() and field.data != self.kept_due:
            raise ValidationError(gettext("Cette date est déjà passée : écrivez une date à venir."))

    def to_data(self) -> NeedData:
        """What was noted. Procedure and bodies count only with « démarche en ligne »: hidden otherwise."""
        kind = NeedKind(self.kind.data)
        online = kind is NeedKind.DEMARCHE_EN_LIGNE
        return NeedData(
            kind=kind,
            demarche=Demarche(self.demarche.data) if online and self.demarche.data else None,
            organismes=tuple(Organisme(value) for value in self.organismes.data or ()) if online else (),
            origin=Origin(self.origin.data),
            priority=Priority(self.priority.data),
            due_on=self.due_on.data,
            note=self.note.data or "" if "note" in self else None,
            pieces=tuple(PieceKind(value) for value in self.pieces.data or ()),
            blockers=tuple(Blocker(value) for value in self.blockers.data or ()),
        )


class CloseForm(_Versioned):
    """« Comment cela s’est-il terminé ? »"""

    result = RadioField(
        _("Résultat"),
        [Needed(_("Dites comment la demande s’est terminée."))],
        choices=lambda: choices_of(NeedResult),
    )
    right_outcome = RadioField(
        _("Un droit a-t-il été ouvert ou maintenu ?"),
        default=RightOutcome.UNKNOWN.value,
        choices=lambda: choices_of(RightOutcome),
    )
    trip_avoided = OptionalRadioField(
        _("Un déplacement a-t-il été évité ?"),
        choices=lambda: [SelectChoice("yes", gettext("Oui")), SelectChoice("no", gettext("Non"))],
    )
    blockers = CheckboxesField(_("Qu’est-ce qui a bloqué ?"), [Optional()], choices=lambda: choices_of(Blocker))

    def to_data(self) -> CloseData:
        """How it ended."""
        avoided = self.trip_avoided.data
        return CloseData(
            result=NeedResult(self.result.data),
            right_outcome=RightOutcome(self.right_outcome.data),
            trip_avoided=None if avoided is None else avoided == "yes",
            blockers=tuple(Blocker(value) for value in self.blockers.data or ()),
        )


class ReopenForm(_Versioned):
    """One button."""


class PiecesForm(_Versioned):
    """« Où en sont les pièces ? » : one choice for each document asked; made by `pieces_form`."""

    def to_states(self) -> dict[PieceKind, PieceState]:
        """What was chosen of each document."""
        return {PieceKind(one.name): PieceState(one.data) for one in self if one.name in set(PieceKind)}


def pieces_form(lines: Sequence[PieceLine], version: int) -> PiecesForm:
    """The form for these documents."""
    fields = {
        line.kind.value: RadioField(str(line.kind.label), choices=lambda: choices_of(PieceState)) for line in lines
    }
    made: type[PiecesForm] = type("AskedPiecesForm", (PiecesForm,), fields)
    return made(data={"version": version, **{line.kind.value: line.state.value for line in lines}})


def filled(need: NeedView, pieces: Sequence[PieceLine]) -> dict[str, Any]:
    """The form as it was last saved."""
    return {
        "version": need.version,
        "kind": need.kind.value,
        "demarche": need.demarche.value if need.demarche else None,
        "organismes": [one.value for one in need.organismes],
        "priority": need.priority.value,
        "due_on": need.due_on,
        "origin": need.origin.value,
        "note": need.note or "",
        "pieces": [one.kind.value for one in pieces],
        "blockers": [one.value for one in need.blockers],
    }
