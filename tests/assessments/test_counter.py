"""At the counter: the six questions through the pages, going back, resuming, two tabs, hand-made requests."""

from __future__ import annotations

import pytest

from app.assessments import engine
from app.assessments.enums import AssessmentState, Mode
from app.kernel.db import db
from tests.assessments.counter import EXPRESS, answers_of, ask, begin, express, id_of, stored
from tests.support.world import World


def test_six_questions_give_what_the_engine_says(world: World) -> None:
    desk = world.client("library.desk")
    found = express(desk, world.people["amina"])
    with world.app.app_context():
        kept = stored(found)
        expected = engine.score(engine.load_instrument(), "express", EXPRESS)
        assert kept.result == {**expected.to_document(), "attentes": dict(expected.plan.waits)}
        assert kept.state is AssessmentState.DONE
        assert kept.mode is Mode.EXPRESS
        assert (kept.profile, kept.priority, kept.reliability) == ("naufrages", "P1", expected.reliability)
        assert (kept.index_value, kept.band) == (None, None)
        assert kept.instrument_hash == engine.load_instrument().sha256
        assert (kept.instrument_version, kept.engine_version) == (engine.CURRENT, engine.ENGINE_VERSION)
        plan = [(one.level.value, one.code, one.rules) for one in kept.plan]
        levels = (
            ("maintenant", expected.plan.now),
            ("ensuite", expected.plan.next),
            ("plus_tard", expected.plan.later),
        )
        assert plan == [(level, code, list(expected.plan.rules[code])) for level, codes in levels for code in codes]
    page = desk.get(f"/evaluations/{found}/resultat")
    said = desk.text(page, "main")
    assert "Naufragés de l’administration" in said
    assert "Aujourd’hui" in desk.text(page, ".priority")
    assert "Aide immédiate à la démarche urgente" in desk.text(page, ".plan")


def test_progress_is_said_in_words_and_discreet_questions_turn_the_screen(world: World) -> None:
    client = world.client("library.adviser")
    page = begin(client, world.people["amina"])
    assert "Question 1 sur 6" in client.text(page, "main")
    assert "Laissez parler, puis cochez." in client.text(page, ".manner")
    page = ask(client, page, "langue")
    assert client.text(page, "h1") == "Si on attend, que risquez-vous ?"
    assert "Tournez l’écran." in client.text(page, ".manner")
    page = ask(client, page, "vital")
    assert "Observez, ne posez pas la question." in client.text(page, ".manner")
    assert client.select(page, "input[value=sans_objet]")
    page = ask(client, page, "sans")
    assert not client.select(page, "input[value=sans_objet]")
    assert "Ne pas noter les détails ici" in client.text(page, ".adviser-help")


def test_no_score_and_no_label_while_answering(world: World) -> None:
    client = world.client("library.adviser")
    page = begin(client, world.people["amina"])
    for code in EXPRESS.values():
        said = client.text(page, "main").lower()
        assert not any(word in said for word in ("naufrag", "réfractaire", "oublié", "score", "profil", "sur 100"))
        page = ask(client, page, code)
    said = client.text(page, "main").lower()
    assert not any(word in said for word in ("naufrag", "réfractaire", "oublié", "score", "profil", "sur 100"))


def test_going_back_keeps_the_answer_and_changes_it(world: World) -> None:
    client = world.client("library.adviser")
    page = begin(client, world.people["amina"])
    found = id_of(page)
    page = ask(client, page, "langue")
    page = ask(client, page, "droit")
    back = client.get(client.select(page, "a.back")[0]["href"])
    assert client.select(back, "input[checked]")[0]["value"] == "droit"
    page = ask(client, back, "rien")
    assert page.request.path.endswith("/questions/L1")
    with world.app.app_context():
        assert answers_of(found) == {"M1": "langue", "U2": "rien"}


def test_a_colleague_goes_on_from_another_device(world: World) -> None:
    page = begin(world.client("library.desk"), world.people["amina"])
    found = id_of(page)
    other = world.client("library.adviser")
    page = other.get(f"/personnes/{world.people['amina']}/evaluation")
    assert "Reprendre l’évaluation express" in other.text(page, "main")
    assert begin(other, world.people["amina"]).request.path == f"/evaluations/{found}/questions/M1"


def test_nothing_chosen_says_what_to_do_and_passing_saves_nothing(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    found = id_of(page)
    refused = client.submit(page)
    assert refused.status_code == 422
    assert "Choisissez une réponse, ou passez cette question." in client.text(refused, ".field__error")
    links = [link for link in client.select(page, "main form a") if "Passer" in link.text]
    assert client.get(links[0]["href"]).request.path.endswith("/questions/U2")
    with world.app.app_context():
        assert answers_of(found) == {}


def test_refusing_every_question_is_heard_and_never_called_refusing_internet(world: World) -> None:
    client = world.client("library.desk")
    found = express(client, world.people["amina"], dict.fromkeys(EXPRESS, "refus"))
    with world.app.app_context():
        assert stored(found).profile == "indetermine"
    page = client.get(f"/evaluations/{found}/resultat")
    assert "Indéterminé" in client.text(page, ".profile-title")
    assert "Il manque trop de réponses pour conclure." in client.text(page, "main")


def test_finishing_without_any_answer_is_refused_with_words(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    review = client.get(f"/evaluations/{id_of(page)}")
    refused = client.submit(review, "form.form")
    assert refused.status_code == 422
    assert "Aucune question n’a de réponse." in client.text(refused, ".error-summary")
    with world.app.app_context():
        assert stored(id_of(page)).state is AssessmentState.IN_PROGRESS


@pytest.mark.parametrize("code", ["inconnu", "non_posee", "sans_objet", "x" * 200, "<script>"])
def test_a_code_that_the_question_does_not_have_is_refused(world: World, code: str) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    refused = client.submit(page, forged={"answer": code})
    assert refused.status_code == 422
    assert "Choisissez une réponse de la liste." in client.text(refused, ".field__error")
    with world.app.app_context():
        assert answers_of(id_of(page)) == {}


@pytest.mark.parametrize("name", ["Z9", "A1", "age", "m1"])
def test_a_question_that_this_assessment_does_not_have_is_not_found(world: World, name: str) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    address = f"/evaluations/{id_of(page)}/questions/{name}"
    assert client.get(address).status_code == 404
    form = client.select(page, "main form")[0]
    form["action"] = address
    with client.tolerating("a form sent to"):
        assert client.submit(page, answer="langue").status_code == 404
    with world.app.app_context():
        assert answers_of(id_of(page)) == {}


def test_an_answer_to_a_question_that_a_skip_removed_is_refused(world: World) -> None:
    client = world.client("library.adviser")
    found = id_of(begin(client, world.people["amina"], "Complète"))
    address = f"/evaluations/{found}/questions"
    first_tab = client.get(f"{address}/C5")
    ask(client, client.get(f"{address}/C1"), "jamais")
    refused = client.submit(first_tab, answer="seul")
    assert refused.status_code == 409
    assert "Cette question n’est plus à poser" in client.text(refused, "main")
    assert client.get(f"{address}/C5").status_code == 303
    with world.app.app_context():
        assert answers_of(found) == {"C1": "jamais"}


def test_a_filter_answered_afterwards_erases_what_it_makes_useless(world: World) -> None:
    client = world.client("library.adviser")
    found = id_of(begin(client, world.people["amina"], "Complète"))
    for name, code in (("C2", "non"), ("C5", "avec"), ("C1", "jamais")):
        ask(client, client.get(f"/evaluations/{found}/questions/{name}"), code)
    with world.app.app_context():
        assert answers_of(found) == {"C1": "jamais"}
    page = client.get(f"/evaluations/{found}/questions/C1")
    assert "sur 19" in client.text(page, ".asking__progress")


def test_two_tabs_on_one_question_leave_one_row_and_the_last_answer(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    other = client.get(page.request.path)
    ask(client, page, "langue")
    ask(client, other, "urgence")
    with world.app.app_context():
        assert answers_of(id_of(page)) == {"M1": "urgence"}


def test_an_answer_in_a_tab_left_open_after_the_end_changes_nothing(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    found = id_of(page)
    late_question, late_sheet = client.get(page.request.path), client.get(f"/evaluations/{found}/feuille")
    review = client.get(ask(client, page, "langue").request.path.split("/questions")[0])
    late_review = client.get(f"/evaluations/{found}")
    client.submit(review, "form.form")
    for answer in (client.submit(late_question, answer="urgence"), client.submit(late_sheet, data={"M1": "urgence"})):
        assert answer.status_code == 409
        assert "Cette évaluation est terminée" in client.text(answer, "main")
    assert client.submit(late_review, "form.form").status_code == 409
    assert client.get(page.request.path).headers["Location"].endswith("/resultat")
    with world.app.app_context():
        assert answers_of(found) == {"M1": "langue"}


def test_all_questions_on_one_page_are_saved_the_same_way(world: World) -> None:
    client = world.client("library.adviser")
    found = id_of(begin(client, world.people["amina"], "Complète"))
    page = client.get(f"/evaluations/{found}/feuille")
    saved = client.submit(page, data={"M1": "competences", "C2": "avec", "C2_vu": True, "R1": "refus"})
    assert saved.status_code == 303
    with world.app.app_context():
        assert answers_of(found) == {"M1": "competences", "C2": "avec", "R1": "refus"}
        seen = {row.question for row in stored(found).answers if row.observed}
        assert seen == {"C2"}
    page = client.get(f"/evaluations/{found}")
    assert "3 sur 24 questions ont une réponse." in client.text(page, "main")
    assert "fait observé" in client.text(page, ".answers")


def test_a_page_of_questions_filled_meanwhile_shows_both_answers(world: World) -> None:
    client = world.client("library.desk")
    first = begin(client, world.people["amina"])
    found = id_of(first)
    page = client.get(f"/evaluations/{found}/feuille")
    ask(client, first, "langue")
    refused = client.submit(page, data={"M1": "urgence"})
    assert refused.status_code == 409
    told = client.text(refused, ".differences")
    assert "C’est urgent" in told
    assert "Je comprends mal le français ou les courriers" in told
    with world.app.app_context():
        assert answers_of(found) == {"M1": "langue"}
    assert client.submit(refused, data={"M1": "urgence"}).status_code == 303
    with world.app.app_context():
        assert answers_of(found) == {"M1": "urgence"}


def test_sent_twice_is_written_once(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    first, again = client.submit(page, answer="langue"), client.submit(page, answer="langue")
    assert first.headers["Location"] == again.headers["Location"]
    assert client.submit(page, answer="urgence").status_code == 409
    with world.app.app_context():
        assert stored(id_of(page)).version == 2


def test_an_interpreter_needed_brings_back_to_the_six_questions(world: World) -> None:
    client = world.client("library.adviser")
    found = id_of(begin(client, world.people["amina"], "Complète"))
    ask(client, client.get(f"/evaluations/{found}/questions/A1"), "tel")
    ask(client, client.get(f"/evaluations/{found}/questions/L1"), "interprete")
    page = client.get(f"/evaluations/{found}")
    assert "Il faut un interprète" in client.text(page, ".notice")
    page = client.submit(page, 'form[action$="/express"]', follow_redirects=True)
    assert "Question 1 sur 6" in client.text(page, "main")
    with world.app.app_context():
        assert stored(found).mode is Mode.EXPRESS
        assert answers_of(found) == {"A1": "tel", "L1": "interprete"}


def test_completing_asks_only_what_is_missing(world: World) -> None:
    client = world.client("library.adviser")
    first = express(client, world.people["amina"], {**EXPRESS, "L1": "sans"})
    page = begin(client, world.people["amina"], "Compléter l’évaluation express")
    found = id_of(page)
    asked = []
    while "/questions/" in page.request.path:
        name = page.request.path.rsplit("/", 1)[1]
        asked.append(name)
        page = ask(client, page, "refus")
    assert not set(asked) & set(EXPRESS)
    assert len(asked) == 18
    client.submit(page, "form.form")
    with world.app.app_context():
        done = stored(found)
        assert done.supersedes_id == first
        expected = {**EXPRESS, "L1": "sans", **dict.fromkeys(asked, "refus")}
        assert done.profile == engine.score(engine.load_instrument(), "complet", expected).profile
        assert stored(first).mode is Mode.EXPRESS


def test_what_was_begun_by_mistake_is_thrown_away(world: World) -> None:
    client = world.client("library.desk")
    page = ask(client, begin(client, world.people["amina"]), "langue")
    found = id_of(page)
    gone = client.submit(client.get(f"/evaluations/{found}"), 'form[action$="/abandonner"]')
    assert gone.headers["Location"].endswith(str(world.people["amina"]))
    assert client.get(f"/evaluations/{found}").status_code == 404
    with world.app.app_context():
        assert answers_of(found) == {}
        db.session.rollback()
