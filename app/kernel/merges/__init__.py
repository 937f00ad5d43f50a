"""When two records of one person become one: what moves, what stays, what is needed to undo it, and who answers for whom.

Every table that points at a person is declared by `app/wiring`, moved or staying; a test fails on one that is not.
"""

from app.kernel.merges.models import UNDO_LIFETIME, MergeUndo, PersonAlias
from app.kernel.merges.registry import Moved, Stays, answering, declared, move_all, register
from app.kernel.merges.undo import Photo, forget, photograph, purge, record, restore

__all__ = [
    "UNDO_LIFETIME",
    "MergeUndo",
    "Moved",
    "PersonAlias",
    "Photo",
    "Stays",
    "answering",
    "declared",
    "forget",
    "move_all",
    "photograph",
    "purge",
    "record",
    "register",
    "restore",
]
