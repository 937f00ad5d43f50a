"""« Orienter », then the agreement and the sending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import request
from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.validators import Optional

from app.kernel.forms import CheckboxesField, Form, Needed, NoteField, OptionalRadioField, choices_of
from app.kernel.grants import NOTHING, SHAREABLE, SHARED_BY_DEFAULT, Section
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.needs.enums import Demarche, NeedKind, Priority
from app.people.capacity import InterpretedBy
from app.people.enums import ANSWERS_ASKED, SECTION_LABELS, ConsentAnswer, ConsentWay
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import Present
from app.referrals.forms.common import StampedForm, none_choice, read_id
from app.referrals.queries import Choice

NEW, OTHER = "nouvelle", "autre"
SHOW = "voir"
PROPOSED = 6
# Who translated is asked apart: what they are matters.
WITHOUT_INTERPRETER = tuple(one for one in Present if one is not Present.INTERPRETER)


class DraftForm(Form):
    """« Orienter » : for which need, to whom, with what words."""

    need = RadioField(_("Pour quelle demande ?"), [Needed(_("Choisissez une demande."))])
    kind = SelectField(_("Quelle demande ?"), [Optional()])
    demarche = SelectField(_("Quelle démarche ?"), [Optional()])
    recipient = OptionalRadioField(_("Vers qui ?"))
    other = SelectField(_("Un autre partenaire"), [Optional()])
    second = SelectField(_("Si le premier ne peut pas"), [Optional()])
    third = SelectField(_("Et ensuite"), [Optional()])
    urgency = OptionalRadioField(_("Pour quand ?"), choices=lambda: choices_of(Priority))
    message = NoteField(_("Message au partenaire"), max_length=2000)
    return_reason = NoteField(_("Pourquoi revenir vers ce partenaire ?"), max_length=500)

    def offer(self, needs: Iterable[tuple[UUID, str]]) -> None:
        """The open needs of the person, then a new one."""
        known = [(str(need_id), title) for need_id, title in needs]
        self.need.choices = [*known, (NEW, gettext("Une autre demande"))]
        if self.need.data is None:
            self.need.data = known[0][0] if known else NEW
        self.kind.choices = [none_choice(gettext("Choisir…")), *choices_of(NeedKind)]
        self.demarche.choices = [none_choice(gettext("Je ne sais pas")), *choices_of(Demarche)]

    def offer_partners(self, partners: Sequence[Choice]) -> None:
        """The proposed partners as cards, everybody in the lists."""
        cards = [(str(one.id), one.name) for one in partners if one.proposed][:PROPOSED]
        everybody = [(str(one.id), _named(one)) for one in sorted(partners, key=lambda one: one.name.casefold())]
        self.recipient.choices = [*cards, (OTHER, gettext("Un autre partenaire"))]
        for field in (self.other, self.second, self.third):
            field.choices = [none_choice(gettext("Aucun")), *everybody]

    def shows_partners(self) -> bool:
        """Whether « Voir les partenaires » was pressed: the form is only shown again, nothing is written."""
        if request.method != "POST" or SHOW not in request.form:
            return False
        self.status = 422
        return True

    def validate_kind(self, field: Any) -> None:
        """A new need says which."""
        if self.need.data == NEW and not field.data:
            field.errors = []
            raise ValidationError(gettext("Choisissez la demande."))

    def validate_recipient(self, field: Any) -> None:
        """Somebody was chosen, among the cards or in the list."""
        if self._first() is None:
            raise ValidationError(gettext("Choisissez un partenaire."))

    def _first(self) -> UUID | None:
        chosen = self.other.data if self.recipient.data in {OTHER, None} else self.recipient.data
        return read_id(chosen)

    def recipients(self) -> tuple[UUID, ...]:
        """Who is asked, in the person's order, without twins."""
        found = [self._first(), read_id(self.second.data), read_id(self.third.data)]
        return tuple(dict.fromkeys(one for one in found if one))

    def new_kind(self) -> NeedKind | None:
        """The kind of the new need, when one is asked for."""
        return NeedKind(self.kind.data) if self.need.data == NEW and self.kind.data else None

    def new_demarche(self) -> Demarche | None:
        """The procedure of the new need, which only « démarche en ligne » has."""
        online = self.new_kind() is NeedKind.DEMARCHE_EN_LIGNE
        return Demarche(self.demarche.data) if online and self.demarche.data else None

    def to_data(self, need_id: UUID, parent_id: UUID | None) -> DraftData:
        """What was prepared."""
        return DraftData(
            need_id=need_id,
            recipients=self.recipients(),
            message=self.message.data or "",
            urgency=Priority(self.urgency.data) if self.urgency.data else None,
            parent_id=parent_id,
            return_reason=self.return_reason.data or "",
        )


def _named(one: Choice) -> str:
    where = f", {one.commune}" if one.commune else ""
    return f"{one.name} ({one.kind}{where})"


def section_choices(openable: Section) -> list[tuple[str, str]]:
    """What may be shared but the name, which always goes, in the order of the record."""
    wanted = [s for s in SECTION_LABELS if s in openable and s is not Section.IDENTITY]
    return [(str(int(section)), str(SECTION_LABELS[section])) for section in wanted]


class SendForm(StampedForm):
    """The person's answer, and what they agree to share. No answer is ticked in advance."""

    answer = RadioField(
        _("La personne est-elle d’accord ?"),
        [Needed(_("Dites ce que la personne a répondu."))],
        choices=lambda: choices_of(ConsentAnswer, ANSWERS_ASKED),
    )
    sections = CheckboxesField(_("Ce qu’elle accepte de partager"), choices=list)
    tell_demarche = BooleanField(_("Dire aussi le domaine de la démarche, dès maintenant"))
    way = RadioField(_("La personne a répondu"), choices=lambda: choices_of(ConsentWay), default=ConsentWay.ORAL.value)
    present = CheckboxesField(_("Qui d’autre était là ?"), choices=lambda: choices_of(Present, WITHOUT_INTERPRETER))
    interpreted_by = OptionalRadioField(_("Qui a traduit ?"), choices=lambda: choices_of(InterpretedBy))

    def __init__(self, agreed: bool = False, openable: Section = SHAREABLE, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sections.choices = section_choices(openable)
        if agreed:
            for name in ("answer", "sections", "tell_demarche", "way", "present", "interpreted_by"):
                delattr(self, name)

    @property
    def asks(self) -> bool:
        """False when the agreement was recorded with the draft."""
        return "answer" in self

    def says_no(self) -> bool:
        """The person refuses."""
        return bool(self.asks and self.answer.data == ConsentAnswer.REFUSED)

    def chosen(self) -> Section:
        """The sections ticked, with the name."""
        mask = Section.IDENTITY
        for value in (self.sections.data or ()) if self.asks else ():
            mask |= Section(int(value)) if str(value).isdigit() else NOTHING
        return mask & SHAREABLE

    def agreement(self) -> Agreement | None:
        """What the person said; None when it was recorded with the draft."""
        if not self.asks:
            return None
        present = list(self.present.data or ())
        return Agreement(
            sections=self.chosen(),
            way=ConsentWay(self.way.data),
            people_present=" ".join(present),
            interpreted_by=InterpretedBy(self.interpreted_by.data) if self.interpreted_by.data else None,
            tell_demarche=bool(self.tell_demarche.data),
        )


def default_sections(under_secrecy: bool) -> list[str]:
    """What is ticked when the page opens: nothing under professional secrecy, where each item is chosen one by one."""
    if under_secrecy:
        return []
    return [str(int(s)) for s in SECTION_LABELS if s in SHARED_BY_DEFAULT and s is not Section.IDENTITY]
