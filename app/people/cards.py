"""The sharing card: its code, its word, and what is kept of them. Pure.

The code is drawn from the card’s id under the installation’s secret: a copy of the database opens no card, and the same
card may be printed again. Changing the secret ends every card already printed.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from app.people.names import normalise

# Those of `kernel/ids.new_code` (a test compares them): none looks or sounds like another.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
GROUP = 4
SHORTEST_WORD = 4
LONGEST_WORD = 40
# A card is locked by the third failure since it last opened.
TRIES = 3
# Failures of one user, and of one address (a whole house has one), in the window: codes are not tried one after the other.
USER_TRIES = 10
ADDRESS_TRIES = 40
WINDOW = timedelta(minutes=15)
# The first words that anybody would try.
COMMON = frozenset(
    "carte cartes partage motdepasse mot secret bonjour maison mamie papi maman papa soleil chat chien france".split()  # noqa: SIM905
)


class WordProblem(StrEnum):
    """Why a word cannot be chosen."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    NAME = "name"
    YEAR = "year"
    COMMON = "common"


@dataclass(frozen=True)
class Rules:
    """What an installation chooses."""

    secret: str = ""
    public_url: str = ""
    timezone: str = "Europe/Paris"
    network_name: str = ""

    def keyed(self, purpose: str, text: str) -> bytes:
        """HMAC of a text under a key of its own, derived from the installation’s secret."""
        return hmac.new(f"cards:{purpose}:{self.secret}".encode(), text.encode(), sha256).digest()

    def code_of(self, card_id: UUID) -> str:
        """The code printed on a card, eight signs that cannot be taken for one another."""
        left, found = int.from_bytes(self.keyed("code", str(card_id))), ""
        for _rank in range(CODE_LENGTH):
            left, sign = divmod(left, len(SIGNS))
            found += SIGNS[sign]
        return found

    def code_hash(self, typed: str) -> str:
        """What is kept of a code, and what a typed one is looked for by."""
        return self.keyed("lookup", typed_code(typed)).hex()

    def word_hash(self, card_id: UUID, word: str) -> str:
        """What is kept of the word of one card; accents, case, spaces and hyphens do not count."""
        return self.keyed("word", f"{card_id}:{word_key(word)}").hex()

    def source(self, address: str) -> str:
        """What is kept for a quarter of an hour of the address that a try came from."""
        return self.keyed("address", address).hex()


_installed = Rules()


def install(rules: Rules) -> None:
    """Choose the installation’s rules. Called by `app/wiring`."""
    global _installed  # noqa: PLW0603
    _installed = rules


def rules() -> Rules:
    """The installation’s rules."""
    return _installed


def typed_code(text: str) -> str:
    """A code as it was typed or scanned: spaces, hyphens and case do not count."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def shown_code(code: str) -> str:
    """The code as it is printed, in groups of four."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def word_key(word: str) -> str:
    """A word as it is compared: lower case, no accents, no spaces."""
    return normalise(word).replace(" ", "")


def word_problem(word: str, names: tuple[str, ...], birth_year: int | None) -> WordProblem | None:
    """Why the person cannot choose this word, or None: whoever knows them would guess it."""
    key = word_key(word)
    if len(key) < SHORTEST_WORD:
        return WordProblem.SHORT
    if len(word) > LONGEST_WORD:
        return WordProblem.LONG
    if birth_year is not None and str(birth_year) in key:
        return WordProblem.YEAR
    if key.isdigit():
        return WordProblem.NUMBER
    if _says_a_name(key, names):
        return WordProblem.NAME
    return WordProblem.COMMON if key in COMMON or len(set(key)) == 1 else None


def _says_a_name(key: str, names: tuple[str, ...]) -> bool:
    """The word is a name, holds one, or is a piece of one."""
    words = {part for name in names for part in (*normalise(name).split(), word_key(name)) if len(part) > 2}
    return any(part in key or key in part for part in words)


def same(known: str, typed: str) -> bool:
    """Two hashes compared in a time that says nothing of them."""
    return hmac.compare_digest(known, typed)


def born(year: int | None) -> str:
    """A birth year as it is compared; an unknown one answers to nothing that can be typed."""
    return "-" if year is None else str(year)


@dataclass(frozen=True)
class Standing:
    """All that decides whether a card opens, apart from the two facts."""

    open: bool
    may_have: bool
    agreed: bool
    bound: bool

    @property
    def opens(self) -> bool:
        """Every reason together: the answer never says which one was missing."""
        return self.open and self.may_have and self.agreed and self.bound


def holds(given: bool, starts_on: date, ends_on: date | None, today: date) -> bool:
    """The agreement for the shared register holds today; it holds on its last day."""
    return given and starts_on <= today and (ends_on is None or today <= ends_on)
