"""Rule 6, one open referral for a need and a partner: what whoever tries a second one is told, and who may try."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.kernel import grants, ids
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.needs import queries as needs
from app.needs.enums import NeedKind
from app.people.enums import FollowUpKind
from app.people.models import FollowUp
from app.referrals import actions, policy
from app.referrals.enums import DeclineReason
from app.referrals.forms import NEW
from app.referrals.forms.preparing import OTHER
from app.referrals.models import Referral
from tests.referrals.helpers import add_need, prepare, send
from tests.support.world import World, add_person

TOLD = "Cette structure a déjà été sollicitée pour cette demande."
SECRET = ("ccas.social", "shelter.adviser")


@pytest.fixture
def here(world: World) -> Iterator[World]:
    with world.app.app_context():
        yield world


def followed_by(world: World, key: str, sections: Section = SHARED_BY_DEFAULT, person: str = "amina") -> None:
    follow_up = FollowUp(
        id=ids.new_id(),
        person_id=world.people[person],
        structure_id=world.structures[key],
        kind=FollowUpKind.OTHER,
        sections=sections,
        started_on=world.today,
    )
    db.session.add(follow_up)
    db.session.flush()


def refused(world: World, who: str, need: UUID, **more: object) -> str:
    with pytest.raises(Conflict) as error:
        prepare(world, who, need_id=need, **more)  # type: ignore[arg-type]
    return str(error.value.message)


def test_our_own_is_said_to_be_under_way(here: World) -> None:
    need = add_need(here)
    send(here, need_id=need)
    assert (
        refused(here, "library.desk", need)
        == "Une orientation est déjà en cours vers ce partenaire pour cette demande."
    )


def test_another_structure_that_reads_the_need_is_told_no_more(here: World) -> None:
    need = add_need(here)
    made = send(here, need_id=need)
    followed_by(here, "france_services")
    actor = here.actors["fs.adviser"]
    assert policy.side_of(actor, made) is None
    assert needs.is_open(actor, grants.on_person(actor, here.people["amina"]), need)
    told = refused(here, "fs.adviser", need)
    actions.accept(here.actors["ccas.adviser"], made.id)
    assert told == refused(here, "fs.adviser", need) == TOLD
    assert "Médiathèque" not in told
    # A draft has asked nobody: the same would be untrue of it.
    other = add_need(here)
    prepare(here, need_id=other)
    assert (
        refused(here, "fs.adviser", other) == "Une orientation vers cette structure se prépare déjà pour cette demande."
    )


def test_the_same_on_screen_what_was_typed_still_there(here: World) -> None:
    need = add_need(here)
    send(here, need_id=need)
    followed_by(here, "france_services")
    commit()
    client = here.client("fs.adviser")
    form = client.get(f"/personnes/{here.people['amina']}/orienter")
    typed = {"need": str(need), "recipient": str(here.structures["ccas"]), "message": "Le mot que j’ai écrit"}
    answer = client.submit(form, button="Continuer vers l’accord", forged=typed)
    assert answer.status_code == 409
    words = client.text(answer)
    assert TOLD in words
    assert "Le mot que j’ai écrit" in words
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 1


def test_whoever_does_not_read_the_need_is_told_nothing(here: World) -> None:
    need = add_need(here)
    send(here, need_id=need)
    followed_by(here, "france_services", Section.IDENTITY)
    for free in (need, ids.new_id()):
        with pytest.raises(NotFound):
            prepare(here, "fs.adviser", need_id=free)


def test_once_it_has_ended_one_may_try_again(here: World) -> None:
    need = add_need(here)
    made = send(here, need_id=need)
    followed_by(here, "france_services")
    actions.decline(here.actors["ccas.adviser"], made.id, DeclineReason.FULL)
    assert prepare(here, "fs.adviser", need_id=need).recipient_id == here.structures["ccas"]


@pytest.mark.parametrize("who", SECRET)
def test_under_secrecy_one_refers_from_a_need_that_nobody_else_reads(here: World, who: str) -> None:
    home = who.partition(".")[0]
    followed_by(here, home)
    shared = add_need(here)
    with pytest.raises(DomainError) as error:
        prepare(here, who, to=("france_services",), need_id=shared)
    assert "Notez d’abord cette demande dans votre équipe" in str(error.value.message)
    own = add_need(here, who)
    assert prepare(here, who, to=("france_services",), need_id=own).secret
    # Whoever follows with every section finds neither the need nor, by trying, the referral.
    library = here.actors["library.adviser"]
    with pytest.raises(NotFound):
        prepare(here, "library.adviser", to=("france_services",), need_id=own)
    assert not needs.is_open(library, grants.on_person(library, here.people["amina"]), own)


def test_inside_a_structure_a_team_under_secrecy_is_not_told_of_either(here: World) -> None:
    here.people["paul"] = add_person(here, "ccas.adviser", "Paul", "Dupont")
    shared = add_need(here, "ccas.adviser", "paul")
    with pytest.raises(DomainError):
        prepare(here, "ccas.social", person="paul", to=("library",), need_id=shared)
    assert prepare(here, "ccas.adviser", person="paul", to=("library",), need_id=shared).recipient_id


def test_what_was_received_is_still_handed_on_under_secrecy(here: World) -> None:
    received = send(here, to=("shelter",))
    shelter = here.actors["shelter.adviser"]
    actions.accept(shelter, received.id)
    handed = prepare(here, "shelter.adviser", to=("france_services",), need_id=received.need_id, parent_id=received.id)
    assert (handed.parent_id, handed.secret) == (received.id, True)


def test_under_secrecy_the_screen_offers_needs_apart_and_a_new_one(here: World) -> None:
    here.people["paul"] = add_person(here, "ccas.adviser", "Paul", "Dupont")
    shared = add_need(here, "ccas.adviser", "paul")
    own = add_need(here, "ccas.social", "paul", NeedKind.CONNEXION)
    commit()
    client = here.client("ccas.social")
    form = client.get(f"/personnes/{here.people['paul']}/orienter")
    offered = {str(one["value"]) for one in client.select(form, "input[name=need]")}
    assert str(own) in offered
    assert str(shared) not in offered
    kind, to = NeedKind.ACCES_AUX_DROITS.value, str(here.structures["library"])
    chosen = {"need": NEW, "kind": kind, "recipient": OTHER, "other": to}
    assert client.submit(form, button="Continuer vers l’accord", forged=chosen).status_code == 303
    made = db.session.scalars(select(Referral)).one()
    assert made.secret
    assert made.need_id not in {shared, own}
