"""« Précisions » of the journal: no key nor value is left as a code, in French and in English."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, session
from sqlalchemy import select

from app.cli.demo.story import Volume
from app.kernel import journal
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.privacy.enums import ACTIONS
from app.privacy.queries import details
from app.privacy.queries.details import ANY, CODES, LABELS, PLAIN, SPOKEN, STRUCTURES, USERS, detail_of
from app.referrals.enums import Act
from tests.cli.test_demo import filled
from tests.support.world import World

APP = Path(__file__).resolve().parents[2] / "app"
ABOUT_WHOM = {"person_id", "grant", "synchronize_session", None}
CODE = re.compile(r"[a-z]+(_[a-z]+)+|[0-9a-f]{8}-[0-9a-f-]{27}")


def noted() -> Iterator[tuple[str, str]]:
    """(act, key) of everything that the source notes: keywords of the calls, and the dictionaries unpacked in them."""
    for file in APP.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                yield from _noted_in(function)


def _noted_in(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    made: dict[str, list[object]] = {
        target.id: [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("note"):
            keys = {word.arg for word in call.keywords} - ABOUT_WHOM
            unpacked = [
                word.value.id for word in call.keywords if word.arg is None and isinstance(word.value, ast.Name)
            ]
            keys |= {key for name in unpacked for key in made.get(name, []) if isinstance(key, str)}
            yield from ((act, str(key)) for act in _acts(call) for key in keys)


def _acts(call: ast.Call) -> Iterator[str]:
    for argument in call.args[:3]:
        for node in ast.walk(argument):
            if isinstance(node, ast.JoinedStr):
                yield from (f"referral.{act.value}" for act in Act)
            elif isinstance(node, ast.Constant) and str(node.value) in ACTIONS:
                yield str(node.value)


def known(act: str, key: str) -> bool:
    return key in PLAIN or any((one, key) in {*CODES, *SPOKEN, *USERS, *STRUCTURES} for one in (act, ANY))


def test_every_key_that_is_noted_has_its_words() -> None:
    found = set(noted())
    assert {act for act, _key in found} >= {"consent.record", "need.open", "people.export", "referral.decline"}
    assert len(found) > 60, "the pattern no longer finds the calls"
    unnamed = {(act, key) for act, key in found if (act, key) not in LABELS and (ANY, key) not in LABELS}
    assert unnamed == set()


def test_every_value_that_is_noted_is_known_to_have_words() -> None:
    """A key is a number, a yes or no, a code with its words, an id with its name; a referral's reason follows its act."""
    reasons = {f"referral.{act.value}" for act in Act}
    assert {pair for pair in noted() if not known(*pair) and not (pair[1] == "reason" and pair[0] in reasons)} == set()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_is_said_in_words(app: Flask, language: str) -> None:
    with app.test_request_context():
        session["langue"] = language
        raw = []
        for (act, key), codes in CODES.items():
            for code in _codes_of(codes):
                label, said = detail_of(act, key, code, {})
                if not label or said == code or CODE.search(said):
                    raw.append((act, key, code, said))
    assert [one for one in raw if one[2] not in SAME] == []


# Codes that are the word itself.
SAME = {"code", "commune", "express", "interlocuteur"}


def _codes_of(codes: type[StrEnum] | Mapping[str, str]) -> list[str]:
    return list(codes) if isinstance(codes, Mapping) else [one.value for one in codes]


def test_what_has_a_way_of_its_own_to_be_said(app: Flask) -> None:
    with app.test_request_context():
        assert detail_of("consent.record", "sections", int(Section.NEEDS), {})[1].casefold().startswith("demandes")
        assert detail_of("structure.agreement", "signed_on", "2026-03-01", {}) == ("signée le", "1er\xa0mars\xa02026")
        assert detail_of("summary.publish", "period", "2026-T2", {})[1] == "2e trimestre 2026"
        assert detail_of("assessment.answer", "questions", ["A1", "A2"], {})[1] == "2"
        assert detail_of("journal.read", "family", "need.open", {})[1] == "Demande notée"
        assert detail_of("access.refused", "route", "people.show", {})[1] == "Personnes"
        assert detail_of("place.edit", "columns", ["nom", "horaires"], {})[1] == "Nom, Horaires"
        assert detail_of("session.open", "user", "0199-x", {"0199-x": "Léa Fabre"})[1] == "Léa Fabre"
        assert detail_of("need.open", "silent", False, {})[1] == "non"
        assert detail_of("referral.link_make", "step", None, {})[1] == ""


def _spoken(language: str, entries: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, str, str, str]]:
    session["langue"] = language
    return [
        (act, key, *detail_of(act, key, value, dict.fromkeys(_ids(act, told), "Quelqu’un")))
        for act, told in entries
        for key, value in told.items()
    ]


def _ids(act: str, told: dict[str, Any]) -> set[str]:
    return details.names_asked(act, told, USERS | STRUCTURES)


def test_a_demonstration_leaves_nothing_raw(make_app: Callable[[], Flask]) -> None:
    app = make_app()
    filled(app, Volume(people=30, anonymous=3, workshops=2, years=1))
    with app.test_request_context():
        rows = db.session.execute(select(JournalEntry.action, JournalEntry.details).distinct()).all()
        entries = [(act, json.loads(told)) for act, told in rows]
        assert len({act for act, _told in entries}) > 20
        for language in ("fr", "en"):
            for act, key, label, said in _spoken(language, entries):
                assert label, (act, key)
                assert not CODE.search(said), (act, key, said)
                codes = [one for code in (act, ANY) for one in _codes_of(CODES.get((code, key), {}))]
                assert said not in set(codes) - SAME, (act, key, said)


def test_the_page_says_names_and_words(world: World) -> None:
    """An id is a colleague or a structure, by its name; an id of nobody any more says so."""
    reader, ours, theirs = world.actors["library.adviser"], world.structures["library"], world.structures["ccas"]
    with world.app.app_context():
        moved: dict[str, Any] = {"from": str(theirs), "to": str(ours)}
        journal.note(reader, "hand_over.accept", "hand_over", person_id=world.people["amina"], **moved)
        journal.note(reader, "follow_up.hold", "follow_up", to=str(reader.user_id))
        journal.note(reader, "follow_up.hold", "follow_up", to=str(uuid4()))
        journal.note(reader, "referral.told", "referral", way="phone")
        commit()
    client = world.client("dpo")
    page = client.get("/protection/journal")
    cells = [" ".join(cell.get_text().split()) for cell in client.select(page, "tbody tr td:last-child")]
    assert "moyen : Par téléphone" in cells
    assert "à : Library Adviser" in cells
    assert "à : quelqu’un qui n’est plus là" in cells
    assert "de : CCAS de Tonneins, à : Médiathèque de Marmande" in cells
    assert not [cell for cell in cells if CODE.search(cell)]
