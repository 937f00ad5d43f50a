"""The journal: who did what, wearing which hat, when and from which grant. Append-only, chained by hash, never a name.

It shows tampering; it cannot stop the owner of the database (see docs/architecture.md).
"""

from app.kernel.journal.chain import Problem, purge, seal, verify
from app.kernel.journal.models import JournalCheckpoint, JournalEntry, JournalHead
from app.kernel.journal.record import forget, note, pending, read_person

__all__ = [
    "JournalCheckpoint",
    "JournalEntry",
    "JournalHead",
    "Problem",
    "forget",
    "note",
    "pending",
    "purge",
    "read_person",
    "seal",
    "verify",
]
