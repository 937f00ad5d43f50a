"""Finds the Chromium in which the browser journeys are lived, or installs Debian's."""

from __future__ import annotations

import shutil

from tools import debian

# The same engine without the windows: a new page costs it a third of the processor that it costs the whole browser.
LIGHT = "chromium-headless-shell"
NAMES = (LIGHT, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Path of a Chromium on this machine, the lightest first, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure() -> str:
    """Path of a Chromium: the light one, installed if it may be, else any other. Raises debian.Missing with the reason."""
    if not shutil.which(LIGHT):
        _install()
    path = find()
    if path is None:
        raise debian.Missing("le paquet chromium est installé mais aucun exécutable ne répond à ce nom.")
    return path


def _install() -> None:
    """The light one; where Debian does not have it, the whole browser will do."""
    try:
        debian.install(LIGHT)
    except debian.Missing:
        if find() is None:
            debian.install("chromium")


if __name__ == "__main__":
    print(ensure())
