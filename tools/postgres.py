"""A PostgreSQL of one test run: its own cluster, on a free port of this machine, gone with its folder afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import debian

SUPERUSER = "maillage"
OWNER = "postgres"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    # The access matrix takes back every request inside one transaction: each savepoint that wrote holds a lock.
    "max_locks_per_transaction": "2048",
    "full_page_writes": "off",
    # Nothing of a cluster that lives ten minutes is worth tidying.
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "listen_addresses": "127.0.0.1",
}


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Address (postgresql+psycopg://…) of an empty database whose cluster lives as long as the block.

    Raises debian.Missing when PostgreSQL is neither there nor installable; the message says why.
    """
    binaries = ensure()
    with tempfile.TemporaryDirectory(prefix="maillage-pg-") as folder:
        home = Path(folder)
        _give_to_owner(home)
        data, port = home / "data", _free_port()
        _run(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        _run(binaries / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", _options(home, port), "start")
        try:
            _run(binaries / "createdb", "-h", home, "-p", port, "-U", SUPERUSER, "maillage")
            yield f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{port}/maillage"
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def find() -> Path | None:
    """Folder of the newest PostgreSQL's programs on this machine, or None."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def ensure() -> Path:
    """Folder of PostgreSQL's programs, installed if need be. Raises debian.Missing with the reason."""
    binaries = find()
    if binaries is None:
        debian.install("postgresql")
        binaries = find()
    if binaries is None:
        raise debian.Missing("le paquet postgresql est installé mais initdb reste introuvable.")
    return binaries


def _options(home: Path, port: int) -> str:
    settings = {**FAST, "port": str(port), "unix_socket_directories": str(home)}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _run(program: Path, *arguments: object) -> None:
    """Run one of PostgreSQL's programs, which all refuse root, with its words only when it fails."""
    command = [*_as_owner(), str(program), *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as words:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=words, stderr=words, check=False)
        if done.returncode:
            words.seek(0)
            raise RuntimeError(f"{program.name} a échoué :\n{words.read()}")


def _as_owner() -> list[str]:
    return ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []


def _give_to_owner(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """Hold a cluster open for somebody who wants to run a few tests against it: prints its address, waits for Enter."""
    try:
        with temporary_postgres() as url:
            print(f"export TEST_DATABASE_URL={url}", flush=True)
            print("Entrée pour l’arrêter.", file=sys.stderr, flush=True)
            sys.stdin.readline()
    except debian.Missing as reason:
        print(f"PostgreSQL : {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
