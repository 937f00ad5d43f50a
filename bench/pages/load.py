"""The visitor: a process apart that asks for one page again and again on a few connections, and prints what it took.

`python -m bench.pages.load PORT PATH COOKIE CONNECTIONS SECONDS` prints JSON: milliseconds of each answer, seconds in all.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

HOST = "127.0.0.1"
FIRST = 2


class Unexpected(RuntimeError):
    """A page did not answer 200."""


def fetch(connection: HTTPConnection, path: str, cookie: str, more: dict[str, str] | None = None) -> tuple[bytes, str]:
    """The page's bytes, and how many statements it took. Raises Unexpected when it is not a page."""
    headers = {"Cookie": cookie, "Accept-Encoding": "identity", **(more or {})}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise Unexpected(f"{path}: {answer.status} {answer.getheader('Location') or ''}")
    return body, answer.getheader("X-Bench-Queries") or ""


def visit(port: int, path: str, cookie: str, seconds: float) -> list[float]:
    """Milliseconds of each answer on one connection, the first ones left out."""
    connection, times = HTTPConnection(HOST, port, timeout=120), []
    for _warm in range(FIRST):
        fetch(connection, path, cookie)
    end = time.monotonic() + seconds
    while time.monotonic() < end or not times:
        begun = time.perf_counter()
        fetch(connection, path, cookie)
        times.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return times


def main(port: str, path: str, cookie: str, connections: str, seconds: str) -> None:
    """Visit and print."""
    count = int(connections)
    with ThreadPoolExecutor(count) as pool:
        begun = time.monotonic()
        running = [pool.submit(visit, int(port), path, cookie, float(seconds)) for _one in range(count)]
        times = [spent for one in running for spent in one.result()]
        spent = time.monotonic() - begun
    json.dump({"times": times, "seconds": spent}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
