"""The demonstration: its data, then the server and the worker side by side until one of them ends or Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
DATABASE = ROOT / "instance" / "demo.sqlite"
HOST = "127.0.0.1"
START_LIMIT = 30
STOP_LIMIT = 8
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


class Refused(Exception):
    """The demonstration cannot start; the message says why and what to do."""


def main() -> int:
    """Exit code of the demonstration: 0 when it was stopped by hand."""
    try:
        port = _port(os.environ.get("PORT", "8000"))
        _check_free(port)
        _prepare()
        return _serve(port)
    except Refused as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _port(text: str) -> int:
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Refused(f"PORT={text} : un nombre entre 1024 et 65535 est attendu, par exemple « make demo PORT=8080 ».")
    return int(text)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Refused(
                f"Le port {port} est déjà pris par un autre programme. "
                f"Choisissez-en un autre : « make demo PORT={port + 1} »."
            ) from error


def _prepare() -> None:
    DATABASE.parent.mkdir(exist_ok=True)
    if subprocess.run([*FLASK, "demo"], cwd=ROOT, env=_environment(), check=False).returncode:
        raise Refused("Les données de démonstration n’ont pas pu être préparées : la raison est plus haut.")


def _environment() -> dict[str, str]:
    chosen = {"MAILLAGE_ENV": "demo", "DATABASE_URL": f"sqlite:///{DATABASE}", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **chosen}


def _serve(port: int) -> int:
    children = {"le serveur": _start(_gunicorn(port)), "le programme de fond": _start([*FLASK, "worker"])}
    _stop_on_terminate()
    try:
        _wait_until_open(port, children)
        _announce(port)
        return _wait_for_an_end(children)
    except KeyboardInterrupt:
        print("\nArrêt de la démonstration.")
        return 0
    finally:
        _stop(list(children.values()))


def _gunicorn(port: int) -> list[str]:
    options = ["--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "8"]
    return [sys.executable, "-m", "gunicorn", "wsgi:app", *options, "--log-level", "warning"]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """A child of a session of its own, so that Ctrl-C reaches it once, from here."""
    return subprocess.Popen(command, cwd=ROOT, env=_environment(), start_new_session=True)


def _stop_on_terminate() -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    with suppress(AttributeError):
        signal.signal(signal.SIGHUP, interrupt)


def _wait_until_open(port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        _refuse_the_dead(children)
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise Refused(f"Le serveur ne répond pas après {START_LIMIT} secondes.")


def _refuse_the_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise Refused(f"La démonstration s’arrête : {name} a pris fin (code {child.returncode}).")


def _announce(port: int) -> None:
    print(f"\n  Maillage est prêt : http://{HOST}:{port}\n", flush=True)
    subprocess.run([*FLASK, "demo", "--accounts"], cwd=ROOT, env=_environment(), check=False)
    print(
        "\n  Ctrl-C pour arrêter. Les données restent dans instance/demo.sqlite (« make clean » les efface).",
        flush=True,
    )


def _wait_for_an_end(children: dict[str, subprocess.Popen[bytes]]) -> int:
    while True:
        _refuse_the_dead(children)
        time.sleep(0.5)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_LIMIT
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
