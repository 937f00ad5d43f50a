"""Two people edit the same thing: both texts are shown, nothing is overwritten unseen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel import errors
from app.kernel.db import db
from app.kernel.errors import Conflict, Difference, Stale
from app.network.models import Structure
from tests.support.probes import within
from tests.support.world import World


def test_a_stale_version_shows_both_texts_and_can_then_be_saved(probe_world: World) -> None:
    first, second = probe_world.client("library.adviser"), probe_world.client("library.manager")
    mine, theirs = first.get("/essai/structure"), second.get("/essai/structure")
    assert second.submit(theirs, "#essai", button="Enregistrer", name="Médiathèque B").status_code == 303
    refused = first.submit(mine, "#essai", button="Enregistrer", name="Médiathèque A")
    assert refused.status_code == 409
    shown = first.text(refused, "main")
    assert "Médiathèque A" in shown
    assert "Médiathèque B" in shown
    assert first.select(refused, "#name")[0]["value"] == "Médiathèque A"
    assert name_of(probe_world) == "Médiathèque B"
    assert first.submit(refused, "#essai", button="Enregistrer").status_code == 303
    assert name_of(probe_world) == "Médiathèque A"


def name_of(world: World) -> str:
    query = select(Structure.name).where(Structure.id == world.structures["library"])
    return str(within(world.app, lambda: db.session.scalar(query)))


def test_only_what_differs_is_told() -> None:
    same, other = Difference("Nom", "a", "a"), Difference("Ville", "a", "b")
    with pytest.raises(Stale) as stale:
        errors.check_version(3, 2, same, other)
    assert stale.value.differences == (other,)
    assert stale.value.current_version == 3
    errors.check_version(3, 3, other)
    errors.check_version(3, None, other)


def violation(structure: Structure) -> IntegrityError:
    with pytest.raises(IntegrityError) as refused:
        _insert(structure)
    return refused.value


def _insert(structure: Structure) -> None:
    with db.session.begin_nested():
        db.session.add(structure)


def test_constraints_have_words_on_both_databases(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "_constraints", dict(errors._constraints))
    errors.name_constraint("uq_structure_import_key", "Cette structure existe déjà.", "import_key")
    with app.app_context():
        _insert(Structure(name="Doublon", import_key="meme"))
        named = errors.from_integrity(violation(Structure(name="Doublon", import_key="meme")))
    assert isinstance(named, Conflict)
    assert (named.status, str(named), named.field) == (409, "Cette structure existe déjà.", "import_key")


def test_a_constraint_without_words_stays_a_fault(app: Flask, world: World) -> None:
    with app.app_context():
        assert errors.from_integrity(violation(Structure(name=None))) is None
