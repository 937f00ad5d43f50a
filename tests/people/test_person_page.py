"""A person's page: what each hat reads, what the other rooms add, what does not exist for others."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.kernel import clock, panels
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.db import db
from app.kernel.grants import NOTHING, SHARED_BY_DEFAULT, Granted, Section
from app.kernel.panels import Bearing, Brief, PersonLink, PersonPanel
from tests.people.helpers import add, archive, follow, journal, whole_journal
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

PAGES = ("", "/corriger", "/accord", "/coupon")


@pytest.fixture
def full(world: World) -> UUID:
    """Somebody about whom everything is noted."""
    return add(
        world,
        "library.adviser",
        "Fatoumata",
        "Diallo",
        phone="+262692123456",
        email="f.diallo@exemple.fr",
        no_message=True,
        birth_year=world.today.year - 50,
        commune_code="47157",
        adaptation=("vue",),
        languages=("ff",),
        interpreter=True,
    )


def test_it_is_read_in_ten_seconds(world: World, full: UUID) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{full}")
    words = client.text(page, "main")
    assert client.text(page, "h1") == "Fatoumata Diallo"
    for needed in (
        "50 ans cette année",
        "Marmande (47)",
        "0692 12 34 56",
        "Ne pas laisser de message",
        "Gros caractères",
    ):
        assert needed in words
    for needed in (
        "Interprète nécessaire",
        "Peul",
        "Médiathèque de Marmande",
        "accord donné",
        "Notice remise sur papier",
    ):
        assert needed in words
    assert "Diallo" not in client.text(page, "title")
    assert client.select(page, "h1.private")


def test_the_desk_reads_neither_adaptation_nor_languages(world: World, full: UUID) -> None:
    client = world.client("library.desk")
    page = client.get(f"/personnes/{full}")
    assert "0692 12 34 56" in client.text(page)
    for hidden in ("Gros caractères", "Peul", "Interprète"):
        assert hidden not in client.text(page)
    assert "Pour être à l’aise" not in client.text(client.get(f"/personnes/{full}/corriger"))


def test_another_structure_reads_the_agreed_sections_only(world: World, full: UUID) -> None:
    follow(world, full, "fablab", Section.IDENTITY | Section.ADAPTATION)
    client = world.client("camille.fablab")
    page = client.get(f"/personnes/{full}")
    assert client.text(page, "h1") == "Fatoumata Diallo"
    assert "Gros caractères" in client.text(page)
    assert "0692" not in client.text(page)
    assert "f.diallo" not in client.text(page)
    assert not client.select(page, "a[href$='/corriger']")
    assert client.get(f"/personnes/{full}/corriger").status_code == 404


def test_without_the_identity_the_page_does_not_exist(world: World, full: UUID) -> None:
    follow(world, full, "fablab", Section.NEEDS)
    client = world.client("camille.fablab")
    for page in PAGES:
        assert client.get(f"/personnes/{full}{page}").status_code == 404


@pytest.mark.parametrize("who", ["fs.adviser", "ccas.adviser", "ccas.social", "shelter.adviser", "camille.fablab"])
@pytest.mark.parametrize("page", PAGES)
def test_elsewhere_it_does_not_exist(world: World, full: UUID, who: str, page: str) -> None:
    client = world.client(who)
    theirs, nobody = client.get(f"/personnes/{full}{page}"), client.get(f"/personnes/{uuid4()}{page}")
    assert theirs.status_code == nobody.status_code == 404
    assert client.text(theirs, "main") == client.text(nobody, "main")
    assert "Diallo" not in theirs.get_data(as_text=True)


def test_the_same_user_sees_with_the_hat_they_wear(world: World, full: UUID) -> None:
    assert world.client("camille.library").get(f"/personnes/{full}").status_code == 200
    assert world.client("camille.fablab").get(f"/personnes/{full}").status_code == 404


def test_a_team_under_secrecy_keeps_its_people(world: World) -> None:
    person_id = add(world, "ccas.social", "Rose", "Secret")
    assert world.client("ccas.social").get(f"/personnes/{person_id}").status_code == 200
    for who in ("ccas.adviser", "ccas.desk", "library.adviser"):
        assert world.client(who).get(f"/personnes/{person_id}").status_code == 404


def test_a_sensitive_structure_is_not_named_elsewhere(world: World, full: UUID) -> None:
    follow(world, full, "shelter")
    ours, theirs = world.client("library.adviser"), world.client("shelter.adviser")
    address = f"/personnes/{full}"
    assert "Maison des femmes" not in ours.text(ours.get(address))
    assert "Structure partenaire" in ours.text(ours.get(address))
    assert "Maison des femmes" in theirs.text(theirs.get(address))


def test_an_archived_person_has_no_page(world: World, full: UUID) -> None:
    archive(world, full)
    assert world.client("library.adviser").get(f"/personnes/{full}").status_code == 404


def _panel(actor: Actor, granted: Granted) -> PersonPanel | None:
    if not granted.opens(Section.NOTES):
        return None
    today = clock.now().date()
    brief = (
        Brief(Bearing.NEXT, "Plus tard", "", today + timedelta(days=9)),
        Brief(Bearing.NEXT, "Un jour"),
        Brief(Bearing.URGENT, "Demain", "/mentions", today + timedelta(days=1)),
        Brief(Bearing.URGENT, "Hier", "/mentions", today - timedelta(days=1), late=True),
        Brief(Bearing.PROMISED, "Promesse"),
    )
    return PersonPanel("essai", 10, "people/_rows.html", {"rows": []}, brief)


def test_panels_and_what_is_read_first(world: World, full: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "person_panels", [_panel])
    adviser, desk = world.client("library.adviser"), world.client("library.desk")
    page = adviser.get(f"/personnes/{full}")
    rows = [row.get_text(" ", strip=True) for row in adviser.select(page, ".person-brief__row")]
    assert [row.split()[0] for row in rows] == ["Urgent", "Promis", "Ensuite", "Qui"]
    assert rows[0].index("Hier") < rows[0].index("Demain")
    assert "En retard" in rows[0]
    assert rows[2].index("Plus tard") < rows[2].index("Un jour")
    assert "Médiathèque de Marmande" in rows[3]
    assert adviser.select(page, "[data-panel=essai]")
    nothing = desk.get(f"/personnes/{full}")
    assert not desk.select(nothing, "[data-panel=essai]")
    assert "Rien d’urgent ni de promis." in desk.text(nothing, ".person-brief")


def test_links_are_for_their_roles_the_main_one_first(
    world: World, full: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = PersonLink("people.ask", "Lien discret", FRONT, 1)
    main = PersonLink("people.edit", "Lien principal", ADVISING, 9, primary=True)
    monkeypatch.setattr(panels, "person_links", [quiet, main])
    adviser, desk = world.client("library.adviser"), world.client("library.desk")
    shown = adviser.select(adviser.get(f"/personnes/{full}"), ".person-actions a")
    assert [tag.get_text(strip=True) for tag in shown] == ["Lien principal", "Lien discret"]
    assert shown[1]["href"] == f"/personnes/{full}/accord"
    assert "Lien principal" not in desk.text(desk.get(f"/personnes/{full}"))


def test_reading_and_printing_are_journalled_without_a_name(world: World, full: UUID) -> None:
    client = world.client("library.adviser")
    client.get(f"/personnes/{full}")
    client.get(f"/personnes/{full}")
    client.get(f"/personnes/{full}/coupon")
    reads = [entry for entry in journal(world, "person.read") if entry.person_id == full]
    assert [(entry.grant, entry.user_id) for entry in reads] == [
        ("referent_follow_up", world.actors["library.adviser"].user_id)
    ]
    assert len(journal(world, "person.print")) == 1
    assert "diallo" not in whole_journal(world).lower()


def test_a_refused_reading_is_journalled(world: World, full: UUID) -> None:
    world.client("fs.adviser").get(f"/personnes/{full}")
    refused = journal(world, "access.refused")
    assert [entry.object_id for entry in refused] == [full]


def test_queries_do_not_grow_with_agreements_and_followers(world: World, full: UUID) -> None:
    client = world.client("library.adviser")
    few = _queries(world, client, full)
    for structure in ("fablab", "ccas", "france_services"):
        follow(world, full, structure)
    for answer in ("given", "refused", "given"):
        page = client.get(f"/personnes/{full}/accord")
        client.submit(page, "#accord", data={"answer": answer})
    assert _queries(world, client, full) == few


def _queries(world: World, client: InspectingClient, person_id: UUID) -> int:
    with world.app.app_context():
        bind = db.engine
    client.get(f"/personnes/{person_id}")
    with count_queries(bind) as queries:
        client.get(f"/personnes/{person_id}")
    return len(queries)


@pytest.mark.parametrize("sections", [NOTHING, SHARED_BY_DEFAULT])
def test_the_list_of_another_structure_shows_whose_identity_is_shared(
    world: World, full: UUID, sections: Section
) -> None:
    follow(world, full, "fablab", sections)
    client = world.client("camille.fablab")
    assert ("Diallo" in client.text(client.get("/personnes"))) is bool(sections)
