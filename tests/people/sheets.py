"""Files of people, and what the tests of their import and export do again and again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel import jobs
from app.kernel.db import db
from app.people.models import LineState, PeopleImport, PeopleImportLine, Person, PersonIdentity
from tests.people.doubles import look
from tests.people.helpers import add
from tests.support.pages import InspectingClient
from tests.support.world import World

TITLES = ("Nom", "Prénom", "Année de naissance", "Commune", "INSEE", "CP", "Téléphone", "E-mail", "Genre", "Notes")
BASE = ("Kaci", "Zohra", "1958", "Marmande", "47157", "47200", "06 39 98 00 11", "zohra@essai.example", "Femme", "")
NAMES = (*("nom", "prenom", "annee", "commune", "insee", "cp", "telephone", "courriel", "genre", "notes"),)


def row(**changes: str) -> tuple[str, ...]:
    """The usual row, with these cells changed."""
    return tuple(changes.get(name, cell) for name, cell in zip(NAMES, BASE, strict=True))


def someone(rank: int, **changes: str) -> tuple[str, ...]:
    """A row that looks like no other: its name has a sound of its own."""
    sounds = ("bo", "du", "fi", "ga", "jo", "li", "mu", "na", "pe", "ri", "so", "ta", "va", "ze")
    name = "".join(sounds[(rank // len(sounds) ** power) % len(sounds)] for power in range(4))
    plain = {"nom": name.title() + "r", "prenom": "Prénom" + name, "telephone": "", "courriel": "", "annee": ""}
    return row(**(plain | changes))


def csv_of(
    *rows: Sequence[str], titles: Sequence[str] = TITLES, delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    """A CSV file as spreadsheets write them."""
    return "\r\n".join(delimiter.join(cells) for cells in (titles, *rows)).encode(encoding)


def xlsx_of(*rows: Sequence[Any], titles: Sequence[str] = TITLES) -> bytes:
    """An XLSX file."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (titles, *rows):
        sheet.append(list(cells))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def send(client: InspectingClient, content: bytes, name: str = "personnes.csv") -> TestResponse:
    """Send the file from the screen."""
    page = client.get("/personnes/import")
    fields = {tag["name"]: tag["value"] for tag in client.select(page, "main form input[type=hidden]")}
    data = {**fields, "file": (io.BytesIO(content), name)}
    return client.post("/personnes/import", data=data, content_type="multipart/form-data")


def work(app: Flask) -> None:
    """What the worker does, until there is nothing left."""
    with app.app_context():
        while jobs.work_once():
            db.session.remove()
        db.session.remove()


def previewed(app: Flask, client: InspectingClient, content: bytes) -> TestResponse:
    """The preview of a file whose columns were taken as guessed."""
    columns = client.get(send(client, content).location)
    shown = client.submit(columns, "#colonnes")
    assert shown.status_code == 303, client.text(shown, "main")
    work(app)
    return client.get(shown.location, follow_redirects=True)


def imported(app: Flask, client: InspectingClient, content: bytes, **ticked: Any) -> TestResponse:
    """The result of an import, confirmed from its preview."""
    done = client.submit(previewed(app, client, content), "#confirmer", **ticked)
    assert done.status_code == 303, client.text(done, "main")
    work(app)
    return client.get(done.location)


def last_import(app: Flask) -> PeopleImport:
    """The file sent last."""
    with app.app_context():
        found = db.session.scalars(select(PeopleImport).order_by(PeopleImport.id.desc())).first()
        assert found is not None
        db.session.refresh(found, ["content"])
        return found


def lines(app: Flask) -> list[PeopleImportLine]:
    """The lines of every file, in order."""
    with app.app_context():
        found = list(db.session.scalars(select(PeopleImportLine).order_by(PeopleImportLine.line)))
        db.session.expunge_all()
        return found


def states(app: Flask) -> list[LineState]:
    return [one.state for one in lines(app)]


def registered(world: World, last_name: str) -> Person:
    with world.app.app_context():
        query = select(Person).join(PersonIdentity).where(PersonIdentity.last_name == last_name)
        person = db.session.scalars(query).one()
        assert person.identity is not None
        db.session.expunge_all()
        return person


def cells(client: InspectingClient, page: object, selector: str) -> list[list[str]]:
    rows = client.select(page, f"{selector} tbody tr")  # type: ignore[arg-type]
    return [[cell.get_text(" ", strip=True) for cell in one.select("th,td")] for one in rows]


def looked_at(world: World, who: str, **data: object) -> UUID:
    person_id = add(world, who, "Zohra", "Kaci", birth_year=1958, phone="+33639980011", **data)
    look(world)
    return person_id
