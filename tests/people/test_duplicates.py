"""Records that look alike: what the worker finds, what the desk never learns, what the referent is told, the work list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.kernel import clock, due, jobs, panels
from app.kernel.db import db
from app.kernel.writes import commit
from app.network.models import Structure
from app.people.actions import likeness
from app.people.enums import ConsentAnswer
from app.people.models import Consent, SearchKeyRow
from app.people.queries import duplicates as records
from tests.people.doubles import SAME, doubles, look, notices, pairs
from tests.people.helpers import add, archive, follow, journal, search
from tests.support.due import found as found_due
from tests.support.pages import without_tokens
from tests.support.queries import count_queries
from tests.support.world import World

FORM: dict[str, Any] = {"answer": "given", "phone": "06 11 22 33 44", "birth_year": "1958", "first_name": "Zohra"}
TOKENS = re.compile(r"value=\"[0-9A-Za-z._-]{20,}\"|[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z2-9]{6}\b")


def tasks(world: World, who: str) -> list[panels.Task]:
    with world.app.app_context(), world.app.test_request_context():
        actor = world.actors[who]
        return [task for task in due.tasks(actor, due.entries(actor)) if "/ressemblances/" in task.url]


def set_structure(world: World, key: str, **values: object) -> None:
    with world.app.app_context():
        db.session.execute(update(Structure).where(Structure.id == world.structures[key]).values(**values))
        commit()
        db.session.remove()


# — The silent notice —————————————————————————————————————————————————————————————————————————————————————————————————


def test_registering_somebody_known_elsewhere_looks_exactly_like_registering_anybody(world: World) -> None:
    """Same status, same words, same statements: whoever tests a neighbour’s name learns nothing."""
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    look(world)
    seen = []
    for last in ("Kaci", "Zapat"):
        client = world.client("library.desk")
        page = client.get("/personnes/nouvelle")
        with world.app.app_context(), count_queries(db.engine) as asked:
            answer = client.submit(page, "#inscrire", data={"notice_way": "paper", **FORM, "last_name": last})
        shown = client.get(answer.location).get_data(as_text=True).replace(last, "")
        seen.append((answer.status_code, TOKENS.sub("", shown), asked.statements))
    assert seen[0] == seen[1]
    assert notices(world) == []


def test_the_referent_is_told_by_the_worker_and_only_what_they_may_read(world: World) -> None:
    known = add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    look(world)
    newer = add(world, "library.desk", "Zohra", "Kassi", **SAME)
    look(world)
    (task,) = tasks(world, "fs.adviser")
    page = world.client("fs.adviser").get(task.url)
    text = page.get_data(as_text=True)
    assert "Zohra Kaci" in task.title
    assert "Médiathèque de Marmande" in task.text
    assert str(known) in text
    assert "Kassi" not in text
    assert str(newer) not in text
    assert world.client("library.adviser").get(task.url).status_code == 404
    assert tasks(world, "library.adviser") == tasks(world, "library.manager") == []


def test_no_right_is_opened_to_anybody(world: World) -> None:
    known = add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    newer = add(world, "library.desk", "Zohra", "Kaci", **SAME)
    look(world)
    assert len(notices(world)) == 1
    assert world.client("library.adviser").get(f"/personnes/{known}").status_code == 404
    assert world.client("fs.adviser").get(f"/personnes/{newer}").status_code == 404
    assert "Aucune personne" in world.client("library.adviser").text(
        search(world.client("library.adviser"), str(known))
    )


@pytest.mark.parametrize("who", ["shelter.adviser", "ccas.social"])
def test_a_sensitive_structure_or_a_team_under_secrecy_is_not_named(world: World, who: str) -> None:
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    add(world, who, "Zohra", "Kaci", **SAME)
    look(world)
    (task,) = tasks(world, "fs.adviser")
    page = world.client("fs.adviser").get(task.url).get_data(as_text=True)
    for name in ("Maison des femmes", "CCAS", "Action sociale"):
        assert name not in page + task.text + task.title
    assert "structure partenaire" in task.text


def test_what_is_known_by_a_team_under_secrecy_is_told_to_that_team_alone(world: World) -> None:
    add(world, "ccas.social", "Zohra", "Kaci", **SAME)
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    look(world)
    assert len(tasks(world, "ccas.social")) == 1
    assert tasks(world, "ccas.adviser") == []


@pytest.mark.parametrize("which", ["known", "newer"])
@pytest.mark.parametrize("how", ["refused", "withdrawn", "ended", "never asked"])
def test_whoever_did_not_agree_to_the_shared_register_is_never_matched(world: World, which: str, how: str) -> None:
    people = {"known": add(world, "fs.adviser", "Zohra", "Kaci", **SAME)}
    people["newer"] = add(world, "library.desk", "Zohra", "Kaci", **SAME)
    with world.app.app_context():
        consent = db.session.scalars(select(Consent).where(Consent.person_id == people[which])).one()
        if how == "never asked":
            db.session.delete(consent)
        consent.answer = ConsentAnswer.REFUSED if how == "refused" else consent.answer
        consent.withdrawn_at = clock.now() if how == "withdrawn" else None
        if how == "ended":
            consent.starts_on, consent.ends_on = world.today - timedelta(days=9), world.today - timedelta(days=1)
        commit()
        db.session.remove()
    look(world)
    assert notices(world) == []


@pytest.mark.parametrize("key", ["library", "france_services"])
@pytest.mark.parametrize("values", [{"agreement_signed_on": None}, {"agreement_signed_on": date(2999, 1, 1)}])
def test_a_structure_without_agreement_is_neither_told_nor_told_about(
    world: World, key: str, values: dict[str, Any]
) -> None:
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    add(world, "library.desk", "Zohra", "Kaci", **SAME)
    set_structure(world, key, **values)
    look(world)
    assert notices(world) == []


def test_somebody_less_alike_is_not_told(world: World) -> None:
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    add(world, "library.desk", "Nadia", "Kaci", **SAME)
    add(world, "ccas.desk", "Zohra", "Kaci", birth_year=1990)
    look(world)
    assert notices(world) == []


def test_told_once_and_no_more_once_seen(world: World) -> None:
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    newer = add(world, "library.desk", "Zohra", "Kaci", **SAME)
    look(world)
    with world.app.app_context():
        likeness.look_at(newer, world.today)
        commit()
        db.session.remove()
    (task,) = tasks(world, "fs.adviser")
    client = world.client("fs.adviser")
    assert client.submit(client.get(task.url), "#vu").status_code == 303
    assert tasks(world, "fs.adviser") == []
    assert client.get(task.url).status_code == 404
    (entry,) = journal(world, "likeness.seen")
    assert "Kaci" not in entry.details


def test_notices_do_not_live_for_ever(world: World) -> None:
    add(world, "fs.adviser", "Zohra", "Kaci", **SAME)
    add(world, "library.desk", "Zohra", "Kaci", **SAME)
    look(world)
    with world.app.app_context(), clock.fixed(clock.now() + likeness.UNSEEN + timedelta(days=1)):
        likeness.purge_notices()
        commit()
        db.session.remove()
    assert notices(world) == []


def test_the_worker_looks_by_itself_and_at_everybody_once(world: World) -> None:
    """Registered one by one, in bulk or before this existed: whoever has not been looked at is."""
    doubles_ = (
        add(world, "library.adviser", "Zohra", "Kaci", **SAME),
        add(world, "library.adviser", "Zohra", "Kaci", **SAME),
    )
    with world.app.app_context():
        jobs.schedule_recurring()
        commit()
        while jobs.work_once():
            pass
        assert likeness.look(world.today) == 0
        db.session.remove()
    (pair,) = pairs(world)
    assert {pair.low_id, pair.high_id} == set(doubles_)


def test_a_correction_is_looked_at_again(world: World) -> None:
    older, newer = add(world, "library.adviser", "Zohra", "Kaci", **SAME), add(world, "library.adviser", "Lina", "Abdi")
    look(world)
    assert pairs(world) == []
    client = world.client("library.adviser")
    fields = {"first_name": "Zohra", "last_name": "Kaci", "birth_year": "1958"}
    assert client.submit(client.get(f"/personnes/{newer}/corriger"), "#corriger", data=fields).status_code == 303
    look(world)
    (pair,) = pairs(world)
    assert {pair.low_id, pair.high_id} == {older, newer}


def test_the_work_of_looking_at_one_person_does_not_grow_with_the_register(world: World) -> None:
    """Candidates come from the keys: the same statements, and no namesake of one part of the name alone is loaded."""
    counts = []
    for many in (2, 12):
        for rank in range(many):
            add(world, "library.adviser", "Zohra", f"Autrenom{chr(97 + rank) * 3}{many}")
        person = add(world, "library.adviser", "Zohra", f"Kaci{many}", birth_year=1900 + many)
        with world.app.app_context(), count_queries(db.engine) as asked:
            likeness.look_at(person, world.today)
            db.session.rollback()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert pairs(world) == []


# — The work list —————————————————————————————————————————————————————————————————————————————————————————————————————


def test_the_list_says_the_score_and_why(world: World) -> None:
    doubles(world)
    client = world.client("library.adviser")
    page = client.get("/personnes/doublons")
    text = client.text(page, "tbody")
    assert "100 sur 100" in text
    for words in ("Même prénom et même nom", "Même téléphone", "Même année de naissance", "Même commune"):
        assert words in text


def test_only_advisers_and_managers_of_the_structure_see_the_pair(world: World) -> None:
    doubles(world)
    for who, shown in (
        ("library.adviser", True),
        ("library.manager", True),
        ("ccas.adviser", False),
        ("fs.adviser", False),
    ):
        page = world.client(who).get("/personnes/doublons")
        assert page.status_code == 200
        assert ("Kaci" in page.get_data(as_text=True)) is shown, who
    assert world.client("library.desk").get("/personnes/doublons").status_code == 404


def test_a_pair_of_a_team_under_secrecy_is_that_team_s(world: World) -> None:
    doubles(world, "ccas.social")
    assert "Kaci" in world.client("ccas.social").get("/personnes/doublons").get_data(as_text=True)
    assert "Kaci" not in world.client("ccas.adviser").get("/personnes/doublons").get_data(as_text=True)


def test_two_perimeters_are_never_paired(world: World) -> None:
    """One of the two would open to who may not read the other."""
    add(world, "ccas.social", "Zohra", "Kaci", **SAME)
    add(world, "ccas.adviser", "Zohra", "Kaci", **SAME)
    look(world)
    assert pairs(world) == []


def test_a_shared_follow_up_is_not_enough(world: World) -> None:
    """Who follows both without being the referent does not decide for the whole record."""
    for person_id in doubles(world):
        follow(world, person_id, "ccas")
    (pair,) = pairs(world)
    client = world.client("ccas.adviser")
    assert "Kaci" not in client.get("/personnes/doublons").get_data(as_text=True)
    assert client.get(f"/personnes/doublons/{pair.id}").status_code == 404


def test_archived_people_leave_the_list(world: World) -> None:
    _older, newer = doubles(world)
    archive(world, newer)
    assert "Kaci" not in world.client("library.adviser").get("/personnes/doublons").get_data(as_text=True)


def test_not_the_same_is_kept_and_can_be_taken_back(world: World) -> None:
    older, _newer = doubles(world)
    client = world.client("library.adviser")
    page = client.get("/personnes/doublons")
    client.submit(page, "form[action$=ecarter]")
    with world.app.app_context():
        likeness.look_at(older, world.today)
        commit()
        db.session.remove()
    assert "Kaci" not in client.get("/personnes/doublons").get_data(as_text=True)
    aside = client.get("/personnes/doublons?voir=ecartes")
    assert "Kaci" in aside.get_data(as_text=True)
    client.submit(aside, "form[action$=reprendre]")
    assert "Kaci" in client.get("/personnes/doublons").get_data(as_text=True)
    assert len(journal(world, "duplicate.dismiss")) == len(journal(world, "duplicate.restore")) == 2


def test_pages_of_twenty(world: World) -> None:
    add(world, "library.adviser", "Zohra", "Kaci", **SAME)
    for _ in range(6):
        add(world, "library.adviser", "Zohra", "Kaci", **SAME)
    look(world)
    client = world.client("library.adviser")
    first, second = client.get("/personnes/doublons"), client.get("/personnes/doublons?page=2")
    assert len(client.select(first, "tbody tr")) == 20
    assert len(client.select(second, "tbody tr")) == 1
    assert "21 doublons possibles" in client.text(first)
    assert len(client.select(client.get("/personnes/doublons?page=99"), "tbody tr")) == 1


def test_the_number_of_queries_does_not_grow_with_the_pairs(world: World) -> None:
    counts = []
    for _ in range(2):
        doubles(world)
        with world.app.app_context(), count_queries(db.engine) as asked:
            found = records.pairs(world.actors["library.adviser"], 1)
            records.merges(world.actors["library.adviser"])
            found_due(world.actors["library.adviser"], world.today, records.notices_of_likeness)
            db.session.remove()
        counts.append((found.total, len(asked)))
    assert counts[0][0] < counts[1][0]
    assert counts[0][1] == counts[1][1] <= 8


def test_hidden_and_unknown_pairs_cannot_be_told_apart(world: World) -> None:
    doubles(world)
    (pair,) = pairs(world)
    client, seen = world.client("fs.adviser"), []
    for pair_id in (pair.id, "01890000-0000-7000-8000-000000000000"):
        with world.app.app_context(), count_queries(db.engine) as asked:
            page = client.get(f"/personnes/doublons/{pair_id}")
        words = without_tokens(page.get_data(as_text=True)).replace(str(pair_id), "")
        seen.append((page.status_code, words, len(asked)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


def test_nothing_of_the_keys_is_a_name_in_full(world: World) -> None:
    """Keys of likeness are sounds, digits and years; they leave with the other keys when somebody is erased."""
    doubles(world)
    with world.app.app_context():
        keys = set(db.session.scalars(select(SearchKeyRow.value).where(SearchKeyRow.kind == likeness.KIND)))
    assert keys
    assert not any("zohra" in key or "kaci" in key.split(":") for key in keys)
