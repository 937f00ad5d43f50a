"""Commands of `flask --app wsgi …`."""

from __future__ import annotations

from flask import Flask

from app.cli.accounts import structures, users
from app.cli.assess import assess_command
from app.cli.database import database
from app.cli.demo import demo
from app.cli.journal import journal_group
from app.cli.places import places
from app.cli.privacy import privacy
from app.cli.territory import territory
from app.cli.worker import worker


def install(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (
        assess_command,
        database,
        demo,
        journal_group,
        places,
        privacy,
        structures,
        territory,
        users,
        worker,
    ):
        app.cli.add_command(command)
