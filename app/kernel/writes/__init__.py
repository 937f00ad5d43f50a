"""The request contract: one transaction, one commit, only below 400. Only this room and the CLI commit."""

from app.kernel.writes.commit import commit, later, retrying, rollback, run_later, without_lock
from app.kernel.writes.request import MaillageFlask, open_request
from app.kernel.writes.submissions import Submission, purge

__all__ = [
    "MaillageFlask",
    "Submission",
    "commit",
    "later",
    "open_request",
    "purge",
    "retrying",
    "rollback",
    "run_later",
    "without_lock",
]
