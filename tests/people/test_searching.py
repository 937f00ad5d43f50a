"""Finding somebody again: what may be typed, what is found, what never travels."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app.kernel import clock
from app.people.actions import SEARCH_LIFETIME
from tests.people.helpers import add, archive, found, journal, names_of, search, whole_journal
from tests.support.pages import InspectingClient
from tests.support.world import World

PEOPLE = [
    ("Éloïse", "Gauthier"),
    ("Jean-Pierre", "de La Tour"),
    ("Aïcha", "Ben Salah"),
    ("Marie Louise", "O'Brien"),
    ("Lê", "Nguyễn"),
]


@pytest.fixture
def adviser(world: World) -> InspectingClient:
    for first, last in PEOPLE:
        add(world, "library.adviser", first, last)
    return world.client("library.adviser")


FOUND = [
    ("eloise", "Éloïse Gauthier"),
    ("ÉLOÏSE", "Éloïse Gauthier"),
    ("gauthier", "Éloïse Gauthier"),
    ("Gautier", "Éloïse Gauthier"),
    ("gotier", "Éloïse Gauthier"),
    ("gau", "Éloïse Gauthier"),
    ("Gauthier Éloïse", "Éloïse Gauthier"),
    ("el gau", "Éloïse Gauthier"),
    ("jean pierre", "Jean-Pierre de La Tour"),
    ("jeanpierre", "Jean-Pierre de La Tour"),
    ("pierre", "Jean-Pierre de La Tour"),
    ("latour", "Jean-Pierre de La Tour"),
    ("tour", "Jean-Pierre de La Tour"),
    ("delatour", "Jean-Pierre de La Tour"),
    ("De la Tour Jean-Pierre", "Jean-Pierre de La Tour"),
    ("bensalah", "Aïcha Ben Salah"),
    ("ben salah", "Aïcha Ben Salah"),
    ("obrien", "Marie Louise O'Brien"),
    ("o’brien", "Marie Louise O'Brien"),
    ("marie-louise", "Marie Louise O'Brien"),
    ("nguyen", "Lê Nguyễn"),
    ("le", "Lê Nguyễn"),
    ("612345678", "Amina Benali"),
    ("06 12 34 56 78", "Amina Benali"),
    ("06.12.34", "Amina Benali"),
    ("+33 6 12 34 56 78", "Amina Benali"),
    ("0033612345678", "Amina Benali"),
    ("1958", "Amina Benali"),
    ("benali 1958", "Amina Benali"),
]


@pytest.mark.parametrize(("typed", "name"), FOUND)
def test_somebody_is_found_again(adviser: InspectingClient, typed: str, name: str) -> None:
    assert name in found(adviser, typed)


def test_the_exact_name_comes_before_longer_and_lookalike_ones(world: World, adviser: InspectingClient) -> None:
    add(world, "library.adviser", "Martine", "Gautier")
    add(world, "library.adviser", "Paul", "Gauthierot")
    add(world, "library.adviser", "Éloïse", "Gautier")
    assert found(adviser, "gauthier eloise") == ["Éloïse Gauthier", "Éloïse Gautier"]
    assert set(found(adviser, "gautier")[:2]) == {"Éloïse Gautier", "Martine Gautier"}
    assert found(adviser, "gauthier")[0] == "Éloïse Gauthier"


def test_two_letters_are_the_beginning_of_a_word(adviser: InspectingClient) -> None:
    assert found(adviser, "sa") == ["Aïcha Ben Salah"]
    assert found(adviser, "al") == []


@pytest.mark.parametrize("typed", ["a", "é", "7", "61", "&"])
def test_too_little_is_refused_with_words(adviser: InspectingClient, typed: str) -> None:
    page = search(adviser, typed)
    assert "deux lettres" in adviser.text(page, ".error-summary")
    assert names_of(adviser, page) == []


def test_an_empty_search_is_refused_with_words(adviser: InspectingClient) -> None:
    page = search(adviser, "  ")
    assert page.status_code == 422
    assert "Écrivez un nom" in adviser.text(page, ".error-summary")


@pytest.mark.parametrize("typed", ["a" * 201, "mot de passe : Soleil47!"])
def test_what_may_not_be_stored_is_not_searched_either(adviser: InspectingClient, typed: str) -> None:
    page = search(adviser, typed)
    assert page.status_code == 422
    assert adviser.select(page, "[name=q]")[0]["value"] == typed


def test_the_code_of_somebody_without_a_name(world: World, adviser: InspectingClient) -> None:
    add(world, "library.adviser")
    code = names_of(adviser, adviser.get("/personnes"))[0]
    for typed in (code, code.lower(), f"{code[:3]} {code[3:]}"):
        assert found(adviser, typed)[0] == code


@pytest.mark.parametrize("who", ["fs.adviser", "ccas.adviser", "fablab", "shelter.adviser"])
@pytest.mark.parametrize("typed", ["eloise", "gauthier", "0612345678", "1958", "benali"])
def test_what_another_structure_follows_is_not_found(world: World, who: str, typed: str) -> None:
    add(world, "library.adviser", "Éloïse", "Gauthier", birth_year=1990)
    client = world.client("camille.fablab" if who == "fablab" else who)
    names = found(client, typed)
    assert "Éloïse Gauthier" not in names
    assert "Amina Benali" not in names


def test_the_code_of_somebody_followed_elsewhere_finds_nothing(world: World) -> None:
    add(world, "library.adviser")
    library, elsewhere = world.client("library.adviser"), world.client("fs.adviser")
    code = names_of(library, library.get("/personnes"))[0]
    assert found(elsewhere, code) == []


def test_archived_people_are_neither_listed_nor_found(world: World, adviser: InspectingClient) -> None:
    archive(world, world.people["amina"])
    assert found(adviser, "benali") == []
    assert "Amina" not in adviser.text(adviser.get("/personnes"))
    assert adviser.get(f"/personnes/{world.people['amina']}").status_code == 404


def test_the_words_stay_on_the_server(adviser: InspectingClient) -> None:
    sent = adviser.submit(adviser.get("/personnes"), "form[role=search]", q="Benali")
    address = urlsplit(sent.location)
    assert sent.status_code == 303
    assert address.path == "/personnes"
    assert "benali" not in sent.location.lower()
    page = adviser.get(sent.location)
    assert adviser.select(page, "[name=q]")[0]["value"] == "Benali"
    assert not [tag for tag in adviser.select(page, "a[href]") if "benali" in str(tag["href"]).lower()]


def test_a_search_is_its_user_s_for_fifteen_minutes(world: World, adviser: InspectingClient) -> None:
    address = adviser.submit(adviser.get("/personnes"), "form[role=search]", q="Benali").location
    colleague = world.client("library.desk")
    assert "n’est plus gardée" in colleague.text(colleague.get(address))
    assert "Benali" not in colleague.text(colleague.get(address))
    with clock.fixed(clock.now() + SEARCH_LIFETIME - timedelta(seconds=5)):
        assert "Amina" in adviser.text(adviser.get(address))
    with clock.fixed(clock.now() + SEARCH_LIFETIME + timedelta(seconds=5)):
        page = adviser.get(address)
        assert "n’est plus gardée" in adviser.text(page)
        assert "Benali" not in adviser.text(page)


@pytest.mark.parametrize("token", ["x", "01a20211-50ba-730d-b4aa-000000000000", "%27"])
def test_a_token_that_is_not_one_finds_nothing(adviser: InspectingClient, token: str) -> None:
    page = adviser.get(f"/personnes?recherche={token}")
    assert page.status_code == 200
    assert names_of(adviser, page) == []


def test_the_journal_keeps_the_count_and_the_kinds_never_the_words(world: World, adviser: InspectingClient) -> None:
    search(adviser, "benali 1958")
    search(adviser, "06 12 34 56 78")
    details = [entry.details for entry in journal(world, "person.search")]
    assert details == ['{"count":1,"kinds":["name","birth_year"]}', '{"count":1,"kinds":["phone"]}']
    words = whole_journal(world).lower()
    assert "benali" not in words
    assert "1958" not in words
    assert "612345678" not in words


def test_beyond_fifty_one_is_asked_to_be_precise(world: World, adviser: InspectingClient) -> None:
    for rank in range(52):
        add(world, "library.adviser", f"Zoltan{chr(97 + rank % 26)}", f"Kovacs{rank}")
    page = search(adviser, "kovacs")
    assert len(names_of(adviser, page)) == 50
    assert "52 personnes trouvées" in adviser.text(page)
    assert "Précisez" in adviser.text(page)


def test_nothing_found_leads_to_registering(adviser: InspectingClient) -> None:
    page = search(adviser, "zorglub")
    assert adviser.select(page, '.empty a[href="/personnes/nouvelle"]')


@pytest.mark.parametrize("who", ["coordinator", "elected", "dpo", "admin"])
def test_others_have_no_register(world: World, who: str) -> None:
    client = world.client(who)
    for path in ("/personnes", "/personnes/nouvelle", "/personnes/notice", f"/personnes/{world.people['amina']}"):
        assert client.get(path).status_code == 404
