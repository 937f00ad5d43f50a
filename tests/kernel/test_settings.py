"""Production refuses to start with a weak setting, and says which."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

import config
from app import create_app
from config import Settings, WeakSettings

SECRET = string.ascii_letters[:40]
SAFE = {"MAILLAGE_SECRET_KEY": SECRET, "MAILLAGE_PUBLIC_URL": "https://reseau.example", "DATABASE_URL": "sqlite://"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"MAILLAGE_SECRET_KEY": ""}, "MAILLAGE_SECRET_KEY"),
        ({"MAILLAGE_SECRET_KEY": "changeme"}, "MAILLAGE_SECRET_KEY"),
        ({"MAILLAGE_SECRET_KEY": SECRET[:31]}, "MAILLAGE_SECRET_KEY"),
        ({"MAILLAGE_SECRET_KEY": "ab" * 30}, "MAILLAGE_SECRET_KEY"),
        ({"MAILLAGE_HTTPS_ONLY": "0"}, "MAILLAGE_HTTPS_ONLY"),
        ({"MAILLAGE_PUBLIC_URL": ""}, "MAILLAGE_PUBLIC_URL"),
        ({"MAILLAGE_PUBLIC_URL": "http://reseau.example"}, "MAILLAGE_PUBLIC_URL"),
        ({"MAILLAGE_JOURNAL_MONTHS": "5"}, "MAILLAGE_JOURNAL_MONTHS"),
        ({"MAILLAGE_JOURNAL_MONTHS": "37"}, "MAILLAGE_JOURNAL_MONTHS"),
        ({"MAILLAGE_IDLE_MINUTES": "241"}, "MAILLAGE_IDLE_MINUTES"),
        ({"MAILLAGE_ABSOLUTE_HOURS": "25"}, "MAILLAGE_ABSOLUTE_HOURS"),
        ({"MAILLAGE_ENV": "prod"}, "MAILLAGE_ENV"),
    ],
)
def test_production_refuses_a_weak_setting(changes: dict[str, str], named: str) -> None:
    with pytest.raises(WeakSettings, match=named):
        Settings.from_env({**SAFE, **changes})


def test_production_starts_when_all_is_well() -> None:
    settings = Settings.from_env(SAFE)
    assert settings.production
    assert not settings.demo
    assert settings.https_only
    assert settings.hash_memory_kib >= 19456


def test_production_is_what_nobody_chose() -> None:
    assert Settings.from_env(SAFE).env == "production"


def test_weak_hashing_is_refused_in_production() -> None:
    strong = {"secret_key": SECRET, "database_url": "sqlite://", "public_url": "https://reseau.example"}
    with pytest.raises(WeakSettings, match="Argon2"):
        create_app(Settings(**strong, hash_memory_kib=19455))  # type: ignore[arg-type]


def test_the_application_checks_again(tmp_path: Path) -> None:
    with pytest.raises(WeakSettings, match="MAILLAGE_SECRET_KEY"):
        create_app(Settings(secret_key="court", database_url=f"sqlite:///{tmp_path / 'x.sqlite'}"))


def test_a_demo_keeps_its_own_secret_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    first = Settings.from_env({"MAILLAGE_ENV": "demo", "DATABASE_URL": "sqlite://"})
    again = Settings.from_env({"MAILLAGE_ENV": "demo", "DATABASE_URL": "sqlite://"})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 48
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ("admin", "dpo")),
        ({"MAILLAGE_SECOND_FACTOR": "admin, manager"}, ("admin", "manager")),
        ({"MAILLAGE_SECOND_FACTOR": ""}, ()),
    ],
)
def test_a_second_factor_is_asked_of_whom_it_was_said(chosen: dict[str, str], expected: tuple[str, ...]) -> None:
    assert Settings.from_env({**SAFE, **chosen}).second_factor_roles == expected


def test_a_demonstration_opens_directly() -> None:
    assert Settings.from_env({"MAILLAGE_ENV": "demo", "MAILLAGE_SECRET_KEY": SECRET}).second_factor_roles == ()
