"""`flask --app wsgi demo`: an invented network on a real territory, ready to be visited."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.accounts import queries as account_queries
from app.accounts.models import User
from app.cli.database import upgrade
from app.cli.demo import calendar, partners
from app.cli.demo.cast import DOMAIN, PASSWORD, PLAYERS
from app.cli.demo.crowd import Crowd, gather, live_day
from app.cli.demo.evaluations import assess
from app.cli.demo.house import keep_house
from app.cli.demo.life import Life
from app.cli.demo.network import build_network
from app.cli.demo.story import Volume, live
from app.cli.demo.summaries import Press
from app.cli.demo.week import bring_limits
from app.kernel import bulk, clock, ids, outbox
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.kernel.writes import commit
from app.mediation.models import SessionLog
from app.people.models import Person
from app.referrals.models import Referral
from config import Settings

SEED = 47157
# How many people of a load go through the ordinary verbs: enough for every list to have something to show.
MOST_STORY = 100
# Each summary reads all the sessions of its period.
PUBLISHED_OF_A_LOAD = 2


@click.command("demo")
@click.option("--accounts", is_flag=True, help="Montre un compte par rôle.")
@click.option("--people", type=click.IntRange(1), help="Beaucoup de personnes, pour éprouver : combien en tout.")
@click.option(
    "--sessions", type=click.IntRange(1), help="Combien de séances en tout (10 par personne si rien n’est dit)."
)
@with_appcontext
def demo(accounts: bool, people: int | None, sessions: int | None) -> None:
    """Prépare la démonstration (rien si elle l’est déjà), ou en montre les comptes."""
    settings: Settings = current_app.extensions["settings"]
    if settings.production:
        raise click.ClickException("Refusé en production : la démonstration invente des comptes connus de tous.")
    if accounts:
        _show_accounts()
        return
    load = _load(people, sessions)
    upgrade(settings.database_url)
    if db.session.scalar(select(func.count()).select_from(User)):
        _refuse_more(load)
        click.echo("La démonstration est prête.")
        return
    started = time.perf_counter()
    click.echo("Préparation de la démonstration : réseau, personnes, deux ans de vie…")
    fill(settings, Volume(), click.echo, load)
    if load:
        bulk.settle()
    click.echo(f"{_counts()} en {time.perf_counter() - started:.0f} s.")


@dataclass(frozen=True)
class Load:
    """How many people and sessions there must be in all."""

    people: int
    sessions: int

    @property
    def story(self) -> Volume:
        """The small part that lives through the ordinary verbs, referrals included, beside the crowd."""
        return Volume(people=min(MOST_STORY, self.people // 10, self.sessions // 60), anonymous=0, workshops=0)


def _load(people: int | None, sessions: int | None) -> Load | None:
    if people is None and sessions is None:
        return None
    count = people or max(1, (sessions or 0) // 10)
    load = Load(count, sessions or count * 10)
    if load.sessions < load.people:
        raise click.UsageError("Il faut au moins une séance par personne : augmentez --sessions.")
    return load


def _refuse_more(load: Load | None) -> None:
    if load is not None:
        raise click.ClickException("La base contient déjà des données : choisissez une base vide (DATABASE_URL).")


def fill(settings: Settings, volume: Volume, said: Callable[[str], None], load: Load | None = None) -> None:
    """Fill an empty database. The same day and volume always give the same data.

    With a `load`, most people and sessions are written in bulk beside a small story.
    """
    today = clock.today(settings.timezone)
    volume = load.story if load else volume
    days = OpeningDays("47")
    open_days = calendar.opening_days(today, volume.years, days)
    with ids.seeded(SEED):
        with clock.fixed(calendar.moment(open_days[0], 0, settings.timezone)):
            network = build_network(open_days[0], settings.hash_memory_kib, today)
            commit()
        life = Life(network, Random(SEED), days, settings.timezone, today, open_days[0])  # noqa: S311
        crowd = _crowd(load, volume, open_days)
        press = Press(life, settings, PUBLISHED_OF_A_LOAD if load else None)
        keep_house(life, open_days[0])
        bring_limits(life)
        with _without_gc(), outbox.silence():
            live(life, volume, open_days, partners.refer, assess, lambda rank: _beside(crowd, life, press, rank, said))


def _crowd(load: Load | None, volume: Volume, days: list[date]) -> Crowd:
    if load is None:
        return gather(0, 0, days, Random(SEED))  # noqa: S311
    return gather(load.people - volume.people, load.sessions, days, Random(SEED))  # noqa: S311


def _beside(crowd: Crowd, life: Life, press: Press, rank: int, said: Callable[[str], None]) -> None:
    live_day(crowd, life, rank)
    publishes = press.publishes_today()
    if rank % 20 == 19 or rank == len(crowd.days) - 1 or publishes:
        crowd.batch.write()
        _count_again(crowd)
    if publishes:
        press.publish()
    if rank % 50 == 49:
        done = f"{life.registered + crowd.people} personnes, {life.sessions + crowd.sessions} séances"
        said(f"  {rank + 1} jours sur {len(crowd.days)} : {done}")


def _count_again(crowd: Crowd) -> None:
    """Each time that the rows have doubled."""
    if crowd.batch.written > 2 * crowd.counted:
        crowd.counted = crowd.batch.written
        bulk.analyse()


@contextmanager
def _without_gc() -> Iterator[None]:
    """A minute of many small objects that all stay: looking for cycles takes a tenth of the time and finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


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
