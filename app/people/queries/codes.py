"""Spoken codes of people: short enough to be read aloud, so few enough to meet in a large network."""

from __future__ import annotations

from sqlalchemy import exists, select

from app.kernel import ids
from app.kernel.db import db
from app.people.models import Person


def free_code() -> str:
    """A code that nobody bears: six signs out of thirty, drawn again when taken.

    At 100,000 people one draw in 7,000 is taken; the unique constraint stands for two draws at the same instant.
    """
    code = ids.new_code()
    while db.session.scalar(select(exists().where(Person.code == code))):
        code = ids.new_code()
    return code
