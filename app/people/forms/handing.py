"""Forms of the change of referent structure, and of the colleague whom the person knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, SelectField, ValidationError

from app.kernel.forms import Form, Needed, OptionalRadioField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.people.actions.handing import HandOverData
from app.people.enums import DECLINING, HandOverReason
from app.people.queries.handing import Candidate
from app.people.queries.holders import Colleague


class PassOnForm(Form):
    """Propose another referent structure, or ask to become it (`to` is then taken out)."""

    to = SelectField(_("La structure qui prendrait le relais"), [Needed(_("Choisissez une structure."))])
    reason = RadioField(
        _("Pour quelle raison ?"), [Needed(_("Choisissez une raison."))], choices=lambda: choices_of(HandOverReason)
    )
    person_agrees = BooleanField(_("La personne est d’accord"))

    def offering(self, candidates: Iterable[Candidate] | None) -> PassOnForm:
        """The structures that may receive it, those that follow first; None: ours asks for it."""
        if candidates is None:
            del self.to
            return self
        groups: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
        for one in candidates:
            groups[one.follows].append((str(one.structure_id), one.name))
        titles = {True: gettext("Elles suivent déjà la personne"), False: gettext("Si la personne la nomme")}
        self.to.choices = {titles[follows]: listed for follows, listed in groups.items() if listed}
        return self

    def to_data(self) -> HandOverData:
        """What was decided with the person."""
        chosen = UUID(self.to.data) if "to" in self else None
        reason = HandOverReason(self.reason.data)
        return HandOverData(reason=reason, person_agrees=bool(self.person_agrees.data), to=chosen)


def _reasons() -> list[Any]:
    return [(one.value, _opening(str(one.label))) for one in DECLINING]


def _opening(words: str) -> str:
    """These words, as a line begins with them."""
    return words[:1].upper() + words[1:]


def _said_why(form: Any, field: Any) -> None:
    """Declining says why."""
    if form.answer.data == "decline" and not field.data:
        raise ValidationError(gettext("Dites pourquoi vous refusez."))


class AnswerForm(Form):
    """Accept or decline; a reason when it is declined."""

    answer = RadioField(
        _("Votre réponse"),
        [Needed(_("Choisissez une réponse."))],
        choices=lambda: [("accept", gettext("Accepter")), ("decline", gettext("Refuser"))],
    )
    reason = OptionalRadioField(_("Si vous refusez, pour quelle raison ?"), [_said_why], choices=_reasons)

    @property
    def accepts(self) -> bool:
        """The answer is yes."""
        return bool(self.answer.data == "accept")


NOBODY = "personne"


class HolderForm(Form):
    """Which colleague the person knows. `seen`: who it was when the screen was shown."""

    seen = HiddenField()
    holder = RadioField(_("Interlocuteur ou interlocutrice"), [Needed(_("Choisissez une ou un collègue."))])

    def offering(self, colleagues: Iterable[Colleague], me: UUID) -> HolderForm:
        """The colleagues who may read the person, oneself first, then nobody."""
        ordered = sorted(colleagues, key=lambda one: one.user_id != me)
        named = [(str(one.user_id), _named(one, me)) for one in ordered]
        self.holder.choices = [*named, (NOBODY, gettext("Personne en particulier"))]
        return self

    @property
    def chosen(self) -> UUID | None:
        """The colleague, or None."""
        return None if self.holder.data == NOBODY else UUID(self.holder.data)

    @property
    def was(self) -> UUID | None:
        """Who it was when the screen was shown; what is not an id is nobody."""
        try:
            return UUID(self.seen.data or "")
        except ValueError:
            return None


def _named(one: Colleague, me: UUID) -> str:
    return gettext("Moi (%(name)s)", name=one.name) if one.user_id == me else one.name
