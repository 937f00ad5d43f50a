"""Needs between structures and teams, and the verbs that other rooms use."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Granted, Section
from app.kernel.writes import commit
from app.needs import actions, queries
from app.needs.actions import CloseData, NeedData
from app.needs.enums import SENSITIVE_DEMARCHES, Demarche, NeedKind, NeedResult, Organisme
from app.needs.forms import GROUPS
from app.needs.models import Need
from app.people.enums import FollowUpKind
from app.people.models import FollowUp
from tests.support.queries import count_queries
from tests.support.world import World

WORDS = "Ce que la personne a dit."


def at(world: World, who: str, person: str = "amina") -> tuple[Actor, Granted]:
    actor = world.actors[who]
    return actor, grants.on_person(actor, world.people[person])


def follow(world: World, structure: str, sections: Section) -> None:
    structure_id = world.structures[structure]
    one = FollowUp(
        person_id=world.people["amina"],
        structure_id=structure_id,
        kind=FollowUpKind.OTHER,
        sections=sections,
        started_on=world.today,
    )
    db.session.add(one)
    db.session.flush()


def seen(world: World, who: str) -> list[str]:
    return [line.title for line in queries.needs_of(*at(world, who))]


@given(st.sampled_from(NeedKind), st.none() | st.sampled_from(Demarche))
def test_a_procedure_goes_with_one_kind_only(kind: NeedKind, demarche: Demarche | None) -> None:
    wrong = demarche is not None and kind is not NeedKind.DEMARCHE_EN_LIGNE
    try:
        actions._values(NeedData(kind=kind, demarche=demarche))
        refused = None
    except DomainError as refusal:
        refused = refusal.field
    assert refused == ("demarche" if wrong else None)


def test_every_kind_is_in_one_group() -> None:
    assert sorted(kind for _name, kinds in GROUPS for kind in kinds) == sorted(NeedKind)


def test_a_partner_reads_needs_with_the_section_and_words_with_the_notes(app: Flask, world: World) -> None:
    with app.app_context():
        need = actions.open_need(*at(world, "library.adviser"), NeedData(kind=NeedKind.BOITE_MAIL, note=WORDS))
        follow(world, "ccas", SHARED_BY_DEFAULT)
        follow(world, "france_services", SHARED_BY_DEFAULT | Section.NOTES)
        follow(world, "shelter", Section.IDENTITY)
        notes = {who: queries.needs_of(*at(world, who)) for who in ("ccas.adviser", "fs.adviser", "shelter.adviser")}
        assert [line.note for line in notes["ccas.adviser"]] == [None]
        assert [line.note for line in notes["fs.adviser"]] == [WORDS]
        assert notes["shelter.adviser"] == []
        assert queries.get(*at(world, "fs.adviser"), need.id).author_name == ""
        for who in ("ccas.adviser", "fs.adviser"):
            with pytest.raises(NotFound):
                actions.close_need(*at(world, who), need.id, CloseData(result=NeedResult.RESOLUE))
            with pytest.raises(NotFound):
                actions.edit_need(*at(world, who), need.id, NeedData(kind=NeedKind.AUTRE), need.version)


@pytest.mark.parametrize("demarche", Demarche)
def test_sensitive_procedures_do_not_travel_by_default(app: Flask, world: World, demarche: Demarche) -> None:
    with app.app_context():
        online = NeedData(kind=NeedKind.DEMARCHE_EN_LIGNE, demarche=demarche)
        actions.open_need(*at(world, "library.adviser"), online)
        follow(world, "ccas", SHARED_BY_DEFAULT)
        follow(world, "france_services", SHARED_BY_DEFAULT | Section.ADAPTATION)
        hidden = demarche in SENSITIVE_DEMARCHES
        assert (str(demarche.label) in seen(world, "ccas.adviser")[0]) is not hidden
        assert str(demarche.label) in seen(world, "fs.adviser")[0]
        assert str(demarche.label) in seen(world, "library.manager")[0]


def test_a_team_under_secrecy_keeps_its_needs(app: Flask, world: World) -> None:
    with app.app_context():
        follow(world, "ccas", SHARED_BY_DEFAULT)
        need = actions.open_need(*at(world, "ccas.social"), NeedData(kind=NeedKind.ACCES_AUX_DROITS))
        assert len(seen(world, "ccas.social")) == 1
        for who in ("ccas.adviser", "ccas.desk", "library.adviser", "library.manager"):
            assert seen(world, who) == []
            with pytest.raises(NotFound):
                queries.get(*at(world, who), need.id)
            assert queries.open_counts(world.actors[who], {world.people["amina"]}) == {}
        assert queries.open_counts(world.actors["ccas.social"], {world.people["amina"]}) == {world.people["amina"]: 1}


def test_the_marks_of_a_list_follow_the_grants(app: Flask, world: World) -> None:
    with app.app_context():
        actions.open_need(*at(world, "library.adviser"), NeedData(kind=NeedKind.BOITE_MAIL))
        everybody = set(world.people.values())
        amina = world.people["amina"]
        assert queries.open_counts(world.actors["library.desk"], everybody) == {amina: 1}
        assert queries.open_counts(world.actors["ccas.adviser"], everybody) == {}
        follow(world, "ccas", SHARED_BY_DEFAULT)
        assert queries.open_counts(world.actors["ccas.adviser"], everybody) == {amina: 1}


def test_a_silent_need_is_ours_and_open(app: Flask, world: World) -> None:
    with app.app_context():
        mine = at(world, "library.adviser")
        first = actions.silent_need(*mine, NeedKind.BOITE_MAIL)
        assert actions.silent_need(*mine, NeedKind.BOITE_MAIL).id == first.id
        caf = actions.silent_need(*mine, NeedKind.DEMARCHE_EN_LIGNE, Demarche.LOGEMENT, (Organisme.CAF,))
        assert caf.organismes == ["caf"]
        assert actions.silent_need(*mine, NeedKind.DEMARCHE_EN_LIGNE, Demarche.JUSTICE).id != caf.id
        actions.close_need(*mine, first.id, CloseData(result=NeedResult.RESOLUE))
        assert actions.silent_need(*mine, NeedKind.BOITE_MAIL).id != first.id
        follow(world, "ccas", SHARED_BY_DEFAULT)
        theirs = actions.silent_need(*at(world, "ccas.adviser"), NeedKind.DEMARCHE_EN_LIGNE, Demarche.LOGEMENT)
        assert theirs.id != caf.id


def test_choices_are_open_and_readable(app: Flask, world: World) -> None:
    with app.app_context():
        mine = at(world, "library.adviser")
        kept = actions.open_need(*mine, NeedData(kind=NeedKind.CONNEXION))
        gone = actions.open_need(*mine, NeedData(kind=NeedKind.BOITE_MAIL))
        actions.close_need(*mine, gone.id, CloseData(result=NeedResult.SANS_SUITE))
        assert [need_id for need_id, _title in queries.open_needs_choices(*mine)] == [kept.id]
        assert queries.is_open(*mine, kept.id)
        assert not queries.is_open(*mine, gone.id)
        assert not queries.is_open(*at(world, "ccas.adviser", "jean"), kept.id)


def test_strangers_write_nothing(app: Flask, world: World) -> None:
    with app.app_context():
        for who in ("ccas.adviser", "coordinator", "elected", "dpo"):
            with pytest.raises(NotFound):
                actions.open_need(*at(world, who), NeedData(kind=NeedKind.AUTRE))
            with pytest.raises(NotFound):
                actions.silent_need(*at(world, who), NeedKind.AUTRE)
        assert db.session.scalar(select(func.count()).select_from(Need)) == 0


def test_reopening_what_is_open_is_a_conflict(app: Flask, world: World) -> None:
    with app.app_context():
        mine = at(world, "library.adviser")
        need = actions.open_need(*mine, NeedData(kind=NeedKind.CONNEXION))
        with pytest.raises(Conflict):
            actions.reopen_need(*mine, need.id)
        actions.close_need(*mine, need.id, CloseData(result=NeedResult.RESOLUE))
        with pytest.raises(NotFound):
            actions.reopen_need(*at(world, "library.desk"), need.id)


def test_more_needs_ask_no_more_queries(app: Flask, world: World) -> None:
    with app.app_context():
        follow(world, "ccas", SHARED_BY_DEFAULT | Section.NOTES)
        _several(world, 2)
        commit()
        with count_queries(db.session) as few:
            queries.needs_of(*at(world, "library.adviser"))
        _several(world, 9)
        commit()
        with count_queries(db.session) as many:
            assert len(queries.needs_of(*at(world, "library.adviser"))) == 22
        many.assert_same_as(few)


def _several(world: World, count: int) -> list[UUID]:
    hats = [at(world, who) for who in ("library.adviser", "ccas.adviser")]
    data = NeedData(kind=NeedKind.BOITE_MAIL, note=WORDS)
    return [actions.open_need(*hat, data).id for hat in hats for _rank in range(count)]
