"""Forms of administration: structures, their agreement, teams, members, the yearly review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Optional, Regexp

from app.accounts.actions import MemberData
from app.accounts.enums import Verdict
from app.accounts.queries import Member
from app.kernel.access import Role
from app.kernel.forms import CheckboxesField, DayField, Form, Needed, OptionalRadioField, Short, TextField, choices_of
from app.kernel.i18n import lazy_gettext as _
from app.network.actions import Declared, Described
from app.network.enums import LegalBasis, StructureKind
from app.network.models import Team
from app.territory.forms import CommuneField


def _version(field: HiddenField) -> int:
    """The version the form was filled from; a forged one is older than any."""
    text = str(field.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


NO_TEAM = ("", _("Aucune équipe"))
_ADDRESS_SHAPE = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
_ADDRESS = _("Écrivez une adresse électronique, par exemple prenom.nom@mairie.fr.")


def _roles(roles: Iterable[Role]) -> list[tuple[str, str]]:
    return [(role.value, str(role.label).capitalize()) for role in roles]


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


class StructureForm(Form):
    """What the network knows of a structure."""

    version = HiddenField()
    name = TextField(_("Nom"), [Needed(_("Indiquez le nom de la structure."))], max_length=200)
    kind = SelectField(_("Type"), choices=choices_of(StructureKind))
    commune_code = CommuneField(_("Commune"))
    siret = StringField(
        _("Numéro SIRET"), [Optional(), Regexp(r"^\d{14}$", message=_("Le numéro SIRET a 14 chiffres, sans espace."))]
    )
    under_secrecy = BooleanField(
        _("Toute la structure est sous secret professionnel"),
        description=_("Ce qu’elle note ne part jamais de lui-même : chaque élément se choisit un par un."),
    )
    sensitive = BooleanField(
        _("Son nom ne doit pas se lire ailleurs"),
        description=_("Addictions, justice, asile, violences : les autres structures lisent « structure partenaire »."),
    )

    def typed_version(self) -> int:
        """The version of the structure when the form was shown."""
        return _version(self.version)

    def to_data(self) -> Described:
        """What was typed."""
        return Described(
            name=self.name.data or "",
            kind=StructureKind(self.kind.data),
            commune_code=self.commune_code.code,
            siret=(self.siret.data or "").strip() or None,
            under_secrecy=bool(self.under_secrecy.data),
            sensitive=bool(self.sensitive.data),
        )


class DeclareForm(Form):
    """Legal basis and data protection officer."""

    version = HiddenField()
    legal_basis = RadioField(
        _("Base légale"),
        [Needed(_("Choisissez la base légale."))],
        choices=choices_of(LegalBasis),
        description=_(
            "Ce qui donne le droit de noter ces données (RGPD, article 6), à côté de l’accord de la personne."
        ),
    )
    dpo_contact = TextField(
        _("Contact pour la protection des données"),
        max_length=200,
        description=_("Adresse électronique ou postale de la personne déléguée, si elle n’a pas de compte ici."),
    )

    def typed_version(self) -> int:
        """The version of the structure when the form was shown."""
        return _version(self.version)

    def to_data(self) -> Declared:
        """What was typed."""
        return Declared(legal_basis=LegalBasis(self.legal_basis.data), dpo_contact=self.dpo_contact.data or "")


class AgreementForm(Form):
    """The date of the signature."""

    signed_on = DayField(_("Date de signature"), [Needed(_("Indiquez la date de signature."))])


class LeaveForm(Form):
    """A structure leaves the network, or only stops sharing."""

    closes = BooleanField(
        _("La structure quitte aussi l’annuaire"),
        description=_("Cochez si elle ferme ou quitte le réseau. Sinon elle reste visible, mais ne partage plus."),
    )


class TeamForm(Form):
    """A team, its secrecy and who is in it."""

    name = TextField(_("Nom de l’équipe"), [Needed(_("Donnez un nom à l’équipe."))], max_length=120)
    under_secrecy = BooleanField(
        _("Équipe sous secret professionnel"),
        description=_(
            "Ce qu’elle note n’est lu que par elle, et rien n’en part de soi-même (travail social : CASF, L133-5)."
        ),
    )
    members = CheckboxesField(_("Dans l’équipe"), [Optional()])

    def offer(self, members: Iterable[Member]) -> None:
        """The members of the structure whom this hat may put in the team."""
        self.members.choices = [(str(m.membership_id), f"{m.display_name} · {m.role.label}") for m in members]

    def chosen(self) -> frozenset[UUID]:
        """Their hats."""
        return frozenset(UUID(one) for one in self.members.data or [])


class InviteForm(Form):
    """Whom, to wear what."""

    email = EmailField(
        _("Adresse électronique"),
        [Needed(_("Indiquez l’adresse électronique.")), Short(254), Regexp(_ADDRESS_SHAPE, message=_ADDRESS)],
    )
    role = RadioField(_("Rôle"), [Needed(_("Choisissez un rôle."))])
    team = SelectField(_("Équipe"))

    def offer(self, roles: Iterable[Role], teams: Iterable[Team]) -> None:
        """The roles that this hat may give, and the teams of the structure."""
        self.role.choices = _roles(roles)
        self.team.choices = [NO_TEAM, *((str(team.id), team.name) for team in teams)]

    def team_id(self) -> UUID | None:
        """The team chosen, or None."""
        return _uuid(self.team.data)


class MemberForm(Form):
    """What is decided of an access."""

    role = RadioField(_("Rôle"), [Needed(_("Choisissez un rôle."))])
    team = SelectField(_("Équipe"))
    places = CheckboxesField(_("Lieux habituels"), [Optional()])

    def offer(self, roles: Iterable[Role], teams: Iterable[Team], places: Mapping[UUID, str]) -> None:
        """Roles (none: not for oneself), teams and places of the structure."""
        offered = _roles(roles)
        self.team.choices = [NO_TEAM, *((str(team.id), team.name) for team in teams)]
        self.places.choices = [(str(one), name) for one, name in places.items()]
        if offered:
            self.role.choices = offered
        else:
            del self.role

    def to_data(self) -> MemberData:
        """What was chosen."""
        role = Role(self.role.data) if "role" in self else None
        return MemberData(role, _uuid(self.team.data), tuple(UUID(one) for one in self.places.data or []))


class ReviewForm(Form):
    """One question by access. Fields are added by `review_form`."""

    def verdicts(self) -> dict[UUID, Verdict]:
        """The answers."""
        return {UUID(name[2:]): Verdict(field.data) for name, field in self._fields.items() if name.startswith("m_")}


def review_form(members: Iterable[Member]) -> ReviewForm:
    """The form that asks « does this person still need an access? » of each."""
    fields: dict[str, Any] = {f"m_{one.membership_id.hex}": _question(one) for one in members}
    made: ReviewForm = type("ReviewForm", (ReviewForm,), fields)()
    return made


def _question(member: Member) -> OptionalRadioField:
    needed = Needed(_("Répondez pour chaque personne."))
    return OptionalRadioField(member.display_name, [needed], choices=choices_of(Verdict))


__all__ = [
    "AgreementForm",
    "DeclareForm",
    "InviteForm",
    "LeaveForm",
    "MemberForm",
    "ReviewForm",
    "StructureForm",
    "TeamForm",
    "review_form",
]
