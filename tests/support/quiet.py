"""Nothing that names a person goes to the logs nor into an address: collects both for a whole journey."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import pytest
from flask import Flask, request, request_finished, request_started
from werkzeug.wrappers import Response


@dataclass
class Heard:
    """Everything logged, and every address asked for or answered."""

    caplog: pytest.LogCaptureFixture
    addresses: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        formatter = logging.Formatter("%(name)s %(message)s")
        return [formatter.format(record) for record in self.caplog.records]

    def assert_silent_about(self, *words: str) -> None:
        """No log line and no address holds one of these words, whatever its case and accents; digits in any notation."""
        told = [f"log: {line}" for line in self.lines()] + [f"address: {one}" for one in self.addresses]
        faults = [f"{word!r} in {line}" for line in told for word in words if _folded(word) in _folded(line)]
        assert not faults, "\n".join(faults)


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", unquote_plus(text)) if not unicodedata.combining(c))
    digits = re.sub(r"(?<=\d)[ .-](?=\d)", "", plain)
    return digits.lower()


@contextmanager
def listening(app: Flask, caplog: pytest.LogCaptureFixture) -> Iterator[Heard]:
    """Collect inside the block everything that `app` logs, from INFO on, and the addresses it is asked for."""
    heard = Heard(caplog)

    def started(_sender: Flask, **_kept: Any) -> None:
        heard.addresses += [request.full_path, request.referrer or ""]

    def finished(_sender: Flask, response: Response, **_kept: Any) -> None:
        heard.addresses.append(response.headers.get("Location", ""))

    with (
        caplog.at_level(logging.INFO),
        caplog.at_level(logging.INFO, "maillage"),
        request_started.connected_to(started, app),
        request_finished.connected_to(finished, app),
    ):
        yield heard
