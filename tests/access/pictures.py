"""What the application answers to each hat, compared with what the naive model says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.accounts import queries as account_queries
from app.assessments import queries as assessment_queries
from app.assessments.queries import ResultView
from app.kernel import timeline
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.mediation import queries as mediation_queries
from app.needs import queries as need_queries
from app.people import queries as people_queries
from tests.access.naive import HATS, HOMES, OTHERS, SECRET_TEAM, Naive
from tests.support.world import World

WHAT = ("writes", "assessments", "answers", "contact", "adaptation", "needs", "need notes", "sessions", "session notes")
PHONE_SHOWN = "06 39 98 00 01"


def worn(world: World, who: str) -> Actor | None:
    """The hat as the next request would find it."""
    actor = world.actors[who]
    hat = account_queries.hat(actor.user_id, actor.membership_id, world.today)
    return account_queries.actor_of(hat) if hat is not None else None


def answered(world: World, naive: Naive, who: str) -> dict[str, Any]:
    """The same picture by the real queries; lists and searches must agree with the page."""
    actor = worn(world, who)
    if actor is None:
        return {}
    found: dict[str, Any] = {}
    for key, known in naive.people.items():
        try:
            card = people_queries.card(actor, known.id)
        except NotFound:
            continue
        needs = need_queries.needs_of(actor, card.granted)
        sessions = mediation_queries.of_person(actor, card.granted, 50)[0]
        found[key] = {
            "writes": card.granted.may_write,
            "assessments": {one.id for one in assessment_queries.of_person(actor, card.granted)},
            "answers": {one.id for one in _results(actor, card.granted) if one.explained is not None},
            "contact": card.contact is not None,
            "adaptation": card.adaptation is not None,
            "needs": {one.id for one in needs},
            "need notes": {one.id for one in needs if one.note},
            "sessions": {one.id for one in sessions},
            "session notes": {one.id for one in sessions if _reads_note(actor, one.id)},
        }
        told = _history(world, actor, card.granted)
        assert told == {name: found[key][name] for name in told}, (who, key, "the history")
    listed = {row.id for row in people_queries.followed(actor, 1).rows} & {one.id for one in naive.people.values()}
    searched = {row.id for row in people_queries.search(actor, "Histoire").rows}
    assert listed == searched == {naive.people[key].id for key in found}, (who, "list or search")
    hidden = {one.id for one in naive.sessions} - {one for page in found.values() for one in page["sessions"]}
    assert not any(_opens(actor, one) for one in hidden if not _own(naive, who, one)), (who, "a session by its address")
    return found


def _history(world: World, actor: Actor, granted: Granted) -> dict[str, set[UUID]]:
    """The needs and sessions that the history on the person's page tells, and those whose words it shows."""
    zone = world.app.config["TIMEZONE"]
    first = timeline.page(actor, granted, "", 1, zone)
    others = (timeline.page(actor, granted, "", number, zone) for number in range(2, first.pages + 1))
    lines = [entry for page in (first, *others) for entry in page.entries]
    steps = {"needs": "opened", "sessions": "held"}
    shown = {name: {one.id for one in lines if one.step == step} for name, step in steps.items()}
    words = {"need notes": "opened", "session notes": "held"}
    return {
        **shown,
        **{name: {one.id for one in lines if one.step == step and one.words} for name, step in words.items()},
    }


def _results(actor: Actor, granted: Granted) -> list[ResultView]:
    """The page of each result that is listed."""
    listed = assessment_queries.of_person(actor, granted)
    return [assessment_queries.result(actor, granted, one.id) for one in listed]


def _own(naive: Naive, who: str, session_id: UUID) -> bool:
    """What a structure wrote stays its own, without the name, once it follows no more."""
    one = next(one for one in naive.sessions if one.id == session_id)
    return who in HATS and HOMES[who] == one.structure and one.team in (None, SECRET_TEAM.get(who))


def _reads_note(actor: Actor, session_id: UUID) -> bool:
    """Whether the page of a listed session shows its note. A list that names what has no page is a fault."""
    try:
        return bool(mediation_queries.get(actor, session_id).note)
    except NotFound as error:
        raise AssertionError("a session is listed whose page does not open") from error


def _opens(actor: Actor, session_id: UUID) -> bool:
    try:
        mediation_queries.get(actor, session_id)
    except NotFound:
        return False
    return True


def compare(world: World, naive: Naive) -> None:
    db.session.expire_all()
    for who in (*HATS, *OTHERS):
        read, told = answered(world, naive, who), naive.picture(who)
        wrong = [
            (key, what, "read", read.get(key, {}).get(what), "the document says", told.get(key, {}).get(what))
            for key in naive.people
            for what in WHAT
            if read.get(key, {}).get(what) != told.get(key, {}).get(what)
        ]
        assert not wrong, (who, wrong)


def show(world: World, naive: Naive, who: str) -> None:
    """The same through HTTP, for one hat: the page exists or not, the telephone, the name of a sensitive structure."""
    if who in naive.left:
        return
    client = world.client(who)
    for key, known in naive.people.items():
        page = client.get(f"/personnes/{known.id}")
        opened = naive.opens(who, naive.shown(key))
        assert page.status_code == (200 if opened else 404), (who, key)
        words = client.text(page)
        assert (PHONE_SHOWN in words) == ("contact" in opened), (who, key)
        assert "Maison des femmes" not in client.text(page, "main") or HOMES[who] == "shelter", (who, key)
