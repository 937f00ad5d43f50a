"""Paper and pictures: the blank sheet, the card to point at, a picture beside every answer, what may be read aloud."""

from __future__ import annotations

import pytest
from flask import Flask

from app.assessments import engine
from tests.assessments.counter import ORDER, begin
from tests.support.world import World

LABELS = ("naufrag", "réfractaire", "oublié", "score", "profil", "sur 100", "indice", "points")


@pytest.mark.parametrize("mode", ["express", "complet"])
def test_the_blank_sheet_has_every_question_every_answer_and_no_label(world: World, mode: str) -> None:
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/feuille-vierge/{mode}")
    instrument = engine.load_instrument()
    asked = [instrument.by_id[name] for name in instrument.modes[mode].questions]
    found = adviser.select(page, ".blank__question")
    assert len(found) == len(asked)
    for rank, (shown, question) in enumerate(zip(found, asked, strict=True), 1):
        assert f"{rank}. {question.text}" in " ".join(shown.h2.text.split())
        boxes = [one.text.strip() for one in shown.select(".blank__answers:not(.blank__answers--quiet) li")]
        assert boxes == [option.label for option in question.options]
        assert "Ne souhaite pas répondre" in shown.text
        assert ("Je l’ai vu faire" in shown.text) == bool(question.proofs)
        assert ("À ne pas dire à voix haute" in shown.text) == question.discreet
    said = adviser.text(page, "main").lower()
    assert not any(word in said for word in LABELS)
    assert adviser.select(adviser.get(f"/evaluations/feuille-vierge/{mode}?grand="), "html.large-print")


def test_the_blank_sheet_says_which_questions_an_answer_makes_useless(world: World) -> None:
    adviser = world.client("library.adviser")
    said = adviser.text(adviser.get("/evaluations/feuille-vierge/complet"), "main")
    assert "Si « Jamais », les questions 13, 15, 16, 17, 18 sont inutiles." in said
    assert "Si « Pas de démarche en ce moment », la question 3 est inutile." in said
    assert "inutile" not in adviser.text(adviser.get("/evaluations/feuille-vierge/express"), "main")


def test_the_desk_prints_what_it_may_ask_and_the_start_page_leads_there(world: World) -> None:
    desk = world.client("library.desk")
    start = desk.get(f"/personnes/{world.people['amina']}/evaluation")
    links = [link["href"] for link in desk.select(start, ".start-paper a")]
    assert links == ["/evaluations/feuille-vierge/express", "/evaluations/carte-des-reponses"]
    assert [desk.get(link).status_code for link in links] == [200, 200]
    assert desk.get("/evaluations/feuille-vierge/complet").status_code == 404
    assert desk.get("/evaluations/feuille-vierge/autre").status_code == 404
    assert world.client("coordinator").get("/evaluations/feuille-vierge/express").status_code == 404


@pytest.mark.parametrize(("who", "mode"), [("library.desk", "express"), ("library.adviser", "complet")])
def test_the_card_has_the_discreet_questions_only_with_a_way_not_to_answer(world: World, who: str, mode: str) -> None:
    client = world.client(who)
    page = client.get("/evaluations/carte-des-reponses")
    instrument = engine.load_instrument()
    discreet = [one for one in map(instrument.by_id.get, instrument.modes[mode].questions) if one and one.discreet]
    assert [one.h2.text for one in client.select(page, ".point-card")] == [one.text for one in discreet]
    for shown, question in zip(client.select(page, ".point-card"), discreet, strict=True):
        assert [one.text.strip() for one in shown.select("li:not(.point-card__quiet)")] == [
            option.label for option in question.options
        ]
        assert "Ne souhaite pas répondre" in shown.text


def test_every_answer_has_a_picture_that_says_nothing_to_a_screen_reader(app: Flask) -> None:
    pictures = app.jinja_env.get_template("assessments/_pictograms.html").make_module()
    for question in engine.load_instrument().questions:
        drawn = [str(pictures.picto(question.id, option.code)) for option in question.options]
        assert all('aria-hidden="true"' in one and "None" not in one for one in drawn), question.id
        assert len(set(drawn)) == len(drawn), question.id
    for code in ("nsp", "refus", "sans_objet"):
        assert "<svg" in str(pictures.picto("M1", code))


def test_what_is_discreet_or_observed_is_never_offered_to_the_voice(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    by_id = engine.load_instrument().by_id
    for name in ORDER:
        shown = client.get(page.request.path.replace("/M1", f"/{name}"))
        buttons = client.select(shown, "[data-listen]")
        spoken = not by_id[name].discreet and by_id[name].instruction != "observer"
        assert len(buttons) == spoken, name
        assert all(button.has_attr("hidden") for button in buttons)
        assert len(client.select(shown, "label .picto")) == len(client.select(shown, "input[type=radio]"))
        if name == "M1":
            assert buttons[0]["data-texts"] == "#question"
