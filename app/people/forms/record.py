"""Forms of the register: shape and wording of what is asked in front of the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, ValidationError

from app.kernel.forms import (
    CheckboxesField,
    Form,
    Needed,
    PhoneField,
    TextField,
    YearField,
    choices_of,
)
from app.kernel.grants import NOTHING, SHAREABLE, SHARED_BY_DEFAULT, Section
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.pages import today
from app.people.actions import ConsentData, PersonData, Registration
from app.people.actions.merging import CHOSEN, MergeData
from app.people.capacity import Age, Situation
from app.people.enums import (
    ANSWERS_ASKED,
    SECTION_LABELS,
    Adaptation,
    AgeStatus,
    ConsentAnswer,
    ConsentKind,
    ConsentWay,
    Genre,
    NoticeWay,
    SocialStatus,
    possible_ages,
)
from app.people.forms.asking import AskedFields, ChildFields
from app.territory.forms import CommuneField

LONGEST_NAME = 300
CHECK = "verifier_commune"
AS_ON_SCREEN = (
    *("notice_way", "first_name", "last_name", "phone", "birth_year"),
    *("no_message", "age_status", "representative", "named_minor", "representative_name", "representative_phone"),
    *("own_word", "why_not_asked", "commune", "answer", "interpreted_by"),
)
# domain/access.md: the shared register is asked about again every 12 months.
CONSENT_LIFETIME = timedelta(days=365)
# ISO 639-1: the languages most often asked for in the field, offered by name.
LANGUAGES = {
    "ar": _("Arabe"),
    "en": _("Anglais"),
    "es": _("Espagnol"),
    "pt": _("Portugais"),
    "tr": _("Turc"),
    "ru": _("Russe"),
    "uk": _("Ukrainien"),
    "fa": _("Persan, dari"),
    "ps": _("Pachto"),
    "ro": _("Roumain"),
    "sq": _("Albanais"),
    "zh": _("Chinois"),
    "bn": _("Bengali"),
    "ta": _("Tamoul"),
    "so": _("Somali"),
    "ti": _("Tigrigna"),
    "wo": _("Wolof"),
    "ff": _("Peul"),
    "bm": _("Bambara"),
    "ln": _("Lingala"),
    "vi": _("Vietnamien"),
    "pl": _("Polonais"),
    "bg": _("Bulgare"),
    "hy": _("Arménien"),
    "ka": _("Géorgien"),
    "ku": _("Kurde"),
    "ur": _("Ourdou"),
    "ht": _("Créole haïtien"),
}
# The name is always in an agreement: without it nothing can be shared about somebody.
OFFERED = tuple(section for section in SECTION_LABELS if section in SHAREABLE and section is not Section.IDENTITY)


def _labels(vocabulary: type[StrEnum]) -> Callable[[], list[tuple[str, str]]]:
    """Choices read when the form is made, in the language of the request."""
    return partial(choices_of, vocabulary)


def _language_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in LANGUAGES.items()]


def _section_choices() -> list[tuple[str, str]]:
    return [(str(int(section)), str(SECTION_LABELS[section])) for section in OFFERED]


def _default_sections() -> list[str]:
    return [str(int(section)) for section in OFFERED if section in SHARED_BY_DEFAULT]


class PersonForm(Form):
    """Who the person is and how to reach them. Every field may stay empty."""

    first_name = TextField(_("Prénom"), max_length=LONGEST_NAME)
    last_name = TextField(_("Nom"), max_length=LONGEST_NAME)
    phone = PhoneField(_("Téléphone"))
    no_message = BooleanField(_("Ne pas laisser de message à ce numéro"))
    birth_year = YearField(_("Année de naissance"))
    age_status = RadioField(_("Âge"), choices=_labels(AgeStatus), default=AgeStatus.ADULT.value)
    commune = CommuneField(_("Commune"))
    genre = RadioField(_("Genre"), choices=_labels(Genre), default=Genre.NON_COMMUNIQUE.value)
    statut_social = RadioField(_("Situation"), choices=_labels(SocialStatus), default=SocialStatus.NON_COMMUNIQUE.value)
    adaptation = CheckboxesField(_("Pour être à l’aise"), choices=_labels(Adaptation))
    languages = CheckboxesField(_("Langues de la personne"), choices=_language_choices)
    interpreter = BooleanField(_("Un interprète est nécessaire"))

    def checks_commune(self) -> bool:
        """Whether the button « Vérifier la commune » was pressed: the form is only shown again, nothing is written."""
        if request.method != "POST" or CHECK not in request.form:
            return False
        self.commune.validate(self)
        self.status = 422
        return True

    def validate_age_status(self, field: Any) -> None:
        """The age that was ticked is one that the year of birth allows."""
        year = self.birth_year.data
        if year is None or self.birth_year.errors or field.data not in set(AgeStatus):
            return
        if AgeStatus(field.data) not in possible_ages(year, today().year):
            message = gettext("L’âge et l’année de naissance ne vont pas ensemble : corrigez l’un des deux.")
            raise ValidationError(message)

    def person_values(self) -> dict[str, Any]:
        """The values of `PersonData` that every form of the register holds."""
        return {
            "first_name": self.first_name.data or "",
            "last_name": self.last_name.data or "",
            "phone": self.phone.e164 or "",
            "no_message": self.no_message.data,
            "birth_year": self.birth_year.data,
            "age_status": AgeStatus(self.age_status.data),
            "genre": Genre(self.genre.data),
            "statut_social": SocialStatus(self.statut_social.data),
            "commune_code": self.commune.code,
            "adaptation": tuple(self.adaptation.data or ()),
            "languages": tuple(self.languages.data or ()),
            "interpreter": self.interpreter.data,
        }


class ConsentFields(AskedFields):
    """The answer about the shared register. No answer is ticked in advance."""

    answer = RadioField(
        _("La personne accepte-t-elle le registre partagé ?"),
        [Needed(_("Dites ce que la personne a répondu pour le registre partagé."))],
        choices=lambda: choices_of(ConsentAnswer, ANSWERS_ASKED),
    )
    sections = CheckboxesField(
        _("Ce que les autres structures pourront lire"), choices=_section_choices, default=_default_sections
    )
    way = RadioField(_("La personne a répondu"), choices=_labels(ConsentWay), default=ConsentWay.ORAL.value)

    def consent_data(self) -> ConsentData:
        """The consent as it was asked."""
        given = self.answer.data == ConsentAnswer.GIVEN
        starts_on = today()
        return ConsentData(
            kind=ConsentKind.REGISTER,
            answer=ConsentAnswer(self.answer.data),
            way=ConsentWay(self.way.data),
            sections=_mask(self.sections.data) if given else NOTHING,
            starts_on=starts_on,
            ends_on=starts_on + CONSENT_LIFETIME if given else None,
            **self.asked_values(),
        )


def _mask(values: list[str] | None) -> Section:
    mask = Section.IDENTITY
    for value in values or ():
        mask |= Section(int(value))
    return mask


class RegisterForm(PersonForm, ConsentFields, ChildFields):
    """« Inscrire une personne » : one screen, the notice first."""

    notice_way = RadioField(
        _("La notice d’information a été"),
        [Needed(_("Dites comment la notice a été donnée : remise sur papier, ou lue à voix haute."))],
        choices=_labels(NoticeWay),
    )
    named_minor = BooleanField(_("Cette personne est là et accepte que le nom de l’enfant soit noté"))

    _fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The list of what is to be corrected follows the screen.
        self._fields = {name: self._fields[name] for name in AS_ON_SCREEN} | self._fields

    @property
    def is_child(self) -> bool:  # type: ignore[override]
        """Under 15: a few more questions are asked."""
        return bool(self.age_status.data == AgeStatus.UNDER_15)

    @property
    def needs_interpreter(self) -> bool:  # type: ignore[override]
        """As the person has just said."""
        return bool(self.interpreter.data)

    def validate_named_minor(self, field: Any) -> None:
        """A child is registered without a name unless who represents them is there and agrees."""
        if self.is_child and not field.data and (self.first_name.data or self.last_name.data):
            message = _("Avant 15 ans, le nom n’est pas noté par défaut : effacez-le, ou cochez cette case.")
            raise ValidationError(str(message))

    def to_data(self) -> Registration:
        """What is to be written."""
        return Registration(
            person=PersonData(**self.person_values()),
            notice_way=NoticeWay(self.notice_way.data),
            register=self.consent_data(),
            representative=self.representative_view(self.representative.data if self.is_child else None),
            today=today(),
        )


class ConsentForm(ConsentFields):
    """The person is asked again about the shared register."""

    def about(self, who: Situation) -> ConsentForm:
        """The questions that this person is asked."""
        self.is_child = who.age is Age.UNDER_15
        self.needs_interpreter = who.interpreter_needed
        return self

    def to_data(self) -> ConsentData:
        """What is to be written."""
        return self.consent_data()


class MergeForm(Form):
    """« Fusionner » : for each field whose two values differ, which one is right. Choices are written by the screen."""

    version = HiddenField()
    keep = RadioField(_("Code gardé"), choices=[])
    first_name = RadioField(_("Prénom"), choices=[])
    last_name = RadioField(_("Nom"), choices=[])
    usual_name = RadioField(_("Nom d’usage"), choices=[])
    phone = RadioField(_("Téléphone"), choices=[])
    email = RadioField(_("Adresse électronique"), choices=[])
    birth_year = RadioField(_("Année de naissance"), choices=[])
    age_status = RadioField(_("Âge"), choices=[])
    commune_code = RadioField(_("Commune"), choices=[])
    genre = RadioField(_("Genre"), choices=[])
    statut_social = RadioField(_("Situation"), choices=[])

    def to_data(self) -> MergeData:
        """What was chosen."""
        text = str(self.version.data or "")
        choices = {name: self[name].data for name in CHOSEN if name in self}
        return MergeData(self.keep.data, choices, int(text) if text.isascii() and text.isdigit() else 0)


class ButtonForm(Form):
    """One button, and its key."""


class WithdrawForm(Form):
    """One button: « Retirer cet accord »."""


class SearchForm(Form):
    """One box: name, phone, year of birth or code."""

    q = TextField(
        _("Nom, téléphone, année de naissance ou code"),
        [Needed(_("Écrivez un nom, un téléphone, une année de naissance ou un code."))],
        max_length=200,
    )


def token_of(text: str) -> UUID | None:
    """The token of an address, or None when it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None
