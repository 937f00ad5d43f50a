"""Who is told of a card, who follows already, who ceases to follow and stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.people import cards
from app.people.enums import CardEvent, ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import CardNotice, Consent, FollowUp
from app.people.queries import cards as records
from tests.people.deck import card_of, made, present, shared_with
from tests.people.helpers import add, follow, journal
from tests.people.opening import asked
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

# ---------------------------------------------------------------- who is told


def test_the_referent_is_told_on_its_list_and_by_a_mail_without_a_name(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    present(fs, made(world))
    adviser = world.client("library.adviser")
    home = adviser.get("/")
    assert "Amina Benali : le suivi a changé" in adviser.text(home)
    with world.app.app_context():
        mails = list(db.session.scalars(select(OutboxMessage)))
        told = {mail.user_id for mail in mails}
        assert told == {world.actors[who].user_id for who in ("library.adviser", "library.manager", "camille.library")}
        for mail in mails:
            assert not [
                word for word in ("Amina", "Benali", "France Services", "1958") if word in mail.body + mail.subject
            ]
        notice = db.session.scalars(select(CardNotice)).one()
        assert str(notice.id) in mails[0].body
    page = adviser.get(f"/personnes/cartes/avis/{notice.id}")
    assert "France Services Seyches a ouvert sa fiche avec sa carte" in adviser.text(page)
    assert fs.get(f"/personnes/cartes/avis/{notice.id}").status_code == 404
    assert adviser.submit(page, "#vu").location == f"/personnes/{amina}"
    assert "le suivi a changé" not in adviser.text(adviser.get("/"))
    assert adviser.get(f"/personnes/cartes/avis/{notice.id}").status_code == 404


def test_the_name_of_a_sensitive_structure_is_not_said(world: World) -> None:
    present(world.client("shelter.adviser"), made(world))
    adviser = world.client("library.adviser")
    home = adviser.text(adviser.get("/"))
    assert "Structure partenaire a ouvert sa fiche" in home
    assert "Maison des femmes" not in home


def test_a_secret_team_is_told_alone(world: World) -> None:
    world.people["social"] = add(world, "ccas.social", "Nadia", "Costa", birth_year=1958)
    present(world.client("fs.adviser"), made(world, "social", "ccas.social"))
    with world.app.app_context():
        assert set(db.session.scalars(select(OutboxMessage.user_id))) == {world.actors["ccas.social"].user_id}
    assert "Nadia" in world.client("ccas.social").get("/").get_data(as_text=True)
    assert "Nadia" not in world.client("ccas.adviser").get("/").get_data(as_text=True)


def test_opening_and_refusing_are_journalled(world: World, fs: InspectingClient) -> None:
    code, amina = made(world), world.people["amina"]
    present(fs, code, word="Capucine")
    present(fs, cards.rules().code_of(uuid4()))
    present(fs, code)
    assert [entry.person_id for entry in journal(world, "card.refused")] == [amina, None]
    opened = journal(world, "card.open")
    assert [(entry.person_id, entry.grant) for entry in opened] == [(amina, "other_follow_up")]
    assert opened[0].structure_id == world.structures["france_services"]


# ---------------------------------------------------------------- who follows already


def test_whoever_follows_already_only_opens_the_page(world: World, fs: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    assert present(world.client("library.desk"), code).location == f"/personnes/{amina}"
    assert shared_with(world, amina) == {}
    follow(world, amina, "france_services", Section.IDENTITY | Section.CONTACT)
    assert present(fs, code).status_code == 303
    (follow_up,) = shared_with(world, amina).values()
    assert follow_up.sections == Section.IDENTITY | Section.CONTACT


def test_another_team_of_ones_own_structure_is_not_gone_round(world: World) -> None:
    """The desk of the CCAS, when its social workers under secrecy follow: told so, and it is no failure."""
    world.people["social"] = add(world, "ccas.social", "Nadia", "Costa", birth_year=1958)
    code = made(world, "social", "ccas.social")
    client = world.client("ccas.desk")
    page = present(client, code)
    assert (page.status_code, "Une équipe de votre structure" in client.text(page)) == (409, True)
    assert client.get(f"/personnes/{world.people['social']}").status_code == 404
    card = card_of(world, world.people["social"])
    assert (card.tries, card.forgiven) == (1, 1)


def test_what_a_secret_team_opens_is_that_teams(world: World) -> None:
    amina = world.people["amina"]
    assert present(world.client("ccas.social"), made(world)).status_code == 303
    assert world.client("ccas.social").get(f"/personnes/{amina}").status_code == 200
    assert world.client("ccas.adviser").get(f"/personnes/{amina}").status_code == 404


# ---------------------------------------------------------------- ceasing to follow, and staying


def test_a_structure_ceases_to_follow_and_the_card_opens_again(world: World, fs: InspectingClient) -> None:
    amina, code = world.people["amina"], made(world)
    present(fs, code)
    page = fs.get(f"/personnes/{amina}")
    assert "Ne plus suivre" in fs.text(page, "#suivi")
    assert fs.submit(fs.get(f"/personnes/{amina}/ne-plus-suivre"), "#ne-plus-suivre").status_code == 303
    assert fs.get(f"/personnes/{amina}").status_code == 404
    assert shared_with(world, amina) == {}
    assert [entry.person_id for entry in journal(world, "follow_up.end")] == [amina]
    with world.app.app_context():
        assert set(db.session.scalars(select(CardNotice.event))) == {CardEvent.OPENED, CardEvent.LEFT}
    assert present(fs, code).status_code == 303
    assert world.client("library.desk").get(f"/personnes/{amina}/ne-plus-suivre").status_code == 404, "the referent’s"


def test_the_person_is_asked_to_stay_followed(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    present(fs, made(world))
    assert fs.get(f"/personnes/{amina}/rester-suivie").status_code == 404, "followed already"
    fs.submit(fs.get(f"/personnes/{amina}/ne-plus-suivre"), "#ne-plus-suivre")
    screen = fs.get(f"/personnes/{amina}/rester-suivie")
    assert "Amina" not in fs.text(screen)
    assert fs.submit(screen, "#rester").status_code == 422
    assert fs.submit(screen, "#rester", present=True).location == f"/personnes/{amina}"
    (follow_up,) = shared_with(world, amina).values()
    assert follow_up.sections == SHARED_BY_DEFAULT
    assert world.client("ccas.adviser").get(f"/personnes/{amina}/rester-suivie").status_code == 404


def test_after_ninety_days_it_is_too_late_to_ask(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        for days, structure in ((90, "france_services"), (91, "ccas")):
            ended = world.today - timedelta(days=days)
            one = FollowUp(person_id=amina, structure_id=world.structures[structure], kind=FollowUpKind.OTHER)
            one.sections, one.started_on, one.ended_on = SHARED_BY_DEFAULT, ended, ended
            db.session.add(one)
        commit()
        db.session.remove()
    assert fs.get(f"/personnes/{amina}/rester-suivie").status_code == 200
    assert world.client("ccas.adviser").get(f"/personnes/{amina}/rester-suivie").status_code == 404


def test_the_page_of_somebody_opened_by_card_costs_no_more_than_any(world: World, fs: InspectingClient) -> None:
    amina = world.people["amina"]
    _page, opening = asked(world, fs, made(world))
    opening.assert_at_most(60)
    with world.app.app_context():
        bind = db.engine
    fs.get(f"/personnes/{amina}")
    with count_queries(bind) as page:
        fs.get(f"/personnes/{amina}")
    page.assert_at_most(34)


def test_the_agreement_that_counts_is_the_last_word(world: World) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        held = db.session.scalars(select(Consent).where(Consent.person_id == amina)).one()
        for kind, answer in ((ConsentKind.REGISTER, ConsentAnswer.REFUSED), (ConsentKind.MANDATE, ConsentAnswer.GIVEN)):
            db.session.add(_copy(held, kind, answer))
            db.session.flush()
        assert records.agreement(amina, world.today) is None
        db.session.add(_copy(held, ConsentKind.REGISTER, ConsentAnswer.GIVEN))
        db.session.flush()
        found = records.agreement(amina, world.today)
        assert found is not None
        assert found.id != held.id


def _copy(held: Consent, kind: ConsentKind, answer: ConsentAnswer) -> Consent:
    names = ("person_id", "way", "text_version", "language", "sections", "starts_on", "recorded_by", "structure_id")
    values = {name: getattr(held, name) for name in names}
    return Consent(kind=kind, answer=answer, **values)
