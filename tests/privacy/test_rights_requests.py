"""Rights requests: the month and its two more, who notes, who answers, and what the officer alone may do."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.people.enums import PersonState
from app.people.models import Person
from app.privacy import actions, policy
from app.privacy.actions import RequestData
from app.privacy.enums import AskedWay, IdentityCheck, RequestState, RightKind, RightOutcome
from app.privacy.models import RightsRequest, RightsRequestText
from tests.support.queries import count_queries
from tests.support.world import World

ASKED = "je veux savoir ce que vous avez"


def ask(world: World, kind: RightKind = RightKind.ACCESS, days_ago: int = 0, person: str = "amina") -> UUID:
    """A request noted by the library’s adviser; committed."""
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        data = RequestData(
            kind=kind,
            received_on=world.today - timedelta(days=days_ago),
            way=AskedWay.FACE,
            identity_check=IdentityCheck.KNOWN,
            asked=ASKED,
        )
        made = actions.record_request(actor, grants.on_person(actor, world.people[person]), data, world.today).id
        commit()
    return made


def stored(world: World, request_id: UUID) -> RightsRequest:
    with world.app.app_context():
        found = db.session.get_one(RightsRequest, request_id)
        db.session.expunge(found)
        return found


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 3, 3), date(2026, 4, 3), date(2026, 6, 3)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2028, 1, 30), date(2028, 2, 29), date(2028, 4, 30)),
        (date(2026, 12, 15), date(2027, 1, 15), date(2027, 3, 15)),
    ],
)
def test_the_month_and_its_two_more(received: date, due: date, extended: date) -> None:
    assert (policy.due(received), policy.due(received, extended=True)) == (due, extended)


def test_an_adviser_notes_it_from_the_record(world: World) -> None:
    client, amina = world.client("library.adviser"), world.people["amina"]
    page = client.get(f"/personnes/{amina}")
    (link,) = client.select(page, "#droits a")
    said = {"kind": "access", "way": "face", "identity_check": "document", "asked": ASKED}
    answer = client.submit(client.get(str(link["href"])), "#demande", data=said)
    assert answer.status_code == 303
    shown = client.text(client.get(answer.location))
    assert ASKED in shown
    assert "Amina Benali" in shown
    one = stored(world, UUID(answer.location.rsplit("/", 1)[1]))
    assert (one.received_on, one.due_on) == (world.today, policy.due(world.today))
    with world.app.app_context():
        noted = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "right.ask")).one()
        assert noted.person_id == amina
        assert ASKED not in noted.details


def test_the_future_is_refused(world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/protection/personnes/{world.people['amina']}/demandes/nouvelle")
    said = {"kind": "access", "way": "face", "identity_check": "known"}
    tomorrow = (world.today + timedelta(days=1)).isoformat()
    again = client.submit(page, "#demande", data={**said, "received_on": tomorrow})
    assert (again.status_code, "futur" in client.text(again, "main")) == (422, True)


def test_the_officer_notes_it_with_the_code_and_learns_nothing_of_other_structures_people(world: World) -> None:
    client = world.client("dpo")
    with world.app.app_context():
        codes = {name: db.session.get_one(Person, world.people[name]).code for name in ("amina", "jean")}
    said = {"kind": "erasure", "way": "letter", "identity_check": "questions"}
    bodies = []
    for code in (codes["jean"], "ZZZZZZ"):
        page = client.submit(client.get("/protection/demandes/nouvelle"), "#demande", data={**said, "code": code})
        assert page.status_code == 422
        bodies.append(client.text(page, "main").replace(code, ""))
    assert bodies[0] == bodies[1]
    done = client.submit(
        client.get("/protection/demandes/nouvelle"), "#demande", data={**said, "code": codes["amina"].lower()}
    )
    shown = client.text(client.get(done.location))
    assert codes["amina"] in shown
    assert "Amina" not in shown


@pytest.mark.parametrize("who", ["library.desk", "ccas.adviser", "fs.adviser", "coordinator", "admin", "elected"])
def test_for_the_others_it_does_not_exist(world: World, who: str) -> None:
    client, made = world.client(who), ask(world)
    for end in ("", "/repondre", "/prolonger", "/copie.pdf"):
        assert client.get(f"/protection/demandes/{made}{end}").status_code == 404


def test_unknown_and_hidden_run_the_same_queries(world: World) -> None:
    client, made = world.client("ccas.adviser"), ask(world)
    with world.app.app_context():
        engine = db.engine
    client.get("/protection/demandes/" + str(uuid4()))
    with count_queries(engine) as hidden:
        first = client.get(f"/protection/demandes/{made}")
    with count_queries(engine) as unknown:
        second = client.get(f"/protection/demandes/{uuid4()}")
    assert len(hidden) == len(unknown)
    assert first.status_code == second.status_code == 404


def test_two_more_months_once_with_a_reason(world: World) -> None:
    client, made = world.client("dpo"), ask(world, days_ago=5)
    page = client.get(f"/protection/demandes/{made}/prolonger")
    assert client.submit(page, "#prolonger", reason="complex").status_code == 422
    done = client.submit(page, "#prolonger", reason="complex", told_way="letter")
    assert done.status_code == 303
    one = stored(world, made)
    assert (one.state, one.due_on) == (RequestState.EXTENDED, policy.months_after(one.received_on, 3))
    again = client.get(f"/protection/demandes/{made}/prolonger")
    assert client.submit(again, "#prolonger", reason="number", told_way="mail").status_code == 409


def test_a_late_request_is_not_extended_and_is_urgent(world: World) -> None:
    client, made = world.client("dpo"), ask(world, days_ago=40)
    page = client.get(f"/protection/demandes/{made}/prolonger")
    assert client.submit(page, "#prolonger", reason="complex", told_way="mail").status_code == 409
    assert "Délai dépassé" in client.text(client.get("/protection/demandes"), "tbody")
    assert "Le délai est dépassé" in client.text(client.get("/"))


def test_the_reminder_comes_ten_days_before_for_the_officer_and_who_follows(world: World) -> None:
    ask(world, days_ago=5)
    assert "Répondre à une demande de droits" not in world.client("dpo").text(world.client("dpo").get("/"))
    ask(world, RightKind.RECTIFICATION, days_ago=25)
    for who, sees in (("dpo", True), ("library.adviser", True), ("ccas.adviser", False), ("library.desk", False)):
        client = world.client(who)
        assert ("Répondre à une demande de droits" in client.text(client.get("/"))) is sees, who


def test_a_refusal_says_why_and_how_to_complain(world: World) -> None:
    client, made = world.client("library.adviser"), ask(world, RightKind.RECTIFICATION)
    page = client.get(f"/protection/demandes/{made}/repondre")
    said = {"outcome": "refused", "way": "face"}
    assert "Dites pourquoi" in client.text(client.submit(page, "#reponse", data=said), "main")
    with_reason = client.submit(page, "#reponse", data={**said, "reason": "others"})
    assert "CNIL" in client.text(with_reason, ".field-error, .error, main")
    assert with_reason.status_code == 422
    done = client.submit(page, "#reponse", data={**said, "reason": "others", "told_remedies": "y", "words": "non"})
    assert done.status_code == 303
    one = stored(world, made)
    assert (one.outcome, one.answered_on, one.state) == (RightOutcome.REFUSED, world.today, RequestState.ANSWERED)
    assert client.submit(page, "#reponse", data={"outcome": "done", "way": "face"}).status_code == 409


def test_erasing_is_the_officer_s_confirmed_and_leaves_no_word(world: World) -> None:
    made, amina = ask(world, RightKind.ERASURE), world.people["amina"]
    adviser, officer = world.client("library.adviser"), world.client("dpo")
    address, said = f"/protection/demandes/{made}/repondre", {"outcome": "done", "way": "face", "words": "adieu"}
    assert adviser.submit(adviser.get(address), "#reponse", data=said).status_code == 422
    page = officer.get(address)
    assert officer.submit(page, "#reponse", data=said).status_code == 422
    assert officer.submit(page, "#reponse", data={**said, "confirmed": "y"}).status_code == 303
    with world.app.app_context():
        person = db.session.get_one(Person, amina)
        assert (person.state, person.identity.display_name) == (PersonState.ARCHIVED, "")
        assert db.session.get(RightsRequestText, made) is None
        assert db.session.get_one(RightsRequest, made).outcome is RightOutcome.DONE


def test_queries_of_the_list_do_not_grow(world: World) -> None:
    client = world.client("dpo")
    ask(world)
    client.get("/protection/demandes")
    with world.app.app_context():
        engine = db.engine
    with count_queries(engine) as few:
        client.get("/protection/demandes")
    for _rank in range(5):
        ask(world, RightKind.RECTIFICATION)
    with count_queries(engine) as many:
        client.get("/protection/demandes")
    many.assert_same_as(few)
    many.assert_at_most(10)
