"""Who answers, who signs, who translates: children, adults under a measure of protection, interpreters. Pure.

What is asked here is never whether the person « is able »: everybody is informed and asked, and what they said is kept.
Sources: loi du 6 janvier 1978, art. 45 (under 15, the child and whoever holds parental authority agree together);
Code civil, art. 388-1-1 (minors), 425 (measures), 435 (sauvegarde de justice), 457-1 (the person is informed), 458
(strictly personal acts), 459 (personal decisions), 467 and 472 (curatelle), 473 (tutelle), 488 (mandat de protection
future), 494-8 and 494-9 (habilitation familiale).
"""

from app.people.capacity.rules import (
    EXERCISED_BY,
    REPRESENTING,
    STRENGTH,
    Asked,
    Situation,
    covers,
    interpreting_fault,
    mandate_fault,
    sharing_fault,
    signing,
    stronger,
    word_needed,
)
from app.people.capacity.words import (
    Age,
    Beside,
    Fault,
    InterpretedBy,
    Matter,
    Measure,
    OwnWord,
    RepresentativeKind,
    Scope,
    SignedBy,
    Signing,
    WhyNotAsked,
)

__all__ = [
    "EXERCISED_BY",
    "REPRESENTING",
    "STRENGTH",
    "Age",
    "Asked",
    "Beside",
    "Fault",
    "InterpretedBy",
    "Matter",
    "Measure",
    "OwnWord",
    "RepresentativeKind",
    "Scope",
    "SignedBy",
    "Signing",
    "Situation",
    "WhyNotAsked",
    "covers",
    "interpreting_fault",
    "mandate_fault",
    "sharing_fault",
    "signing",
    "stronger",
    "word_needed",
]
