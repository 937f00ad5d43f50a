"""What the tests borrow from Debian, installed when it is missing and allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache


class Missing(RuntimeError):
    """A program of the system is not there and may not be installed; the message says which and why, in French."""


def install(package: str) -> None:
    """Install a Debian package, as root or with a sudo that asks nothing. Raises Missing with the reason."""
    prefix = _right_to_install(package)
    _refresh(prefix)
    command = [*prefix, "apt-get", "install", "--yes", "--no-install-recommends", package]
    print(f"Installation du paquet Debian {package}…", flush=True)
    done = subprocess.run(command, env=_quiet(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"apt-get n’a pas pu installer {package} : {_last_line(done.stderr)}")


@cache
def _refresh(prefix: tuple[str, ...]) -> None:
    subprocess.run([*prefix, "apt-get", "update", "-qq"], env=_quiet(), capture_output=True, check=False)


def _right_to_install(package: str) -> tuple[str, ...]:
    if os.environ.get("MAILLAGE_NO_INSTALL"):
        raise Missing(f"{package} n’est pas installé et MAILLAGE_NO_INSTALL interdit de l’installer.")
    if not shutil.which("apt-get"):
        raise Missing(f"{package} n’est pas installé et apt-get n’existe pas ici.")
    if os.geteuid() == 0:
        return ()
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ("sudo", "-n")
    raise Missing(f"{package} n’est pas installé : « sudo apt install {package} », puis recommencez.")


def _quiet() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["aucune explication"])[-1]
