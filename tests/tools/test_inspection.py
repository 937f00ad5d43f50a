"""The inspecting client would be worth nothing if it let faults pass: each one is planted here and must be seen."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue

from app.kernel import headers
from app.kernel.access import public
from tests.support.pages import InspectingClient

HEAD = '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Accueil – Réseau</title></head>'
GOOD = HEAD + "<body><main><h1>Bonjour</h1>MAIN</main></body></html>"
FORM = """
<form method="post" action="/envoi">
  <input type="hidden" name="csrf_token" value="jeton"><input type="hidden" name="form_key" value="clef">
  <label for="nom">Nom</label><input id="nom" name="nom" value="Élodie">
  <label for="note">Note</label><textarea id="note" name="note">
Deux
lignes</textarea>
  <label><input type="radio" name="voie" value="mail" checked> Courriel</label>
  <label><input type="radio" name="voie" value="tel"> Téléphone</label>
  <label><input type="checkbox" name="accord" value="oui"> Accord</label>
  <label><input type="checkbox" name="jour" value="lun" checked> Lundi</label>
  <label><input type="checkbox" name="jour" value="mar"> Mardi</label>
  <label for="ville">Ville</label>
  <select id="ville" name="ville">
    <option value="13055">Marseille</option><option value="84007">Avignon</option>
  </select>
  <label for="piece">Pièce</label><input id="piece" type="file" name="piece">
  <fieldset disabled><legend>Fermé</legend><label>Caché <input name="ferme" value="x"></label></fieldset>
  <button name="geste" value="enregistrer">Enregistrer</button>
  <button name="geste" value="ajouter">Ajouter</button>
</form>
"""


class Received(dict[str, list[str]]):
    """What the site was sent; `files` are the names of its files."""

    files: tuple[str, ...] = ()


class Site:
    """A site of two addresses whose first page is what the test says."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        self.app.config.update(NETWORK_NAME="Réseau", HTTPS_ONLY=False, TESTING=True)
        self.app.test_client_class = InspectingClient
        self.received = Received()
        headers.install(self.app)
        self.app.add_url_rule("/", "home", lambda: self.body)
        self.app.add_url_rule("/envoi", "send", _receiver(self.received), methods=["POST"])
        self.client: InspectingClient = self.app.test_client()  # type: ignore[assignment]
        self.body = GOOD.replace("MAIN", "")

    def shows(self, main: str) -> Site:
        self.body = GOOD.replace("MAIN", main)
        return self


def _receiver(received: Received) -> Callable[[], ResponseReturnValue]:
    @public("test", form_key=True)
    def send() -> ResponseReturnValue:
        received.update(request.form.to_dict(flat=False))
        received.files = tuple(str(file.filename) for file in request.files.values())
        return redirect("/")

    return send


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_sound_page_passes(site: Site) -> None:
    page = site.shows(FORM).client.get("/")
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("<h1>Encore</h1>", "2 <h1>"),
        ("<h3>Trop bas</h3>", "a level of heading is skipped"),
        ("<h2></h2>", "an empty heading"),
        ("<p><div>bloc</div></p>", "not valid HTML, line 1"),
        ("<input name=a>", "a field without label"),
        ('<label for="absent">A</label>', "for='absent' points to nothing"),
        ('<label for="a"> </label><select id="a"><option>x</option></select>', "a field without label"),
        ('<p id="a">1</p><p id="a">2</p>', "the id 'a' is there 2 times"),
        ('<a href="#nulle-part">Aller</a>', "the link #nulle-part points to nothing"),
        ('<p onclick="x()">a</p>', "an attribute onclick"),
        ('<p style="color:red">a</p>', "an attribute style"),
        ('<svg aria-hidden="true"><g style="fill:red"></g></svg>', "an attribute style"),
        ("<style>p{}</style>", "a <style>"),
        ("<script>alert(1)</script>", "an inline <script>"),
        ('<script src="https://ailleurs.example/x.js"></script>', "something is loaded from elsewhere"),
        ('<img alt="" src="//ailleurs.example/x.png">', "something is loaded from elsewhere"),
        ("<p>{{ person.name }}</p>", "the template shows through"),
        ("<p>Bonjour None</p>", "the template shows through"),
        ("<p>Bonjour %(name)s</p>", "the template shows through"),
        ('<a href="/personnes/None">Fiche</a>', "the template shows through in href"),
        ('<img src="/a.png">', "an image without alt"),
        ('<a href="/"><img src="/a.png" alt=""></a>', "a link or button without words"),
        ("<svg></svg>", "a drawing neither named nor hidden"),
        ("<table><tr><td>1</td></tr></table>", "a table without caption"),
        ('<a href="javascript:void(0)">x</a>', "a javascript: address"),
        ('<form method="post" action="/envoi"><button>Oui</button></form>', "a form without csrf_token"),
        (FORM.replace('name="form_key"', 'name="autre"'), "a form without form_key"),
        (FORM.replace('action="/envoi"', 'action="/rien"'), "which answers 404"),
        (FORM.replace('action="/envoi"', 'action="/"'), "which answers 405"),
        (FORM.replace('action="/envoi"', 'action="https://ailleurs.example/"'), "a form sent elsewhere"),
    ],
)
def test_a_planted_fault_is_seen(site: Site, planted: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said.replace("(", r"\(")):
        site.shows(planted).client.get("/")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (' lang="fr"', "", "says no language"),
        ("Accueil – Réseau", "Accueil", "does not end with the network"),
        ("<title>Accueil – Réseau</title>", "", "0 <title>"),
        ("<!DOCTYPE html>", "", "not valid HTML"),
    ],
)
def test_a_fault_of_the_head_is_seen(site: Site, before: str, after: str, said: str) -> None:
    site.body = GOOD.replace("MAIN", "").replace(before, after)
    with pytest.raises(AssertionError, match=said):
        site.client.get("/")


@pytest.mark.parametrize(
    "name", ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"]
)
def test_a_lost_header_is_seen(site: Site, name: str) -> None:
    @site.app.after_request
    def weaken(response: Response) -> Response:
        response.headers.pop(name, None)
        return response

    site.app.after_request_funcs[None].reverse()
    with pytest.raises(AssertionError, match=f"header {name} is None"):
        site.client.get("/")


def test_pages_behind_a_redirection_are_inspected(site: Site) -> None:
    sound = site.shows(FORM).client.get("/")
    site.shows("<h1>Encore</h1>")
    with pytest.raises(AssertionError, match="2 <h1>"):
        site.client.submit(sound, follow_redirects=True)


def test_faults_can_be_tolerated_by_name(site: Site) -> None:
    site.shows("<h1>{{ a }}</h1>")
    with site.client.tolerating("2 <h1>", "the template shows"):
        assert site.client.get("/").status_code == 200
    with pytest.raises(AssertionError):
        site.client.get("/")


def test_text_is_read_with_ordinary_spaces_unless_asked(site: Site) -> None:
    page = site.shows("<p>Enregistré\u00a0à\n 14\u202fh</p>").client.get("/")
    assert site.client.text(page, "p") == "Enregistré à 14 h"
    assert site.client.text(page, "p", plain=False) == "Enregistré\u00a0à 14\u202fh"


def test_a_form_keeps_what_the_page_holds(site: Site) -> None:
    page = site.shows(FORM).client.get("/")
    assert site.client.submit(page).status_code == 302
    assert site.received == {
        "csrf_token": ["jeton"],
        "form_key": ["clef"],
        "nom": ["Élodie"],
        "note": ["Deux\nlignes"],
        "voie": ["mail"],
        "jour": ["lun"],
        "ville": ["13055"],
        "geste": ["enregistrer"],
    }


def test_a_form_takes_what_is_typed(site: Site) -> None:
    page = site.shows(FORM).client.get("/")
    typed = {"voie": "tel", "jour": ["lun", "mar"], "accord": True, "ville": "84007", "form_key": None}
    site.client.submit(
        page, button="Ajouter", nom="", data=typed, forged={"ferme": "forcé"}, piece=(BytesIO(b"x"), "p.txt")
    )
    assert site.received == {
        "csrf_token": ["jeton"],
        "nom": [""],
        "note": ["Deux\nlignes"],
        "voie": ["tel"],
        "accord": ["oui"],
        "jour": ["lun", "mar"],
        "ville": ["84007"],
        "geste": ["ajouter"],
        "ferme": ["forcé"],
    }
    assert site.received.files == ("p.txt",)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"absent": "x"}, "no field"),
        ({"ferme": "x"}, "no field"),
        ({"ville": "75056"}, "does not offer"),
        ({"voie": "pigeon"}, "does not offer"),
        ({"button": "Supprimer"}, "no button"),
        ({"form_selector": "#autre"}, "0 forms"),
    ],
)
def test_what_the_form_does_not_offer_is_a_mistake_of_the_test(site: Site, typed: dict[str, str], said: str) -> None:
    page = site.shows(FORM).client.get("/")
    with pytest.raises(AssertionError, match=said):
        site.client.submit(page, **typed)
