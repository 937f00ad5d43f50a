"""« Noter un mandat » : what was signed, for which procedure, for how long, and how the person was heard."""

from __future__ import annotations

from wtforms import BooleanField, RadioField

from app.kernel.forms import CheckboxesField, Form, Needed, OptionalRadioField, TextField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.pages import today
from app.people.actions.mandates import DAYS, MandateData
from app.people.capacity import Beside, InterpretedBy, Matter, OwnWord, SignedBy, WhyNotAsked


def _days() -> list[tuple[str, str]]:
    words = (gettext("Aujourd’hui"), gettext("Un mois"), gettext("Six mois"), gettext("Un an"))
    return [(str(days), said) for days, said in zip(DAYS, words, strict=True)]


class MandateForm(Form):
    """A written mandate. No answer is ticked in advance."""

    purpose = TextField(_("Pour quelle démarche ?"), [Needed(_("Écrivez pour quelle démarche."))], max_length=200)
    matter = RadioField(
        _("Elle concerne"), [Needed(_("Dites ce que la démarche concerne."))], choices=lambda: choices_of(Matter)
    )
    days = RadioField(_("Pour combien de temps ?"), [Needed(_("Choisissez une durée."))], choices=_days)
    signed_by = RadioField(
        _("Qui a signé ?"), [Needed(_("Dites qui a signé le mandat."))], choices=lambda: choices_of(SignedBy)
    )
    written = BooleanField(_("Le mandat est écrit et signé, un exemplaire est remis"))
    own_word = OptionalRadioField(_("Ce que la personne dit elle-même"), choices=lambda: choices_of(OwnWord))
    why_not_asked = OptionalRadioField(
        _("Si on n’a pas pu lui demander, pourquoi"), choices=lambda: choices_of(WhyNotAsked)
    )
    interpreted_by = OptionalRadioField(_("Qui a traduit ?"), choices=lambda: choices_of(InterpretedBy))
    present = CheckboxesField(_("Qui d’autre était là ?"), choices=lambda: choices_of(Beside))

    def to_data(self) -> MandateData:
        """What was signed."""
        word, by = self.own_word.data, self.interpreted_by.data
        why = self.why_not_asked.data if word == OwnWord.NOT_ASKED else None
        return MandateData(
            matter=Matter(self.matter.data),
            purpose=self.purpose.data or "",
            days=int(self.days.data),
            signed_by=SignedBy(self.signed_by.data),
            written=bool(self.written.data),
            people_present=" ".join(self.present.data or ()),
            own_word=OwnWord(word) if word else None,
            why_not_asked=WhyNotAsked(why) if why else None,
            interpreted_by=InterpretedBy(by) if by else None,
            today=today(),
        )
