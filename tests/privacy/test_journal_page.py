"""The DPO reads who did what, in words, without a name of the people accompanied; and is read in turn."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.kernel import clock, journal
from app.kernel.db import db
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.people.models import Person
from app.privacy.enums import ACTIONS, GRANTS, OBJECTS
from tests.people.doubles import doubles, merged
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World, add_person

PAGE = "/protection/journal"
APP = Path(__file__).resolve().parents[2] / "app"
# `journal.note(actor, "code", …)` and the rooms' own short forms of it; f-strings are listed by hand below.
NOTED = re.compile(r"""(?:journal\.note|_note)\(\s*(?:\w+(?:\.\w+)*,\s*){1,2}"([a-z_]+\.[a-z_]+)\"""", re.DOTALL)


def noted_codes() -> set[str]:
    return {code for file in APP.rglob("*.py") for code in NOTED.findall(file.read_text())}


def test_every_code_written_by_the_application_has_its_words() -> None:
    codes = noted_codes()
    assert len(codes) > 25, "the pattern no longer finds the calls"
    assert codes - set(ACTIONS) == set()


def test_every_grant_has_its_words(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    with world.app.app_context():
        grants = set(db.session.scalars(select(JournalEntry.grant)))
    assert grants <= set(GRANTS)
    assert "referent_follow_up" in grants


def test_a_reading_is_shown_by_code_and_never_by_name(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    with world.app.app_context():
        code = db.session.get_one(Person, world.people["amina"]).code
    client = world.client("dpo")
    page = client.get(PAGE)
    words = client.text(page)
    assert "Fiche ouverte" in words
    assert code in words
    assert "Amina" not in words
    assert "Benali" not in words


def test_another_structure_s_acts_are_not_this_dpo_s(world: World) -> None:
    world.client("ccas.adviser").get(f"/personnes/{world.people['jean']}")
    client = world.client("dpo")
    assert "Ccas Adviser" not in client.text(client.get(PAGE), "tbody")


def test_reading_the_journal_is_journalled(world: World) -> None:
    world.client("dpo").get(PAGE)
    with world.app.app_context():
        query = select(func.count()).where(JournalEntry.action == "journal.read")
        assert db.session.scalar(query) == 1


def look_for(client: InspectingClient, **criteria: str) -> TestResponse:
    """What the officer looks for: a POST, then a page whose address holds an opaque token only."""
    return client.submit(client.get(PAGE), "form.desk-filters", forged=criteria, follow_redirects=True)


@pytest.mark.parametrize(
    ("criteria", "status"),
    [
        ({"what": "read"}, 200),
        ({"what": "person.read", "about": "person"}, 200),
        ({"what": "zzz"}, 422),
        ({"about": "zzz"}, 422),
        ({"who": "00000000-0000-0000-0000-000000000000"}, 422),
        ({"first": "2026-02-30"}, 422),
        ({"first": "2026-03-02", "last": "2026-03-01"}, 422),
        ({"code": "A" * 13}, 422),
    ],
)
def test_what_is_looked_for(world: World, criteria: dict[str, str], status: int) -> None:
    client = world.client("dpo")
    page = look_for(client, **criteria)
    assert page.status_code == status
    if status == 422 and "first" in criteria:
        assert criteria["first"] in str(client.soup(page))


def test_a_family_keeps_only_its_own(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    client = world.client("dpo")
    words = client.text(look_for(client, what="consent"), "tbody")
    assert "Réponse de la personne enregistrée" in words
    assert "Fiche ouverte" not in words


def code_of(world: World, key: str) -> str:
    with world.app.app_context():
        return db.session.get_one(Person, world.people[key]).code


def test_by_person_by_professional_by_act_and_by_object(world: World) -> None:
    with world.app.app_context():
        world.people["lea"] = add_person(world, "library.adviser", "Léa", "Martin")
        commit()
    for who, person in (("library.adviser", "amina"), ("library.desk", "amina"), ("library.adviser", "lea")):
        world.client(who).get(f"/personnes/{world.people[person]}")
    client, amina, lea = world.client("dpo"), code_of(world, "amina"), code_of(world, "lea")
    by_code = client.text(look_for(client, code=amina.lower(), what="person.read"), "tbody")
    assert by_code.count("Fiche ouverte") == 2
    assert lea not in by_code
    desk = str(world.actors["library.desk"].user_id)
    assert client.text(look_for(client, who=desk, what="person.read"), "tbody").count("Fiche ouverte") == 1
    consents = client.text(look_for(client, about="consent"), "tbody")
    assert "Réponse de la personne enregistrée" in consents
    assert "Fiche ouverte" not in consents


def test_the_days_of_a_search_are_the_network_s(world: World) -> None:
    client = world.client("dpo")
    day = str(world.today)
    assert "Réponse de la personne" in client.text(look_for(client, first=day, last=day))
    before = str(world.today - timedelta(days=1))
    assert "Rien dans cette sélection" in client.text(look_for(client, last=before))


def test_a_code_of_another_structure_and_a_code_of_nobody_read_the_same(world: World) -> None:
    world.client("ccas.adviser").get(f"/personnes/{world.people['jean']}")
    client = world.client("dpo")
    pages = [client.text(look_for(client, code=code), "main") for code in (code_of(world, "jean"), "ZZZZZZ")]
    assert "Rien dans cette sélection" in pages[0]
    assert pages[0].replace(code_of(world, "jean"), "") == pages[1].replace("ZZZZZZ", "")


def test_the_address_holds_no_code_and_the_token_is_one_s_own_for_fifteen_minutes(world: World) -> None:
    client, code = world.client("dpo"), code_of(world, "amina")
    page = look_for(client, code=code)
    address = page.request.full_path
    assert code not in address
    assert "recherche=" in address
    token = address.partition("recherche=")[2]
    assert code in client.text(client.get(f"{PAGE}?recherche={token}"), "tbody")
    with clock.fixed(clock.now() + timedelta(minutes=16)):
        expired = world.client("dpo")
        assert "n’est plus gardée" in expired.text(expired.get(f"{PAGE}?recherche={token}"))
    other = world.client("dpo")
    for mine in (str(uuid4()), "x", token[:-1]):
        assert "n’est plus gardée" in other.text(other.get(f"{PAGE}?recherche={mine}"))
    # The same token means nothing to another list of the same officer.
    assert "n’est plus gardée" in client.text(client.get(f"/protection/accords?recherche={token}"))


def test_looking_for_somebody_is_journalled_for_them(world: World) -> None:
    look_for(world.client("dpo"), code=code_of(world, "amina"))
    with world.app.app_context():
        query = select(JournalEntry.person_id).where(JournalEntry.action == "journal.read").order_by(JournalEntry.seq)
        assert list(db.session.scalars(query)) == [None, world.people["amina"]]


def test_what_was_found_is_printed_without_a_name_and_journalled(world: World) -> None:
    world.client("library.adviser").get(f"/personnes/{world.people['amina']}")
    client, code = world.client("dpo"), code_of(world, "amina")
    found = look_for(client, code=code)
    (link,) = [one for one in client.select(found, "a") if "Imprimer cette liste" in one.get_text()]
    paper = client.get(str(link["href"]))
    words = client.text(paper)
    assert code in words
    assert "Fiche ouverte" in words
    assert "Benali" not in words
    with world.app.app_context():
        acts = set(db.session.scalars(select(JournalEntry.action)))
    assert "journal.print" in acts


def test_a_merged_record_is_found_by_either_code(world: World) -> None:
    world.people["first"], world.people["second"] = doubles(world)
    codes = [code_of(world, key) for key in ("first", "second")]
    merged(world)
    client = world.client("dpo")
    pages = [client.text(look_for(client, code=one), "tbody") for one in codes]
    assert pages[0].count("Personne inscrite") == 2
    assert pages[1].count("Personne inscrite") == 2


def test_every_object_written_by_the_application_has_its_words() -> None:
    written = {
        str(third.value)
        for file in APP.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) == "note"
        for third in call.args[2:3]
        if isinstance(third, ast.Constant)
    }
    assert len(written) > 20
    assert written - set(OBJECTS) == set()


def test_long_journals_are_paged_and_queries_do_not_grow(world: World) -> None:
    client = world.client("dpo")
    client.get(PAGE)
    with world.app.app_context():
        engine = db.engine
        for rank in range(60):
            add_person(world, "library.adviser", f"Prénom{rank}", "Nom")
        commit()
    with count_queries(engine) as many:
        page = client.get(PAGE)
    assert len(client.select(page, "tbody tr")) == 50
    (older,) = [link for link in client.select(page, "main a") if "plus anciennes" in link.get_text()]
    with count_queries(engine) as again:
        following = client.get(str(older["href"]))
    assert len(client.select(following, "tbody tr")) >= 50
    again.assert_same_as(many)
    many.assert_at_most(12)


def test_details_hold_codes_only(world: World) -> None:
    """Whatever is noted, a free text would be longer than a code or hold a space."""
    with world.app.app_context():
        for details in db.session.scalars(select(JournalEntry.details)):
            assert "Amina" not in details
            assert "Benali" not in details
        assert journal.verify() == []
