"""Two records become one: what moves, who may, which agreement holds, and that figures never change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.assessments.models import Assessment
from app.kernel import grants
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import verify
from app.mediation import actions as mediation
from app.mediation.models import Participation, ParticipationFact
from app.needs.models import Need
from app.people.actions import merging
from app.people.actions.merging import NEWER, OLDER, MergeData
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import Consent, FollowUp, Person, PersonMerge
from app.referrals.models import Referral
from tests.people.doubles import SAME, doubles, look, merged, pairs, undone
from tests.people.helpers import add, follow, found, journal
from tests.people.merges_told import LIBRARY, a_session, answer_register, live, read, writing
from tests.support.world import World

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
