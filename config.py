"""Settings of one installation. Read once at start; production refuses to start on a weak one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

INSTANCE = Path(__file__).resolve().parent / "instance"
WEAK_SECRETS = frozenset({"", "secret", "changeme", "change-me", "dev", "test", "password", "maillage"})
MIN_SECRET_LENGTH = 32
LEAST_SECRECY = 5


class WeakSettings(RuntimeError):
    """A setting would make a production installation unsafe; the message names it and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that changes between two installations. `env` is production, demo, development or test."""

    env: str = "production"
    secret_key: str
    database_url: str
    network_name: str = "Maillage"
    timezone: str = "Europe/Paris"
    holidays_region: str = "FR"
    closed_weekdays: tuple[int, ...] = (5, 6)
    default_phone_region: str = "FR"
    https_only: bool = True
    public_url: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    idle_limit: timedelta = timedelta(minutes=30)
    absolute_limit: timedelta = timedelta(hours=10)
    sign_in_attempts: int = 5
    sign_in_window: timedelta = timedelta(minutes=15)
    journal_months: int = 12
    # How long an archived record waits before it is anonymised.
    archive_months: int = 12
    # Whether the worker archives and anonymises each night; otherwise it only reports what it would do.
    retention: bool = False
    desk_may_send: bool = False
    # Roles worn only with a second factor (one-time codes).
    second_factor_roles: tuple[str, ...] = ("admin", "dpo")
    # Nothing is published about fewer people (indicators.md, « Publication »).
    secrecy_k: int = 11
    hash_memory_kib: int = 47104
    proxies: int = 0

    @property
    def demo(self) -> bool:
        return self.env == "demo"

    @property
    def production(self) -> bool:
        return self.env == "production"

    def check(self) -> Settings:
        """Return self, or raise WeakSettings naming the setting that production may not have."""
        if self.secrecy_k < LEAST_SECRECY:
            raise WeakSettings(f"MAILLAGE_SECRECY_K doit être d’au moins {LEAST_SECRECY}.")
        if self.production:
            _check_secret(self.secret_key)
            _check_production(self)
        return self

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from MAILLAGE_* variables and DATABASE_URL. Raises WeakSettings in production."""
        source = os.environ if env is None else env
        name = source.get("MAILLAGE_ENV") or _default_env(source)
        if name not in {"production", "demo", "development", "test"}:
            raise WeakSettings(f"MAILLAGE_ENV={name!r} : attendu production, demo, development ou test.")
        return cls(
            env=name,
            secret_key=source.get("MAILLAGE_SECRET_KEY") or _spare_secret(name),
            database_url=source.get("DATABASE_URL", f"sqlite:///{INSTANCE / (name + '.sqlite')}"),
            network_name=source.get("MAILLAGE_NETWORK_NAME", "Maillage"),
            timezone=source.get("MAILLAGE_TIMEZONE", "Europe/Paris"),
            holidays_region=source.get("MAILLAGE_HOLIDAYS", "FR"),
            default_phone_region=source.get("MAILLAGE_PHONE_REGION", "FR"),
            https_only=source.get("MAILLAGE_HTTPS_ONLY", "1" if name == "production" else "0") == "1",
            public_url=source.get("MAILLAGE_PUBLIC_URL", ""),
            smtp_url=source.get("MAILLAGE_SMTP_URL", ""),
            mail_from=source.get("MAILLAGE_MAIL_FROM", ""),
            idle_limit=timedelta(minutes=int(source.get("MAILLAGE_IDLE_MINUTES", "30"))),
            absolute_limit=timedelta(hours=int(source.get("MAILLAGE_ABSOLUTE_HOURS", "10"))),
            journal_months=int(source.get("MAILLAGE_JOURNAL_MONTHS", "12")),
            archive_months=int(source.get("MAILLAGE_ARCHIVE_MONTHS", "12")),
            retention=source.get("MAILLAGE_RETENTION", "0") == "1",
            secrecy_k=int(source.get("MAILLAGE_SECRECY_K", "11")),
            desk_may_send=source.get("MAILLAGE_DESK_MAY_SEND", "0") == "1",
            second_factor_roles=_second_factor(source, name),
            proxies=int(source.get("MAILLAGE_PROXIES", "0")),
        ).check()


def _second_factor(source: Mapping[str, str], env: str) -> tuple[str, ...]:
    """Administrators and data protection officers in production; nobody in a demonstration, unless told otherwise."""
    said = source.get("MAILLAGE_SECOND_FACTOR", "admin,dpo" if env == "production" else "")
    return tuple(role.strip() for role in said.split(",") if role.strip())


def _default_env(source: Mapping[str, str]) -> str:
    """A server is in production unless told otherwise; a `flask` command typed on a fresh checkout is not."""
    return "development" if source.get("FLASK_RUN_FROM_CLI") == "true" else "production"


def _spare_secret(env: str) -> str:
    """A secret for demo and development, kept beside the file so that a restart keeps the sessions."""
    if env == "production":
        return ""
    INSTANCE.mkdir(exist_ok=True)
    path = INSTANCE / "secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


def _check_secret(secret: str) -> None:
    if not secret:
        raise WeakSettings(
            "MAILLAGE_SECRET_KEY manque. Créez-la : python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if secret.lower() in WEAK_SECRETS or len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < 12:
        raise WeakSettings(
            f"MAILLAGE_SECRET_KEY est trop faible : au moins {MIN_SECRET_LENGTH} caractères tirés au hasard."
        )


def _check_production(settings: Settings) -> None:
    if not settings.https_only:
        raise WeakSettings(
            "MAILLAGE_HTTPS_ONLY=0 est refusé en production : les témoins de session passeraient en clair."
        )
    if not settings.public_url.startswith("https://"):
        raise WeakSettings("MAILLAGE_PUBLIC_URL doit commencer par https:// (adresse écrite dans les courriels).")
    if not 6 <= settings.journal_months <= 36:
        raise WeakSettings("MAILLAGE_JOURNAL_MONTHS doit être entre 6 et 36.")
    if not 1 <= settings.archive_months <= 60:
        raise WeakSettings("MAILLAGE_ARCHIVE_MONTHS doit être entre 1 et 60.")
    if settings.idle_limit > timedelta(hours=4) or settings.absolute_limit > timedelta(hours=24):
        raise WeakSettings("MAILLAGE_IDLE_MINUTES (240 au plus) ou MAILLAGE_ABSOLUTE_HOURS (24 au plus) est trop long.")
    if settings.hash_memory_kib < 19456:
        raise WeakSettings("La mémoire d’Argon2 doit être d’au moins 19456 Kio (OWASP).")
