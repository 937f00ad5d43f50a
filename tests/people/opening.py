"""Cards shown at a desk, and what is answered."""

from __future__ import annotations

from werkzeug.test import TestResponse

from app.kernel.db import db
from tests.people.deck import OPEN, WORD, YEAR
from tests.support.pages import InspectingClient
from tests.support.queries import Queries, count_queries
from tests.support.world import World


def asked(world: World, client: InspectingClient, code: str, word: str = WORD) -> tuple[TestResponse, Queries]:
    """Present a card, counting what is asked of the database."""
    with world.app.app_context():
        bind = db.engine
    screen = client.get(OPEN)
    said = {"present": True, "code": code, "secret_year": YEAR, "secret_word": word}
    with count_queries(bind) as queries:
        return client.submit(screen, "#ouvrir", data=said), queries
