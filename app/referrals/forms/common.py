"""What the forms of referrals share."""

from __future__ import annotations

from uuid import UUID

from wtforms import HiddenField

from app.kernel.forms import Form


def none_choice(words: str) -> tuple[str, str]:
    """The first line of a list in which nothing is chosen."""
    return ("", words)


def read_id(text: str | None) -> UUID | None:
    """An identifier typed by a browser; None when it is not one."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


class StampedForm(Form):
    """A form that knows what its screen had seen of the referral."""

    version = HiddenField()

    @property
    def stamp(self) -> int:
        """Rank of the last event that the screen knew; -1, which is none, when it is unreadable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else -1
