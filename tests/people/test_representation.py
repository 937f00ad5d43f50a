"""Who stands beside somebody, and the measure that protects them: noted, refused, read, moved, erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.people.actions import likeness, merging
from app.people.actions.merging import MergeData
from app.people.actions.representing import RepresentationData, represent
from app.people.capacity import Measure, RepresentativeKind, Scope
from app.people.enums import AgeStatus
from app.people.models import DuplicatePair, Person
from app.people.queries import representation
from app.people.queries.representation import Representation, RepresentativeView
from app.privacy import actions as privacy
from tests.people.helpers import add, follow, journal, whole_journal
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

TUTOR = {"kind": "tuteur", "name": "Mme Quillévéré", "phone": "06 39 98 00 42"}
KEPT_TUTOR = RepresentativeView(kind=RepresentativeKind.TUTEUR, name="Mme Quillévéré", phone="+33639980042")


def noted(world: World, person_id: UUID) -> Representation:
    with world.app.app_context():
        return representation.known(person_id)


def write(client: InspectingClient, person_id: UUID, *lines: dict[str, Any], **fields: Any) -> TestResponse:
    """Fill the page with these people and send it."""
    page = client.get(f"/personnes/{person_id}/representant")
    while len(client.select(page, ".contact-line")) < len(lines):
        page = client.submit(page, "#representer", data={}, button="ajouter_representant")
    typed = {f"people-{at}-{name}": value for at, line in enumerate(lines) for name, value in line.items()}
    return client.submit(page, "#representer", data={**typed, **fields})


def under(world: World, person_id: UUID, measure: Measure, scope: Scope) -> None:
    """A measure exercised by somebody of each kind, noted by the library."""
    everybody = tuple(RepresentativeView(kind=kind) for kind in RepresentativeKind)
    data = RepresentationData(people=everybody, measure=measure, scope=scope)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        version = db.session.get_one(Person, person_id).version
        represent(actor, grants.on_person(actor, person_id), data, version)
        commit()
        db.session.remove()


@pytest.fixture
def amina(world: World) -> UUID:
    return world.people["amina"]


@pytest.fixture
def client(world: World) -> InspectingClient:
    return world.client("library.adviser")


def test_a_measure_and_who_exercises_it_are_noted(world: World, client: InspectingClient, amina: UUID) -> None:
    sent = write(client, amina, TUTOR, {"kind": "confiance"}, measure="tutelle", scope="biens")
    assert sent.status_code == 303
    trusted = RepresentativeView(kind=RepresentativeKind.CONFIANCE)
    assert noted(world, amina) == Representation((KEPT_TUTOR, trusted), Measure.TUTELLE, Scope.PROPERTY)
    page = client.text(client.get(f"/personnes/{amina}"), "#representant, [data-panel=representation]")
    for word in ("Quillévéré", "Tutelle", "La personne signe seule", "Qui la représente signe", "toujours informée"):
        assert word in page
    assert [entry.person_id for entry in journal(world, "person.represent")] == [amina]
    assert "Quill" not in whole_journal(world)
    assert "tutelle" not in whole_journal(world)


@pytest.mark.parametrize(
    ("lines", "fields", "field", "said"),
    [
        ([TUTOR], {"measure": "tutelle"}, "scope", "Dites ce que la mesure concerne"),
        ([TUTOR], {"measure": "curatelle", "scope": "biens"}, "measure", "Notez aussi qui exerce cette mesure"),
        ([{"kind": "", "name": "Mme Quillévéré"}], {}, "people-0-kind", "Dites qui est cette personne"),
        ([{"kind": "tuteur", "phone": "12"}], {}, "people-0-phone", "n’est pas reconnu"),
        ([{"kind": "tuteur", "email": "a@"}], {}, "people-0-email", "n’est pas complète"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_written(
    world: World,
    client: InspectingClient,
    amina: UUID,
    lines: list[dict[str, Any]],
    fields: dict[str, Any],
    field: str,
    said: str,
) -> None:
    page = write(client, amina, *lines, **fields)
    assert page.status_code == 422
    assert said in client.text(page, f".field:has([name={field}]) .field__error")
    assert not noted(world, amina)


def test_a_measure_is_an_adult_s(world: World, client: InspectingClient, amina: UUID) -> None:
    with world.app.app_context():
        db.session.get_one(Person, amina).age_status = AgeStatus.FROM_15
        commit()
    page = write(client, amina, TUTOR, measure="tutelle", scope="biens")
    assert page.status_code == 422
    assert "concerne un adulte" in client.text(page, ".field:has([name=measure]) .field__error")


def test_sauvegarde_needs_nobody(world: World, client: InspectingClient, amina: UUID) -> None:
    assert write(client, amina, measure="sauvegarde", scope="personne_et_biens").status_code == 303
    assert noted(world, amina) == Representation((), Measure.SAUVEGARDE, Scope.BOTH)


def test_taken_away_it_is_gone(world: World, client: InspectingClient, amina: UUID) -> None:
    write(client, amina, TUTOR, measure="tutelle", scope="biens")
    assert write(client, amina, **{"people-0-remove": True}, measure="aucune").status_code == 303
    assert not noted(world, amina)


@pytest.mark.parametrize("who", ["library.desk", "camille.fablab", "fs.adviser", "ccas.adviser", "dpo", "coordinator"])
def test_nobody_else_writes_it(world: World, amina: UUID, who: str) -> None:
    follow(world, amina, "fablab")
    assert world.client(who).get(f"/personnes/{amina}/representant").status_code == 404


def test_it_is_read_where_the_section_is_open(world: World, client: InspectingClient, amina: UUID) -> None:
    write(client, amina, TUTOR, measure="tutelle", scope="biens")
    follow(world, amina, "fablab", SHARED_BY_DEFAULT)
    follow(world, amina, "france_services", SHARED_BY_DEFAULT | Section.REPRESENTATIVE)
    for who, reads in (("library.desk", False), ("camille.fablab", False), ("fs.adviser", True)):
        other = world.client(who)
        page = other.text(other.get(f"/personnes/{amina}"))
        assert ("Quillévéré" in page, "Tutelle" in page) == (reads, reads), who


def test_two_people_at_once_see_both_texts(world: World, client: InspectingClient, amina: UUID) -> None:
    page = client.get(f"/personnes/{amina}/representant")
    write(world.client("library.manager"), amina, TUTOR)
    typed = {"people-0-kind": "mandataire", "people-0-name": "M. Zorn"}
    stale = client.submit(page, "#representer", data=typed)
    assert stale.status_code == 409
    assert "Quillévéré" in client.text(stale, ".differences")
    assert "Zorn" in client.text(stale, ".differences")
    assert noted(world, amina).people == (KEPT_TUTOR,)


def test_a_merge_keeps_the_measure_that_protects_more(world: World) -> None:
    same = {"phone": "+33612345699", "birth_year": 1950}
    one, other = (add(world, "library.adviser", "Rose", "Marchal", **same) for _rank in range(2))
    under(world, one, Measure.CURATELLE, Scope.PROPERTY)
    under(world, other, Measure.TUTELLE, Scope.PERSON)
    before = (noted(world, one), noted(world, other))
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        likeness.look(world.today)
        pair = db.session.scalars(select(DuplicatePair)).one()
        done = merging.merge(actor, pair.id, MergeData(), world.today)
        kept_id, merge_id = done.kept_id, done.id
        commit()
        db.session.remove()
    kept = noted(world, kept_id)
    assert (kept.measure, kept.scope) == (Measure.TUTELLE, Scope.BOTH)
    assert len(kept.people) == len(RepresentativeKind), "nobody is said twice"
    with world.app.app_context():
        merging.undo(world.actors["library.adviser"], merge_id)
        commit()
        db.session.remove()
    assert (noted(world, one), noted(world, other)) == before


def test_erased_with_the_person(world: World, client: InspectingClient, amina: UUID) -> None:
    write(client, amina, TUTOR, measure="tutelle", scope="biens")
    with world.app.app_context():
        privacy.anonymise(None, amina)
        commit()
    assert not noted(world, amina)


def test_the_page_costs_the_same_whoever_is_noted(world: World, client: InspectingClient, amina: UUID) -> None:
    few = _cost(world, client, amina)
    write(client, amina, TUTOR, {"kind": "confiance"}, {"kind": "mandataire"}, measure="tutelle", scope="biens")
    assert _cost(world, client, amina) == few


def _cost(world: World, client: InspectingClient, person_id: UUID) -> int:
    client.get(f"/personnes/{person_id}")
    with world.app.app_context(), count_queries(db.session) as counted:
        client.get(f"/personnes/{person_id}")
    return len(counted)
