"""A publication refused at the last moment: what was typed stays on screen, with what to do next; nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.db import db
from app.kernel.writes import commit
from app.pilotage.models import PublishedCell, Summary
from app.pilotage.queries.summaries import drafting
from app.pilotage.secrecy import Recoverable
from tests.pilotage.quarters import TERM, crowd, published
from tests.support.world import World

WORDS: dict[str, Any] = {"comment": "Ce que nous avons vécu au printemps.", "proposals": "Ouvrir un lieu à Seyches."}
ADDRESS = f"/pilotage/syntheses/preparer/{TERM.key}"


def written(world: World) -> tuple[int | None, int | None]:
    with world.app.app_context():
        return tuple(db.session.scalar(select(func.count()).select_from(one)) for one in (Summary, PublishedCell))  # type: ignore[return-value]


def test_another_summary_came_meanwhile(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together with it, these figures would tell a hidden count."""
    client = lived.client("coordinator")
    form = client.get(ADDRESS)
    before = written(lived)

    def told(*_args: object) -> None:
        raise Recoverable

    monkeypatch.setattr(drafting, "settle_among", told)
    answer = client.submit(form, **WORDS)
    text = client.text(answer)
    assert answer.status_code == 409
    assert "feraient deviner un nombre masqué" in text
    assert "choisissez l’année ou un territoire plus grand" in text
    assert_kept(client, answer)
    assert written(lived) == before


def test_the_same_summary_was_published_meanwhile(lived: World) -> None:
    client = lived.client("coordinator")
    form = client.get(ADDRESS)
    made = published(lived)
    before = written(lived)
    answer = client.submit(form, **WORDS)
    assert answer.status_code == 409
    assert "déjà publiée" in client.text(answer)
    assert client.select(answer, f"main a[href='/pilotage/syntheses/{made}']")
    assert_kept(client, answer)
    assert written(lived) == before


def test_the_figures_changed_meanwhile_and_a_second_try_publishes(lived: World) -> None:
    client = lived.client("coordinator")
    form = client.get(ADDRESS)
    before = written(lived)
    with lived.app.app_context():
        crowd(lived, 3)
        commit()
    answer = client.submit(form, **WORDS)
    assert answer.status_code == 409
    assert "Les chiffres ont changé" in client.select(answer, "main .notice--error")[0].get_text()
    assert "81 personnes inscrites" in client.text(answer)
    assert_kept(client, answer)
    assert written(lived) == before
    assert client.submit(answer).status_code == 303
    assert written(lived)[0] == 1


def test_a_period_that_cannot_be_published_is_refused_before_anything_is_typed(
    lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*_args: object) -> None:
        raise Recoverable

    monkeypatch.setattr(drafting, "settle_among", told)
    assert lived.client("coordinator").get(ADDRESS).status_code == 409


def assert_kept(client: Any, answer: Any) -> None:
    """Both texts are in their fields, and the way back leads to the summaries."""
    for name, words in WORDS.items():
        assert client.select(answer, f"textarea[name={name}]")[0].get_text().strip() == words
    assert client.select(answer, "main a[href='/pilotage/syntheses']")
