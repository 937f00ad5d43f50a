"""Several ways to reach somebody: which comes first, what is refused, where each is heeded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.people import actions
from app.people.actions import likeness, merging
from app.people.actions.data import PersonData
from app.people.actions.merging import MergeData
from app.people.contacts import Contact, ContactKind, in_order, of_record, own_phones, to_use
from app.people.models import DuplicatePair, Person, PersonContact
from app.privacy import actions as privacy
from tests.people.helpers import add, follow, found, whole_journal
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

RELAY = {"kind": "relay", "value": "06 39 98 00 77", "who": "Sa fille Inès", "how": "après 18 h"}
MOBILE = Contact(kind=ContactKind.MOBILE, value="+33639980011")
CONTACTS = st.builds(
    Contact,
    kind=st.sampled_from(ContactKind),
    value=st.sampled_from(["+33639980011", "a@exemple.fr", "12 rue du Port"]),
    first=st.booleans(),
)


@given(st.lists(CONTACTS, max_size=4), st.lists(CONTACTS, max_size=4))
def test_what_a_call_list_shows(record: list[Contact], others: list[Contact]) -> None:
    shown = to_use(record, others)
    asked = [one for one in [*record, *others] if one.first]
    assert bool(shown) is bool(record or others)
    assert shown == ((asked[0],) if asked else tuple(record) or tuple(others[:1]))


@given(st.lists(CONTACTS, max_size=5))
def test_the_order_keeps_everything_and_what_comes_first(contacts: list[Contact]) -> None:
    ordered = in_order(contacts)
    assert sorted(map(repr, ordered)) == sorted(map(repr, contacts))
    firsts = [one.first for one in ordered]
    assert firsts == sorted(firsts, reverse=True)


@pytest.mark.parametrize(
    ("phone", "kind"),
    [
        ("+33612345678", ContactKind.MOBILE),
        ("+262692123456", ContactKind.MOBILE),
        ("+33553123456", ContactKind.PHONE),
        ("+32470123456", ContactKind.PHONE),
    ],
)
def test_the_number_of_the_record_says_what_it_is(phone: str, kind: ContactKind) -> None:
    assert [one.kind for one in of_record(phone, "", False, False)] == [kind]


def test_a_relay_is_not_the_person_s_own_number() -> None:
    relay = Contact(kind=ContactKind.RELAY, value="+33639980077", who="son éducatrice")
    assert own_phones([MOBILE, relay]) == (MOBILE.value,)
    assert (relay.phone, relay.email) == ("+33639980077", "")


def edit(client: InspectingClient, person_id: UUID, *lines: dict[str, Any], **fields: Any) -> TestResponse:
    """Add as many lines as given, fill them, save."""
    page = client.get(f"/personnes/{person_id}/corriger")
    known = len(client.select(page, ".contact-line"))
    for _line in lines:
        page = client.submit(page, "#corriger", data={}, button="ajouter_contact")
    typed = {f"contacts-{known + at}-{name}": value for at, line in enumerate(lines) for name, value in line.items()}
    return client.submit(page, "#corriger", data={**typed, **fields})


def noted(world: World, person_id: UUID) -> list[tuple[str, str, bool, bool]]:
    with world.app.app_context():
        query = select(PersonContact).where(PersonContact.person_id == person_id).order_by(PersonContact.rank)
        return [(one.kind.value, one.value, one.no_message, one.first) for one in db.session.scalars(query)]


@pytest.fixture
def rose(world: World) -> UUID:
    return add(world, "library.adviser", "Rose", "Marchal", phone="+33612345699")


@pytest.fixture
def client(world: World) -> InspectingClient:
    return world.client("library.adviser")


def test_lines_are_added_without_script_and_kept(world: World, client: InspectingClient, rose: UUID) -> None:
    assert edit(client, rose, RELAY | {"first": True}, {"kind": "letter", "value": "12 rue du Port"}).status_code == 303
    assert noted(world, rose) == [("relay", "+33639980077", False, True), ("letter", "12 rue du Port", False, False)]
    page = client.get(f"/personnes/{rose}")
    ways = [tag.get_text(" ", strip=True) for tag in client.select(page, ".person-ways li")]
    assert ways[0].startswith("Sa fille Inès")
    assert "en premier" in ways[0]
    assert [("12 34 56 99" in one.replace("\u00a0", " "), "rue du Port" in one) for one in ways[1:]] == [
        (True, False),
        (False, True),
    ]


def test_a_line_goes_and_the_others_stay(world: World, client: InspectingClient, rose: UUID) -> None:
    edit(client, rose, RELAY, {"kind": "phone", "value": "05 53 12 34 56", "no_message": True})
    assert edit(client, rose, **{"contacts-0-remove": True}).status_code == 303
    assert noted(world, rose) == [("phone", "+33553123456", True, False)]
    assert "Ne pas laisser de message" in client.text(client.get(f"/personnes/{rose}"), ".person-reach")


def test_adding_a_line_writes_nothing_and_loses_nothing(world: World, client: InspectingClient, rose: UUID) -> None:
    page = client.get(f"/personnes/{rose}/corriger")
    more = client.submit(page, "#corriger", data={"first_name": "Rosa"}, button="ajouter_contact")
    assert more.status_code == 422
    assert client.select(more, "[name=first_name]")[0]["value"] == "Rosa"
    assert len(client.select(more, ".contact-line")) == 1
    assert client.select(more, ".error-summary") == []
    assert noted(world, rose) == []


def test_no_more_lines_than_one_can_read(client: InspectingClient, rose: UUID) -> None:
    page = client.get(f"/personnes/{rose}/corriger")
    for _more in range(6):
        page = client.submit(page, "#corriger", data={}, button="ajouter_contact")
    assert len(client.select(page, ".contact-line")) == 6
    assert client.select(page, "button[name=ajouter_contact]") == []


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        ({"kind": "mobile", "value": "12"}, "value", "n’est pas reconnu"),
        ({"kind": "email", "value": "rose@"}, "value", "n’est pas complète"),
        ({"kind": "relay", "value": "06 39 98 00 77"}, "who", "Dites qui transmet"),
        ({"kind": "mobile", "how": "le soir"}, "value", "Écrivez le numéro"),
        ({"kind": "letter", "value": "mot de passe : Soleil47!"}, "value", "mot de passe"),
    ],
)
def test_a_mistake_is_said_on_its_line(
    world: World, client: InspectingClient, rose: UUID, line: dict[str, Any], field: str, said: str
) -> None:
    page = edit(client, rose, line)
    assert page.status_code == 422
    assert said in client.text(page, f".field:has([name=contacts-0-{field}]) .field__error")
    assert noted(world, rose) == []


def test_two_ways_cannot_come_first(world: World, client: InspectingClient, rose: UUID) -> None:
    page = edit(client, rose, RELAY | {"first": True}, email="rose@exemple.fr", email_first=True)
    assert page.status_code == 422
    assert "Un seul moyen" in client.text(page, ".field:has([name=email_first]) .field__error")
    two = edit(client, rose, RELAY | {"first": True}, {"kind": "letter", "value": "ici", "first": True})
    assert two.status_code == 422
    assert noted(world, rose) == []


def test_found_by_any_number(world: World, client: InspectingClient, rose: UUID) -> None:
    edit(client, rose, RELAY, {"kind": "phone", "value": "05 53 12 34 56"})
    for typed in ("06 12 34 56 99", "06 39 98 00 77", "05 53 12 34 56"):
        assert found(client, typed) == ["Rose Marchal"]
    edit(client, rose, **{"contacts-0-remove": True})
    assert found(client, "06 39 98 00 77") == []


def test_correcting_without_saying_contacts_leaves_them(world: World, client: InspectingClient, rose: UUID) -> None:
    edit(client, rose, RELAY)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        version = db.session.get_one(Person, rose).version
        actions.correct(actor, grants.on_person(actor, rose), PersonData(first_name="Rose"), version)
        commit()
        db.session.remove()
    assert [one[1] for one in noted(world, rose)] == ["+33639980077"]
    assert found(client, "06 39 98 00 77") == ["Rose"]


def test_two_people_at_once_see_both_texts(world: World, client: InspectingClient, rose: UUID) -> None:
    page = client.submit(client.get(f"/personnes/{rose}/corriger"), "#corriger", data={}, button="ajouter_contact")
    edit(world.client("library.manager"), rose, {"kind": "letter", "value": "12 rue du Port"})
    stale = client.submit(page, "#corriger", data={"contacts-0-kind": "letter", "contacts-0-value": "3 place Neuve"})
    assert stale.status_code == 409
    shown = client.text(stale, ".differences")
    assert "12 rue du Port" in shown
    assert "3 place Neuve" in shown
    assert [one[1] for one in noted(world, rose)] == ["12 rue du Port"]


def test_who_does_not_read_contacts_reads_none(world: World, client: InspectingClient, rose: UUID) -> None:
    edit(client, rose, RELAY)
    follow(world, rose, "fablab", Section.IDENTITY)
    assert "Inès" not in world.client("camille.fablab").text(world.client("camille.fablab").get(f"/personnes/{rose}"))
    assert "Inès" not in whole_journal(world)


def test_the_same_other_number_brings_two_records_together(world: World, client: InspectingClient, rose: UUID) -> None:
    other = add(world, "library.adviser", "Roze", "Marchal", phone="+33553123456")
    edit(client, rose, {"kind": "phone", "value": "05 53 12 34 56"})
    with world.app.app_context():
        likeness.look(world.today)
        commit()
        pair = db.session.scalars(select(DuplicatePair)).one()
        assert {pair.low_id, pair.high_id} == {rose, other}
        assert "same_phone" in pair.reasons


def test_a_merge_keeps_every_number_and_undoing_gives_them_back(
    world: World, client: InspectingClient, rose: UUID
) -> None:
    other = add(world, "library.adviser", "Rose", "Marchal", phone="+33553123456", no_message=True)
    edit(client, rose, RELAY | {"first": True})
    edit(client, other, RELAY | {"no_message": True}, {"kind": "letter", "value": "12 rue du Port", "first": True})
    before = (noted(world, rose), noted(world, other))
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        likeness.look(world.today)
        pair = db.session.scalars(select(DuplicatePair)).one()
        done = merging.merge(actor, pair.id, MergeData(), world.today).id
        commit()
        db.session.remove()
    assert sorted(noted(world, rose)) == [
        ("letter", "12 rue du Port", False, False),
        ("phone", "+33553123456", True, False),
        ("relay", "+33639980077", True, True),
    ]
    for typed in ("06 12 34 56 99", "05 53 12 34 56"):
        assert found(client, typed) == ["Rose Marchal"]
    with world.app.app_context():
        merging.undo(world.actors["library.adviser"], done)
        commit()
        db.session.remove()
    assert (noted(world, rose), noted(world, other)) == before


def test_erasing_somebody_erases_every_way_to_reach_them(world: World, client: InspectingClient, rose: UUID) -> None:
    edit(client, rose, RELAY)
    with world.app.app_context():
        privacy.anonymise(None, rose)
        commit()
    assert noted(world, rose) == []


def test_more_contacts_cost_no_more_queries(world: World, client: InspectingClient, rose: UUID) -> None:
    few = _cost(world, client, rose)
    edit(client, rose, RELAY, {"kind": "letter", "value": "12 rue du Port"}, {"kind": "email", "value": "r@exemple.fr"})
    assert _cost(world, client, rose) == few


def _cost(world: World, client: InspectingClient, person_id: UUID) -> int:
    client.get(f"/personnes/{person_id}")
    with world.app.app_context(), count_queries(db.session) as counted:
        client.get(f"/personnes/{person_id}")
    return len(counted)
