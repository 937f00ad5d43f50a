"""The commune that two things typed agree on."""

from __future__ import annotations

from app.territory.communes.reference import by_postcode
from app.territory.communes.search import resolve
from app.territory.communes.spelling import spelled


def agreed(postcode: str, name: str) -> str | None:
    """The code of the commune that postcode and name agree on, or None: a contradiction or a doubt is left empty.

    A name unknown to the reference (a hamlet, a district) follows the postcode when it serves one commune; a postcode
    unknown to it (CEDEX) follows the name when the département agrees.
    """
    served = by_postcode(postcode)
    wanted = spelled(name)
    same = [one for one in served if spelled(one.name) == wanted]
    if len(same) == 1:
        return same[0].code
    named = resolve(name)
    if named is None:
        alone = [one for one in served if one.parent is None]
        return alone[0].code if len(alone) == 1 else None
    agrees = postcode in named.postcodes or (not served and postcode.startswith(named.departement))
    return named.code if agrees else None
