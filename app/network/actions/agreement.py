"""The network agreement and what a structure declares: before it is signed, and once it ended, nothing is shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.kernel import hooks, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, Difference, DomainError, NotFound, check_version, name_constraint
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.network import policy
from app.network.enums import LegalBasis, StructureKind
from app.network.models import Structure, Team

name_constraint("uq_team_structure_id_name", _("Une équipe de la structure porte déjà ce nom."), "name")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a structure says of its data: legal basis (RGPD art. 6) and whom to write to about them (art. 37)."""

    legal_basis: LegalBasis | None
    dpo_contact: str


@dataclass(frozen=True, kw_only=True)
class Described:
    """What the network knows of a structure."""

    name: str
    kind: StructureKind
    commune_code: str | None
    siret: str | None
    under_secrecy: bool
    sensitive: bool


def declare(actor: Actor, structure: Structure, data: Declared, version: int | None) -> Structure:
    """Record the legal basis and the data protection officer. The structure itself may, or whoever administers it."""
    if not policy.declares(actor, structure.id):
        raise NotFound
    check_version(structure.version, version, *_told(structure, data))
    structure.legal_basis, structure.dpo_contact = data.legal_basis, data.dpo_contact or None
    db.session.flush()
    journal.note(actor, "structure.declare", "structure", structure.id, basis=_value(data.legal_basis))
    return structure


def _told(structure: Structure, data: Declared) -> list[Difference]:
    pairs = (
        (_("Base légale"), _label(data.legal_basis), _label(structure.legal_basis)),
        (_("Protection des données"), data.dpo_contact, structure.dpo_contact or ""),
    )
    return [Difference(str(label), mine, theirs) for label, mine, theirs in pairs]


def _label(basis: LegalBasis | None) -> str:
    return str(basis.label) if basis else ""


def _value(basis: LegalBasis | None) -> str:
    return basis.value if basis else ""


def describe(actor: Actor, structure: Structure, data: Described, version: int | None) -> Structure:
    """Correct what is known of a structure, its secrecy and whether its name is shown elsewhere."""
    if not policy.administers(actor):
        raise NotFound
    check_version(structure.version, version, Difference(gettext("Nom"), data.name, structure.name))
    for name, value in data.__dict__.items():
        setattr(structure, name, value)
    db.session.flush()
    secrecy, sensitive = data.under_secrecy, data.sensitive
    journal.note(actor, "structure.edit", "structure", structure.id, secrecy=secrecy, sensitive=sensitive)
    return structure


def record_agreement(actor: Actor, structure: Structure, signed_on: date | None, today: date) -> Structure:
    """Record the date of the signed agreement, or correct it; a structure that had left comes back. Never in the future."""
    if not policy.administers(actor):
        raise NotFound
    if signed_on is None or signed_on > today:
        raise DomainError(_("La convention est signée aujourd’hui ou avant : vérifiez la date."), "signed_on")
    if structure.legal_basis is None:
        raise DomainError(_("Indiquez d’abord la base légale de la structure : sans elle, rien ne se partage."))
    structure.agreement_signed_on = signed_on
    structure.agreement_ended_on = structure.closed_on = None
    db.session.flush()
    journal.note(actor, "structure.agreement", "structure", structure.id, signed_on=signed_on.isoformat())
    return structure


def end_agreement(actor: Actor, structure: Structure, today: date, *, closes: bool) -> Structure:
    """The structure leaves, today: every room is told in the same transaction, and it shares and receives nothing more."""
    if not policy.administers(actor):
        raise NotFound
    if structure.agreement_ended_on is not None or structure.agreement_signed_on is None:
        raise Conflict(_("Cette structure n’a pas de convention en cours."))
    structure.agreement_ended_on = today
    structure.closed_on = today if closes else structure.closed_on
    db.session.flush()
    journal.note(actor, "structure.leave", "structure", structure.id, closes=closes)
    hooks.announce_structure_left(actor, structure.id)
    return structure


def edit_team(actor: Actor, team: Team, name: str, under_secrecy: bool) -> Team:
    """Rename a team, or change its secrecy: what it already wrote keeps the secrecy it was written under."""
    if not policy.builds_teams(actor, team.structure_id):
        raise NotFound
    team.name, team.under_secrecy = name, under_secrecy
    db.session.flush()
    journal.note(actor, "team.edit", "team", team.id, secrecy=under_secrecy)
    return team
