"""Who reads which session, and which note. Each rule of visibility has a test that fails when it is ignored."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.kernel import grants
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.mediation import actions, policy, queries
from app.mediation.enums import NoteVisibility, Theme
from app.mediation.models import SessionText
from app.needs import queries as need_queries
from app.needs.enums import Demarche
from app.network import actions as network
from app.people.enums import FollowUpKind
from app.people.models import FollowUp
from tests.mediation.helpers import data, log
from tests.support.world import World

SECRET = "Ce qui a été dit."


def hat(world: World, key: str, structure: str, role: Role, team: str | None = None) -> None:
    """One more hat in the world."""
    user = accounts.add_user(f"{key}@essai.example", key, "correct horse battery staple", 8)
    team_id = world.teams[team] if team else None
    membership = accounts.add_membership(user, world.structures[structure], role, world.today, team_id)
    world.actors[key], world.emails[key] = account_queries.actor_of(membership), user.email


def follow(world: World, person: str, structure: str, sections: Section) -> None:
    db.session.add(
        FollowUp(
            person_id=world.people[person],
            structure_id=world.structures[structure],
            kind=FollowUpKind.OTHER,
            sections=sections,
            started_on=world.today,
        )
    )
    db.session.flush()


@pytest.fixture
def crowd(app: Flask, world: World) -> World:
    """A library with a team of its own, a CCAS with a team under secrecy and a colleague in it, partners who follow."""
    with app.app_context():
        world.teams["library.kids"] = network.add_team(None, world.structures["library"], "Jeunesse").id
        world.teams["library.elders"] = network.add_team(None, world.structures["library"], "Aînés").id
        hat(world, "elders.one", "library", Role.ADVISER, "library.elders")
        hat(world, "kids.one", "library", Role.ADVISER, "library.kids")
        hat(world, "kids.two", "library", Role.ADVISER, "library.kids")
        hat(world, "social.two", "ccas", Role.ADVISER, "ccas.social")
        follow(world, "amina", "ccas", SHARED_BY_DEFAULT | Section.NOTES)
        follow(world, "amina", "france_services", SHARED_BY_DEFAULT)
        follow(world, "amina", "shelter", Section.IDENTITY)
        commit()
    return world


EVERYBODY = (
    "kids.one",
    "kids.two",
    "elders.one",
    "library.adviser",
    "library.manager",
    "library.desk",
    "ccas.adviser",
    "ccas.desk",
    "fs.adviser",
    "shelter.adviser",
)
READERS = {
    NoteVisibility.AUTHOR: {"kids.one"},
    NoteVisibility.TEAM: {"kids.one", "kids.two"},
    NoteVisibility.STRUCTURE: {"kids.one", "kids.two", "elders.one", "library.adviser", "library.manager"},
    NoteVisibility.NETWORK: {
        "kids.one",
        "kids.two",
        "elders.one",
        "library.adviser",
        "library.manager",
        "ccas.adviser",
    },
}


def note_on_panel(world: World, who: str, person: str = "amina") -> set[str | None]:
    actor = world.actors[who]
    lines, _total = queries.of_person(actor, grants.on_person(actor, world.people[person]), 10)
    return {line.note for line in lines}


def note_on_page(world: World, who: str, session_id: UUID) -> str | None:
    try:
        return queries.get(world.actors[who], session_id).note
    except NotFound:
        return None


@pytest.mark.parametrize("visibility", NoteVisibility)
def test_a_note_is_read_by_those_it_is_opened_to(crowd: World, visibility: NoteVisibility) -> None:
    session_id = log(crowd, "kids.one", note=SECRET, visibility=visibility)
    with crowd.app.app_context():
        on_panel = {who for who in EVERYBODY if SECRET in note_on_panel(crowd, who)}
        on_page = {who for who in EVERYBODY if note_on_page(crowd, who, session_id) == SECRET}
    assert on_panel == READERS[visibility]
    assert on_page == READERS[visibility]


@pytest.mark.parametrize("visibility", NoteVisibility)
def test_nobody_else_finds_the_words_on_a_page(crowd: World, visibility: NoteVisibility) -> None:
    session_id = log(crowd, "kids.one", note=SECRET, visibility=visibility)
    for who in EVERYBODY:
        client = crowd.client(who)
        for url in (f"/seances/{session_id}", f"/personnes/{crowd.people['amina']}", "/seances"):
            shown = SECRET in client.get(url).get_data(as_text=True)
            assert not shown or who in READERS[visibility], (who, url)


def test_sessions_without_their_notes_are_open_with_the_section(crowd: World) -> None:
    log(crowd, "library.adviser")
    with crowd.app.app_context():
        seen = {}
        for who in ("ccas.adviser", "fs.adviser", "shelter.adviser", "newcomer.adviser"):
            actor = crowd.actors[who]
            seen[who] = queries.of_person(actor, grants.on_person(actor, crowd.people["amina"]), 10)[1]
    assert seen == {"ccas.adviser": 1, "fs.adviser": 1, "shelter.adviser": 0, "newcomer.adviser": 0}


def test_a_team_under_secrecy_keeps_its_sessions_to_itself(crowd: World) -> None:
    session_id = log(crowd, "ccas.social", "amina", note=SECRET)
    url = f"/seances/{session_id}"
    for who in ("ccas.social", "social.two"):
        client = crowd.client(who)
        assert SECRET in client.text(client.get(url))
        assert client.select(client.get("/seances"), f'a[href="{url}"]')
    for who in ("ccas.adviser", "ccas.desk", "library.adviser", "library.manager", "fs.adviser"):
        client = crowd.client(who)
        assert client.get(url).status_code == 404
        assert client.get(f"{url}/corriger").status_code == 404
        assert not client.select(client.get("/seances"), f'a[href="{url}"]')
        assert not client.select(client.get(f"/personnes/{crowd.people['amina']}"), f'a[href="{url}"]')


def test_the_silent_need_of_a_secret_team_is_its_own(crowd: World) -> None:
    log(crowd, "ccas.social", "amina")
    with crowd.app.app_context():
        seen = {}
        for who in ("ccas.social", "social.two", "ccas.adviser", "library.adviser"):
            actor = crowd.actors[who]
            seen[who] = len(need_queries.needs_of(actor, grants.on_person(actor, crowd.people["amina"])))
    assert seen == {"ccas.social": 1, "social.two": 1, "ccas.adviser": 0, "library.adviser": 0}


def test_a_secret_structure_tells_nothing_outside(crowd: World) -> None:
    session_id = log(crowd, "shelter.adviser", note=SECRET)
    for who in ("library.adviser", "ccas.adviser"):
        client = crowd.client(who)
        assert client.get(f"/seances/{session_id}").status_code == 404
        assert "Maison des femmes" not in client.text(client.get(f"/personnes/{crowd.people['amina']}"), "#histoire")


def test_default_and_offered_visibilities(crowd: World) -> None:
    offered = {who: policy.visibilities(actor) for who, actor in crowd.actors.items()}
    default = {who: policy.default_visibility(actor) for who, actor in crowd.actors.items()}
    assert offered["library.adviser"] == ("author", "structure", "network")
    assert offered["kids.one"] == ("author", "team", "structure", "network")
    assert offered["ccas.social"] == ("author", "team")
    assert offered["shelter.adviser"] == ("author", "structure")
    assert (default["library.adviser"], default["ccas.social"]) == ("structure", "team")
    assert all(default[who] in offered[who] for who in offered)


@pytest.mark.parametrize(
    ("who", "visibility"), [("ccas.social", "network"), ("ccas.social", "structure"), ("library.adviser", "team")]
)
def test_a_note_is_never_opened_wider_than_allowed(crowd: World, who: str, visibility: str) -> None:
    with crowd.app.app_context():
        actor = crowd.actors[who]
        granted = grants.on_person(actor, crowd.people["amina"])
        wrong = data(crowd, note=SECRET, visibility=NoteVisibility(visibility))
        with pytest.raises(DomainError) as refusal:
            actions.log_session(actor, granted, wrong, crowd.today)
        assert refusal.value.field == "visibility"


def test_the_desk_reads_dates_and_themes(crowd: World) -> None:
    session_id = log(
        crowd, minutes=47, themes=(Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES,), demarches=(Demarche.LOGEMENT,)
    )
    desk = crowd.client("library.desk")
    for url in (f"/seances/{session_id}", "/seances", f"/personnes/{crowd.people['amina']}"):
        text = desk.text(desk.get(url), "main")
        assert "Aide aux démarches administratives" in text
        assert "47 min" not in text
        assert "Séance" in text
    assert "Logement" not in desk.text(desk.get(f"/seances/{session_id}"), "main")
    assert desk.get(f"/seances/{session_id}/corriger").status_code == 404


def test_sensitive_procedures_do_not_travel(crowd: World) -> None:
    themes = (Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES,)
    session_id = log(crowd, themes=themes, demarches=(Demarche.JUSTICE, Demarche.LOGEMENT))
    for who, seen in {"library.manager": True, "ccas.adviser": False}.items():
        client = crowd.client(who)
        text = client.text(client.get(f"/seances/{session_id}"), "main")
        assert ("Justice" in text) is seen
        assert "Logement" in text


def test_a_session_stays_ours_when_the_person_is_no_longer(app: Flask, crowd: World) -> None:
    session_id = log(crowd, "ccas.adviser")
    with app.app_context():
        mine = FollowUp.structure_id == crowd.structures["ccas"]
        for one in db.session.scalars(select(FollowUp).where(mine, FollowUp.person_id == crowd.people["amina"])):
            one.ended_on = crowd.today
        commit()
    client = crowd.client("ccas.adviser")
    page = client.get(f"/seances/{session_id}")
    assert "Personne suivie auparavant" in client.text(page)
    assert "Benali" not in page.get_data(as_text=True)
    listed = client.get("/seances")
    assert "Personne suivie auparavant" in client.text(listed)
    assert "Benali" not in listed.get_data(as_text=True)


def test_only_the_author_rewrites_a_note(app: Flask, crowd: World) -> None:
    session_id = log(crowd, note=SECRET)
    manager = crowd.client("library.manager")
    page = manager.get(f"/seances/{session_id}/corriger")
    assert not manager.select(page, "textarea[name=note]")
    assert manager.submit(page, button="Enregistrer la correction", minutes="60").status_code == 303
    forged = manager.submit(
        manager.get(f"/seances/{session_id}/corriger"), button="Enregistrer la correction", forged={"note": "Autre."}
    )
    assert forged.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(SessionText.note)).one() == SECRET


def test_a_correction_by_a_colleague_leaves_the_note(app: Flask, crowd: World) -> None:
    session_id = log(crowd, note=SECRET)
    with app.app_context():
        manager = crowd.actors["library.manager"]
        actions.correct_session(manager, session_id, data(crowd, minutes=60, note="Autre."), 1, crowd.today)
        assert db.session.scalars(select(SessionText.note)).one() == SECRET


def test_reading_is_journalled_once(app: Flask, crowd: World) -> None:
    session_id = log(crowd)
    client = crowd.client("library.adviser")
    client.get(f"/seances/{session_id}")
    client.get(f"/seances/{session_id}")
    with app.app_context():
        read = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "session.read")).all()
        assert [entry.person_id for entry in read] == [crowd.people["amina"]]
