"""The directory on the screen: lists, pages, corrections."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.db import db
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.needs.enums import NeedKind
from app.network import actions, exports, queries
from app.network.models import DirectoryChange, Offer, Place, Structure
from app.referrals.machine.matching import Why
from app.referrals.queries import choosing
from tests.network.test_places_import import load, sheet
from tests.support.queries import count_queries
from tests.support.world import World

SERVICES = "Aide aux démarches administratives|Accès internet et matériel informatique"


def put(app: Flask, *rows: dict[str, str]) -> None:
    with app.app_context():
        assert load(sheet(*rows)).rejected == []
        db.session.commit()


def place_named(app: Flask, name: str) -> Place:
    with app.app_context():
        return db.session.scalars(select(Place).where(Place.name == name)).one()


@pytest.mark.parametrize("who", ["library.desk", "library.adviser", "library.manager", "coordinator"])
def test_whoever_orients_or_coordinates_reads_the_directory(world: World, who: str) -> None:
    client = world.client(who)
    assert "Lieu ccas" in client.text(client.get("/annuaire"), "main")
    assert client.get(f"/annuaire/lieux/{world.places['ccas']}").status_code == 200
    assert "CCAS de Tonneins" in client.text(client.get("/annuaire/structures"), "main")
    assert 'href="/annuaire"' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("who", ["elected", "dpo", "admin"])
def test_the_others_have_no_directory(world: World, who: str) -> None:
    client = world.client(who)
    assert client.get("/annuaire").status_code == 404
    assert 'href="/annuaire"' not in client.get("/", follow_redirects=True).get_data(as_text=True)


def test_filters_add_up_and_travel_in_the_address(app: Flask, world: World) -> None:
    put(
        app,
        {"id": "a", "nom": "Médiathèque Élan", "services": SERVICES, "typologie": "BIB"},
        {"id": "b", "nom": "Accueil", "pivot": "00000000000001", "commune": "Tonneins", "code_postal": "47400"}
        | {"code_insee": "47310", "services": SERVICES},
        {"id": "c", "nom": "Écran", "pivot": "00000000000002", "services": ""},
    )
    client = world.client("library.desk")

    def names(**asked: str) -> list[str]:
        page = client.get("/annuaire", query_string=asked)
        return [tag.get_text() for tag in client.select(page, ".directory-list tbody th > a")]

    assert names(q="mediatheque elan") == ["Médiathèque Élan"]
    assert names(ou="47400") == ["Accueil"]
    assert names(ou="Tonneins") == ["Accueil"]
    assert names(service="Accès internet et matériel informatique") == ["Accueil", "Médiathèque Élan"]
    assert names(service="Accès internet et matériel informatique", genre="library") == ["Médiathèque Élan"]
    assert names(service="Accès internet et matériel informatique", ou="47200", q="élan") == ["Médiathèque Élan"]
    assert names(q="rue") == ["Accueil", "Écran", "Lieu ccas", "Lieu library", "Médiathèque Élan"]
    assert names(q="rue", tri="commune") == ["Écran", "Lieu ccas", "Lieu library", "Médiathèque Élan", "Accueil"]
    assert names(q="%") == names()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("13015", ["Dans la ville", "Dans son arrondissement"]),
        ("Marseille 15", ["Dans la ville", "Dans son arrondissement"]),
        ("Marseille", ["Ailleurs dans la ville", "Dans la ville", "Dans son arrondissement"]),
    ],
)
def test_an_arrondissement_finds_its_places_and_no_other(
    app: Flask, world: World, asked: str, found: list[str]
) -> None:
    """Files put a place of Marseille either in its arrondissement or in the city, with its postcode."""
    city, part = {"commune": "Marseille", "code_insee": "13055"}, {"commune": "Marseille", "code_insee": "13215"}
    put(
        app,
        {"id": "a", "nom": "Dans la ville", "code_postal": "13015", **city},
        {"id": "b", "nom": "Dans son arrondissement", "code_postal": "13015", **part},
        {"id": "c", "nom": "Ailleurs dans la ville", "code_postal": "13003", **city},
    )
    client = world.client("library.desk")
    page = client.get("/annuaire", query_string={"ou": asked})
    assert [tag.get_text() for tag in client.select(page, ".directory-list tbody th > a")] == found


def test_a_commune_that_may_be_several_is_asked_again(world: World) -> None:
    client = world.client("library.desk")
    page = client.get("/annuaire?ou=Saint-Denis")
    assert client.select(page, "input[type=radio][name='ou-choix']")
    assert not client.select(page, ".directory-list")
    chosen = client.submit(page, "form.directory-filters", data={"ou-choix": "97411"})
    assert "Aucun lieu ne correspond" in client.text(chosen, "main")


def test_a_sensitive_structure_is_not_in_the_directory_of_others(app: Flask, world: World) -> None:
    with app.app_context():
        owner = world.structures["shelter"]
        secret = actions.add_place(None, _place(owner, "Refuge discret"))
        place_id = secret.id
        db.session.commit()
    for who in ("library.adviser", "coordinator"):
        client = world.client(who)
        for address in ("/annuaire", "/annuaire/structures", "/annuaire?q=refuge", "/annuaire/export.csv"):
            shown = client.get(address).get_data(as_text=True)
            assert "Refuge discret" not in shown
            assert "Maison des femmes" not in shown
        assert "n’est pas nommée" in client.text(client.get("/annuaire"), "main")
        assert client.get(f"/annuaire/lieux/{place_id}").status_code == 404
        assert client.get(f"/annuaire/structures/{owner}").status_code == 404
    assert world.client("coordinator").get(f"/annuaire/structures/{owner}/lieux/nouveau").status_code == 404
    own = world.client("shelter.adviser")
    assert "Refuge discret" in own.text(own.get("/annuaire"), "main")
    assert own.get(f"/annuaire/lieux/{place_id}").status_code == 200


def _place(structure_id: UUID, name: str) -> Place:
    return Place(
        structure_id=structure_id,
        external_id=name,
        pivot="00000000000000",
        name=name,
        commune_name="Marmande",
        postcode="47200",
        commune_code="47157",
        address="lieu tenu secret",
        services=[],
        details={},
        updated_on=date(2026, 1, 1),
    )


def test_the_number_of_statements_does_not_grow_with_the_places(app: Flask, world: World) -> None:
    client = world.client("library.desk")
    pages = ("/annuaire", "/annuaire?q=lieu&tri=structure", "/annuaire/structures", "/annuaire?ou=47200")
    counts = []
    for batch in range(2):
        put(app, *({"id": f"{batch}-{rank}", "pivot": f"{batch}{rank:013}"} for rank in range(40)))
        found = []
        for page in pages:
            with app.app_context(), count_queries(db.session) as queries:
                assert client.get(page).status_code == 200
            queries.assert_at_most(7)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_pages_follow_one_another(app: Flask, world: World) -> None:
    put(app, *({"id": str(rank), "nom": f"Lieu {rank:03}"} for rank in range(60)))
    client = world.client("library.desk")
    first = client.get("/annuaire?q=lieu")
    assert "62 lieux" in client.text(first, "main")
    seen = [tag.get_text() for tag in client.select(first, ".directory-list tbody th > a")]
    for number in (2, 3):
        page = client.get(f"/annuaire?q=lieu&page={number}")
        seen += [tag.get_text() for tag in client.select(page, ".directory-list tbody th > a")]
    assert seen == sorted(seen)
    assert len(set(seen)) == 62


HOURS = "Mo-Fr 09:00-12:00,14:00-18:30; Sa 09:00-12:00; PH off"


def test_a_places_page_says_all_of_it_in_french(app: Flask, world: World) -> None:
    put(
        app,
        {
            "nom": "Espace Elan",
            "horaires": HOURS,
            "telephone": "+33553201234",
            "courriels": "a@exemple.fr|b@exemple.fr",
            "site_web": "https://exemple.fr/elan/|javascript:alert(1)",
            "prise_en_charge_specifique": "Surdité",
            "frais_a_charge": "Gratuit",
            "presentation_detail": "Deux\nlignes",
        },
    )
    client = world.client("library.desk")
    page = client.get(f"/annuaire/lieux/{place_named(app, 'Espace Elan').id}")
    said = client.text(page, "main")
    assert "Du lundi au vendredi" in said
    assert "de 9 h à 12 h et de 14 h à 18 h 30" in said
    assert "Le samedi" in said
    assert "Les jours fériés" in said
    assert "05 53 20 12 34" in said
    assert "Surdité" in said
    assert not client.select(page, "a[href^='javascript']")
    assert client.select(page, "a[href='mailto:b@exemple.fr']")


@pytest.mark.parametrize(
    ("who", "own", "other"), [("library.manager", 200, 404), ("coordinator", 200, 200), ("library.adviser", 404, 404)]
)
def test_who_keeps_places(world: World, who: str, own: int, other: int) -> None:
    client = world.client(who)
    assert client.get(f"/annuaire/lieux/{world.places['library']}/modifier").status_code == own
    assert client.get(f"/annuaire/lieux/{world.places['ccas']}/modifier").status_code == other
    assert client.get(f"/annuaire/structures/{world.structures['ccas']}/lieux/nouveau").status_code == other
    shown = client.get(f"/annuaire/lieux/{world.places['ccas']}").get_data(as_text=True)
    assert ("Modifier ce lieu" in shown) is (other == 200)


def test_a_manager_adds_a_place(app: Flask, world: World) -> None:
    client = world.client("library.manager")
    page = client.get(f"/annuaire/structures/{world.structures['library']}/lieux/nouveau")
    answer = client.submit(
        page,
        data={
            "nom": "Annexe",
            "adresse": "2 place du Marché",
            "commune": "Tonneins",
            "telephone": "05 53 20 12 34",
            "courriels": "annexe@exemple.fr\nbis@exemple.fr",
            "site_web": "www.exemple.fr",
            "services": ["Aide aux démarches administratives"],
            "week-0-0": "09:00",
            "week-0-1": "12:00",
            "week-2-0": "9h",
            "week-2-3": "18 h 30",
            "ferie": True,
        },
    )
    assert answer.status_code == 303, client.text(answer, "main")
    place = place_named(app, "Annexe")
    assert (place.commune_code, place.commune_name, place.postcode) == ("47310", "Tonneins", "47400")
    assert place.details == {
        "telephone": "+33553201234",
        "courriels": ["annexe@exemple.fr", "bis@exemple.fr"],
        "site_web": ["https://www.exemple.fr"],
        "horaires": "Mo 09:00-12:00; We 09:00-18:30; PH off",
    }
    with app.app_context():
        change = db.session.scalars(select(DirectoryChange).where(DirectoryChange.object_id == place.id)).one()
        assert (change.kind.value, change.structure_id) == ("added", world.structures["library"])
        noted = db.session.scalars(select(JournalEntry).where(JournalEntry.object_id == place.id)).one()
        assert noted.action == "place.add"
    assert "Annexe" in client.text(client.get("/annuaire"), "main")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"nom": ""}, "nom", "Donnez un nom"),
        ({"commune": "Saint-Denis"}, "commune", "Plusieurs communes"),
        ({"code_postal": "47"}, "code_postal", "cinq chiffres"),
        ({"telephone": "+32 470 12 34 56"}, "telephone", "numéros français"),
        ({"courriels": "pas une adresse"}, "courriels", "n’est pas une adresse de courriel"),
        ({"site_web": "javascript:alert(1)"}, "site_web", "n’est pas une adresse de site"),
        ({"latitude": "91", "longitude": "2"}, "latitude", "pas sur Terre"),
        ({"latitude": "44", "longitude": ""}, "latitude", "pas deux nombres"),
        ({"week-0-0": "14:00", "week-0-1": "12:00"}, "week", "Lundi : les heures doivent se suivre"),
        ({"week-1-0": "14:00"}, "week", "Mardi : il manque une heure"),
        ({"week-1-0": "25:00", "week-1-1": "26:00"}, "week", "« 25:00 » n’est pas une heure"),
        ({"presentation_resume": "x" * 281}, "presentation_resume", "281 caractères"),
    ],
)
def test_what_is_refused_is_told_on_its_field(
    app: Flask, world: World, typed: dict[str, str], field: str, words: str
) -> None:
    client = world.client("library.manager")
    page = client.get(f"/annuaire/lieux/{world.places['library']}/modifier")
    answer = client.submit(page, data={"adresse": "3 rue neuve", **typed})
    assert answer.status_code == 422
    assert words in client.text(answer, f"#{field}-error"), client.text(answer, "main")
    assert "3 rue neuve" in str(client.select(answer, "#adresse")[0])


def test_a_correction_is_remembered_column_by_column(app: Flask, world: World) -> None:
    client = world.client("library.manager")
    address = f"/annuaire/lieux/{world.places['library']}"
    answer = client.submit(
        client.get(f"{address}/modifier"), data={"nom": "Médiathèque", "week-4-0": "9", "week-4-1": "12"}
    )
    assert answer.status_code == 303
    said = client.text(client.get(address), "#historique")
    assert "Modification" in said
    assert "Médiathèque de Marmande" in said
    assert "Nom : avant Lieu library maintenant Médiathèque" in said
    assert "Horaires : maintenant Le vendredi de 9 h à 12 h" in said
    with app.app_context():
        before = db.session.scalars(select(DirectoryChange)).all()
        assert len(before) == 1
    again = client.submit(client.get(f"{address}/modifier"))
    assert again.status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(DirectoryChange)).all()) == 1


def test_two_people_correct_the_same_place(app: Flask, world: World) -> None:
    address = f"/annuaire/lieux/{world.places['library']}/modifier"
    manager, coordinator = world.client("library.manager"), world.client("coordinator")
    late = manager.get(address)
    assert coordinator.submit(coordinator.get(address), nom="Nom de la coordination").status_code == 303
    answer = manager.submit(late, nom="Nom de la structure")
    assert answer.status_code == 409
    told = manager.text(answer, ".differences")
    assert "Nom de la coordination" in told
    assert "Nom de la structure" in told
    assert manager.submit(answer).status_code == 303
    assert place_named(app, "Nom de la structure").version == 3


def test_what_the_screen_does_not_ask_and_does_not_know_is_kept(app: Flask, world: World) -> None:
    odd = "Mo-Fr 09:00-12:00; week 1-53/2 Sa 09:00-12:00"
    put(
        app,
        {
            "nom": "Riche",
            "horaires": odd,
            "typologie": "TIERS_LIEUX|ASSO",
            "services": "Réparer des vélos",
            "source": "dora",
        }
        | {"latitude": "44.5", "longitude": "0.1"},
    )
    client = world.client("coordinator")
    place = place_named(app, "Riche")
    shown = client.text(client.get(f"/annuaire/lieux/{place.id}"), "main")
    assert odd in shown
    page = client.get(f"/annuaire/lieux/{place.id}/modifier")
    assert not client.select(page, ".week")
    answer = client.submit(page, nom="Plus riche", services=["Aide aux démarches administratives"])
    assert answer.status_code == 303, client.text(answer, "main")
    place = place_named(app, "Plus riche")
    assert place.details["horaires"] == odd
    assert place.details["typologie"] == ["TIERS_LIEUX", "ASSO"]
    assert place.details["source"] == "dora"
    assert place.services == ["Aide aux démarches administratives", "Réparer des vélos"]
    assert place.latitude == 44.5
    page = client.get(f"/annuaire/lieux/{place.id}/modifier")
    assert client.submit(page, commune="Tonneins", code_postal="47400").status_code == 303
    assert place_named(app, "Plus riche").latitude is None


def test_a_closed_place_leaves_lists_and_choices_and_comes_back(app: Flask, world: World) -> None:
    client = world.client("library.manager")
    address = f"/annuaire/lieux/{world.places['library']}"
    assert client.submit(client.get(f"{address}/fermer")).status_code == 303
    assert "est fermé depuis" in client.text(client.get(address), "main")
    assert "Lieu library" not in client.text(client.get("/annuaire"), "main")
    assert "Lieu library" in client.text(client.get("/annuaire?fermes=1"), "main")
    assert "Lieu library" not in client.text(client.get("/seances/sans-nom"), "main")
    assert client.submit(client.get(f"{address}/fermer")).status_code == 303
    assert "Lieu library" in client.text(client.get("/annuaire"), "main")
    with app.app_context():
        kinds = [one.kind.value for one in db.session.scalars(select(DirectoryChange).order_by(DirectoryChange.at))]
        assert kinds == ["closed", "reopened"]


def test_a_structure_says_what_it_proposes(app: Flask, world: World) -> None:
    client = world.client("library.manager")
    page = client.get(f"/annuaire/structures/{world.structures['library']}")
    form = client.get(f"/annuaire/structures/{world.structures['library']}/offres/nouvelle")
    assert "Ajouter une offre" in client.text(page, "main")
    answer = client.submit(
        form,
        title="Atelier smartphone",
        description="Le mardi.",
        place_id=str(world.places["library"]),
        publics=["seniors", "allophones"],
        fees=["Gratuit"],
    )
    assert answer.status_code == 303, client.text(answer, "main")
    shown = client.text(client.get(f"/annuaire/structures/{world.structures['library']}"), "#offres")
    assert "Seniors, Personnes allophones" in shown
    assert "Lieu library" in shown
    assert "Atelier smartphone" in client.text(client.get(f"/annuaire/lieux/{world.places['library']}"), "#offres")
    with app.app_context():
        offer_id = db.session.scalars(select(Offer.id)).one()
    edit = client.get(f"/annuaire/offres/{offer_id}/modifier")
    assert client.submit(edit, "main form:not([action])", title="Atelier tablette").status_code == 303
    stopped = client.submit(client.get(f"/annuaire/offres/{offer_id}/modifier"), "form[action$='/arreter']")
    assert stopped.status_code == 303
    desk = world.client("library.desk")
    assert "Atelier" not in desk.text(desk.get(f"/annuaire/structures/{world.structures['library']}"), "#offres")
    assert "arrêtée" in client.text(client.get(f"/annuaire/structures/{world.structures['library']}"), "#offres")
    other = world.client("ccas.adviser")
    assert other.get(f"/annuaire/offres/{offer_id}/modifier").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Structure.name).where(Structure.id == world.structures["library"])).one()


def test_what_a_structure_proposes_helps_to_choose_it(app: Flask, world: World) -> None:
    with app.app_context():
        actor, person = world.actors["library.adviser"], world.people["amina"]

        def reasons() -> tuple[str, ...]:
            found = choosing.choices(actor, person, NeedKind.EQUIPEMENT)
            return next(one.reasons for one in found if one.id == world.structures["ccas"])

        assert Why.SERVICE not in reasons()
        data = actions.OfferData(title="Ordinateurs", services=("Accès internet et matériel informatique",))
        made = actions.add_offer(world.actors["coordinator"], world.structures["ccas"], data)
        assert Why.SERVICE in reasons()
        actions.close_offer(world.actors["coordinator"], made.id, None, world.today)
        assert Why.SERVICE not in reasons()


def test_an_offer_belongs_to_a_place_of_its_structure(app: Flask, world: World) -> None:
    client = world.client("library.manager")
    form = client.get(f"/annuaire/structures/{world.structures['library']}/offres/nouvelle")
    answer = client.submit(form, title="Permanence", forged={"place_id": str(world.places["ccas"])})
    assert answer.status_code == 422
    assert "Choisissez" in client.text(answer, "#place_id-error")


def test_the_export_says_what_it_leaves_out(app: Flask, world: World) -> None:
    """As the command does: every value that the file cannot hold, with the place where it is corrected."""
    client = world.client("library.manager")
    nothing = client.get("/annuaire/export")
    assert "Tout ce que l’annuaire sait" in client.text(nothing, "main")
    with app.app_context():
        engine = db.engine
    with count_queries(engine) as few:
        client.get("/annuaire/export")
    odd = "Réparer des vélos"
    with app.app_context():
        kept = [world.places["library"], world.places["ccas"]]
        for place in db.session.scalars(select(Place).where(Place.id.in_(kept))):
            place.services = [odd]
        written = exports.write_places(queries.places_to_export(), io.StringIO(newline=""))
        commit()
    with count_queries(engine) as many:
        page = client.get("/annuaire/export")
    many.assert_same_as(few)
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in client.select(page, "tbody tr")
    ]
    assert {(row[0], row[2]) for row in rows} == {("Lieu library", odd), ("Lieu ccas", odd)}
    assert len(rows) == len(written)
    addresses = [str(link["href"]) for link in client.select(page, "tbody a")]
    assert {client.get(address).status_code for address in addresses} == {200}
    (file,) = client.select(page, "a[download]")
    assert client.get(str(file["href"])).mimetype == "text/csv"
    offered = [str(link["href"]) for link in client.select(client.get("/annuaire"), "main a")]
    assert "/annuaire/export" in offered


def test_the_export_from_the_screen(app: Flask, world: World) -> None:
    client = world.client("library.manager")
    answer = client.get("/annuaire/export.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Lieu library" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(JournalEntry).where(JournalEntry.action == "place.export")).one()
    assert world.client("library.desk").get("/annuaire/export.csv").status_code == 404
