"""The register of processing names every table of the database once, and nothing that does not exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from app.kernel.db import Base
from app.privacy.policy import ACTIVE_MONTHS, COPY_LIFETIME
from app.privacy.queries import inventory

DOCS = Path(__file__).resolve().parents[2] / "docs"
REGISTER = (DOCS / "registre-des-traitements.md").read_text()


def named() -> Counter[str]:
    return Counter(re.findall(r"`([a-z_]+)`", REGISTER))


def test_every_table_is_in_the_register_once_and_no_other() -> None:
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert set(named()) == tables
    assert [name for name, times in named().items() if times > 1] == []


def test_no_table_about_a_person_hides_among_those_without_any() -> None:
    (without,) = re.findall(r"## Sans donnée de personnes accompagnées\n(.*?)\n## ", REGISTER, re.DOTALL)
    told = {one.table for one in inventory.HOLDINGS}
    assert not told & set(re.findall(r"`([a-z_]+)`", without))


def test_the_durations_written_are_those_of_the_code() -> None:
    assert ACTIVE_MONTHS == 24
    assert "deux ans après le dernier contact" in REGISTER
    assert f"{int(COPY_LIFETIME.total_seconds() // 3600)} heures" in REGISTER


def test_each_document_exists_and_says_who_can_read_the_server() -> None:
    secrets = (DOCS / "exploitation-secrets.md").read_text()
    assert "peut tout lire" in secrets
    assert "exploitation-secrets.md" in REGISTER
    assert "registre-des-traitements.md" in (DOCS / "aipd.md").read_text()
