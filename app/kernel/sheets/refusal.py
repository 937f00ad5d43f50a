"""What is said of a file that cannot be read at all."""

from __future__ import annotations


class SheetRefused(ValueError):
    """The whole file cannot be read; the message says why and what to do."""
