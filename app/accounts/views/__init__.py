"""Screens of accounts: signing in, one's own account, administration of structures, teams and members."""

from app.accounts.views import handing, links, members, own, second_factor, sign_in, steps, structures, teams
from app.accounts.views.blueprint import administration, bp
from app.accounts.views.identity import forget_language, load_identity
from app.accounts.views.tasks import tasks

__all__ = [
    "administration",
    "bp",
    "forget_language",
    "handing",
    "links",
    "load_identity",
    "members",
    "own",
    "second_factor",
    "sign_in",
    "steps",
    "structures",
    "tasks",
    "teams",
]
