"""The ways to reach somebody, and which comes first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled
from app.kernel.phones import format_phone

MOST_CONTACTS = 6


class ContactKind(Labelled):
    """`RELAY`: a relative or a worker who passes the message on."""

    MOBILE = "mobile", _("Téléphone mobile")
    PHONE = "phone", _("Téléphone fixe")
    EMAIL = "email", _("Adresse électronique")
    LETTER = "letter", _("Courrier")
    RELAY = "relay", _("Quelqu’un qui transmet")


# Whose ring is heard by the person: what duplicates are looked for by. A worker passes messages on to many people.
OWN_PHONES = frozenset({ContactKind.MOBILE, ContactKind.PHONE})


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One way to reach somebody. `value`: E.164, an address, or words; `who` passes the message on; `how`: what to heed.

    `first`: this way is tried before the others.
    """

    kind: ContactKind
    value: str
    who: str = ""
    how: str = ""
    no_message: bool = False
    first: bool = False

    @property
    def phone(self) -> str:
        """The number to ring, E.164; empty when this is not one."""
        rings = self.kind in OWN_PHONES or (self.kind is ContactKind.RELAY and self.value.startswith("+"))
        return self.value if rings else ""

    @property
    def email(self) -> str:
        """The address to write to; empty when this is not one."""
        writes = self.kind is ContactKind.EMAIL or (self.kind is ContactKind.RELAY and "@" in self.value)
        return self.value if writes else ""

    @property
    def shown(self) -> str:
        """As it is read aloud: a number in groups, anything else as it was typed."""
        return format_phone(self.value) if self.phone else self.value

    @property
    def words(self) -> str:
        """In one line, for a list or a difference: who, the number or address, what to heed."""
        return ", ".join(one for one in (self.who, self.shown, self.how) if one)


def of_record(phone: str, email: str, no_message: bool, email_first: bool) -> list[Contact]:
    """The number and the address that a record itself holds, as contacts; what it says to try first comes first."""
    found = []
    if phone:
        kind = ContactKind.MOBILE if phone.startswith(MOBILES) else ContactKind.PHONE
        found.append(Contact(kind=kind, value=phone, no_message=no_message))
    if email:
        found.append(Contact(kind=ContactKind.EMAIL, value=email, first=email_first))
    return in_order(found)


# Metropolitan and overseas mobiles of the ten-digit plan; any other number is « téléphone ».
MOBILES = ("+336", "+337", "+262692", "+262693", "+262639", "+590690", "+590691", "+594694", "+596696", "+596697")


def in_order(contacts: Iterable[Contact]) -> list[Contact]:
    """The way to try first, then the others as they were noted."""
    return sorted(contacts, key=lambda one: not one.first)


def to_use(record: Iterable[Contact], others: Iterable[Contact]) -> tuple[Contact, ...]:
    """What a call list shows: the way to try first alone; else those of the record; else the first of the others."""
    record, others = list(record), list(others)
    asked = [one for one in (*record, *others) if one.first]
    return tuple(asked[:1] or record or others[:1])


def own_phones(contacts: Iterable[Contact]) -> tuple[str, ...]:
    """The person’s own numbers, without those of whoever passes messages on."""
    return tuple(one.value for one in contacts if one.kind in OWN_PHONES)


def all_phones(contacts: Iterable[Contact]) -> tuple[str, ...]:
    """Every number by which somebody is looked for at the desk."""
    return tuple(one.phone for one in contacts if one.phone)
