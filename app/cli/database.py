"""`flask --app wsgi db upgrade|downgrade|check`: the schema, by numbered migrations."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import create_engine
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
    _make_folder(url)
    command.upgrade(alembic_config(url), revision)


def _make_folder(url: str) -> None:
    parsed = make_url(url)
    if parsed.drivername.startswith("sqlite") and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def downgrade(url: str, revision: str) -> None:
    """Bring a database back to an older revision."""
    command.downgrade(alembic_config(url), revision)


def ensure_schema() -> None:
    """Create the schema of an empty database; a ClickException when an older one must be brought up to date first."""
    url = _url()
    _make_folder(url)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    if current is None:
        upgrade(url)
    elif current != ScriptDirectory.from_config(alembic_config(url)).get_current_head():
        raise click.ClickException("La base n’est pas à jour. Lancez d’abord : flask --app wsgi db upgrade")


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
