"""The sharing card: what is drawn and compared; made, opened, locked, ended; what each answer says, and does not."""

from __future__ import annotations

import pytest

from tests.people.helpers import add
from tests.support.pages import InspectingClient
from tests.support.world import World


def make(client: InspectingClient, person_id, **fields):
    page = client.get(f"/personnes/{person_id}/carte")
    return client.submit(page, "#carte", data={"present": True, "secret_word": "tournesol", **fields})


def test_smoke(world: World) -> None:
    library = world.client("library.desk")
    amina = world.people["amina"]
    assert library.get(f"/personnes/{amina}").status_code == 200
    assert make(library, amina).status_code == 303
    pdf = library.get(f"/personnes/{amina}/carte/papier")
    assert pdf.status_code == 200 and pdf.data[:4] == b"%PDF"
    from app.people import cards
    from app.people.models import SharingCard
    from app.kernel.db import db
    with world.app.app_context():
        card = db.session.query(SharingCard).one()
        code = cards.rules().code_of(card.id)
    fs = world.client("fs.adviser")
    page = fs.get("/personnes/ouvrir-avec-une-carte")
    r = fs.submit(page, "#ouvrir", data={"present": True, "code": code.lower(), "secret_year": "1958", "secret_word": "Tournesol"})
    assert r.status_code == 303, fs.text(r)
    assert fs.get(r.location).status_code == 200
    assert fs.get(f"/personnes/{amina}/ne-plus-suivre").status_code == 200
