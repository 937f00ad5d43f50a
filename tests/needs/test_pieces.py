"""Documents asked for a need, and what stops it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.writes import commit
from app.needs import actions
from app.needs.actions import NeedData
from app.needs.enums import Blocker, NeedKind, PieceKind, PieceState
from app.needs.models import Need, NeedPiece
from app.privacy.queries import held
from tests.people.helpers import journal
from tests.support.world import World


@pytest.fixture
def need_id(world: World) -> UUID:
    """A need of Amina's for which two documents are asked."""
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        data = NeedData(kind=NeedKind.CONNEXION, pieces=(PieceKind.IDENTITE, PieceKind.DOMICILE))
        found = actions.open_need(actor, grants.on_person(actor, world.people["amina"]), data).id
        commit()
        db.session.remove()
    return found


def _address(world: World, need_id: UUID, end: str = "") -> str:
    return f"/personnes/{world.people['amina']}/demandes/{need_id}{end}"


def _states(world: World) -> dict[str, str]:
    with world.app.app_context():
        return {one.kind.value: one.state.value for one in db.session.scalars(select(NeedPiece))}


def test_they_are_asked_on_the_form_and_shown_on_the_page(world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{world.people['amina']}/demandes/nouvelle")
    sent = client.submit(
        page, "main form", data={"kind": "connexion", "pieces": ["identite", "photo"], "blockers": ["pas_de_guichet"]}
    )
    assert sent.status_code == 303
    person = client.get(sent.location)
    words = client.text(person, "#demandes")
    assert "2 pièces manquent" in words
    assert "Ce qui bloque : Pas de guichet" in words
    link = client.select(person, "#demandes li a")[0]["href"]
    shown = client.text(client.get(str(link)), "main")
    for needed in ("Pièce d’identité", "Photo d’identité", "Manque", "Pas de guichet"):
        assert needed in shown


def test_what_was_brought_is_dated_and_journalled(world: World, need_id: UUID) -> None:
    client = world.client("library.desk")
    page = client.get(_address(world, need_id, "/pieces"))
    assert client.submit(page, "main form", data={"identite": "seen", "domicile": "not_needed"}).status_code == 303
    assert _states(world) == {"identite": "seen", "domicile": "not_needed"}
    with world.app.app_context():
        seen = {one.kind: one.seen_on for one in db.session.scalars(select(NeedPiece))}
    assert seen == {PieceKind.IDENTITE: world.today, PieceKind.DOMICILE: None}
    assert [entry.details for entry in journal(world, "need.pieces")] == ['{"count":2}']


def test_two_people_at_once(world: World, need_id: UUID) -> None:
    client = world.client("library.adviser")
    first = client.get(_address(world, need_id, "/pieces"))
    second = client.get(_address(world, need_id, "/pieces"))
    assert client.submit(first, "main form", data={"identite": "seen"}).status_code == 303
    refused = client.submit(second, "main form", data={"identite": "not_needed"})
    assert refused.status_code == 409
    assert "Apportée" in client.text(refused, "table")
    assert _states(world)["identite"] == "seen"


def test_a_made_up_state_or_document_changes_nothing(world: World, need_id: UUID) -> None:
    client = world.client("library.adviser")
    page = client.get(_address(world, need_id, "/pieces"))
    assert client.submit(page, "main form", forged={"identite": "volee"}).status_code == 422
    assert client.submit(page, "main form", forged={"photo": "seen"}).status_code == 303
    assert _states(world) == {"identite": "missing", "domicile": "missing"}


def test_a_correction_keeps_what_was_seen_and_forgets_what_is_asked_no_more(world: World, need_id: UUID) -> None:
    client = world.client("library.adviser")
    client.submit(client.get(_address(world, need_id, "/pieces")), "main form", data={"identite": "seen"})
    page = client.get(_address(world, need_id, "/modifier"))
    assert client.submit(page, "main form", data={"pieces": ["identite", "bancaire"]}).status_code == 303
    assert _states(world) == {"identite": "seen", "bancaire": "missing"}


def test_closing_says_what_stopped_it(world: World, need_id: UUID) -> None:
    client = world.client("library.adviser")
    page = client.get(_address(world, need_id, "/terminer"))
    fields = {"result": "non_resolue", "blockers": ["site_en_panne", "document_refuse"]}
    assert client.submit(page, "main form", data=fields).status_code == 303
    with world.app.app_context():
        blockers = db.session.scalars(select(Need.blockers).where(Need.id == need_id)).one()
    assert blockers == ["site_en_panne", "document_refuse"]
    assert "Ce qui a bloqué" in client.text(client.get(_address(world, need_id)), "main")


def test_elsewhere_nobody_notes_them(world: World, need_id: UUID) -> None:
    for who in ("fs.adviser", "ccas.adviser"):
        assert world.client(who).get(_address(world, need_id, "/pieces")).status_code == 404


def test_the_person_receives_them(world: World, need_id: UUID) -> None:
    with world.app.app_context():
        told = held.everything(world.actors["dpo"], world.people["amina"])
    rows = next(part["rows"] for part in told["sections"] if part["table"] == "need_piece")
    assert {row["kind"]["words"] for row in rows} == {"Pièce d’identité", "Justificatif de domicile"}
    assert {row["state"]["words"] for row in rows} == {str(PieceState.MISSING.label)}


@pytest.mark.parametrize("vocabulary", [Blocker, PieceKind, PieceState])
def test_every_code_has_its_words(vocabulary: type[Blocker]) -> None:
    assert all(str(one.label) for one in vocabulary)
