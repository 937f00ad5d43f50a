"""`flask --app wsgi worker`: does the work of the `job` table, until stopped."""

from __future__ import annotations

import logging
import signal
import threading

import click
from flask.cli import with_appcontext

from app.cli.database import ensure_schema
from app.kernel import jobs
from app.kernel.db import db
from app.kernel.writes import commit

log = logging.getLogger("maillage.worker")
PAUSE = 1.0


@click.command("worker")
@click.option("--once", is_flag=True, help="Fait ce qui est dû, puis s’arrête.")
@with_appcontext
def worker(once: bool) -> None:
    """Envoie les courriels, fait avancer les échéances, nettoie."""
    ensure_schema()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    jobs.schedule_recurring()
    commit()
    while not stop.is_set():
        worked = jobs.work_once()
        db.session.remove()
        if not worked and once:
            return
        if not worked:
            stop.wait(PAUSE)
