"""The form of a session: who, how long, about what; the rest is proposed from the last one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import request
from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from app.kernel.forms import (
    CheckboxesField,
    DayField,
    Form,
    Needed,
    NoteField,
    OptionalRadioField,
    TextField,
    choices_of,
)
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.pages import today
from app.mediation.actions import SessionData, faults
from app.mediation.enums import (
    Act,
    Autonomy,
    Channel,
    Material,
    NoteVisibility,
    PlaceKind,
    Posture,
    SessionKind,
    Theme,
)
from app.mediation.forms.durations import minutes_of
from app.mediation.queries import Prompt
from app.needs.enums import Demarche, Organisme
from app.territory.forms import CommuneField

OFFERED = (("15", "15 min"), ("30", "30 min"), ("45", "45 min"), ("60", "1 h"), ("90", "1 h 30"), ("120", "2 h"))
NEW_NEED = "new"
CHECK = "verifier_commune"
FIRST_THEMES = 6
# What may be wrong without keeping the rules from being read: their values are words or absent.
READ_ANYWAY = frozenset({"note", "title", "commune", "home", "total"})


def _durations() -> list[Any]:
    return [SelectChoice(value, label.replace(" ", "\u00a0")) for value, label in OFFERED]


class SessionFields(Form):
    """What every session says, alone or in a workshop. `kind` is set by the two forms below."""

    kind = SessionKind.INDIVIDUEL

    version = HiddenField()
    minutes = OptionalRadioField(_("Durée"), choices=_durations)
    other_minutes = TextField(_("Autre"), max_length=20)
    themes = CheckboxesField(_("Thèmes"), [Optional()], choices=lambda: choices_of(Theme))
    demarches = CheckboxesField(_("Démarches"), [Optional()], choices=lambda: choices_of(Demarche))
    organismes = CheckboxesField(_("Organismes"), [Optional()], choices=lambda: choices_of(Organisme))
    held_on = DayField(_("Date"), [Needed(_("Indiquez la date de la séance."))])
    place_kind = RadioField(_("Où ?"), [Needed(_("Dites où s’est passée la séance."))])
    place_id = SelectField(_("Lieu d’activité"), [Optional()], validate_choice=False)
    commune = CommuneField(_("Commune"))
    channel = RadioField(_("Canal"), default=Channel.GUICHET.value, choices=lambda: choices_of(Channel))
    materials = CheckboxesField(_("Matériel"), [Optional()], choices=lambda: choices_of(Material))
    note = NoteField(_("Note"), max_length=4000)
    visibility = RadioField(_("Qui pourra lire cette note ?"))

    def __init__(self, prompt: Prompt, visibilities: Iterable[NoteVisibility], **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "data": {**_proposed(prompt), **kwargs.get("data", {})}})
        self.prompt = prompt
        self.shown_minutes = kwargs.get("data", {}).get("other_minutes", "")
        self.themes.choices = choices_of(Theme, prompt.themes)
        self.place_kind.choices = choices_of(PlaceKind, _places_kinds(prompt, self.place_kind.data))
        self.place_id.choices = self._places()
        self.visibility.choices = choices_of(NoteVisibility, visibilities)

    def _places(self) -> list[Any]:
        known = [SelectChoice(str(one.id), f"{one.name}, {one.commune_name}") for one in self.prompt.places]
        return known or [SelectChoice("", gettext("Aucun lieu"))]

    @property
    def typed_version(self) -> int:
        """The version the form was filled from; 0, which is no version, when it is unreadable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0

    def without_note(self) -> None:
        """Only its author rewrites a note."""
        del self.note
        del self.visibility

    def checks_commune(self) -> bool:
        """Whether « Vérifier la commune » was pressed beside a typed commune: the form is shown again, nothing is written.

        The Enter key presses the first button of a form, which may be this one: without a commune it saves.
        """
        typed = [field for field in self if isinstance(field, CommuneField) and field.data]
        if request.method != "POST" or CHECK not in request.form or not typed:
            return False
        for field in typed:
            field.validate(self)
        self.status = 422
        return True

    def where_words(self) -> str:
        """« Médiathèque de Marmande » or « À domicile »: the summary of the folded part."""
        if self.place_kind.data == PlaceKind.LIEU_ACTIVITE:
            names = {str(one.id): one.name for one in self.prompt.places}
            return names.get(self.place_id.data or "", "")
        kinds = {kind.value: str(kind.label) for kind in PlaceKind}
        return kinds.get(self.place_kind.data or "", "")

    def validate_other_minutes(self, field: TextField) -> None:
        """What was typed is a duration."""
        if field.data and minutes_of(field.data) is None:
            raise ValidationError(gettext("Cette durée n’est pas reconnue. Exemples : 90, 1h30, 45 min."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field, then the rules that tie them together, each on its own field."""
        fine = bool(super().validate(*args, **kwargs))
        if self._typed_minutes() is None and not (self.minutes.errors or self.other_minutes.errors):
            self.minutes.errors = [gettext("Indiquez la durée.")]
            fine = False
        return self._tied() and fine

    def _tied(self) -> bool:
        if any(field.errors for field in self if field.name not in READ_ANYWAY):
            return False
        broken = [(field, message) for field, message in self.broken_rules() if not self[field].errors]
        for field, message in broken:
            self[field].errors = [str(message)]
        return not broken

    def broken_rules(self) -> list[tuple[str, str]]:
        """(field, sentence) of every rule broken."""
        return list(faults(self.to_data(), today()))

    def _typed_minutes(self) -> int | None:
        """The typed duration first, unless it is the one already there and a button was pressed since."""
        typed, pressed = self.other_minutes.data or "", self.minutes.data or ""
        return minutes_of(pressed if pressed and typed == self.shown_minutes else typed or pressed)

    def to_data(self) -> SessionData:
        """What was noted."""
        return SessionData(**self.values())

    def values(self) -> dict[str, Any]:
        """The values of `SessionData` that both forms hold."""
        return {
            "kind": self.kind,
            "held_on": self.held_on.data,
            "minutes": self._typed_minutes() or 0,
            "themes": tuple(Theme(value) for value in self.themes.data or ()),
            "demarches": tuple(Demarche(value) for value in self.demarches.data or ()),
            "organismes": tuple(Organisme(value) for value in self.organismes.data or ()),
            "place_kind": PlaceKind(self.place_kind.data),
            "place_id": _uuid(self.place_id.data),
            "commune_code": self.commune.code,
            "channel": Channel(self.channel.data),
            "materials": tuple(Material(value) for value in self.materials.data or ()),
            "note": self.note.data or "" if "note" in self else None,
            "visibility": NoteVisibility(self.visibility.data) if "visibility" in self else None,
        }


def _places_kinds(prompt: Prompt, present: str | None) -> list[PlaceKind]:
    """Without a place of its own, a structure is not offered « lieu d’activité »."""
    has_places = bool(prompt.places) or present == PlaceKind.LIEU_ACTIVITE
    return [kind for kind in PlaceKind if has_places or kind is not PlaceKind.LIEU_ACTIVITE]


def _proposed(prompt: Prompt) -> dict[str, Any]:
    return {
        "held_on": today(),
        "place_kind": prompt.place_kind.value,
        "place_id": str(prompt.place_id) if prompt.place_id else "",
        "commune": prompt.commune_code,
        "channel": prompt.channel.value,
        "materials": [one.value for one in prompt.materials],
    }


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class SessionForm(SessionFields):
    """One person, one session."""

    autonomy = OptionalRadioField(_("Autonomie"), choices=lambda: choices_of(Autonomy))
    posture = OptionalRadioField(_("Posture"), choices=lambda: choices_of(Posture))
    acts = CheckboxesField(_("Ce qui a été fait"), [Optional()], choices=lambda: choices_of(Act))
    need = RadioField(_("Pour quelle demande ?"))

    def __init__(self, needs: list[tuple[UUID, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not needs:
            del self.need
            return
        gone = gettext("Cette demande n’est plus en cours : choisissez-en une autre.")
        self.need.invalid_choice_message = gone  # type: ignore[attr-defined]
        self.need.choices = [
            *(SelectChoice(str(need_id), title) for need_id, title in needs),
            SelectChoice(NEW_NEED, gettext("Une autre demande")),
        ]
        if self.need.data is None:
            self.need.data = str(needs[0][0])

    def values(self) -> dict[str, Any]:
        """With what is said of one person only."""
        chosen = self.need.data if "need" in self else None
        return {
            **super().values(),
            "autonomy": Autonomy(self.autonomy.data) if self.autonomy.data else None,
            "posture": Posture(self.posture.data) if self.posture.data else None,
            "acts": tuple(Act(value) for value in self.acts.data or ()),
            "need_id": _uuid(chosen) if chosen != NEW_NEED else None,
            "new_need": chosen == NEW_NEED,
        }
