"""Rule 12: without an agreement, a blank liaison sheet that the person keeps; nothing of them is written anywhere."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.kernel.db import db
from app.kernel.journal import JournalEntry
from app.network.models import Structure
from tests.support import pdf
from tests.support.pages import InspectingClient
from tests.support.world import World

SHEET = "/orientations/fiche-de-liaison"


def read(content: bytes) -> str:
    return " ".join(pdf.words(" ".join(pdf.pages_text(content))))


@pytest.fixture
def desk(world: World) -> InspectingClient:
    return world.client("library.desk")


def test_the_sheet_is_blank_and_says_who_hands_it(desk: InspectingClient) -> None:
    page = desk.get(SHEET)
    assert "Mon besoin, avec mes mots" in desk.text(page)
    assert "Médiathèque de Marmande" in desk.text(page)
    assert not desk.select(page, "main input, main textarea, main form")
    assert len(desk.select(page, ".write-line")) == 16


def test_the_document_says_the_same_and_keeps_nothing_of_anybody(world: World, desk: InspectingClient) -> None:
    answer = desk.get(SHEET + ".pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    said = read(answer.data)
    for words in ("Fiche de liaison", "Mon besoin, avec mes mots", "Médiathèque de Marmande"):
        assert words in said
    with world.app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "referral.blank")).one()
        assert entry.person_id is None


@pytest.mark.parametrize("path", [SHEET, SHEET + ".pdf"])
def test_a_sensitive_structure_is_not_named(world: World, desk: InspectingClient, path: str) -> None:
    with world.app.app_context():
        db.session.get_one(Structure, world.structures["library"]).sensitive = True
        db.session.commit()
    answer = desk.get(path)
    said = read(answer.data) if path.endswith("pdf") else desk.text(answer, "main")
    assert "Médiathèque" not in said


def test_looking_at_it_writes_nothing(world: World, desk: InspectingClient) -> None:
    with world.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(JournalEntry))
    assert desk.get(SHEET + "?grand=1").status_code == 200
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == before
