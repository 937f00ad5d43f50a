"""Opening a network from the command line."""

from __future__ import annotations

import re

from flask import Flask


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(args))
    return result.exit_code, result.output


def test_a_village_opens_its_network(committed_app: Flask) -> None:
    app = committed_app
    assert run(app, "structure", "add", "Mairie", "--kind", "municipality", "--agreement", "2026-01-15")[0] == 0
    code, said = run(app, "user", "add", "Zoe@Mairie.example", "Zoé", "--structure", "Mairie", "--role", "adviser")
    password = re.findall(r"provisoire : (\S+)", said)
    assert (code, len(password)) == (0, 1)
    client = app.test_client()
    sign_in = client.get("/compte/connexion")
    inside = client.submit(sign_in, email="zoe@mairie.example", password=password[0], follow_redirects=True)
    assert "provisoire" in client.text(inside, "main")
    chosen = "trombone girafe lundi"
    inside = client.submit(inside, new_password=chosen, again_password=chosen, follow_redirects=True)
    assert "Zoé" in client.text(inside)
    assert "convention : 2026-01-15" in run(app, "structure", "list")[1]


def test_a_second_role_is_added_and_an_elected_stays_alone(committed_app: Flask) -> None:
    app = committed_app
    run(app, "structure", "add", "Mairie")
    first = ("user", "add", "zoe@mairie.example", "Zoé", "--structure", "Mairie", "--role")
    assert run(app, *first, "adviser")[0] == 0
    assert "Rôle ajouté" in run(app, *first, "coordinator")[1]
    refused = run(app, *first, "elected")
    assert refused[0] == 1
    assert "élue" in refused[1]


def test_an_unknown_structure_is_said(committed_app: Flask) -> None:
    code, said = run(committed_app, "user", "add", "a@b.example", "A", "--structure", "Rien", "--role", "desk")
    assert code == 1
    assert "structure list" in said
