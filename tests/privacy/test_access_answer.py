"""The copy of somebody’s data: everything, read by nobody but the officer, gone after 72 hours; nothing of anybody else."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import clock, grants, jobs, journal
from app.kernel.db import Base, db
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import NoteVisibility, PlaceKind, SessionKind, Theme
from app.mediation.models import Participation, SessionLog
from app.people.models import Person
from app.privacy import actions
from app.privacy.enums import AskedWay, CopyState, IdentityCheck, RightKind
from app.privacy.models import AccessCopy
from app.privacy.queries import held, inventory
from tests.privacy.test_erasure import WORDS, life_of
from tests.support.queries import count_queries
from tests.support.world import World, add_person


@pytest.fixture
def lived(world: World) -> World:
    with world.app.app_context():
        world.people["zephyrine"] = life_of(world).id
        commit()
    return world


def request_of(world: World, person: str = "zephyrine") -> UUID:
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        data = actions.RequestData(
            kind=RightKind.ACCESS, received_on=world.today, way=AskedWay.FACE, identity_check=IdentityCheck.KNOWN
        )
        made = actions.record_request(actor, grants.on_person(actor, world.people[person]), data, world.today).id
        commit()
    return made


def work(world: World) -> None:
    with world.app.app_context():
        while jobs.work_once():
            pass
        db.session.remove()


def told(world: World, person: str = "zephyrine", who: str = "dpo") -> dict[str, Any]:
    with world.app.app_context():
        return held.everything(world.actors[who], world.people[person])


def words_of(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def test_every_table_and_column_of_the_database_is_declared() -> None:
    declared = {one.table: {*one.told, *one.out} for one in inventory.HOLDINGS}
    tables = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    assert set(tables) == set(declared) | set(inventory.LEFT_OUT), (
        "say in inventory what is told of a new table, or why not"
    )
    assert not set(declared) & set(inventory.LEFT_OUT)
    for name, columns in declared.items():
        assert columns == tables[name], f"{name}: say what is told of each column, or why not"
    for one in inventory.HOLDINGS:
        assert not set(one.told) & set(one.out), one.table
        assert all(str(why) for why in one.out.values())


def test_whatever_leads_to_a_person_is_told_or_says_why() -> None:
    """A table left out may point at a person only with a reason of its own."""
    shared = {str(one) for one in (inventory.STAFF, inventory.NETWORK, inventory.COUNTED)}
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == "person_id" or any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    assert not {name for name in pointing if str(inventory.LEFT_OUT.get(name, "")) in shared}


def test_it_holds_every_word_seeded_about_the_person(lived: World) -> None:
    text = words_of(told(lived))
    missing = [word for word in WORDS if word not in text and word != "639981234"]
    assert missing == []
    assert "+33639981234" in text
    tables = {part["table"] for part in told(lived)["sections"]}
    assert {"need_text", "session_text", "referral_text", "assessment_answer", "consent", "journal_entry"} <= tables


def test_every_note_whatever_its_visibility(lived: World) -> None:
    actor = lived.actors["library.adviser"]
    with lived.app.app_context():
        granted = grants.on_person(actor, lived.people["zephyrine"])
        for visibility in (NoteVisibility.AUTHOR, NoteVisibility.STRUCTURE, NoteVisibility.NETWORK):
            data = SessionData(
                held_on=lived.today,
                minutes=10,
                themes=(Theme.EMAIL,),
                place_kind=PlaceKind.A_DISTANCE,
                note=f"note-{visibility.value}",
                visibility=visibility,
            )
            mediation.log_session(actor, granted, data, lived.today)
        commit()
    text = words_of(told(lived))
    assert [v.value for v in NoteVisibility if f"note-{v.value}" in text] == ["author", "structure", "network"]


def test_who_opened_the_record_name_role_structure(lived: World) -> None:
    lived.client("library.adviser").get(f"/personnes/{lived.people['zephyrine']}")
    rows = next(part for part in told(lived)["sections"] if part["table"] == "journal_entry")["rows"]
    opened = [row for row in rows if row["action"]["value"] == "person.read"]
    assert [
        (row["user_id"]["words"], row["membership_id"]["words"], row["structure_id"]["words"]) for row in opened
    ] == [("Library Adviser", "conseil", "Médiathèque de Marmande")]


def test_a_workshop_says_nothing_of_who_else_was_there_nor_its_note(lived: World) -> None:
    actor = lived.actors["library.adviser"]
    with lived.app.app_context():
        other = add_person(lived, "library.adviser", "Balthazar", "Dupuis")
        granted = grants.on_person(actor, lived.people["zephyrine"])
        data = SessionData(
            held_on=lived.today,
            minutes=60,
            themes=(Theme.EMAIL,),
            place_kind=PlaceKind.A_DISTANCE,
            note="le voisin bavard",
        )
        session = mediation.log_session(actor, granted, data, lived.today)
        db.session.add(Participation(session_id=session.id, person_id=other))
        db.session.get_one(SessionLog, session.id).kind = SessionKind.COLLECTIF
        db.session.get_one(SessionLog, session.id).autonomy = None
        commit()
        code = db.session.get_one(Person, other).code
    text = words_of(told(lived))
    assert [word for word in ("Balthazar", "Dupuis", code, str(other), "le voisin bavard") if word in text] == []


def test_nothing_of_amina_in_zephyrine_s(lived: World) -> None:
    text = words_of(told(lived))
    assert [word for word in ("Amina", "Benali", "612345678", str(lived.people["amina"])) if word in text] == []


def test_a_sensitive_structure_and_its_people_are_not_named(lived: World) -> None:
    with lived.app.app_context():
        hidden, person_id = lived.actors["shelter.adviser"], lived.people["zephyrine"]
        journal.note(hidden, "person.read", "person", person_id, person_id=person_id)
        commit()
    text = words_of(told(lived))
    assert "Structure partenaire" in text
    assert [word for word in ("Maison des femmes", "Shelter Adviser") if word in text] == []


def test_the_worker_makes_it_step_by_step_and_the_officer_downloads_it(lived: World) -> None:
    made, officer = request_of(lived), lived.client("dpo")
    page = officer.get(f"/protection/demandes/{made}")
    assert officer.submit(page, "#copie form").status_code == 303
    assert "vont être lues" in officer.text(officer.get(f"/protection/demandes/{made}"), "#avancement")
    assert officer.get(f"/protection/demandes/{made}/copie.pdf").status_code == 404
    work(lived)
    ready = officer.get(f"/protection/demandes/{made}")
    assert len(officer.select(ready, "#copie a")) == 2
    file = officer.get(f"/protection/demandes/{made}/copie.json")
    assert (file.mimetype, file.headers["Cache-Control"]) == ("application/json", "no-store")
    assert WORDS[0] in words_of(json.loads(file.get_data(as_text=True)))
    paper = officer.get(f"/protection/demandes/{made}/copie.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert "attachment" in paper.headers["Content-Disposition"]
    assert b"/MarkInfo" in paper.data or b"/StructTreeRoot" in paper.data
    with lived.app.app_context():
        query = select(JournalEntry.details).where(JournalEntry.action == "right.download").order_by(JournalEntry.seq)
        assert list(db.session.scalars(query)) == ['{"format":"json"}', '{"format":"pdf"}']


def test_the_document_reads_as_the_file_says(lived: World) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    made, officer = request_of(lived), lived.client("dpo")
    officer.submit(officer.get(f"/protection/demandes/{made}"), "#copie form")
    work(lived)
    document = pdfium.PdfDocument(io.BytesIO(officer.get(f"/protection/demandes/{made}/copie.pdf").data))
    text = " ".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")
    for word in ("Zéphyrine", "gargouille", "hippocampe", "ornithorynque", "Qui a ouvert", "Ce qui l’explique"):
        assert word in text, word


def test_advisers_neither_prepare_nor_download(lived: World) -> None:
    made, adviser, officer = request_of(lived), lived.client("library.adviser"), lived.client("dpo")
    officer.submit(officer.get(f"/protection/demandes/{made}"), "#copie form")
    work(lived)
    assert not adviser.select(adviser.get(f"/protection/demandes/{made}"), "#copie")
    assert adviser.get(f"/protection/demandes/{made}/copie.pdf").status_code == 404


def test_it_is_gone_after_72_hours_for_everybody_and_from_the_table(lived: World) -> None:
    made, officer = request_of(lived), lived.client("dpo")
    officer.submit(officer.get(f"/protection/demandes/{made}"), "#copie form")
    work(lived)
    with lived.app.app_context(), clock.fixed(clock.now() + timedelta(hours=71)):
        actions.purge_answers()
        commit()
        assert db.session.scalars(select(AccessCopy)).one().document is not None
    with lived.app.app_context(), clock.fixed(clock.now() + timedelta(hours=73)):
        actions.purge_answers()
        commit()
        kept = db.session.scalars(select(AccessCopy)).one()
        assert (kept.state, kept.data, kept.document) == (CopyState.EXPIRED, None, None)
    assert officer.get(f"/protection/demandes/{made}/copie.json").status_code == 404


def test_queries_of_the_page(lived: World) -> None:
    made, officer = request_of(lived), lived.client("dpo")
    officer.get(f"/protection/demandes/{made}")
    with lived.app.app_context():
        engine = db.engine
    with count_queries(engine) as queries:
        officer.get(f"/protection/demandes/{made}")
    queries.assert_at_most(14)
