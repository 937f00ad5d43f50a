"""Steps 5 and 6 of the journey, page by page: referring, previewing, accepting, closing, telling, closing the need."""

from __future__ import annotations

import re

import pytest

from app.kernel.db import db
from app.kernel.writes import commit
from app.needs.enums import NeedKind, Priority
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.referrals.helpers import add_need
from tests.support.pages import InspectingClient
from tests.support.world import World

SECRETS = ("Amina", "Benali", "06 12 34 56 78", "33612345678", "pochette bleue")
CONTINUE = "Continuer vers l’accord"
MESSAGE = "Le dossier est dans la pochette bleue."


@pytest.fixture
def need(world: World) -> World:
    with world.app.app_context():
        world.made["need"] = add_need(world, kind=NeedKind.ACCES_AUX_DROITS, priority=Priority.P2)
        commit()
    return world


def path_of(location: str) -> str:
    return location.split("?")[0]


def draft(world: World, client: InspectingClient, **fields: object) -> str:
    page = client.get(f"/personnes/{world.people['amina']}/orienter")
    chosen = {"recipient": str(world.structures["ccas"]), "message": MESSAGE, **fields}
    answer = client.submit(page, button=CONTINUE, **chosen)
    assert answer.status_code == 303, client.text(answer)
    return answer.headers["Location"]


def send(world: World, client: InspectingClient) -> str:
    page = client.get(draft(world, client))
    answer = client.submit(page, answer="given", button="Envoyer l’orientation")
    assert answer.status_code == 303, client.text(answer)
    return answer.headers["Location"]


def assert_nothing_known(client: InspectingClient, page: object) -> None:
    html = page.get_data(as_text=True).replace("\u00a0", " ")  # type: ignore[attr-defined]
    assert [secret for secret in SECRETS if secret in html] == []


def previewed_and_sent(world: World, library: InspectingClient) -> str:
    """What the partner reads now, what it will read once it accepts; the address of the referral."""
    page = library.get(draft(world, library))
    now, then = library.select(page, ".columns .card")[:2]
    assert "Amina" not in now.get_text()
    assert "pochette" not in now.get_text()
    assert "Droits et recours" in now.get_text()
    assert "Amina Benali" in then.get_text()
    assert "pochette bleue" in then.get_text()
    sent = library.submit(page, answer="given", button="Envoyer l’orientation").headers["Location"]
    assert "Envoyée, sans réponse" in library.text(library.get(sent))
    return sent


def everybody_is_told(library: InspectingClient) -> None:
    """The two calls that are due are made, one after the other."""
    calls = library.get("/orientations/a-faire")
    assert library.text(calls).count("Amina Benali") == 2
    for _ in range(2):
        link = library.select(library.get("/orientations/a-faire"), "a[href$='/prevenir']")[0]["href"]
        library.submit(library.get(str(link)), way="phone")
    assert "Tout le monde est prévenu" in library.text(library.get("/orientations/a-faire"))


def test_from_the_person_to_the_partner_and_back(need: World) -> None:
    world = need
    library, ccas = world.client("library.adviser"), world.client("ccas.adviser")
    person = f"/personnes/{world.people['amina']}"
    assert "Orienter" in library.text(library.get(person))

    sent = previewed_and_sent(world, library)
    inbox = ccas.get("/orientations")
    assert "Droits et recours" in ccas.text(inbox)
    assert "Médiathèque de Marmande" in ccas.text(inbox)
    assert_nothing_known(ccas, inbox)
    preview = ccas.get(sent)
    assert_nothing_known(ccas, preview)
    assert str(world.people["amina"]) not in preview.get_data(as_text=True)
    assert ccas.get(person).status_code == 404

    accepted = ccas.submit(preview, "form[action$='/accepter']", follow_redirects=True)
    assert "Amina Benali" in ccas.text(accepted)
    assert "pochette bleue" in ccas.text(accepted)
    assert ccas.get(person).status_code == 200

    close = ccas.get(f"{sent}/terminer")
    closed = ccas.submit(close, outcome="need_met", words="Dossier déposé.", follow_redirects=True)
    assert "Orientation terminée" in ccas.text(closed)
    assert ccas.get(person).status_code == 404
    assert_nothing_known(ccas, ccas.get(sent))

    everybody_is_told(library)
    need_page = f"{person}/demandes/{world.made['need']}/terminer"
    library.submit(library.get(need_page), result="resolue")
    assert "Dossier déposé." in library.text(library.get(sent))


def test_the_first_opening_is_dated_once(need: World) -> None:
    world = need
    library, ccas = world.client("library.adviser"), world.client("ccas.adviser")
    sent = send(world, library)
    assert "Pas encore" in library.text(library.get(sent))
    ccas.get(sent)
    ccas.get(sent)
    with world.app.app_context():
        referral = db.session.query(Referral).one()
        assert referral.seen_at is not None
        assert [event.act.value for event in referral.events] == ["draft", "send", "see"]
    assert "Annuler l’envoi" not in library.text(library.get(sent))


def test_only_allowed_buttons(need: World) -> None:
    world = need
    library, ccas, desk = world.client("library.adviser"), world.client("ccas.adviser"), world.client("ccas.desk")
    sent = send(world, library)
    assert not library.select(library.get(sent), "form[action$='/accepter'], a[href$='/refuser']")
    assert ccas.select(ccas.get(sent), "form[action$='/accepter']")
    assert not desk.select(desk.get(sent), "form[action$='/accepter'], a[href$='/refuser']")
    for other in ("fs.adviser", "elected", "dpo", "admin", "newcomer.adviser"):
        assert world.client(other).get(sent).status_code == 404


def test_unknown_and_hidden_answer_alike(need: World) -> None:
    world = need
    sent = send(world, world.client("library.adviser"))
    stranger = world.client("fs.adviser")
    hidden, unknown = stranger.get(sent), stranger.get("/orientations/01234567-89ab-7def-8123-456789abcdef")
    strip = lambda page: re.sub(r'value="[^"]*"', "", page.get_data(as_text=True))  # noqa: E731
    assert hidden.status_code == unknown.status_code == 404
    assert strip(hidden).replace(sent, "") == strip(unknown).replace(
        "/orientations/01234567-89ab-7def-8123-456789abcdef", ""
    )


def test_the_desk_prepares_and_an_adviser_sends(need: World) -> None:
    world = need
    desk, adviser = world.client("library.desk"), world.client("library.adviser")
    where = draft(world, desk)
    page = desk.get(where)
    assert "Envoyer l’orientation" not in desk.text(page)
    kept = desk.submit(page, answer="given", follow_redirects=True)
    assert "enverra l’orientation" in desk.text(kept)
    assert "Envoyer l’orientation de Amina Benali" in adviser.text(adviser.get("/"))
    ready = adviser.get(where)
    assert "c’est noté" in adviser.text(ready)
    adviser.submit(ready)
    with world.app.app_context():
        assert db.session.query(Referral).one().state is State.SENT


def test_a_refusal_is_noted_and_nothing_leaves(need: World) -> None:
    world = need
    library, ccas = world.client("library.adviser"), world.client("ccas.adviser")
    page = library.get(draft(world, library))
    paper = library.submit(page, answer="refused", button="Envoyer l’orientation", follow_redirects=True)
    assert "Rien n’a été transmis" in library.text(paper)
    assert "Amina" not in library.text(paper)
    assert "Aucune orientation reçue" in ccas.text(ccas.get("/orientations"))
    assert "Orientation : refus" in library.text(library.get(f"/personnes/{world.people['amina']}"))


def test_without_an_answer_nothing_is_lost(need: World) -> None:
    world = need
    library = world.client("library.adviser")
    page = library.get(draft(world, library))
    again = library.submit(page, way="written", data={"sections": ["2"]}, button="Envoyer l’orientation")
    assert again.status_code == 422
    assert "Dites ce que la personne a répondu" in library.text(again)
    assert [box["value"] for box in library.select(again, "input[name=sections][checked]")] == ["2"]
    assert library.select(again, "input[name=way][value=written][checked]")
    assert library.submit(again, answer="given", button="Envoyer l’orientation").status_code == 303


def test_a_new_need_is_opened_silently(world: World) -> None:
    library = world.client("library.adviser")
    page = library.get(f"/personnes/{world.people['jean']}/orienter")
    assert page.status_code == 404
    page = library.get(f"/personnes/{world.people['amina']}/orienter")
    ranked = library.submit(
        page, need="nouvelle", kind="accompagnement_social", button="Voir les partenaires pour cette demande"
    )
    assert ranked.status_code == 422
    first = library.select(ranked, "input[name=recipient]")[0]
    assert first["value"] == str(world.structures["ccas"])
    assert "aide pour ce genre de demande" in library.text(ranked)
    made = library.submit(ranked, recipient=str(world.structures["ccas"]), button=CONTINUE)
    assert made.status_code == 303
    with world.app.app_context():
        assert db.session.query(Referral).one().need_kind is NeedKind.ACCOMPAGNEMENT_SOCIAL


def test_a_partner_without_agreement_is_not_offered(need: World) -> None:
    world = need
    library = world.client("library.adviser")
    page = library.get(f"/personnes/{world.people['amina']}/orienter")
    assert str(world.structures["newcomer"]) not in page.get_data(as_text=True)
    forged = library.submit(
        page, button=CONTINUE, forged={"recipient": "autre", "other": str(world.structures["newcomer"])}
    )
    assert forged.status_code == 422
    newcomer = world.client("newcomer.adviser")
    assert "Aucune orientation reçue" in newcomer.text(newcomer.get("/orientations"))


def test_the_slip_names_nobody(need: World) -> None:
    world = need
    library = world.client("library.adviser")
    sent = send(world, library)
    for address in (f"{sent}/papier", f"{sent}/papier?grand=1"):
        slip = library.get(address)
        assert slip.status_code == 200
        assert_nothing_known(library, slip)
        assert "CCAS de Tonneins" in library.text(slip)
        assert "1 rue de la Paix" in library.text(slip)
    assert world.client("ccas.adviser").get(f"{sent}/papier").status_code == 404
