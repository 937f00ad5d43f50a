"""Two records that may be one person: how alike they are and why, by which keys candidates are found, whose consent holds.

Pure: no database, no present time.
"""

from app.people.duplicates import keys
from app.people.duplicates.consents import Answer, Said, narrower
from app.people.duplicates.keys import KIND, likeness_keys
from app.people.duplicates.score import LISTED, STRONG, Known, Likeness, Reason, compare

__all__ = [
    "KIND",
    "LISTED",
    "STRONG",
    "Answer",
    "Known",
    "Likeness",
    "Reason",
    "Said",
    "compare",
    "keys",
    "likeness_keys",
    "narrower",
]
