from __future__ import annotations

import socket

import pytest

from tools import serve_demo


def test_a_taken_port_is_said_in_plain_words_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setattr(serve_demo, "_prepare", lambda: pytest.fail("started all the same"))
        assert serve_demo.main() == 1
    said = capsys.readouterr().err
    assert f"Le port {port} est déjà pris" in said
    assert f"make demo PORT={port + 1}" in said


@pytest.mark.parametrize("port", ["80", "abc", "70000", ""])
def test_an_impossible_port_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    assert serve_demo.main() == 1
    assert "un nombre entre 1024 et 65535" in capsys.readouterr().err


def test_the_end_of_one_child_ends_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    listening = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    started, announced = [], []
    commands = iter([["-c", listening], ["-c", "import time; time.sleep(1.5); raise SystemExit(3)"]])
    start = serve_demo._start

    def start_instead(_command: list[str]):  # type: ignore[no-untyped-def]
        child = start([serve_demo.sys.executable, *next(commands)])
        started.append(child)
        return child

    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setattr(serve_demo, "_prepare", lambda: None)
    monkeypatch.setattr(serve_demo, "_start", start_instead)
    monkeypatch.setattr(serve_demo, "_announce", announced.append)
    assert serve_demo.main() == 1
    assert announced == [port]
    assert "le programme de fond a pris fin (code 3)" in capsys.readouterr().err
    assert [child.returncode for child in started] == [-15, 3]
