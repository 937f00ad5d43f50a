"""A page read in English says nothing in French, but for what people typed and the words of the instrument."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select
from werkzeug.test import TestResponse

from app.assessments import actions as assessments
from app.assessments.enums import Mode
from app.kernel import grants
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, SessionData
from app.mediation.enums import PlaceKind, Theme
from app.network.schema import LISTS
from app.referrals import actions as referrals
from app.referrals.enums import DeclineReason, TaskKind
from app.referrals.models import ReferralTask
from app.referrals.views.steps import STEPS
from app.territory import communes
from tests.access.stage import Relation, Stage, address
from tests.access.table import ROWS
from tests.journeys.pages import archived, files_of_people
from tests.referrals.helpers import prepare, send
from tests.support.pages import without_tokens
from tests.support.world import STRUCTURES, World
from tools import i18n

pytestmark = pytest.mark.one_database

INSTRUMENTS = sorted((i18n.ROOT / "app" / "assessments" / "instruments").glob("*.json"))
PLACE = re.compile(r"%\(\w+\)\d*[a-z]|\{\w*\}")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
LONG = 12
# Everyday words of French that no English sentence uses: with one of them, something did not pass through gettext.
FRENCH = re.compile(
    r"\b[ldjq]’\w|« |\b(?:le|la|les|des|du|une|est|sont|et|ou|où|au|aux|à|pour|avec|sans|dans|vers|vous|"
    r"votre|vos|nous|pas|cette|ces|que|qui|elle|aucun|aucune|depuis|avant|après|personne|séance|demande|structure|fiche)\b",
    re.IGNORECASE,
)
VAL_DE_GARONNE = "200030674"
# What the stage's people typed, and the names of French institutions that English keeps.
KEPT = (
    *(one.name for one in STRUCTURES.values()),
    *(
        "Réseau d’essai",
        "mot de la demande",
        "mot de la séance",
        "mot de la note",
        "À rappeler",
        "Relais sans compte",
        "La Coop",
        "network.structure",
        "Le dossier est dans la pochette bleue.",
        "rue de la Paix",
    ),
    *("Défenseur des droits", "place de Fontenoy", "Une année calme."),
    # The closed lists of the national schema of places have no other language; neither have the names of places.
    *(value for values in LISTS.values() for value in values),
    *(one.name for one in (*communes.departements(), *communes.epci_members(VAL_DE_GARONNE))),
)
RELATIONS = tuple(one for one in Relation if one is not Relation.UNKNOWN)
VIEWS = (
    *((Role.ADVISER, relation) for relation in RELATIONS),
    *((role, Relation.OWN) for role in (Role.DESK, Role.MANAGER, Role.COORDINATOR, Role.ELECTED, Role.DPO, Role.ADMIN)),
)
OPEN_TO_ALL = ("/", "/compte/connexion", "/mentions", "/accessibilite", "/nulle-part")
NEVER_SENT = {"accounts.sign_out"}


@pytest.fixture
def stage(app: Flask, world: World, staged: Stage) -> Iterator[Stage]:
    """The people of the access matrix and what is still under way for them, read in English by every role."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        connection: Any = db.engine
    assert isinstance(connection, Connection)
    made = replace(staged, connection=connection)
    with app.app_context():
        world.people["own"] = made.ids[Relation.OWN]["person_id"]
        made.ids[Relation.OWN] |= _under_way(world) | {"archived": archived(world)["person_id"]}
        commit()
        db.session.remove()
    made.ids[Relation.OWN]["imported"] = files_of_people(app, made)[1]["people_import_id"]
    for client in made.clients.values():
        _speak_english(client)
    yield made
    app.config["WTF_CSRF_ENABLED"] = True


def _under_way(world: World) -> dict[str, UUID]:
    """An assessment being answered, a draft, a refusal to be followed up, a session without a name."""
    actor = world.actors["ccas.adviser"]
    granted = grants.on_person(actor, world.people["own"])
    session = SessionData(held_on=world.today, minutes=20, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE)
    sent = send(world, "ccas.adviser", person="own", to=("library", "fablab"))
    referrals.decline(world.actors["library.adviser"], sent.id, DeclineReason.FULL)
    db.session.flush()
    to_decide = select(ReferralTask.id).where(
        ReferralTask.referral_id == sent.id, ReferralTask.kind == TaskKind.NEXT_ACTION
    )
    return {
        "begun": assessments.start(actor, granted, Mode.FULL).id,
        "draft": prepare(world, "ccas.adviser", "own", to=("france_services", "shelter")).id,
        "to_decide": db.session.scalars(to_decide).one(),
        "nameless": mediation.log_anonymous(actor, Anonymous(), session, world.today).id,
    }


def _speak_english(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["langue"] = "en"


@pytest.mark.slow
def test_pages_are_in_english(stage: Stage) -> None:
    """Whoever reads, of whomever: all the pages there are."""
    read = set()
    left: set[str] = set()
    for row, (role, relation) in product(ROWS, VIEWS):
        if row.method == "GET" and (row.allowed is not None or relation is Relation.OWN):
            page = stage.clients[role].get(_address(stage, row.endpoint, relation, **row.extra))
            read |= {row.endpoint} if page.status_code == 200 else set()
            left |= _left(page)
    for role, endpoint, values in _pages_under_way(stage):
        page = stage.clients[role].get(_address(stage, endpoint, Relation.OWN, **values))
        assert page.status_code == 200, (endpoint, values)
        read.add(endpoint)
        left |= _left(page)
    assert not left, "\n".join(sorted(left))
    assert {row.endpoint for row in ROWS if row.method == "GET"} == read


def test_acts_on_a_referral_are_in_english(stage: Stage) -> None:
    left: set[str] = set()
    read = set()
    for verb, relation in product(STEPS, RELATIONS):
        page = stage.clients[Role.ADVISER].get(_address(stage, "referrals.act", relation, verb=verb))
        read |= {verb} if page.status_code == 200 else set()
        left |= _left(page)
    assert not left, "\n".join(sorted(left))
    assert len(read) > len(STEPS) / 2


def test_refusals_are_in_english(stage: Stage) -> None:
    """Every form, sent empty."""
    left: set[str] = set()
    refused = 0
    rows = [(row.endpoint, row.extra) for row in ROWS if row.method == "POST" and row.endpoint not in NEVER_SENT]
    for endpoint, values in [*rows, *_under_way_pages(stage)]:
        with stage.undone():
            url = _address(stage, endpoint, Relation.OWN, **values)
            page = stage.clients[Role.ADVISER].post(url, data={"form_key": str(uuid4())})
        _speak_english(stage.clients[Role.ADVISER])
        refused += page.status_code == 422
        left |= _left(page)
    assert not left, "\n".join(sorted(left))
    assert refused > 10


def test_pages_open_to_everybody_are_in_english(app: Flask) -> None:
    client = FlaskClient(app, app.response_class, use_cookies=True)
    _speak_english(client)
    left = {said for url in OPEN_TO_ALL for said in _left(client.get(url, follow_redirects=True))}
    assert not left, "\n".join(sorted(left))


def test_the_same_pages_in_french_would_be_seen(app: Flask) -> None:
    client = FlaskClient(app, app.response_class, use_cookies=True)
    assert [url for url in OPEN_TO_ALL if not _left(client.get(url, follow_redirects=True))] == []


def _pages_under_way(stage: Stage) -> Iterator[tuple[Role, str, dict[str, object]]]:
    made = stage.ids[Relation.OWN]
    for endpoint, values in _under_way_pages(stage):
        yield Role.ADVISER, endpoint, values
    for endpoint in ("people.show_import", "people.undo_import"):
        yield Role.ADVISER, endpoint, {"people_import_id": made["imported"]}
    yield Role.DPO, "privacy.archived", {"person_id": made["archived"]}


def _under_way_pages(stage: Stage) -> Iterator[tuple[str, dict[str, object]]]:
    made = stage.ids[Relation.OWN]
    for endpoint in ("assessments.review", "assessments.sheet"):
        yield endpoint, {"assessment_id": made["begun"]}
    for question in ("M1", "U2", "L1", "R2"):
        yield "assessments.question", {"assessment_id": made["begun"], "question": question}
    yield "referrals.send", {"referral_id": made["draft"]}
    yield "referrals.decide", {"task_id": made["to_decide"]}
    yield "mediation.attach", {"session_id": made["nameless"]}


def _address(stage: Stage, endpoint: str, relation: Relation, **values: object) -> str:
    names = {name for rule in stage.app.url_map.iter_rules(endpoint) for name in rule.arguments}
    made = {name: found for name, found in stage.ids[relation].items() if name in names}
    return address(stage.app, endpoint, {**made, **values})


def _left(page: TestResponse) -> set[str]:
    """What the page still says in French: sentences of the catalogue, and words that no catalogue knows."""
    if page.mimetype != "text/html" or 300 <= page.status_code < 400:
        return set()
    where = f"{page.request.method} {page.request.path.rsplit('-', 1)[-1]}"
    return {f"{where}: {said}" for said in _french_in(without_tokens(page.get_data(as_text=True)))}


@cache
def _french_in(html: str) -> frozenset[str]:
    """The page that says no is asked for a thousand times, and read once."""
    text = _text(html)
    known = frozenset(said for part, said, pattern in _identifiers() if part in text and pattern.search(text))
    return known or frozenset(text[max(0, one.start() - 40) : one.end() + 40] for one in FRENCH.finditer(text))


@cache
def _identifiers() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Each long sentence: its longest part without a placeholder, itself, and what finds it once it is filled."""
    found = []
    for message in i18n.load("en"):
        for said, told in zip(_forms(message.id), _forms(message.string), strict=True):
            parts = [_plain(part) for part in PLACE.split(said)]
            if sum(map(len, parts)) > LONG and said not in told:
                found.append((max(parts, key=len), said, re.compile(".{0,80}?".join(map(re.escape, parts)))))
    return tuple(found)


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _text(html: str) -> str:
    """What is read or heard, without what was typed and without the instrument's own words."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.select("script, body [lang=fr]"):
        tag.decompose()
    heard = [str(tag[name]) for name in SPOKEN for tag in soup.find_all(attrs={name: True})]
    text = _plain("\n".join([soup.get_text(" "), *heard]))
    for said in _kept():
        text = text.replace(said, "")
    return text


def _plain(text: str) -> str:
    return " ".join(text.split())


@cache
def _kept() -> tuple[str, ...]:
    """What stays as it is, the longest first: what was typed, the instruments, the sentence that quotes a reason."""
    said = {_plain(text) for path in INSTRUMENTS for text in _strings(json.loads(path.read_text("utf-8")))}
    quoted = {f"La personne le dit : « {text} »" for text in said}
    return tuple(sorted({*KEPT, *quoted, *said, *(text.lower() for text in said)}, key=len, reverse=True))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
    elif isinstance(value, str) and " " in value:
        yield value
