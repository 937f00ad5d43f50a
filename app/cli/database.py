"""`flask --app wsgi db upgrade|downgrade|check`: the schema, by numbered migrations."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.engine import make_url

from config import Settings

ROOT = Path(__file__).resolve().parents[2]
database = AppGroup("db", help="Schéma de la base de données.")


def alembic_config(url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision; the SQLite file and its folder are created."""
    parsed = make_url(url)
    if parsed.drivername.startswith("sqlite") and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Bring a database back to an older revision."""
    command.downgrade(alembic_config(url), revision)


def _url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.database_url


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Met le schéma à jour."""
    upgrade(_url(), revision)
    click.echo("Schéma à jour.")


@database.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Revient à une version antérieure du schéma."""
    downgrade(_url(), revision)
    click.echo(f"Schéma revenu à {revision}.")


@database.command("check")
def check_command() -> None:
    """Dit si le schéma est à jour."""
    command.check(alembic_config(_url()))
