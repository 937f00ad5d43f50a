"""Everything the product can write about somebody, told table by table: then nothing of it anywhere, nor in the bytes.

The tables that hold a seeded word before are said here one by one: a new one is a fault until it is declared and cleared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app import wiring
from app.kernel import clock, drafts, grants, jobs, outbox, scan
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.kernel.writes import commit
from app.network import actions as network
from app.network.schema import COLUMNS
from app.people import cards
from app.people.actions import cards as card_actions
from app.people.actions import protecting
from app.people.actions.cards import CardData
from app.people.actions.protecting import SafetyData
from app.people.models import Person
from app.pilotage.formulas.terms import Term
from app.pilotage.queries.period import Period
from app.pilotage.queries.sent import counts_in
from app.pilotage.queries.summaries.figures import counted
from app.privacy import actions as privacy
from app.privacy.enums import AskedWay, Desk, IdentityCheck, RightKind
from app.referrals import actions as referrals
from app.referrals.enums import DeclineReason
from app.referrals.models import Referral
from tests.people.doubles import SAME, look, merged
from tests.people.helpers import add
from tests.privacy.test_erasure import WORDS, life_of
from tests.support.world import World, build_world

TWIN = "Mérovinge"
CARD_WORD, SAFE_WAY, CODE_WORD, ASKED, TYPED = "tournesol", "caravansérail", "pamplemousse", "papyrus", "clepsydre"
SEEDED = (*WORDS, TWIN, CARD_WORD, SAFE_WAY, CODE_WORD, ASKED, TYPED)
# Where a word may be while somebody is known. The rest of the database never holds one: mails, journal, events, cards, jobs.
HOLDING = {
    "person",
    "person_identity",
    "person_safety",
    "search_key",
    "need_text",
    "session_text",
    "referral_text",
    "saved_form",
    "saved_search",
    "merge_undo",
    "rights_request_text",
    "access_copy",
    "place_import",
}


@dataclass
class Told:
    """The world, and every code that was printed or said."""

    world: World
    person_id: UUID
    codes: tuple[str, ...]


@pytest.fixture
def told(committed_app: Flask) -> Told:
    world = build_world(committed_app)
    with committed_app.app_context():
        person = life_of(world)
        world.people["known"] = person.id
        code = person.code
        _ended_referrals(person.id, world)
        commit()
        db.session.remove()
    twin_code = _merged(world)
    card_code = _card(world)
    _written_aside(world, code)
    return Told(world, world.people["known"], (code, twin_code, card_code))


def _ended_referrals(person_id: UUID, world: World) -> None:
    """So that anonymising ends nothing that a figure counts."""
    for one in db.session.scalars(select(Referral.id).where(Referral.person_id == person_id)):
        referrals.decline(world.actors["ccas.adviser"], one, DeclineReason.FULL)


def _merged(world: World) -> str:
    """A double, whose record is removed; the code that it bore."""
    first = add(world, "library.adviser", WORDS[0], TWIN, **SAME)
    with world.app.app_context():
        known = db.session.get_one(Person, world.people["known"])
        known.identity.usual_name, known.birth_year = TWIN, SAME["birth_year"]
        known.commune_code = SAME["commune_code"]
        code = db.session.get_one(Person, first).code
        commit()
        db.session.remove()
    look(world)
    done = merged(world)
    assert {done.kept_id, done.removed_id} == {world.people["known"], first}
    world.people["known"] = done.kept_id
    return code


def _card(world: World) -> str:
    """A card; then the protected situation, which ends it."""
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        granted = grants.on_person(actor, world.people["known"])
        card = card_actions.make_card(actor, granted, CardData(word=CARD_WORD), world.today)
        code = cards.rules().code_of(card.id)
        safety = SafetyData(safe_way=f"appeler au {SAFE_WAY}", code_word=CODE_WORD)
        protecting.protect(actor, grants.on_person(actor, world.people["known"]), safety, world.today)
        commit()
        db.session.remove()
    return code


def _written_aside(world: World, code: str) -> None:
    """A rights request and its copy, a form left behind, an officer’s search, a file, mails."""
    adviser, dpo = world.actors["library.adviser"], world.actors["dpo"]
    with world.app.app_context():
        data = privacy.RequestData(
            kind=RightKind.ACCESS,
            received_on=world.today,
            way=AskedWay.FACE,
            identity_check=IdentityCheck.KNOWN,
            asked=f"le {ASKED}",
        )
        asked = privacy.record_request(adviser, grants.on_person(adviser, world.people["known"]), data, world.today)
        privacy.ask_answer(dpo, asked.id)
        commit()
        while jobs.work_once():
            pass
        drafts.keep(adviser.user_id, "/personnes/nouvelle", {"last_name": [TYPED], "first_name": [WORDS[0]]})
        privacy.keep_selection(dpo, Desk.JOURNAL, {"code": code})
        lines = ",".join(COLUMNS) + "\n" + ",".join([WORDS[1]] * len(COLUMNS)) + "\n"
        network.receive(world.actors["coordinator"], "lieux.csv", lines.encode())
        commit()
        db.session.remove()


def traces(app: Flask, words: Iterable[str]) -> list[scan.Trace]:
    """Where the words are, in tables and in the file."""
    wanted = list(words)
    with app.app_context():
        with db.engine.connect() as connection:
            found = scan.scan_tables(connection, wanted)
        url = make_url(str(app.config["SQLALCHEMY_DATABASE_URI"]))
        if url.drivername == "sqlite":
            scan.checkpoint(db.engine)
            found += scan.scan_file(Path(str(url.database)), wanted)
    return found


def tables(found: Iterable[scan.Trace]) -> set[str]:
    return {one.where.partition(".")[0] for one in found if "sqlite" not in one.where}


def erase(told: Told) -> None:
    """Anonymise; then the worker’s purges, a day later at most."""
    app = told.world.app
    with app.app_context():
        privacy.anonymise(None, told.person_id)
        commit()
        db.session.remove()
    with app.app_context(), clock.fixed(clock.now() + timedelta(days=1, minutes=1)):
        wiring.chores.purge(app.extensions["settings"])
        commit()
        db.session.remove()


def test_before_words_are_where_they_are_said_to_be_and_nowhere_else(told: Told) -> None:
    found = traces(told.world.app, (*SEEDED, *told.codes))
    assert tables(found) == HOLDING
    # Neither the code printed on the card nor its word is kept: only keyed hashes.
    assert traces(told.world.app, (CARD_WORD, told.codes[2])) == []
    with told.world.app.app_context():
        assert db.session.scalars(select(outbox.OutboxMessage)).all(), "mails were written, without a name"


def test_after_nothing_is_left_in_any_table_nor_in_the_bytes(told: Told) -> None:
    erase(told)
    assert traces(told.world.app, (*SEEDED, *told.codes)) == []


def figures(world: World) -> dict[str, Any]:
    """Every figure of the year: totals and breakdowns of the summary, and who referred to whom."""
    with world.app.app_context():
        found = counted(Term(world.today.year), ("47157",), "Europe/Paris", OpeningDays())
        period = Period(world.today.replace(month=1, day=1), world.today, "Europe/Paris")
        return {
            "totals": {name: (one.count.value, len(one.count.subjects)) for name, one in found.totals.items()},
            "parts": {
                name: sorted((part.code, part.size, len(part.authors)) for part in parts)
                for name, parts in found.breakdowns.items()
            },
            "sent": counts_in(period),
        }


def test_the_figures_of_the_past_are_the_same(told: Told) -> None:
    before = figures(told.world)
    assert any(value for value, _people in before["totals"].values())
    erase(told)
    assert figures(told.world) == before
