"""`flask --app wsgi demo`: an invented network on a real territory, ready to be visited."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import delete, func, select

from app.accounts import queries as account_queries
from app.accounts.models import User
from app.cli.database import upgrade
from app.cli.demo import calendar, partners
from app.cli.demo.cast import DOMAIN, PASSWORD, PLAYERS
from app.cli.demo.evaluations import assess
from app.cli.demo.network import build_network
from app.cli.demo.story import Life, Volume, live
from app.kernel import clock, ids
from app.kernel.db import db
from app.kernel.jobs import Job
from app.kernel.opening_days import OpeningDays
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation.models import SessionLog
from app.people.models import Person
from app.referrals.models import Referral
from config import Settings

SEED = 47157


@click.command("demo")
@click.option("--accounts", is_flag=True, help="Montre un compte par rôle.")
@with_appcontext
def demo(accounts: bool) -> None:
    """Prépare la démonstration (rien si elle l’est déjà), ou en montre les comptes."""
    settings: Settings = current_app.extensions["settings"]
    if settings.production:
        raise click.ClickException("Refusé en production : la démonstration invente des comptes connus de tous.")
    if accounts:
        _show_accounts()
        return
    upgrade(settings.database_url)
    if db.session.scalar(select(func.count()).select_from(User)):
        click.echo("La démonstration est prête.")
        return
    started = time.perf_counter()
    click.echo("Préparation de la démonstration : réseau, personnes, deux ans de vie…")
    fill(settings, Volume(), click.echo)
    click.echo(f"{_counts()} en {time.perf_counter() - started:.0f} s.")


def fill(settings: Settings, volume: Volume, said: Callable[[str], None]) -> None:
    """Fill an empty database. The same day and volume always give the same data."""
    today = clock.today(settings.timezone)
    days = OpeningDays("47")
    open_days = calendar.opening_days(today, volume.years, days)
    with ids.seeded(SEED):
        with clock.fixed(calendar.moment(open_days[0], 0, settings.timezone)):
            network = build_network(open_days[0], settings.hash_memory_kib)
            commit()
        life = Life(network, Random(SEED), days, settings.timezone, today, open_days[0])  # noqa: S311
        with _without_gc():
            live(life, volume, partners.refer, assess, said)
    _forget_mails()


@contextmanager
def _without_gc() -> Iterator[None]:
    """A minute of many small objects that all stay: looking for cycles takes a tenth of the time and finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _forget_mails() -> None:
    """Mails of an invented past are not sent."""
    db.session.execute(delete(OutboxMessage))
    db.session.execute(delete(Job))
    commit()


def _counts() -> str:
    people, sessions, referrals = (
        db.session.scalar(select(func.count()).select_from(table)) for table in (Person, SessionLog, Referral)
    )
    return f"{people} personnes, {sessions} séances, {referrals} orientations"


def _show_accounts() -> None:
    settings: Settings = current_app.extensions["settings"]
    said = {f"{player.key}@{DOMAIN}": player.said for player in PLAYERS}
    click.echo(f"  Mot de passe de tous les comptes : {PASSWORD}")
    for account in account_queries.demo_accounts(clock.today(settings.timezone)):
        click.echo(f"  {account.email:<38} {said.get(account.email) or account.role.label}")


__all__ = ["demo", "fill"]
