"""The temporary cluster answers, is thrown away afterwards, and says why when there can be none."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tools import debian, postgres


@pytest.mark.slow
def test_a_cluster_lives_as_long_as_its_block() -> None:
    with postgres.temporary_postgres() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            folder = Path(str(connection.execute(text("SHOW data_directory")).scalar_one()))
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        engine.dispose()
        assert folder.exists()
    assert encoding == "UTF8"
    assert not folder.exists()


def test_a_forbidden_installation_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find", lambda: None)
    monkeypatch.setenv("MAILLAGE_NO_INSTALL", "1")
    with pytest.raises(debian.Missing, match="MAILLAGE_NO_INSTALL interdit"):
        postgres.ensure()


def test_without_apt_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find", lambda: None)
    monkeypatch.delenv("MAILLAGE_NO_INSTALL", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(debian.Missing, match="apt-get n’existe pas ici"):
        postgres.ensure()
