"""Two records become one and can be two again: what moves, what holds, who may, and that figures never change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.assessments.models import Assessment
from app.kernel import clock, grants, ids, merges
from app.kernel.db import Base, db
from app.kernel.errors import Conflict, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import verify
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.mediation.models import Participation, ParticipationFact
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.needs.models import Need
from app.people import actions as people
from app.people.actions import ConsentData, PersonData, likeness, merging, reaching
from app.people.actions.merging import NEWER, OLDER, MergeData
from app.people.actions.representing import RepresentationData, represent
from app.people.capacity import Measure, OwnWord, RepresentativeKind, Scope
from app.people.contacts import Contact, ContactKind
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind, PersonState
from app.people.models import Consent, FollowUp, Person, PersonAdaptation, PersonMerge
from app.people.queries.representation import RepresentativeView
from app.privacy import actions as privacy
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.people.doubles import SAME, doubles, look, merged, pairs, undone
from tests.people.helpers import add, follow, found, journal
from tests.support.world import World

LIBRARY = "library.adviser"
EXPRESS = {"M1": "langue", "U2": "droit", "L1": "peu", "S1": "bloque", "C2": "avec", "T2": "avec"}
# Append-only, or raised by each write: an undo adds to them and takes nothing back.
LOGS = {"journal_entry", "journal_head", "journal_checkpoint", "referral_event", "job", "outbox_message"}
# What says that there was a merge; the keys of likeness come back with the worker.
ABOUT = {"person_merge", "merge_undo"}
RAISED = {"version", "updated_at"}


@contextmanager
def writing(world: World) -> Any:
    """A transaction that commits."""
    with world.app.app_context():
        yield
        commit()
        db.session.remove()


def read(world: World, query: Any) -> list[Any]:
    with world.app.app_context():
        rows = list(db.session.scalars(query))
        db.session.expunge_all()
        return rows


def live(world: World, person_id: UUID, who: str = LIBRARY) -> dict[str, UUID]:
    """A need, a session, a finished assessment and a referral sent."""
    actor = world.actors[who]
    with writing(world):
        granted = grants.on_person(actor, person_id)
        need = needs.open_need(actor, granted, NeedData(kind=NeedKind.ACCES_AUX_DROITS, note="dossier"))
        session = mediation.log_session(actor, granted, a_session(world, need.id), world.today)
        begun = assessments.start(actor, granted, Mode.EXPRESS)
        assessments.save_sheet(actor, granted, begun.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
        assessments.finish(actor, granted, begun.id)
        draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=(world.structures["ccas"],)))
        referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT, interpreter=True))
        return {"need": need.id, "session": session.id, "assessment": begun.id, "referral": draft.id}


def a_session(world: World, need_id: UUID | None = None) -> SessionData:
    return SessionData(
        held_on=world.today,
        minutes=30,
        themes=(Theme.EMAIL,),
        place_kind=PlaceKind.A_DISTANCE,
        need_id=need_id,
        note="mot",
    )


# — Who may, and what is written —————————————————————————————————————————————————————————————————————————————————————


def test_field_by_field_on_screen(world: World) -> None:
    older = add(world, LIBRARY, "Zohra", "Kaci", phone="+33611223344", birth_year=1958)
    newer = add(world, LIBRARY, "Zohra", "Kassi", phone="+33611223344", birth_year=1958, email="", commune_code="47157")
    look(world)
    (pair,) = pairs(world)
    client = world.client(LIBRARY)
    page = client.get(f"/personnes/doublons/{pair.id}")
    assert "Kassi" in client.text(page)
    assert not client.select(page, "input[name=first_name][type=radio]") or "Zohra" in client.text(page)
    answer = client.submit(page, "#fusionner", last_name="b", keep="a")
    assert answer.location == f"/personnes/{older}"
    text = client.text(client.get(answer.location))
    assert "Zohra Kassi" in text
    assert "Marmande" in text
    assert client.get(f"/personnes/{newer}").status_code == 200


def test_the_newer_record_can_be_kept(world: World) -> None:
    older, newer = doubles(world)
    done = merged(world, data=MergeData(keep=NEWER, choices={"first_name": OLDER}))
    assert (done.kept_id, done.removed_id) == (newer, older)


def test_everything_is_in_one_record_and_the_old_address_answers(world: World) -> None:
    older, newer = doubles(world)
    first, second = live(world, older), live(world, newer)
    merged(world)
    for model, key in ((Need, "need"), (Referral, "referral")):
        rows = read(world, select(model.person_id).where(model.id.in_([first[key], second[key]])))
        assert set(rows) == {older}, model
    assert read(world, select(Participation.person_id).where(Participation.session_id == second["session"])) == [older]
    client = world.client(LIBRARY)
    for address in (f"/personnes/{older}", f"/personnes/{newer}", f"/personnes/{newer}/corriger"):
        assert client.get(address).status_code == 200
    assert world.client("fs.adviser").get(f"/personnes/{newer}").status_code == 404
    assert found(client, "Kaci") == ["Zohra Kaci"]


def test_a_form_opened_before_the_merge_is_written_on_the_record_kept(world: World) -> None:
    older, newer = doubles(world)
    client = world.client(LIBRARY)
    page = client.get(f"/personnes/{newer}/demandes/nouvelle")
    merged(world)
    answer = client.submit(page, "main form", kind="connexion")
    assert answer.status_code == 303
    assert read(world, select(Need.person_id)) == [older]


def test_contacts_and_protections_of_both_are_kept(world: World) -> None:
    older = add(world, LIBRARY, "Zohra", "Kaci", **SAME, adaptation=("vue",), languages=("ar",))
    newer = add(
        world,
        LIBRARY,
        "Zohra",
        "Kaci",
        **SAME,
        adaptation=("calme",),
        interpreter=True,
        no_message=True,
        email="z@a.fr",
    )
    look(world)
    merged(world, data=MergeData(choices={"email": NEWER}))
    with world.app.app_context():
        kept = db.session.get_one(Person, older)
        assert (kept.identity.no_message, kept.identity.email) == (True, "z@a.fr")
        assert kept.adaptation is not None
        assert (kept.adaptation.needs, kept.adaptation.languages) == (["vue", "calme"], ["ar"])
        assert kept.adaptation.interpreter
        removed = db.session.get_one(Person, newer)
        assert (removed.identity.display_name, removed.identity.phone, removed.adaptation) == ("", "", None)


def test_two_people_at_once(world: World) -> None:
    """Somebody corrected one of the two while the screen was open."""
    _older, newer = doubles(world)
    (pair,) = pairs(world)
    client, other = world.client(LIBRARY), world.client("library.manager")
    page = client.get(f"/personnes/doublons/{pair.id}")
    other.submit(other.get(f"/personnes/{newer}/corriger"), "#corriger", first_name="Zora")
    answer = client.submit(page, "#fusionner")
    assert answer.status_code == 409
    assert "Zora" in client.text(answer)
    assert read(world, select(PersonMerge.id)) == []
    assert client.submit(answer, "#fusionner").status_code == 303


def test_who_may_not_write_both_finds_nothing(world: World) -> None:
    doubles(world)
    (pair,) = pairs(world)
    with world.app.app_context():
        for who in ("library.desk", "fs.adviser", "ccas.adviser", "coordinator", "dpo", "admin"):
            with pytest.raises(NotFound):
                merging.merge(world.actors[who], pair.id, MergeData(), world.today)


def test_the_referent_of_one_record_only_may_not_merge(world: World) -> None:
    """The other record was handed over: merging would decide for another structure."""
    _older, newer = doubles(world)
    (pair,) = pairs(world)
    with writing(world):
        db.session.execute(
            update(FollowUp).where(FollowUp.person_id == newer).values(structure_id=world.structures["ccas"])
        )
        db.session.execute(
            update(Person).where(Person.id == newer).values(referent_structure_id=world.structures["ccas"])
        )
        db.session.add(
            FollowUp(
                person_id=newer,
                structure_id=world.structures["library"],
                kind=FollowUpKind.OTHER,
                sections=SHARED_BY_DEFAULT,
                started_on=world.today,
            )
        )
    for who in (LIBRARY, "ccas.adviser"):
        with world.app.app_context(), pytest.raises(NotFound):
            merging.merge(world.actors[who], pair.id, MergeData(), world.today)


def test_both_records_and_their_journal(world: World) -> None:
    older, newer = doubles(world)
    done = merged(world)
    undone(world, done.id)
    for action in ("person.merge", "person.unmerge"):
        assert {entry.person_id for entry in journal(world, action)} == {older, newer}
    with world.app.app_context():
        assert not verify().problems if hasattr(verify(), "problems") else verify() is not None


# — Agreements and follow-ups ————————————————————————————————————————————————————————————————————————————————————————


def answer_register(world: World, person_id: UUID, answer: ConsentAnswer, sections: Section) -> None:
    with writing(world):
        actor = world.actors[LIBRARY]
        data = ConsentData(
            kind=ConsentKind.REGISTER,
            answer=answer,
            sections=sections,
            interpreter=True,
            own_word=OwnWord.AGREES,
            starts_on=world.today,
        )
        people.answer_register(actor, grants.on_person(actor, person_id), data, world.today)


@pytest.mark.parametrize("refusing", [0, 1])
@pytest.mark.parametrize("refused_first", [True, False])
def test_a_refusal_on_either_record_wins_whatever_the_dates(world: World, refusing: int, refused_first: bool) -> None:
    two = doubles(world)
    answers = [(two[refusing], ConsentAnswer.REFUSED), (two[1 - refusing], ConsentAnswer.GIVEN)]
    for person_id, answer in answers if refused_first else reversed(answers):
        given_sections = SHARED_BY_DEFAULT if answer is ConsentAnswer.GIVEN else Section(0)
        answer_register(world, person_id, answer, given_sections)
    follow(world, two[1 - refusing], "ccas")
    done = merged(world)
    assert world.client("ccas.adviser").get(f"/personnes/{two[1 - refusing]}").status_code == 404
    assert world.client("ccas.adviser").get(f"/personnes/{done.kept_id}").status_code == 404
    holding = select(Consent).where(Consent.kind == ConsentKind.REGISTER, Consent.person_id == done.kept_id)
    assert not [one for one in read(world, holding) if one.holds]


def test_two_agreements_leave_what_both_opened(world: World) -> None:
    older, newer = doubles(world)
    base = Section.IDENTITY | Section.CONTACT
    answer_register(world, older, ConsentAnswer.GIVEN, base | Section.NEEDS)
    answer_register(world, newer, ConsentAnswer.GIVEN, base | Section.SESSIONS)
    follow(world, older, "ccas", base | Section.NEEDS)
    follow(world, newer, "france_services", base | Section.SESSIONS)
    done = merged(world)
    for who in ("ccas.adviser", "fs.adviser"):
        with world.app.app_context():
            assert grants.on_person(world.actors[who], done.kept_id).sections == base
    newest = select(Consent).where(Consent.person_id == older).order_by(Consent.created_at.desc(), Consent.id.desc())
    assert read(world, newest)[0].sections == base


def test_a_structure_that_followed_both_reads_no_more_than_before(world: World) -> None:
    older, newer = doubles(world)
    follow(world, older, "ccas", Section.IDENTITY | Section.NEEDS)
    follow(world, newer, "ccas", Section.IDENTITY | Section.CONTACT)
    done = merged(world)
    with world.app.app_context():
        assert grants.on_person(world.actors["ccas.adviser"], done.kept_id).sections == Section.IDENTITY
    open_ones = select(func.count()).where(FollowUp.person_id == older, FollowUp.ended_on.is_(None))
    assert read(world, open_ones) == [2]


def test_silence_is_no_answer(world: World) -> None:
    older, newer = doubles(world)
    with writing(world):
        db.session.delete(db.session.scalars(select(Consent).where(Consent.person_id == newer)).one())
    follow(world, older, "ccas")
    merged(world)
    assert world.client("ccas.adviser").get(f"/personnes/{older}").status_code == 200


# — Figures ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def figures(world: World) -> dict[str, Any]:
    """What statistics count: subjects, accompaniments, assessments by subject."""
    with world.app.app_context():
        facts = db.session.execute(
            select(ParticipationFact.__table__).order_by(ParticipationFact.participation_id)
        ).all()
        subjects = db.session.execute(select(Person.id, Person.subject_key, Person.code).order_by(Person.id)).all()
        rated = db.session.execute(select(Assessment.id, Assessment.subject_key).order_by(Assessment.id)).all()
        return {"facts": facts, "subjects": subjects, "rated": rated}


def test_figures_are_those_of_before(world: World) -> None:
    older, newer = doubles(world)
    live(world, older)
    live(world, newer)
    before = figures(world)
    assert len({row.subject_key for row in before["facts"]}) == 2
    assert None not in {row.subject_key for row in before["rated"]}
    done = merged(world)
    assert figures(world) == before
    undone(world, done.id)
    assert figures(world) == before


def test_two_records_in_one_workshop_stay_two_accompaniments(world: World) -> None:
    older, newer = doubles(world)
    with writing(world):
        actor = world.actors[LIBRARY]
        session = mediation.log_session(actor, grants.on_person(actor, older), a_session(world), world.today)
        db.session.add(Participation(session_id=session.id, person_id=newer))
        session_id = session.id
    done = merged(world)
    who = select(Participation.person_id).where(Participation.session_id == session_id)
    assert set(read(world, who)) == {older, newer}
    undone(world, done.id)
    assert set(read(world, who)) == {older, newer}


# — Undoing ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def tables(world: World) -> dict[str, dict[str, Any]]:
    """Every row of every table but the logs, as plain values; keys of likeness are the worker's."""
    with world.app.app_context():
        rows: dict[str, dict[str, Any]] = {}
        for name, table in Base.metadata.tables.items():
            if name in LOGS | ABOUT:
                continue
            for row in db.session.execute(select(table)).mappings():
                if row.get("kind") == likeness.KIND:
                    continue
                values = {column: str(value) for column, value in row.items() if column not in RAISED}
                key = " ".join(str(row[column.name]) for column in table.primary_key)
                rows.setdefault(name, {})[key] = values
        return rows


steps = st.lists(
    st.sampled_from(
        [
            *("life", "follow ccas", "follow fs", "follow ccas less", "refuse", "agree less", "adapt", "message"),
            *("session", "reach", "represent"),
        ]
    ),
    max_size=6,
    unique=True,
)


@example(older=["life"], newer=["life"], keep=OLDER, choices={})
@example(older=["life", "refuse"], newer=["life", "follow ccas"], keep=NEWER, choices={})
@example(older=["refuse", "follow fs"], newer=["follow fs"], keep=OLDER, choices={})
@given(
    older=steps,
    newer=steps,
    keep=st.sampled_from([OLDER, NEWER]),
    choices=st.dictionaries(st.sampled_from(merging.CHOSEN), st.sampled_from([OLDER, NEWER])),
)
@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_merging_then_undoing_changes_no_row(
    world: World, older: list[str], newer: list[str], keep: str, choices: dict[str, str]
) -> None:
    """Whatever both records hold. Only what ends for good is left out: a referral that the merge withdrew as a double."""
    with taken_back(world):
        two = doubles(world, last=f"Kaci{ids.new_code(4)}")
        for person_id, some in zip(two, (older, newer), strict=True):
            for step in some:
                take(world, person_id, step)
        twins = {"life"} <= set(older) & set(newer)
        before = tables(world)
        done = merged(world, data=MergeData(keep=keep, choices=choices))
        assert tables(world) != before
        undone(world, done.id)
        after = tables(world)
        if twins:
            ended = read(world, select(Referral.id).where(Referral.state == State.WITHDRAWN))
            assert len(ended) == 1
            forget_referral(before, after, ended[0])
        told = changes(before, after)
        assert not told, "\n".join(told)
        with world.app.app_context():
            assert db.session.scalar(select(func.count()).select_from(merges.MergeUndo)) == 0


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs, told shortly."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name, {}), after.get(name, {})
        for key in was.keys() | is_now.keys():
            one, other = was.get(key, {}), is_now.get(key, {})
            found += [
                f"{name} {key} {c}: {one.get(c)} → {other.get(c)}"
                for c in {**one, **other}
                if one.get(c) != other.get(c)
            ]
    return found


def forget_referral(before: dict[str, Any], after: dict[str, Any], referral_id: UUID) -> None:
    """The referral that was withdrawn, and what its withdrawal asked the sender to do."""
    gone = {str(referral_id), referral_id.hex}
    for rows in (before, after):
        for name in ("referral", "referral_task", "referral_text", "outbox", "consent", "message"):
            kept = {key: row for key, row in rows.get(name, {}).items() if not gone & {key, row.get("referral_id")}}
            if name in rows:
                rows[name] = kept


@contextmanager
def taken_back(world: World) -> Any:
    """What one example writes is taken back before the next."""
    with world.app.app_context():
        connection = db.session.get_bind()
    nested = connection.begin_nested()
    try:
        yield
    finally:
        nested.rollback()


def take(world: World, person_id: UUID, step: str) -> None:
    """One thing that happens to a record."""
    base = Section.IDENTITY | Section.CONTACT
    acts: dict[str, Callable[[], object]] = {
        "life": lambda: live(world, person_id),
        "follow ccas": lambda: _follow_once(world, person_id, "ccas", SHARED_BY_DEFAULT),
        "follow ccas less": lambda: _follow_once(world, person_id, "ccas", base),
        "follow fs": lambda: _follow_once(world, person_id, "france_services", SHARED_BY_DEFAULT),
        "refuse": lambda: answer_register(world, person_id, ConsentAnswer.REFUSED, Section(0)),
        "agree less": lambda: answer_register(world, person_id, ConsentAnswer.GIVEN, base),
        "adapt": lambda: _adapt(world, person_id),
        "message": lambda: _no_message(world, person_id),
        "session": lambda: _hold(world, person_id),
        "reach": lambda: _reach(world, person_id),
        "represent": lambda: _represent(world, person_id),
    }
    acts[step]()


def _follow_once(world: World, person_id: UUID, structure: str, sections: Section) -> None:
    mine = (FollowUp.person_id == person_id, FollowUp.structure_id == world.structures[structure])
    if not read(world, select(FollowUp.id).where(*mine, FollowUp.ended_on.is_(None))):
        follow(world, person_id, structure, sections)


def _adapt(world: World, person_id: UUID) -> None:
    with writing(world):
        db.session.add(PersonAdaptation(person_id=person_id, needs=["vue"], languages=["ar"], interpreter=True))


def _no_message(world: World, person_id: UUID) -> None:
    with writing(world):
        db.session.get_one(Person, person_id).identity.no_message = True


def _reach(world: World, person_id: UUID) -> None:
    relay = Contact(kind=ContactKind.RELAY, value="+33639980077", who="sa fille", first=True)
    letter = Contact(kind=ContactKind.LETTER, value=f"boîte {person_id}", no_message=True)
    with writing(world):
        reaching.write(person_id, PersonData(contacts=(relay, letter)))
        merging.index(person_id)


def _represent(world: World, person_id: UUID) -> None:
    tutor = RepresentativeView(kind=RepresentativeKind.TUTEUR, name=f"Tuteur {person_id}")
    data = RepresentationData(people=(tutor,), measure=Measure.TUTELLE, scope=Scope.PROPERTY)
    with writing(world):
        actor = world.actors[LIBRARY]
        version = db.session.get_one(Person, person_id).version
        represent(actor, grants.on_person(actor, person_id), data, version)


def _hold(world: World, person_id: UUID) -> None:
    with writing(world):
        actor = world.actors[LIBRARY]
        mediation.log_session(actor, grants.on_person(actor, person_id), a_session(world), world.today)


def test_what_was_written_since_stays_with_the_record_kept(world: World) -> None:
    older, newer = doubles(world)
    life = live(world, newer)
    done = merged(world)
    actor = world.actors[LIBRARY]
    with writing(world):
        granted = grants.on_person(actor, older)
        since = needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION)).id
        db.session.get_one(Person, older).identity.phone = "+33699887766"
    undone(world, done.id)
    assert read(world, select(Need.person_id).where(Need.id == since)) == [older]
    assert read(world, select(Need.person_id).where(Need.id == life["need"])) == [newer]
    with world.app.app_context():
        assert db.session.get_one(Person, older).identity.phone == "+33699887766"
        assert db.session.get_one(Person, newer).identity.phone == SAME["phone"]
    client = world.client(LIBRARY)
    assert client.get(f"/personnes/{newer}").status_code == 200
    assert found(client, "0611223344") == ["Zohra Kaci"]


def test_undone_on_screen(world: World) -> None:
    doubles(world)
    done = merged(world)
    client = world.client(LIBRARY)
    listed = client.get("/personnes/doublons")
    assert client.select(listed, f"a[href='/personnes/fusions/{done.id}/annuler']")
    page = client.get(f"/personnes/fusions/{done.id}/annuler")
    assert client.submit(page, "#annuler").status_code == 303
    assert client.get(f"/personnes/fusions/{done.id}/annuler").status_code == 404
    assert len(found(client, "Kaci")) == 2
    assert "Kaci" in client.get("/personnes/doublons").get_data(as_text=True)


def test_not_after_thirty_days_and_the_names_of_the_undo_are_gone(world: World) -> None:
    doubles(world)
    done = merged(world)
    later = clock.now() + merges.UNDO_LIFETIME + timedelta(minutes=1)
    with clock.fixed(later), writing(world):
        merges.purge()
        assert db.session.scalar(select(func.count()).select_from(merges.MergeUndo)) == 0
        with pytest.raises(NotFound):
            merging.undo(world.actors[LIBRARY], done.id)


def test_the_last_merge_is_undone_first(world: World) -> None:
    doubles(world)
    first = merged(world)
    third = add(world, LIBRARY, "Zohra", "Kaci", **SAME)
    look(world)
    (pair,) = pairs(world)
    with writing(world):
        data = MergeData(keep=NEWER)
        second = merging.merge(world.actors[LIBRARY], pair.id, data, world.today).id
    client = world.client(LIBRARY)
    for person_id in (first.kept_id, first.removed_id):
        assert str(third) in client.get(f"/personnes/{person_id}").get_data(as_text=True)
    with world.app.app_context(), pytest.raises((Conflict, NotFound)):
        merging.undo(world.actors[LIBRARY], first.id)
    undone(world, second)
    assert client.get(f"/personnes/{first.removed_id}").status_code == 200
    undone(world, first.id)
    assert len(found(client, "Kaci")) == 3


def test_only_the_structure_that_merged_undoes(world: World) -> None:
    doubles(world)
    done = merged(world)
    follow(world, done.kept_id, "ccas")
    for who in ("ccas.adviser", "fs.adviser", "library.desk"):
        with world.app.app_context(), pytest.raises(NotFound):
            merging.undo(world.actors[who], done.id)


def test_referrals_move_their_events_say_it_and_a_double_is_withdrawn(world: World) -> None:
    older, newer = doubles(world)
    first, second = live(world, older), live(world, newer)
    done = merged(world)
    states = dict.fromkeys((first["referral"], second["referral"]))
    with world.app.app_context():
        for one in states:
            states[one] = db.session.get_one(Referral, one).state
    assert states == {first["referral"]: State.SENT, second["referral"]: State.WITHDRAWN}
    undone(world, done.id)
    assert read(world, select(Referral.person_id).where(Referral.id == second["referral"])) == [newer]
    assert len(journal(world, "referral.move")) == 2


# — Erasing ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_anonymising_the_record_kept_erases_the_one_that_was_merged(world: World) -> None:
    older, newer = doubles(world)
    live(world, newer)
    code = read(world, select(Person.code).where(Person.id == newer))[0]
    key = read(world, select(Person.subject_key).where(Person.id == newer))[0]
    merged(world)
    with writing(world):
        privacy.anonymise(None, older)
    with world.app.app_context():
        text = str(
            [
                db.session.execute(select(table)).all()
                for name, table in Base.metadata.tables.items()
                if name not in LOGS
            ]
        )
        for word in ("Kaci", "33611223344", code):
            assert word not in text
        assert db.session.scalar(select(func.count()).where(ParticipationFact.subject_key == key)) == 1
        assert db.session.get_one(Person, newer).subject_key != key
    assert world.client(LIBRARY).get(f"/personnes/{newer}").status_code == 404


def test_somebody_anonymised_is_no_longer_undone(world: World) -> None:
    older, _newer = doubles(world)
    done = merged(world)
    with writing(world):
        privacy.anonymise(None, older)
    with world.app.app_context(), pytest.raises(NotFound):
        merging.undo(world.actors[LIBRARY], done.id)


# — The registry —————————————————————————————————————————————————————————————————————————————————————————————————————


def pointing_at_people() -> set[tuple[str, str]]:
    """(table, column) of everything that names a person."""
    return {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name == "person_id" or any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }


def test_every_table_that_points_at_a_person_is_declared(app: Flask) -> None:
    declared = merges.declared()
    missing = pointing_at_people() - declared.keys()
    assert not missing, f"say in app/wiring.py what becomes of {sorted(missing)} when two people become one"
    assert all(declared.values())


def test_what_is_declared_exists(app: Flask) -> None:
    unknown = {
        (table, column) for table, column in merges.declared() if column not in Base.metadata.tables[table].columns
    }
    assert not unknown


def test_a_merge_leaves_nothing_behind_in_the_tables_that_move(world: World) -> None:
    """No row of a table declared moved names the record that was removed, but the record itself."""
    older, newer = doubles(world)
    for person_id in (older, newer):
        live(world, person_id)
        follow(world, person_id, "ccas")
    merged(world)
    stays = {"person", "person_identity", "person_alias"}
    with world.app.app_context():
        for (name, column), why in merges.declared().items():
            table = Base.metadata.tables[name]
            if why == "moved" and name not in stays:
                left = db.session.scalar(select(func.count()).where(table.c[column] == newer))
                assert left == 0, (name, column)
        removed = db.session.get_one(Person, newer)
        assert (removed.state, removed.identity.display_name, removed.birth_year) == (PersonState.ARCHIVED, "", None)


def test_the_code_of_the_record_removed_still_finds_the_person(world: World) -> None:
    """A slip printed before the merge goes on leading to them, for those who may read them."""
    _older, newer = doubles(world)
    code = read(world, select(Person.code).where(Person.id == newer))[0]
    merged(world)
    assert found(world.client(LIBRARY), code) == ["Zohra Kaci"]
    assert found(world.client("fs.adviser"), code) == []
