"""A commune's name as the screen shows it."""

from __future__ import annotations

from app.territory.communes.reference import by_code


def label(code: str) -> str:
    """« Marmande (47) », which `resolve` reads back; the code itself when unknown."""
    commune = by_code(code)
    return f"{commune.name} ({commune.departement})" if commune else code
