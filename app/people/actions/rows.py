"""The rows that registering somebody writes, as values by column: pure, for one registration or a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.access import Actor
from app.kernel.errors import DomainError
from app.kernel.grants import EVERYTHING, SHAREABLE
from app.kernel.i18n import lazy_gettext as _
from app.people import contacts
from app.people.actions.data import (
    CONSENT_VERSION,
    MAX_RECIPIENTS,
    NOTICE_VERSION,
    ConsentData,
    PersonData,
    Registration,
)
from app.people.enums import FollowUpKind
from app.people.names import ORDER, search_keys, sort_key

FACTS = ("birth_year", "age_status", "genre", "statut_social", "commune_code")
IDENTITY = ("first_name", "last_name", "usual_name", "phone", "email", "no_message", "email_first")
_ASKED = (
    *("kind", "answer", "way", "language", "sections", "people_present", "interpreter", "starts_on", "ends_on"),
    *("interpreted_by", "own_word", "why_not_asked", "age_status", "told_version"),
)

Values = dict[str, Any]


def values_of(data: PersonData, names: tuple[str, ...]) -> Values:
    """These fields of what was noted."""
    return {name: getattr(data, name) for name in names}


def person_values(actor: Actor, data: Registration) -> Values:
    """Of `person`: the actor’s structure becomes the referent."""
    facts = values_of(data.person, FACTS)
    return {"referent_structure_id": actor.structure_id, "last_contact_on": data.today, **facts}


def adaptation_values(data: PersonData) -> Values | None:
    """Of `person_adaptation`; None when nothing was said."""
    if not (data.adaptation or data.languages or data.interpreter):
        return None
    return {"needs": list(data.adaptation), "languages": list(data.languages), "interpreter": data.interpreter}


def follow_up_values(actor: Actor, person_id: UUID, today: date) -> Values:
    """Of `follow_up`: the referent’s, held by the team when it is under secrecy."""
    return {
        "person_id": person_id,
        "structure_id": actor.structure_id,
        "team_id": actor.team_id if actor.team_is_secret else None,
        "kind": FollowUpKind.REFERENT,
        "sections": EVERYTHING,
        "started_on": today,
    }


def notice_values(actor: Actor, person_id: UUID, data: Registration) -> Values:
    """Of `notice`."""
    return {
        "person_id": person_id,
        "text_version": NOTICE_VERSION,
        "language": data.notice_language,
        "way": data.notice_way,
        "given_by": actor.user_id,
    }


def contact_values(person_id: UUID, data: PersonData) -> Iterator[Values]:
    """Of `person_contact`, in their order. DomainError when two are to be tried first."""
    told = data.contacts or ()
    if sum(one.first for one in told) + data.email_first > 1:
        raise DomainError(_("Un seul moyen se tente en premier : décochez les autres."), "contacts")
    for rank, one in enumerate(told, 1):
        yield {**vars(one), "person_id": person_id, "rank": rank}


def representative_values(person_id: UUID, data: Registration) -> Iterator[Values]:
    """Of `person_representative`: who represents a child, when it was said."""
    if data.representative is not None:
        yield {**vars(data.representative), "person_id": person_id, "rank": 0}


def key_values(person_id: UUID, data: PersonData) -> Iterator[Values]:
    """Of `search_key`, one by one."""
    phones = [data.phone] if data.phone else []
    phones.extend(contacts.all_phones(data.contacts or ()))
    for key in sorted(search_keys(data.first_name, data.last_name, data.usual_name, phones, data.birth_year)):
        yield {"person_id": person_id, "kind": key.kind, "value": key.value}
    order = sort_key(data.first_name, data.last_name, data.usual_name)
    if order:
        yield {"person_id": person_id, "kind": ORDER, "value": order}


def consent_values(actor: Actor, person_id: UUID, data: ConsentData) -> Values:
    """Of `consent`. DomainError for more than three recipients, or raw answers in it."""
    if len(data.recipients) > MAX_RECIPIENTS or len(set(data.recipients)) != len(data.recipients):
        raise DomainError(_("L’accord peut nommer trois structures différentes au plus."), "recipients")
    if data.sections & ~SHAREABLE:
        raise DomainError(_("Les réponses détaillées de l’évaluation ne se partagent pas."), "sections")
    asked = {name: getattr(data, name) for name in _ASKED}
    written = {"person_id": person_id, "recorded_by": actor.user_id, "structure_id": actor.structure_id}
    return {**asked, **written, "text_version": CONSENT_VERSION}


def recipient_values(data: ConsentData) -> list[Values]:
    """Of `consent_recipient`, in the person’s order."""
    return [{"structure_id": one, "rank": rank} for rank, one in enumerate(data.recipients, 1)]
