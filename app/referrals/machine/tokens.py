"""What opens a partner’s link: a token in the address, a second code given apart, and a proof that the code was right. Pure.

The token is derived from the link’s random id under the installation’s secret (256 bits), the code is drawn at random;
the database holds keyed hashes of both, so that a copy of it opens nothing.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

CODE_LENGTH = 8
GROUP = 4
# A link is dead at the third wrong code since the last right one.
TRIES = 3
# Wrong codes from one address in the window: links are not tried one after the other.
ADDRESS_TRIES = 40
WINDOW = timedelta(minutes=15)
# How long a page that the code opened may be answered without giving the code again.
PROOF = timedelta(minutes=30)


@dataclass(frozen=True)
class Keys:
    """Everything that is derived from the installation’s secret."""

    secret: str = ""

    def keyed(self, purpose: str, text: str) -> bytes:
        """HMAC of a text under a key of its own."""
        return hmac.new(f"partner:{purpose}:{self.secret}".encode(), text.encode(), sha256).digest()

    def token_of(self, link_id: UUID) -> str:
        """The token written in the address of a link."""
        return urlsafe_b64encode(self.keyed("token", str(link_id))).decode().rstrip("=")

    def token_hash(self, token: str) -> str:
        """What is kept of a token, and what one in an address is looked for by."""
        return self.keyed("lookup", token).hex()

    def code_hash(self, link_id: UUID, typed: str) -> str:
        """What is kept of the second code of one link; case, spaces and hyphens do not count."""
        return self.keyed("code", f"{link_id}:{typed_code(typed)}").hex()

    def source(self, address: str) -> str:
        """What is kept for a quarter of an hour of the address that a try came from."""
        return self.keyed("address", address).hex()

    def proof(self, link_id: UUID, code_hash: str, at: datetime) -> str:
        """Says that the code of this link was right at this instant; another code ends it."""
        moment = str(int(at.timestamp()))
        return f"{moment}.{self.keyed('proof', f'{link_id}:{code_hash}:{moment}').hex()}"

    def proves(self, link_id: UUID, code_hash: str, proof: str, now: datetime) -> bool:
        """Whether a proof is ours, of this link and of its present code, and recent."""
        moment, _dot, _signature = proof.partition(".")
        if not (moment.isascii() and moment.isdigit()) or len(moment) > 11:
            return False
        given_at = datetime.fromtimestamp(int(moment), now.tzinfo)
        right = same(self.proof(link_id, code_hash, given_at), proof)
        return right and timedelta(0) <= now - given_at + timedelta(seconds=1) <= PROOF + timedelta(seconds=1)


def typed_code(text: str) -> str:
    """A code as it was typed: spaces, hyphens and case do not count."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def shown_code(code: str) -> str:
    """The code as it is shown and printed, in groups of four."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def same(known: str, typed: str) -> bool:
    """Two texts compared in a time that says nothing of them; whatever a browser sends is compared."""
    return hmac.compare_digest(known.encode(), typed.encode("utf-8", "replace"))
