"""Closed vocabularies of accounts."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


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


class Verdict(Labelled):
    """The answer of the yearly review about one access."""

    KEEP = "keep", _("Garder l’accès")
    END = "end", _("Mettre fin à l’accès")
