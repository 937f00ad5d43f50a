"""Vocabularies whose codes are stored and whose words are shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A vocabulary whose members are written with their words: `RETIRED = "retraite", _("Retraité")`.

    A member is its code, the only part that is stored; `label` is read in the language of the request.
    """

    _value_: str
    label: str

    def __new__(cls, code: str, label: str | None = None) -> Self:
        # `Vocabulary("code")` looks a member up, and never comes here: only type checkers need the default.
        if label is None:
            raise TypeError(f"{cls.__name__}: {code!r} has no words")
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member
