"""A commune's name as the screen shows it."""

from __future__ import annotations

from functools import lru_cache

from app.territory.communes.reference import arrondissements, by_code
from app.territory.communes.search import resolve


def label(code: str) -> str:
    """« Marmande (47) », which `resolve` reads back; the code itself when unknown."""
    commune = by_code(code)
    return f"{commune.name} ({commune.departement})" if commune else code


@lru_cache(maxsize=2048)
def label_with_postcode(code: str) -> str:
    """« Marmande (47200) », which `resolve` reads back; with the département where a postcode would mean something else."""
    commune = by_code(code)
    if commune is None or arrondissements(code):
        return label(code)
    tried = [f"{commune.name} ({postcode})" for postcode in commune.postcodes]
    return next((text for text in tried if resolve(text) == commune), label(code))
