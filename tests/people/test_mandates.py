"""Acting for somebody: an accredited structure, a written paper, signed by whom the law says, the person heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.network.models import Place
from app.people.capacity import Matter, Measure, Scope, SignedBy
from app.people.enums import AgeStatus, ConsentKind
from app.people.models import Consent, Mandate, Person, PersonAdaptation
from app.privacy import actions as privacy
from tests.people.helpers import follow, whole_journal
from tests.people.test_representation import under
from tests.support.pages import InspectingClient
from tests.support.world import World

SAID: dict[str, Any] = {
    "purpose": "Déclaration trimestrielle de ressources",
    "matter": "biens",
    "days": "31",
    "signed_by": "person",
    "written": True,
}


@pytest.fixture
def amina(world: World) -> UUID:
    """Followed by the library, which one of its places makes accredited."""
    with world.app.app_context():
        place = db.session.scalars(select(Place).where(Place.structure_id == world.structures["library"])).one()
        place.details = {"dispositif_programmes_nationaux": ["France Services", "Aidants Connect"]}
        commit()
        db.session.remove()
    return world.people["amina"]


@pytest.fixture
def client(world: World) -> InspectingClient:
    return world.client("library.adviser")


def give(client: InspectingClient, person_id: UUID, **fields: Any) -> Any:
    return client.submit(client.get(f"/personnes/{person_id}/mandat"), "#mandat", data={**SAID, **fields})


def kept(world: World) -> list[tuple[Consent, Mandate]]:
    with world.app.app_context():
        query = select(Consent, Mandate).join(Mandate, Mandate.consent_id == Consent.id)
        found = [(consent, mandate) for consent, mandate in db.session.execute(query)]
        db.session.expunge_all()
        return found


def said(client: InspectingClient, page: Any, field: str) -> str:
    return client.text(page, f".field:has([name={field}]) .field__error")


@pytest.mark.parametrize(("days", "last"), [("1", 0), ("31", 30), ("182", 181), ("365", 364)])
def test_a_mandate_is_for_one_procedure_and_a_time(
    world: World, client: InspectingClient, amina: UUID, days: str, last: int
) -> None:
    assert give(client, amina, days=days).status_code == 303
    ((consent, mandate),) = kept(world)
    assert (consent.kind, consent.sections) == (ConsentKind.MANDATE, Section(0))
    assert (consent.starts_on, consent.ends_on) == (world.today, world.today + timedelta(days=last))
    assert (mandate.matter, mandate.signed_by) == (Matter.PROPERTY, SignedBy.PERSON)
    page = client.get(f"/personnes/{amina}")
    assert "Déclaration trimestrielle" in client.text(page, "#accords")
    assert "compris" in client.text(page, "#accords")
    assert "trimestrielle" not in whole_journal(world)
    elsewhere = f"a[href='/personnes/{amina}/accords/{consent.id}/retirer']"
    assert client.select(page, elsewhere), "it is taken back like any agreement"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"written": False}, "written", "par écrit"),
        ({"signed_by": "representative", "own_word": "agrees"}, "signed_by", "La personne signe seule"),
        ({"interpreted_by": "minor"}, "interpreted_by", "Un mineur ne traduit jamais"),
        ({"purpose": ""}, "purpose", "pour quelle démarche"),
        ({"purpose": "mot de passe : Soleil47!"}, "purpose", "mot de passe"),
    ],
)
def test_what_is_missing_is_said(
    world: World, client: InspectingClient, amina: UUID, fields: dict[str, Any], field: str, words: str
) -> None:
    page = give(client, amina, **fields)
    assert page.status_code == 422
    assert words in said(client, page, field)
    assert kept(world) == []


def test_a_duration_out_of_the_list_is_refused(world: World, client: InspectingClient, amina: UUID) -> None:
    page = client.get(f"/personnes/{amina}/mandat")
    fields = {name: value for name, value in SAID.items() if name != "days"}
    assert client.submit(page, "#mandat", data=fields, forged={"days": "730"}).status_code == 422
    assert kept(world) == []


MEASURED = [
    (Measure.TUTELLE, Scope.PROPERTY, "person", {}, "signed_by", "Qui la représente signe"),
    (Measure.TUTELLE, Scope.PROPERTY, "representative", {}, "own_word", "Demandez-lui son avis"),
    (Measure.TUTELLE, Scope.PROPERTY, "representative", {"own_word": "refuses"}, "own_word", "n’est pas d’accord"),
    (Measure.CURATELLE_RENFORCEE, Scope.BOTH, "person", {}, "signed_by", "signent tous les deux"),
    (Measure.TUTELLE, Scope.PERSON, "representative", {"own_word": "agrees"}, "signed_by", "signe seule"),
    (
        Measure.TUTELLE,
        Scope.PROPERTY,
        "representative",
        {"own_word": "not_asked", "why_not_asked": "absent"},
        "why_not_asked",
        "n’attend pas",
    ),
]


@pytest.mark.parametrize(("measure", "scope", "signed", "fields", "field", "words"), MEASURED)
def test_a_measure_says_who_signs(
    world: World,
    client: InspectingClient,
    amina: UUID,
    measure: Measure,
    scope: Scope,
    signed: str,
    fields: dict[str, Any],
    field: str,
    words: str,
) -> None:
    under(world, amina, measure, scope)
    page = give(client, amina, signed_by=signed, **fields)
    assert page.status_code == 422
    assert words in said(client, page, field)
    assert kept(world) == []


@pytest.mark.parametrize(
    ("measure", "scope", "signed"),
    [
        (Measure.TUTELLE, Scope.PROPERTY, "representative"),
        (Measure.CURATELLE_RENFORCEE, Scope.BOTH, "both"),
        (Measure.TUTELLE, Scope.PERSON, "person"),
        (Measure.MANDAT_FUTUR, Scope.BOTH, "person"),
    ],
)
def test_signed_as_the_law_says_and_heard_it_is_kept(
    world: World, client: InspectingClient, amina: UUID, measure: Measure, scope: Scope, signed: str
) -> None:
    under(world, amina, measure, scope)
    assert give(client, amina, signed_by=signed, own_word="agrees").status_code == 303
    assert [mandate.signed_by.value for _consent, mandate in kept(world)] == [signed]


def test_a_minor_is_represented(world: World, client: InspectingClient, amina: UUID) -> None:
    with world.app.app_context():
        db.session.get_one(Person, amina).age_status = AgeStatus.FROM_15
        commit()
    assert "Qui la représente signe" in said(client, give(client, amina), "signed_by")
    assert give(client, amina, signed_by="both", own_word="agrees").status_code == 303


def test_a_mandate_is_understood(world: World, client: InspectingClient, amina: UUID) -> None:
    with world.app.app_context():
        db.session.add(PersonAdaptation(person_id=amina, needs=[], languages=["ar"], interpreter=True))
        commit()
    assert "n’attend pas" in said(client, give(client, amina, interpreted_by="nobody"), "interpreted_by")
    assert give(client, amina, interpreted_by="professional").status_code == 303


def test_only_an_accredited_structure_acts_for_people(world: World) -> None:
    amina, client = world.people["amina"], world.client("library.adviser")
    assert "pas habilitée" in client.text(client.get(f"/personnes/{amina}/mandat"), ".notice")
    page = give(client, amina)
    assert page.status_code == 422
    assert "pas habilitée" in client.text(page, ".error-summary")
    assert kept(world) == []


def test_a_closed_place_accredits_nobody(world: World, client: InspectingClient, amina: UUID) -> None:
    with world.app.app_context():
        place = db.session.scalars(select(Place).where(Place.structure_id == world.structures["library"])).one()
        place.closed_on = world.today
        commit()
    assert give(client, amina).status_code == 422


def test_who_does_not_read_the_representative_notes_no_mandate(world: World, amina: UUID) -> None:
    follow(world, amina, "fablab", SHARED_BY_DEFAULT)
    follow(world, amina, "france_services", SHARED_BY_DEFAULT | Section.REPRESENTATIVE)
    for who, status in (("library.desk", 404), ("camille.fablab", 404), ("fs.adviser", 200), ("dpo", 404)):
        assert world.client(who).get(f"/personnes/{amina}/mandat").status_code == status, who


def test_erased_with_the_person(world: World, client: InspectingClient, amina: UUID) -> None:
    give(client, amina)
    with world.app.app_context():
        privacy.anonymise(None, amina)
        commit()
    assert kept(world) == []
