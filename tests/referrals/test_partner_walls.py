"""What a partner’s link never opens, whatever was accepted: agreements that end, other referrals, secrets, copies."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.needs.models import Need
from app.network.models import Structure
from app.people import actions as people
from app.referrals.machine import tokens
from app.referrals.models import PartnerLink, Referral
from tests.referrals.helpers import add_need
from tests.referrals.links import accepted, give, given, link_of, secrets_in, unlock
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

WRONG = "2222 2222"


@pytest.fixture
def partner(world: World) -> InspectingClient:
    """A browser where nobody is signed in."""
    found = world.app.test_client()
    assert isinstance(found, InspectingClient)
    return found


def test_an_agreement_taken_back_closes_everything_at_once(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    page = unlock(partner, one)
    with world.app.app_context():
        actor, amina = world.actors["library.adviser"], world.people["amina"]
        consent = db.session.get_one(Referral, one.referral_id).consent_id
        assert consent is not None
        people.withdraw_consent(actor, grants.on_person(actor, amina), consent, world.today)
        commit()
    assert partner.get(one.path).status_code == 404
    answer = partner.submit(page, "#news-form", news="x")
    assert (answer.status_code, secrets_in(answer)) == (404, [])


def test_a_structure_that_leaves_the_agreement_reads_nothing_more(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    with world.app.app_context():
        db.session.get_one(Structure, world.structures["relay"]).agreement_ended_on = world.today
        commit()
    assert partner.get(one.path).status_code == 404


def test_a_link_opens_its_own_referral_alone(world: World, partner: InspectingClient) -> None:
    """The same partner has two referrals about one person: the wider agreement of one says nothing by the other."""
    narrow = accepted(world, partner, Section.IDENTITY)
    wide = accepted(world, partner)
    assert "06 12 34 56 78" not in secrets_in(unlock(partner, narrow))
    assert "06 12 34 56 78" in secrets_in(unlock(partner, wide))


def test_what_was_written_under_secrecy_does_not_travel(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    with world.app.app_context():
        add_need(world)
        commit()
    text = partner.text(unlock(partner, one))
    assert text.count("Droits et recours") >= 2
    with world.app.app_context():
        db.session.query(Need).filter(Need.person_id == world.people["amina"]).update({"secret": True})
        commit()
    assert "Ses demandes en cours" not in partner.text(unlock(partner, one))


def test_a_sensitive_sender_is_not_named(world: World, partner: InspectingClient) -> None:
    one = given(world)
    assert "Médiathèque" in partner.text(partner.get(one.path))
    with world.app.app_context():
        db.session.get_one(Structure, world.structures["library"]).sensitive = True
        commit()
    text = partner.text(partner.get(one.path))
    assert "Médiathèque" not in text
    assert "Structure partenaire" in text


def test_a_copy_of_the_database_opens_nothing(world: World) -> None:
    one = given(world)
    link, token = link_of(world, one.referral_id), one.path.rpartition("/")[2]
    code = tokens.typed_code(one.code)
    kept = {str(value) for value in vars(link).values()}
    assert not any(token in value or code in value for value in kept)
    other = tokens.Keys("another secret")
    assert other.token_of(link.id) != token
    assert other.code_hash(link.id, code) != link.code_hash


def test_the_page_takes_the_same_few_queries_whatever_the_history(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    partner.get(one.path)
    with world.app.app_context(), count_queries(db.session) as before:
        partner.get(one.path)
    opened = unlock(partner, one)
    for rank in range(6):
        opened = partner.submit(opened, "#news-form", news=f"Nouvelle {rank}")
        assert opened.status_code == 200
    with world.app.app_context(), count_queries(db.session) as after:
        partner.get(one.path)
    before.assert_at_most(20)
    after.assert_same_as(before)


def test_links_are_gone_from_nobody_else(world: World, partner: InspectingClient) -> None:
    """Ending one link leaves another referral’s alone."""
    mine, theirs = given(world), given(world)
    give(world, mine.referral_id)
    assert partner.get(theirs.path).status_code == 200
    with world.app.app_context():
        serving = select(func.count()).select_from(PartnerLink).where(PartnerLink.ended_at.is_(None))
        assert db.session.scalar(serving) == 2


def test_over_https_the_form_counts_although_no_referrer_comes_with_it(world: World, partner: InspectingClient) -> None:
    one = given(world)
    page = partner.get(one.path, base_url="https://localhost")
    typed = {str(field["name"]): str(field["value"]) for field in partner.select(page, "#code-form [type=hidden]")}
    answer = partner.post(one.path, base_url="https://localhost", data={**typed, "code": one.code})
    assert answer.status_code == 200
    assert partner.select(answer, "#accept-form")
