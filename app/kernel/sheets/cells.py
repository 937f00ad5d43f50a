"""Cells that a spreadsheet would run as a formula."""

from __future__ import annotations

import re

# What spreadsheets may run. Not « +33… » nor « @telier »: a plus, a minus or an at sign alone calls no function.
_FORMULA = re.compile(r"[=＝\t\r]|[+\-@＋－＠](?=.*[(!|])", re.DOTALL)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this text."""
    return _FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe comes before what could be one. See `unguarded`."""
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """What `guarded` was given: exactly one apostrophe less, and only before what it protects."""
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text
