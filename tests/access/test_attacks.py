"""Attacks through one’s own addresses: another person’s things, other structures’ places, hats that were left."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, Membership
from app.kernel import clock, ids
from app.kernel.db import db
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, SessionData
from app.mediation.enums import PlaceKind, Theme
from app.mediation.models import SessionLog
from app.needs.models import Need
from app.network import actions as network
from app.network.actions import OfferData
from app.network.models import Place
from app.referrals import actions as referrals
from app.referrals.enums import DeclineReason, State
from app.referrals.models import Referral, ReferralText
from tests.access.attacking import SECRETS, evaluate
from tests.referrals.helpers import add_need, send
from tests.support.world import World


def state_of(world: World) -> State:
    with world.app.app_context():
        return db.session.get_one(Referral, world.made["referral"]).state


def rows(world: World, model: type[Any]) -> int:
    with world.app.app_context():
        return len(db.session.scalars(select(model)).all())


# ---------------------------------------------------------------- another person's things through one's own address


@pytest.mark.parametrize("verb", ["accepter", "refuser", "commencer", "terminer", "prendre", "rouvrir", "ecrire"])
def test_nobody_answers_a_referral_sent_to_others(sent: World, verb: str) -> None:
    """With a true token and form key, taken from a page of one's own."""
    with sent.app.app_context():
        mine = send(sent, to=("france_services",), person="lea", need_id=sent.made["lea.need"]).id
        commit()
    thief = sent.client("fs.adviser")
    page = thief.get(f"/orientations/{mine}/refuser")
    keys = {name: thief.select(page, f"input[name={name}]")[0]["value"] for name in ("csrf_token", "form_key")}
    body = {**keys, "version": "1", "reason": "full", "words": "x", "contact": "phone", "outcome": "need_met"}
    assert thief.post(f"/orientations/{sent.made['referral']}/{verb}", data=body).status_code == 404
    assert state_of(sent) is State.SENT


def test_the_sender_cannot_accept_for_the_recipient(sent: World) -> None:
    library = sent.client("library.adviser")
    page = library.get(f"/orientations/{sent.made['referral']}/retirer")
    keys = {
        name: library.select(page, f"input[name={name}]")[0]["value"] for name in ("csrf_token", "form_key", "version")
    }
    answer = library.post(f"/orientations/{sent.made['referral']}/accepter", data=keys)
    assert answer.status_code in {404, 409, 422}
    assert state_of(sent) is State.SENT


def test_a_need_does_not_open_under_somebody_else(sent: World) -> None:
    library, need = sent.client("library.adviser"), sent.made["need"]
    assert library.get(f"/personnes/{sent.people['amina']}/demandes/{need}").status_code == 200
    for verb in ("", "/modifier", "/terminer"):
        assert library.get(f"/personnes/{sent.people['lea']}/demandes/{need}{verb}").status_code == 404, verb


def test_the_need_of_another_person_is_not_referred(sent: World) -> None:
    """Both are followed by the same structure: the page of one does not serve for the other."""
    library = sent.client("library.adviser")
    before = rows(sent, Referral)
    page = library.get(f"/personnes/{sent.people['amina']}/orienter")
    chosen = {"need": str(sent.made["lea.need"]), "recipient": "autre", "other": str(sent.structures["fablab"])}
    assert library.submit(page, button="Continuer vers l’accord", forged=chosen).status_code in {404, 422}
    assert rows(sent, Referral) == before
    chosen |= {"need": str(sent.made["need"]), "form_key": str(ids.new_id())}
    assert library.submit(page, button="Continuer vers l’accord", forged=chosen).status_code == 303


def test_the_need_of_another_person_is_not_answered_by_a_session(sent: World) -> None:
    library = sent.client("library.adviser")
    page = library.get(f"/personnes/{sent.people['amina']}/seances/nouvelle")
    fields: dict[str, Any] = {"minutes": "30", "themes": ["email"], "place_kind": "a_distance"}
    forged = {"need": str(sent.made["lea.need"])}
    assert library.submit(page, "main form", data=fields, forged=forged).status_code == 422
    assert rows(sent, SessionLog) == 0
    forged = {"need": str(sent.made["need"]), "form_key": str(ids.new_id())}
    assert library.submit(page, "main form", data=fields, forged=forged).status_code == 303


@pytest.mark.parametrize("person", ["lea", "jean"])
def test_what_follows_a_referral_follows_that_person_s(sent: World, person: str) -> None:
    """`?suite=` names a referral of Amina; the page is somebody else's."""
    with sent.app.app_context():
        referrals.decline(sent.actors["ccas.adviser"], sent.made["referral"], DeclineReason.FULL)
        who = "library.adviser" if person == "lea" else "ccas.adviser"
        need = sent.made["lea.need"] if person == "lea" else add_need(sent, "ccas.adviser", "jean")
        commit()
    client, before = sent.client(who), rows(sent, Referral)
    page = client.get(f"/personnes/{sent.people[person]}/orienter?suite={sent.made['referral']}")
    chosen = {"need": str(need), "recipient": "autre", "other": str(sent.structures["fablab"])}
    assert client.submit(page, button="Continuer vers l’accord", forged=chosen).status_code == 404
    assert rows(sent, Referral) == before
    page = client.get(f"/personnes/{sent.people[person]}/orienter")
    assert client.submit(page, button="Continuer vers l’accord", forged=chosen).status_code == 303


def test_a_session_is_not_attached_to_somebody_followed_elsewhere(sent: World) -> None:
    with sent.app.app_context():
        data = SessionData(held_on=sent.today, minutes=30, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE)
        session = mediation.log_anonymous(sent.actors["library.adviser"], Anonymous(), data, sent.today).id
        commit()
    library = sent.client("library.adviser")
    page = library.get(f"/seances/{session}/rattacher")
    for hidden in (sent.people["jean"], ids.new_id()):
        answer = library.submit(
            page, "form:has([name=person])", forged={"person": str(hidden), "form_key": str(ids.new_id())}
        )
        assert answer.status_code in {404, 422}
        assert "Gauthier" not in library.text(answer)


def test_a_referral_is_given_to_colleagues_only(sent: World) -> None:
    ccas = sent.client("ccas.adviser")
    page = ccas.get(f"/orientations/{sent.made['referral']}/confier")
    forged = {"colleague": str(sent.actors["fs.adviser"].user_id)}
    assert ccas.submit(page, forged=forged).status_code == 422


def test_nobody_suggests_a_structure_that_cannot_receive(sent: World) -> None:
    ccas = sent.client("ccas.adviser")
    page = ccas.get(f"/orientations/{sent.made['referral']}/refuser")
    forged = {"reason": "full", "suggested": str(sent.structures["newcomer"])}
    assert ccas.submit(page, forged=forged).status_code == 422
    assert state_of(sent) is State.SENT


def test_an_unknown_code_of_the_plan_decides_nothing(sent: World) -> None:
    with sent.app.app_context():
        mine = evaluate(sent, "library.adviser", "amina")
        theirs = evaluate(sent, "ccas.adviser", "jean")
        commit()
    library = sent.client("library.adviser")
    for path in (f"{mine}/plan/INVENTE", f"{theirs}/plan/ACT_REFERENT", f"{mine}/plan/..%2fprofil"):
        assert library.get(f"/evaluations/{path}").status_code == 404, path


# ---------------------------------------------------------------- places and teams of other structures


def test_a_place_of_another_structure_is_not_kept_from_here(sent: World) -> None:
    manager, place = sent.client("library.manager"), sent.places["ccas"]
    with sent.app.app_context():
        offer = network.add_offer(sent.actors["coordinator"], sent.structures["ccas"], OfferData(title="Permanence")).id
        commit()
    paths = [
        f"/lieux/{place}/modifier",
        f"/lieux/{place}/fermer",
        f"/structures/{sent.structures['ccas']}/lieux/nouveau",
    ]
    for path in paths:
        assert manager.get(f"/annuaire{path}").status_code == 404, path
    assert manager.get(f"/annuaire/offres/{offer}/modifier").status_code == 404
    own = manager.get(f"/annuaire/lieux/{sent.places['library']}/modifier")
    assert own.status_code == 200
    forged = {"structure_id": str(sent.structures["ccas"]), "place_id": str(place)}
    manager.submit(own, "main form", forged=forged)
    with sent.app.app_context():
        assert db.session.get_one(Place, sent.places["library"]).structure_id == sent.structures["library"]


def test_a_team_of_another_structure_is_not_given(sent: World) -> None:
    manager, team = sent.client("library.manager"), sent.teams["ccas.social"]
    home, hat = sent.structures["library"], sent.actors["library.desk"].membership_id
    page = manager.get(f"/administration/structures/{home}/inviter")
    asked = {"email": "nouveau@essai.example", "role": "adviser", "team": str(team)}
    assert manager.submit(page, "main form", forged=asked).status_code in {404, 422}
    assert rows(sent, Invitation) == 0
    page = manager.get(f"/administration/membres/{hat}")
    for forged in ({"team": str(team)}, {"places": str(sent.places["ccas"])}):
        answer = manager.submit(page, "main form", forged={**forged, "form_key": str(ids.new_id())})
        assert answer.status_code in {404, 422}, forged
    with sent.app.app_context():
        kept = db.session.get_one(Membership, hat)
        assert (kept.team_id, list(kept.usual_places)) == (None, [])


# ---------------------------------------------------------------- who left, and who changed hats


def test_an_ex_member_reads_no_event_and_sends_no_open_form(sent: World) -> None:
    ccas = sent.client("ccas.adviser")
    with sent.app.app_context():
        referrals.accept(sent.actors["ccas.adviser"], sent.made["referral"])
        commit()
    paths = [
        f"/orientations/{sent.made['referral']}",
        f"/personnes/{sent.people['amina']}",
        "/orientations",
        "/seances",
    ]
    assert {ccas.get(path).status_code for path in paths} == {200}
    form = ccas.get(f"{paths[0]}/ecrire")
    with sent.app.app_context():
        hat = db.session.get_one(Membership, sent.actors["ccas.adviser"].membership_id)
        hat.ended_at, hat.ends_on = clock.now(), sent.today
        commit()
    for path in paths:
        answer = ccas.get(path, follow_redirects=True)
        words = answer.get_data(as_text=True)
        assert not any(secret in words for secret in SECRETS), path
    assert ccas.submit(form, words="Encore moi.").status_code in {303, 404}
    with sent.app.app_context():
        assert "Encore moi." not in db.session.scalars(select(ReferralText.body)).all()


def test_a_stale_tab_does_not_write_with_the_other_hat(world: World) -> None:
    """The form was opened as the library; the hat is now the fablab's, which does not follow Amina."""
    tab = world.client("camille.library")
    form = tab.get(f"/personnes/{world.people['amina']}/demandes/nouvelle")
    assert form.status_code == 200
    token = tab.select(form, "input[name=csrf_token]")[0]["value"]
    hat = str(world.actors["camille.fablab"].membership_id)
    assert tab.post("/compte/casquette", data={"csrf_token": token, "membership_id": hat}).status_code == 303
    before = rows(world, Need)
    answer = tab.submit(form, "main form", kind="acces_aux_droits")
    assert answer.status_code == 404
    assert rows(world, Need) == before
