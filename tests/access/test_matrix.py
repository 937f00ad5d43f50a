"""Route × role × relation, generated from the routes that exist and compared with the table written by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from app.kernel.access import Role, rule_of
from tests.access.stage import Relation, Stage, address
from tests.access.table import FRONT, ROWS, Row
from tests.support.pages import InspectingClient, without_tokens

COOKIE = "maillage"
# Roles that no relation opens anything to are tried where most is open; those that meet people, everywhere.
MOST_OPEN = (Relation.OWN, Relation.OPENED)
# What a role alone is refused never reaches a query: SQLite's run tries it, another database has nothing to say of it.
TRIED_BEFORE = "TEST_DATABASE_URL" in os.environ


def guarded(app: Flask) -> set[tuple[str, str]]:
    """(endpoint, method) of every route that is not open to everybody."""
    found = set()
    for rule in app.url_map.iter_rules():
        declared = rule_of(app.view_functions[rule.endpoint])
        if rule.endpoint != "static" and (declared is None or declared.roles is not None):
            found |= {(rule.endpoint, method) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return found


def test_every_guarded_route_has_its_row_and_only_one(shared_app: Flask) -> None:
    rows = [(row.endpoint, row.method) for row in ROWS]
    assert len(rows) == len(set(rows))
    assert set(rows) == guarded(shared_app)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.endpoint}")
def test_row(stage: Stage, row: Row) -> None:
    wrong = [told for relation in _relations(row) for told in _wrong(stage, row, relation)]
    assert not wrong, "\n".join(wrong)


def _relations(row: Row) -> tuple[Relation, ...]:
    return tuple(Relation) if row.allowed is not None else (Relation.OWN,)


def _wrong(stage: Stage, row: Row, relation: Relation) -> Iterator[str]:
    for role in Role:
        if row.allowed is not None and role not in FRONT and role is not Role.COORDINATOR and relation not in MOST_OPEN:
            continue
        if TRIED_BEFORE and _is_refused_by_role(stage.app, row, role):
            continue
        expected = role in (row.roles if row.allowed is None else row.allowed.get(relation, frozenset()))
        status = _status(stage, row, relation, role)
        if (status != 404) is not expected or status >= 500 or status in {400, 401, 403}:
            yield f"{row.method} {row.endpoint} · {relation} · {role}: {status}, expected {'open' if expected else 404}"


def _is_refused_by_role(app: Flask, row: Row, role: Role) -> bool:
    """The gate says no before the view: nothing was asked about the person."""
    rule = rule_of(app.view_functions[row.endpoint])
    return rule is not None and rule.roles is not None and role not in rule.roles


def _status(stage: Stage, row: Row, relation: Relation, role: Role) -> int:
    rules = list(stage.app.url_map.iter_rules(row.endpoint))
    names = {name for rule in rules for name in rule.arguments}
    values = {name: stage.ids[relation].get(name) for name in names if name in stage.ids[relation]}
    client = stage.clients[role]
    sent = {"form_key": str(uuid4())} if row.method == "POST" else None
    kept = client.get_cookie(COOKIE)
    assert kept is not None
    with stage.undone():
        status = client.open(
            address(stage.app, row.endpoint, {**values, **row.extra}), method=row.method, data=sent
        ).status_code
    client.set_cookie(COOKIE, kept.value)
    return status


def test_hidden_and_unknown_cannot_be_told_apart(stage: Stage) -> None:
    """Same status and same words, for somebody who exists elsewhere and for nobody."""
    client = stage.clients[Role.ADVISER]
    pages = []
    for relation in (Relation.NONE, Relation.PREVIEWED, Relation.UNKNOWN):
        with stage.undone():
            url = address(stage.app, "people.show", {"person_id": stage.ids[relation]["person_id"]})
            found = client.get(url)
        pages.append((found.status_code, without_tokens(found.get_data(as_text=True)).replace(url, "")))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 404


def test_the_matrix_client_is_not_the_inspecting_one(stage: Stage) -> None:
    """Thousands of requests: pages are inspected by their own rooms' tests."""
    assert not isinstance(stage.clients[Role.DESK], InspectingClient)
