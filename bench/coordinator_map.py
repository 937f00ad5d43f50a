"""Milliseconds of the coordinator's map: 300 structures, 100,000 referrals, the whole page through the application.

Rows are written in bulk, straight into the tables: only reading is measured. `--quick` writes twenty times fewer.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.models import Membership, User
from app.cli.database import upgrade
from app.kernel import clock
from app.kernel.db import db
from app.kernel.writes import commit
from app.pilotage.enums import Layer
from bench import coordinator_rows
from config import Settings
from tools import debian
from tools.postgres import temporary_postgres

STRUCTURES, REFERRALS, PEOPLE = 300, 100_000, 50_000
TIMES, TARGET = 7, 1000.0


def main(quick: bool = False) -> None:
    """Print the figures of both databases."""
    smaller = 20 if quick else 1
    with _sqlite() as url:
        _measure("SQLite", url, smaller)
    try:
        with temporary_postgres() as url:
            _measure("PostgreSQL", url, smaller)
    except debian.Missing as reason:
        print(f"PostgreSQL laissé de côté : {reason}")


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite'}"


def _measure(name: str, url: str, smaller: int) -> None:
    upgrade(url)
    secret = "".join(map(chr, range(48, 96)))
    app = create_app(Settings(env="test", secret_key=secret, database_url=url, https_only=False))
    with app.app_context():
        coordinator = coordinator_rows.fill(Random(2026), STRUCTURES, REFERRALS // smaller, PEOPLE // smaller)
        client = _signed_in(app, coordinator)
    print(f"{name} : carte de la coordination, {STRUCTURES} structures, {REFERRALS // smaller} orientations sur un an,")
    print(f"  {PEOPLE // smaller} personnes (médiane de {TIMES} pages entières, but : moins de {TARGET:.0f} ms)")
    for address, told in _addresses():
        print(f"  {told} : {_page(client, address)}", flush=True)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _addresses() -> Iterator[tuple[str, str]]:
    for layer in Layer:
        yield f"/pilotage/carte?couche={layer.value}", layer.label
    yield "/pilotage/carte?structure=ccas&besoin=demarche_en_ligne", "les mêmes flux, filtrés"
    yield "/pilotage/orientations", "le tableau de toutes les directions"


def _page(client: FlaskClient, address: str) -> str:
    """Time on the clock, and time of this process alone: the database of PostgreSQL apart, and not what others run."""
    spent, ours = [], []
    for _rank in range(TIMES):
        begun, worked = time.perf_counter(), time.process_time()
        page = client.get(address)
        spent.append((time.perf_counter() - begun) * 1000)
        ours.append((time.process_time() - worked) * 1000)
        assert page.status_code == 200, page.status
    clock_told = f"{statistics.median(spent):.0f} ms, au pire {max(spent):.0f} ms"
    return f"{clock_told} (processeur : {statistics.median(ours):.0f} ms), {len(page.data) / 1024:.0f} Kio"


def _signed_in(app: Flask, membership: Membership) -> FlaskClient:
    today = clock.today("Europe/Paris")
    user = db.session.get_one(User, membership.user_id)
    key = accounts.open_session(user, today)
    kept = account_queries.session_by_key(key, today)
    assert kept is not None
    accounts.wear(kept.id, user.id, membership.id, today)
    commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["cle"] = key
    return client


if __name__ == "__main__":
    main("--quick" in sys.argv)
