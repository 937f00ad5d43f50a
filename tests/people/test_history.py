"""The one history on a person's page: what is in it, for whom, in which order, at what price."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.timeline import PAGE_SIZE
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.needs import actions as needs
from app.needs.actions import CloseData, NeedData
from app.needs.enums import Blocker, Demarche, NeedKind, NeedResult, PieceKind, PieceState
from app.people.actions import notes
from app.people.actions.notes import NoteData
from app.people.enums import NoteVisibility
from tests.access.stage import Relation, Stage
from tests.people.helpers import add, follow
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World


@pytest.fixture
def amina(world: World) -> UUID:
    return world.people["amina"]


def _session(world: World, days: int = 0, **changes: object) -> SessionData:
    values: dict[str, object] = {
        "held_on": world.today - timedelta(days=days),
        "minutes": 30,
        "themes": (Theme.EMAIL,),
        "place_kind": PlaceKind.A_DISTANCE,
        "note": "mot de la séance",
    }
    return SessionData(**{**values, **changes})  # type: ignore[arg-type]


def _log(world: World, person_id: UUID, who: str = "library.adviser", times: int = 1, **changes: object) -> None:
    with world.app.app_context():
        actor = world.actors[who]
        for rank in range(times):
            granted = grants.on_person(actor, person_id)
            mediation.log_session(actor, granted, _session(world, rank, **changes), world.today)
        commit()
        db.session.remove()


def _need(world: World, person_id: UUID, who: str = "library.adviser", close: bool = False, **data: object) -> UUID:
    with world.app.app_context():
        actor = world.actors[who]
        granted = grants.on_person(actor, person_id)
        need = needs.open_need(actor, granted, NeedData(**data))  # type: ignore[arg-type]
        if close:
            needs.close_need(actor, granted, need.id, CloseData(result=NeedResult.RESOLUE), None)
        commit()
        found = need.id
        db.session.remove()
    return found


def _note(world: World, person_id: UUID, who: str, body: str, visibility: NoteVisibility | None = None) -> UUID:
    with world.app.app_context():
        actor = world.actors[who]
        found = notes.write_note(
            actor, grants.on_person(actor, person_id), NoteData(body=body, visibility=visibility)
        ).id
        commit()
        db.session.remove()
    return found


def _titles(client: InspectingClient, person_id: UUID, query: str = "") -> list[str]:
    page = client.get(f"/personnes/{person_id}{query}")
    assert page.status_code == 200
    return [tag.get_text(strip=True) for tag in client.select(page, "#histoire .timeline__title")]


def _history(client: InspectingClient, person_id: UUID, query: str = "") -> str:
    return client.text(client.get(f"/personnes/{person_id}{query}"), "#histoire")


def test_everything_is_in_one_list_newest_first(world: World, amina: UUID) -> None:
    _log(world, amina, held_on=world.today - timedelta(days=40))
    _need(world, amina, kind=NeedKind.CONNEXION, close=True)
    _note(world, amina, "library.adviser", "Préfère le matin.")
    client = world.client("library.adviser")
    titles = _titles(client, amina)
    assert titles[0] == "Note"
    assert titles[-1] == "E-mail"
    assert {"Demande\xa0: Connexion à Internet", "Demande terminée\xa0: Connexion à Internet", "Inscription"} <= set(
        titles
    )
    assert "Notice remise sur papier" in titles
    words = _history(client, amina)
    assert "Préfère le matin." in words
    assert "Library Adviser · Médiathèque de Marmande" in words
    months = client.select(client.get(f"/personnes/{amina}"), "#histoire h3")
    assert len(months) == 2


def test_the_filter_is_a_code_in_the_address(world: World, amina: UUID) -> None:
    _log(world, amina)
    _need(world, amina, kind=NeedKind.CONNEXION)
    client = world.client("library.adviser")
    assert _titles(client, amina, "?quoi=session") == ["E-mail"]
    assert _titles(client, amina, "?quoi=need") == ["Demande\xa0: Connexion à Internet", SILENT]
    page = client.get(f"/personnes/{amina}?quoi=session")
    assert [tag.get_text() for tag in client.select(page, ".history-filter [aria-current]")] == ["Séances"]
    for made_up in ("?quoi=rien", "?page=abc", "?quoi=%27", "?page=-3"):
        assert _titles(client, amina, made_up) == _titles(client, amina)


def test_a_kind_without_a_line_says_so(world: World, amina: UUID) -> None:
    assert "Rien de ce genre" in _history(world.client("library.adviser"), amina, "?quoi=plan")


def test_pages_follow_one_another_and_the_last_stands_for_those_beyond(world: World, amina: UUID) -> None:
    _log(world, amina, times=PAGE_SIZE + 5)
    client = world.client("library.adviser")
    first, second = (_titles(client, amina, f"?quoi=session&page={number}") for number in (1, 2))
    assert (len(first), len(second)) == (PAGE_SIZE, 5)
    assert len(_titles(client, amina, "?quoi=session&page=99")) == 5
    page = client.get(f"/personnes/{amina}?quoi=session")
    following = client.select(page, "#histoire a[rel=next]")[0]["href"]
    assert following == f"/personnes/{amina}?quoi=session&page=2#histoire"
    assert not client.select(page, "#histoire a[rel=prev]")


def test_the_desk_reads_open_needs_and_dates_and_themes_of_sessions(world: World, amina: UUID) -> None:
    _log(world, amina, demarches=(Demarche.LOGEMENT,), themes=(Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES,))
    _need(world, amina, kind=NeedKind.CONNEXION, note="mot secret de la demande")
    _need(world, amina, kind=NeedKind.EQUIPEMENT, close=True)
    _note(world, amina, "library.adviser", "Pour l’équipe seulement.")
    desk = world.client("library.desk")
    titles, words = _titles(desk, amina), _history(desk, amina)
    assert "Demande\xa0: Connexion à Internet" in titles
    assert not [one for one in titles if "Appareil" in one]
    assert "Aide aux démarches administratives" in titles
    for hidden in ("mot de la séance", "mot secret", "Pour l’équipe"):
        assert hidden not in words
    held = _history(desk, amina, "?quoi=session")
    for hidden in ("Logement", "30 min", "Library Adviser"):
        assert hidden not in held
        assert hidden in _history(world.client("library.manager"), amina, "?quoi=session").replace("\xa0", " ")


def test_the_desk_reads_its_own_sessions_whole(world: World, amina: UUID) -> None:
    _log(world, amina, "library.desk")
    assert "30 min" in _history(world.client("library.desk"), amina).replace("\xa0", " ")
    assert "Library Desk" in _history(world.client("library.desk"), amina)


# What the session of `_log` is about: a need is opened behind it.
SILENT = "Demande\xa0: Boîte mail"
SHARED = {
    "need": Section.NEEDS,
    "session": Section.SESSIONS,
    "assessment": Section.ASSESSMENT,
    "note": Section.NOTES,
}


@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize("opened", [True, False])
def test_another_follow_up_reads_what_was_granted_only(world: World, staged: Stage, kind: str, opened: bool) -> None:
    person_id = staged.ids[Relation.NONE]["person_id"]
    _note(world, person_id, "library.adviser", "Mot du réseau.", NoteVisibility.NETWORK)
    follow(world, person_id, "fablab", Section.IDENTITY | (SHARED[kind] if opened else Section(0)))
    client = world.client("camille.fablab")
    titles = _titles(client, person_id, f"?quoi={kind}")
    assert bool(titles) is opened
    words = _history(client, person_id, f"?quoi={kind}")
    assert "Library Adviser" not in words
    assert ("Médiathèque de Marmande" in words) is opened
    assert ("Mot du réseau." in words) is (opened and kind == "note")


def test_a_note_travels_only_when_it_was_meant_to(world: World, amina: UUID) -> None:
    follow(world, amina, "fablab", SHARED_BY_DEFAULT | Section.NOTES)
    for visibility in NoteVisibility:
        if visibility is not NoteVisibility.TEAM:
            _note(world, amina, "library.adviser", f"Mot {visibility.value}.", visibility)
    theirs = _history(world.client("camille.fablab"), amina)
    colleague = _history(world.client("library.manager"), amina)
    mine = _history(world.client("library.adviser"), amina)
    assert [one for one in ("author", "structure", "network") if f"Mot {one}." in theirs] == ["network"]
    assert [one for one in ("author", "structure", "network") if f"Mot {one}." in colleague] == ["structure", "network"]
    assert [one for one in ("author", "structure", "network") if f"Mot {one}." in mine] == [
        "author",
        "structure",
        "network",
    ]


def test_a_sensitive_structure_and_procedure_are_not_named_elsewhere(world: World, amina: UUID) -> None:
    follow(world, amina, "fablab", SHARED_BY_DEFAULT)
    follow(world, amina, "shelter", SHARED_BY_DEFAULT)
    _need(world, amina, kind=NeedKind.DEMARCHE_EN_LIGNE, demarche=Demarche.JUSTICE)
    words = _history(world.client("camille.fablab"), amina)
    assert "Démarche en ligne" in words
    assert "Justice" not in words
    assert "Maison des femmes" not in words
    assert "Structure partenaire" in words
    assert "Justice" in _history(world.client("library.adviser"), amina)


def test_what_was_written_under_secrecy_stays(world: World, amina: UUID) -> None:
    person_id = add(world, "shelter.adviser", "Rose", "Abri")
    follow(world, person_id, "library", SHARED_BY_DEFAULT | Section.NOTES)
    _log(world, person_id, "shelter.adviser")
    _need(world, person_id, "shelter.adviser", kind=NeedKind.CONNEXION)
    _note(world, person_id, "shelter.adviser", "Ne jamais dire.")
    words = _history(world.client("library.adviser"), person_id)
    for hidden in ("E-mail", "Connexion à Internet", "Ne jamais dire", "Maison des femmes"):
        assert hidden not in words


def test_a_team_under_secrecy_shows_its_lines_to_itself(world: World) -> None:
    person_id = add(world, "ccas.adviser", "Rose", "Deux")
    _note(world, person_id, "ccas.social", "Mot de l’équipe.")
    _need(world, person_id, "ccas.social", kind=NeedKind.CONNEXION)
    ours, others = (_history(world.client(who), person_id) for who in ("ccas.social", "ccas.adviser"))
    assert "Mot de l’équipe." in ours
    assert "Connexion à Internet" in ours
    assert "Mot de l’équipe." not in others
    assert "Connexion à Internet" not in others


def test_a_session_noted_later_stands_at_its_day(world: World, amina: UUID) -> None:
    _log(world, amina, held_on=world.today - timedelta(days=3))
    _need(world, amina, kind=NeedKind.CONNEXION)
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{amina}?quoi=session")
    assert client.select(page, "#histoire time")[0]["datetime"] == (world.today - timedelta(days=3)).isoformat()
    assert _titles(client, amina)[-1] == "E-mail"


def test_blockers_and_pieces_are_lines_too(world: World, amina: UUID) -> None:
    need_id = _need(
        world, amina, kind=NeedKind.CONNEXION, blockers=(Blocker.PAS_DE_GUICHET,), pieces=(PieceKind.IDENTITE,)
    )
    client = world.client("library.adviser")
    assert "Ce qui bloque : Pas de guichet" in _history(client, amina)
    assert "Pièce apportée" not in _history(client, amina)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, amina)
        needs.note_pieces(actor, granted, need_id, {PieceKind.IDENTITE: PieceState.SEEN}, 1, world.today)
        commit()
        db.session.remove()
    assert "Pièce apportée : Pièce d’identité" in _history(client, amina)


def _asked(world: World, who: str, person_id: UUID, query: str = "") -> int:
    client = world.client(who)
    with world.app.app_context():
        bind = db.engine
    client.get(f"/personnes/{person_id}{query}")
    with count_queries(bind) as queries:
        assert client.get(f"/personnes/{person_id}{query}").status_code == 200
    return len(queries)


def test_the_page_costs_the_same_whatever_its_length(world: World, amina: UUID) -> None:
    _log(world, amina)
    few = _asked(world, "library.adviser", amina)
    _log(world, amina, times=60)
    for rank in range(4):
        _need(world, amina, kind=NeedKind.CONNEXION, close=rank % 2 == 0)
        _note(world, amina, "library.adviser", f"Note {rank}")
    assert _asked(world, "library.adviser", amina) == few
    assert _asked(world, "library.adviser", amina, "?page=3") == few


def test_a_full_page_asks_less_than_it_did(world: World, staged: Stage) -> None:
    """Everything about somebody. There was no hand-over, representative nor notice to give when it took 34 statements."""
    assert _asked(world, "ccas.adviser", staged.ids[Relation.OWN]["person_id"]) == 26
