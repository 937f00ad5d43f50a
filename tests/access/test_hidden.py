"""An id that exists elsewhere and an id that nobody has: same status, same words, same statements, on every route with an id."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from app.kernel.access import Role
from tests.access.stage import Relation, Stage, address
from tests.access.table import ROWS, Row
from tests.support.pages import without_tokens
from tests.support.queries import Queries, count_queries

# Words and statements come from the application, which asks no database what it is.
pytestmark = pytest.mark.one_database

HIDDEN = (Relation.NONE, Relation.PREVIEWED, Relation.ENDED)
ROLES = (Role.DESK, Role.ADVISER, Role.MANAGER, Role.COORDINATOR)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BY_ID = tuple(row for row in ROWS if row.allowed is not None)


def asked(stage: Stage, row: Row, role: Role, ids: dict[str, UUID]) -> tuple[int, str, Queries]:
    """Status, words and statements of one request, ids and tokens taken out of the words."""
    names = {name for rule in stage.app.url_map.iter_rules(row.endpoint) for name in rule.arguments}
    values = {name: ids[name] if name in ids else uuid4() for name in names if name not in row.extra}
    url = address(stage.app, row.endpoint, {**values, **row.extra})
    sent = {"form_key": str(uuid4())} if row.method == "POST" else None
    with stage.undone(), count_queries(stage.connection) as counted:
        found = stage.clients[role].open(url, method=row.method, data=sent)
    # A session says every minute that it is still used: that is the clock's, not the id's.
    counted.statements = [one for one in counted.statements if not one.startswith("UPDATE user_session SET seen_at")]
    words = without_tokens(ID.sub("", found.get_data(as_text=True)))
    return found.status_code, words, counted


@pytest.mark.parametrize("row", BY_ID, ids=lambda row: f"{row.method} {row.endpoint}")
def test_hidden_and_unknown_are_one(stage: Stage, row: Row) -> None:
    wrong = []
    for role in ROLES:
        unknown = asked(stage, row, role, {})
        assert unknown[0] == 404
        for relation in HIDDEN:
            if _known(row, relation, role):
                continue
            hidden = asked(stage, row, role, stage.ids[relation])
            if hidden[:2] != unknown[:2]:
                wrong.append(f"{role} {relation}: {hidden[0]}, not the page of an unknown id")
            if len(hidden[2]) != len(unknown[2]):
                wrong.append(
                    f"{role} {relation}: {len(hidden[2])} statements, {len(unknown[2])} when unknown\n{hidden[2].told()}"
                )
    assert not wrong, "\n".join(wrong)


def _known(row: Row, relation: Relation, role: Role) -> bool:
    """The route answers, or is another page of a referral that this hat may read: there is nothing to hide."""
    pages = [row, *(one for one in ROWS if row.endpoint.startswith("referrals.") and one.endpoint == "referrals.show")]
    return any(role in (one.allowed or {}).get(relation, frozenset()) for one in pages)


def test_the_rows_with_an_id_are_those_compared() -> None:
    """Nothing to compare would pass: most routes have an id."""
    assert len(BY_ID) > 80
