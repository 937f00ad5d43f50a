"""Finds the Chromium in which the browser journeys are lived, or installs Debian's."""

from __future__ import annotations

import shutil

from tools import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Path of a Chromium on this machine, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure() -> str:
    """Path of a Chromium, installed if need be. Raises debian.Missing with the reason."""
    path = find()
    if path:
        return path
    debian.install("chromium")
    path = find()
    if path is None:
        raise debian.Missing("le paquet chromium est installé mais aucun exécutable ne répond à ce nom.")
    return path


if __name__ == "__main__":
    print(ensure())
