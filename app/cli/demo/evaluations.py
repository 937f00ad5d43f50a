"""Assessments of the demonstration."""

from __future__ import annotations

from app.cli.demo.story import Followed, Life


def assess(life: Life, followed: Followed) -> None:
    """TODO."""
