"""Closed vocabularies of accounts."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class LinkPurpose(StrEnum):
    """What a link that serves once is for."""

    RESET = "reset"
    SIGN_IN = "sign_in"
    # The same, once the one-time code was right.
    CHECKED = "checked"
    INVITATION = "invitation"


class Step(StrEnum):
    """What is still asked of somebody whose password was right, in this order."""

    PASSWORD = "password"  # noqa: S105
    CODE = "code"
    ENROL = "enrol"


class Verdict(StrEnum):
    """The answer of the yearly review about one access."""

    KEEP = "keep"
    END = "end"

    @property
    def label(self) -> str:
        return _VERDICTS[self]


_VERDICTS = {Verdict.KEEP: _("Garder l’accès"), Verdict.END: _("Mettre fin à l’accès")}
