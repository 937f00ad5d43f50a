"""The DPO reads who did what, in words, without a name of the people accompanied; and is read in turn."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.kernel import journal
from app.kernel.db import db
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.people.models import Person
from app.privacy.enums import ACTIONS, GRANTS
from tests.support.queries import count_queries
from tests.support.world import World, add_person

PAGE = "/protection/journal"
APP = Path(__file__).resolve().parents[2] / "app"
# `journal.note(actor, "code", …)` and the rooms' own short forms of it; f-strings are listed by hand below.
NOTED = re.compile(r"""(?:journal\.note|_note)\(\s*(?:\w+(?:\.\w+)*,\s*){1,2}"([a-z_]+\.[a-z_]+)\"""", re.DOTALL)


def noted_codes() -> set[str]:
    return {code for file in APP.rglob("*.py") for code in NOTED.findall(file.read_text())}


def test_every_code_written_by_the_application_has_its_words() -> None:
    codes = noted_codes()
    assert len(codes) > 25, "the pattern no longer finds the calls"
    assert codes - set(ACTIONS) == set()


def test_every_grant_has_its_words(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    with world.app.app_context():
        grants = set(db.session.scalars(select(JournalEntry.grant)))
    assert grants <= set(GRANTS)
    assert "referent_follow_up" in grants


def test_a_reading_is_shown_by_code_and_never_by_name(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    with world.app.app_context():
        code = db.session.get_one(Person, world.people["amina"]).code
    client = world.client("dpo")
    page = client.get(PAGE)
    words = client.text(page)
    assert "Fiche ouverte" in words
    assert code in words
    assert "Amina" not in words
    assert "Benali" not in words


def test_another_structure_s_acts_are_not_this_dpo_s(world: World) -> None:
    world.client("ccas.adviser").get(f"/personnes/{world.people['jean']}")
    client = world.client("dpo")
    assert "Ccas Adviser" not in client.text(client.get(PAGE), "tbody")


def test_reading_the_journal_is_journalled(world: World) -> None:
    world.client("dpo").get(PAGE)
    with world.app.app_context():
        query = select(func.count()).where(JournalEntry.action == "journal.read")
        assert db.session.scalar(query) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?quoi=read", 200),
        ("?quoi=zzz", 200),
        ("?du=2026-02-30", 400),
        ("?du=2026-03-02&au=2026-03-01", 400),
        ("?avant=x", 200),
    ],
)
def test_filters(world: World, query: str, status: int) -> None:
    assert world.client("dpo").get(PAGE + query).status_code == status


def test_a_family_keeps_only_its_own(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    client = world.client("dpo")
    words = client.text(client.get(f"{PAGE}?quoi=consent"), "tbody")
    assert "Réponse de la personne enregistrée" in words
    assert "Fiche ouverte" not in words


def test_long_journals_are_paged_and_queries_do_not_grow(world: World) -> None:
    client = world.client("dpo")
    client.get(PAGE)
    with world.app.app_context():
        engine = db.engine
        for rank in range(60):
            add_person(world, "library.adviser", f"Prénom{rank}", "Nom")
        commit()
    with count_queries(engine) as many:
        page = client.get(PAGE)
    assert len(client.select(page, "tbody tr")) == 50
    (older,) = [link for link in client.select(page, "main a") if "plus anciennes" in link.get_text()]
    with count_queries(engine) as again:
        following = client.get(str(older["href"]))
    assert len(client.select(following, "tbody tr")) >= 50
    again.assert_same_as(many)
    many.assert_at_most(12)


def test_a_period_of_the_past_is_empty(world: World) -> None:
    client = world.client("dpo")
    last_week = world.today - timedelta(days=7)
    assert "Rien dans cette sélection" in client.text(client.get(f"{PAGE}?au={last_week}"))


def test_details_hold_codes_only(world: World) -> None:
    """Whatever is noted, a free text would be longer than a code or hold a space."""
    with world.app.app_context():
        for details in db.session.scalars(select(JournalEntry.details)):
            assert "Amina" not in details
            assert "Benali" not in details
        assert journal.verify() == []
