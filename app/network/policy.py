"""Who may see what of the directory."""

from __future__ import annotations

from datetime import date

from app.kernel.access import Actor
from app.network.models import Structure


def can_share(structure: Structure, today: date) -> bool:
    """A structure shares nothing before the date of its signed agreement (RGPD art. 26, domain/access.md)."""
    signed = structure.agreement_signed_on
    return structure.active and signed is not None and signed <= today


def reads_real_name(actor: Actor, structure: Structure) -> bool:
    """A sensitive structure reads « structure partenaire » elsewhere."""
    return not structure.sensitive or actor.structure_id == structure.id
