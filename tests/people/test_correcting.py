"""« Corriger la fiche »: what changes, what two people wrote at once, what may not be written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.kernel.grants import Section
from app.people.enums import AgeStatus, Genre
from app.people.models import Person
from tests.people.helpers import add, follow, found, journal
from tests.support.pages import InspectingClient
from tests.support.world import World


@pytest.fixture
def rose(world: World) -> UUID:
    return add(
        world,
        "library.adviser",
        "Rose",
        "Marchal",
        phone="+33612345699",
        birth_year=1950,
        commune_code="47157",
        adaptation=("vue",),
        languages=("ar",),
        genre=Genre.FEMININ,
    )


def correct(client: InspectingClient, person_id: UUID, **fields: Any) -> TestResponse:
    return client.submit(client.get(f"/personnes/{person_id}/corriger"), "#corriger", data=fields)


def kept(world: World, person_id: UUID) -> dict[str, Any]:
    """Everything the register holds of the person."""
    with world.app.app_context():
        person = db.session.get_one(Person, person_id)
        comfort = person.adaptation
        values = {
            name: getattr(person, name) for name in ("birth_year", "commune_code", "genre", "version", "age_status")
        }
        values |= {
            name: getattr(person.identity, name) for name in ("first_name", "last_name", "usual_name", "phone", "email")
        }
        values |= {"no_message": person.identity.no_message, "last_contact_on": person.last_contact_on}
        values |= {"needs": comfort.needs if comfort else None, "languages": comfort.languages if comfort else None}
        db.session.remove()
        return values


def test_sent_untouched_it_changes_nothing(world: World, rose: UUID) -> None:
    before = kept(world, rose)
    assert correct(world.client("library.adviser"), rose).status_code == 303
    after = kept(world, rose)
    assert after.pop("version") == before.pop("version") + 1
    assert after == before


def test_what_is_corrected_is_kept_and_found_again(world: World, rose: UUID) -> None:
    client = world.client("library.adviser")
    fields = {"last_name": "Marchand", "usual_name": "Petit", "phone": "0692 12 34 56", "email": "rose@exemple.fr"}
    assert correct(client, rose, **fields, commune="75012", no_message=True).status_code == 303
    after = kept(world, rose)
    assert (after["last_name"], after["usual_name"], after["phone"]) == ("Marchand", "Petit", "+262692123456")
    assert (after["email"], after["commune_code"], after["no_message"]) == ("rose@exemple.fr", "75112", True)
    assert found(client, "marchand") == ["Rose Petit"]
    assert found(client, "0692123456") == ["Rose Petit"]
    assert found(client, "marchal") in ([], ["Rose Petit"])
    assert found(client, "0612345699") == []


def test_everything_may_be_emptied(world: World, rose: UUID) -> None:
    client = world.client("library.adviser")
    fields = {"first_name": "", "last_name": "", "phone": "", "birth_year": "", "commune": ""}
    assert correct(client, rose, **fields, adaptation=[], languages=[]).status_code == 303
    after = kept(world, rose)
    assert (after["first_name"], after["last_name"], after["phone"]) == ("", "", "")
    assert (after["birth_year"], after["commune_code"]) == (None, None)
    assert (after["needs"], after["languages"]) == ([], [])


def test_the_desk_corrects_without_touching_what_it_does_not_read(world: World, rose: UUID) -> None:
    assert correct(world.client("library.desk"), rose, first_name="Rosa").status_code == 303
    after = kept(world, rose)
    assert (after["first_name"], after["needs"], after["languages"]) == ("Rosa", ["vue"], ["ar"])


def test_the_desk_cannot_slip_in_what_it_does_not_read(world: World, rose: UUID) -> None:
    client = world.client("library.desk")
    page = client.get(f"/personnes/{rose}/corriger")
    client.submit(page, "#corriger", forged={"adaptation": "lsf"})
    assert kept(world, rose)["needs"] == ["vue"]


def test_two_people_at_once_see_both_texts(world: World, rose: UUID) -> None:
    adviser, desk = world.client("library.adviser"), world.client("library.desk")
    page = adviser.get(f"/personnes/{rose}/corriger")
    correct(desk, rose, phone="0612345600", commune="Tonneins")
    stale = adviser.submit(page, "#corriger", data={"phone": "0612345611", "last_name": "Martin"})
    words = adviser.text(stale, "main")
    assert stale.status_code == 409
    for needed in ("Téléphone", "06 12 34 56 11", "06 12 34 56 00", "Martin", "Marchal", "Tonneins (47)"):
        assert needed in words
    assert adviser.select(stale, "[name=phone]")[0]["value"] == "0612345611"
    assert kept(world, rose)["phone"] == "+33612345600"
    again = adviser.submit(stale, "#corriger")
    assert again.status_code == 303
    assert (kept(world, rose)["phone"], kept(world, rose)["last_name"]) == ("+33612345611", "Martin")


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99", "١"])
def test_a_forged_version_is_stale(world: World, rose: UUID, version: str) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{rose}/corriger")
    sent = client.submit(page, "#corriger", data={"first_name": "Lila"}, forged={"version": version})
    assert sent.status_code == 409
    assert kept(world, rose)["first_name"] == "Rose"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("email", "rose", "n’est pas complète"),
        ("email", "rose@exemple", "n’est pas complète"),
        ("email", "a" * 255, "trop long"),
        ("usual_name", "mot de passe : Soleil47!", "mot de passe"),
        ("phone", "123", "n’est pas reconnu"),
        ("birth_year", "3000", "entre 1900 et cette année"),
    ],
)
def test_a_mistake_is_said_and_the_text_stays(world: World, rose: UUID, field: str, typed: str, said: str) -> None:
    client = world.client("library.adviser")
    page = correct(client, rose, **{field: typed})
    assert page.status_code == 422
    assert said in client.text(page, f".field:has([name={field}]) .field__error")
    assert client.select(page, f"[name={field}]")[0]["value"] == typed


def test_checking_the_commune_of_a_recorded_person(world: World, rose: UUID) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{rose}/corriger")
    assert client.select(page, "[name=commune]")[0]["value"] == "Marmande (47)"
    checked = client.submit(page, "#corriger", data={"commune": "tonneins"}, button="verifier_commune")
    assert client.select(checked, "[name=commune]")[0]["value"] == "Tonneins (47)"
    assert kept(world, rose)["commune_code"] == "47157"


def test_another_structure_corrects_when_it_reads_identity_and_contact(world: World, rose: UUID) -> None:
    follow(world, rose, "fablab", Section.IDENTITY | Section.CONTACT)
    assert correct(world.client("camille.fablab"), rose, first_name="Rosa").status_code == 303
    assert kept(world, rose)["needs"] == ["vue"]


def test_a_correction_is_journalled_and_is_not_a_contact(world: World, rose: UUID) -> None:
    with world.app.app_context():
        person = db.session.get_one(Person, rose)
        person.last_contact_on = world.today - timedelta(days=30)
        db.session.commit()
        db.session.remove()
    correct(world.client("library.adviser"), rose, age_status="adult")
    assert [entry.person_id for entry in journal(world, "person.correct")] == [rose]
    assert kept(world, rose)["last_contact_on"] == world.today - timedelta(days=30)
    assert kept(world, rose)["age_status"] is AgeStatus.ADULT


@pytest.mark.parametrize("phone", ["+33612345699", "+262692123456", "+590590123456", "+687751234", "+32470123456", ""])
def test_a_phone_is_shown_as_it_is_written_and_kept_as_it_was(world: World, phone: str) -> None:
    person_id = add(world, "library.adviser", "Lila", phone=phone)
    client = world.client("library.adviser")
    assert correct(client, person_id).status_code == 303
    assert kept(world, person_id)["phone"] == phone
    shown = client.select(client.get(f"/personnes/{person_id}/corriger"), "[name=phone]")[0]["value"]
    assert not str(shown).startswith("+33")
