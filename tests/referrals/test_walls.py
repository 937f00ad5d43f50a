"""Who sees what: before acceptance, after it, under secrecy, from stale or hostile screens; and what pages cost."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.needs.enums import NeedKind, Priority
from app.people.models import FollowUp
from app.referrals import actions, policy, queries
from app.referrals.enums import LIVE, DeclineReason, Outcome, State, TaskKind
from app.referrals.models import Referral, ReferralEvent
from tests.referrals.helpers import RECIPIENT, SENDER, add_need, agreed, prepare, send
from tests.support.queries import Queries, count_queries
from tests.support.world import World, add_person

NIR = "2 58 05 47 157 012 34"


@pytest.fixture
def sent(world: World) -> World:
    with world.app.app_context():
        world.made["referral"] = send(world, need_id=add_need(world, priority=Priority.P2, note="Note secrète.")).id
        commit()
    return world


def page(world: World) -> str:
    return f"/orientations/{world.made['referral']}"


def do(world: World, verb: str) -> str:
    return f"{page(world)}/{verb}"


# ---------------------------------------------------------------- grants


def test_no_grant_before_acceptance_nor_after_the_end(sent: World) -> None:
    with sent.app.app_context():
        agent, person = sent.actors[RECIPIENT], sent.people["amina"]
        assert not grants.on_person(agent, person)
        actions.accept(agent, sent.made["referral"])
        granted = grants.on_person(agent, person)
        assert (granted.sections, granted.source, granted.may_write) == (SHARED_BY_DEFAULT, "referral", True)
        assert not grants.on_person(sent.actors["fs.adviser"], person)
        actions.close(agent, sent.made["referral"], Outcome.NEED_MET)
        assert not grants.on_person(agent, person)


def test_only_the_consented_sections_open(world: World) -> None:
    with world.app.app_context():
        referral = send(world, sections=Section.IDENTITY | Section.NEEDS)
        actions.accept(world.actors[RECIPIENT], referral.id)
        commit()
    client = world.client(RECIPIENT)
    shown = client.text(client.get(f"/personnes/{world.people['amina']}"))
    assert "Amina Benali" in shown
    assert "06 12 34 56 78" not in shown


@pytest.mark.parametrize("state", sorted(set(State) - {State.ACCEPTED, State.IN_PROGRESS}))
def test_no_other_state_opens_anything(sent: World, state: State) -> None:
    with sent.app.app_context():
        provider = policy.referral_grants(sent.actors[RECIPIENT])
        referral = db.session.get_one(Referral, sent.made["referral"])
        actions.accept(sent.actors[RECIPIENT], referral.id)
        assert db.session.execute(provider).all()
        referral.state = state
        referral.outcome = Outcome.NEED_MET if state is State.CLOSED else None
        referral.decline_reason = DeclineReason.FULL if state is State.DECLINED else None
        referral.end_cause = "other_solution" if state is State.WITHDRAWN else None  # type: ignore[assignment]
        db.session.flush()
        assert not db.session.execute(provider).all()


def test_a_recipient_who_follows_the_person_cannot_tie_the_preview_to_them(sent: World) -> None:
    """The CCAS also follows Amina: before accepting, neither the inbox nor her page says that this is about her."""
    with sent.app.app_context():
        follow = FollowUp(
            person_id=sent.people["amina"],
            structure_id=sent.structures["ccas"],
            kind="other",
            sections=SHARED_BY_DEFAULT,
            started_on=sent.today,
        )
        db.session.add(follow)
        commit()
    client = sent.client(RECIPIENT)
    assert "Benali" not in client.text(client.get("/orientations"))
    assert "Benali" not in client.text(client.get(page(sent)))
    panel = client.select(client.get(f"/personnes/{sent.people['amina']}"), "[data-panel=referrals]")[0]
    assert "Droits et recours" not in panel.get_text()
    client.submit(client.get(page(sent)), "form[action$='/accepter']")
    panel = client.select(client.get(f"/personnes/{sent.people['amina']}"), "[data-panel=referrals]")[0]
    assert "Droits et recours" in panel.get_text()


def test_the_inbox_shows_coded_fields_only(sent: World) -> None:
    client = sent.client(RECIPIENT)
    for address in ("/orientations", page(sent), "/"):
        html = client.get(address).get_data(as_text=True)
        for secret in ("Amina", "Benali", "33612345678", "Note secrète", "pochette", str(sent.people["amina"])):
            assert secret not in html, (address, secret)
        with sent.app.app_context():
            assert queries.detail(sent.actors[RECIPIENT], sent.made["referral"]).code == ""


def test_the_coordinator_sees_a_code(sent: World) -> None:
    client = sent.client("coordinator")
    found = client.get(page(sent))
    html = found.get_data(as_text=True)
    assert found.status_code == 200
    assert "Amina" not in html
    assert "pochette" not in html
    assert str(sent.people["amina"]) not in html
    assert client.get(do(sent, "accepter")).status_code == 404
    nudged = client.submit(client.get(do(sent, "relancer")), words="Merci de répondre.", follow_redirects=True)
    assert "Relance envoyée" in client.text(nudged)
    assert "Merci de répondre." in (recipient := sent.client(RECIPIENT)).text(recipient.get(page(sent)))


# ---------------------------------------------------------------- secrecy, sensitive structures


def test_a_team_under_secrecy_keeps_its_referrals(world: World) -> None:
    with world.app.app_context():
        world.people["paul"] = add_person(world, "ccas.social", "Paul", "Dupont")
        world.made["referral"] = send(world, "ccas.social", person="paul", to=("library",)).id
        commit()
    assert world.client("ccas.social").get(page(world)).status_code == 200
    assert world.client("library.adviser").get(page(world)).status_code == 200
    other = world.client("ccas.adviser")
    assert other.get(page(world)).status_code == 404
    assert "Droits" not in other.text(other.get("/orientations/envoyees"))


def test_under_secrecy_nothing_is_ticked_in_advance(world: World) -> None:
    with world.app.app_context():
        world.people["paul"] = add_person(world, "ccas.social", "Paul", "Dupont")
        secret = prepare(world, "ccas.social", person="paul", to=("library",)).id
        ordinary = prepare(world).id
        commit()
    ours, theirs = world.client("library.adviser"), world.client("ccas.social")
    assert ours.select(ours.get(f"/orientations/{ordinary}/envoyer"), "input[name=sections][checked]")
    assert not theirs.select(theirs.get(f"/orientations/{secret}/envoyer"), "input[name=sections][checked]")


def test_a_sensitive_structure_is_never_named_elsewhere(world: World) -> None:
    with world.app.app_context():
        world.made["referral"] = send(world, to=("shelter",)).id
        commit()
    library, shelter = world.client(SENDER), world.client("shelter.adviser")
    for address in ("/orientations/envoyees", page(world), f"/personnes/{world.people['amina']}/orienter"):
        shown = library.text(library.get(address))
        assert "Maison des femmes" not in shown
        assert "Structure partenaire" in shown
    assert library.get(do(world, "papier")).status_code == 404
    shelter.submit(shelter.get(page(world)), "form[action$='/accepter']")
    assert "Shelter Adviser" not in library.text(library.get(page(world)))


def test_a_sensitive_structure_prints_no_paper_with_its_name(world: World) -> None:
    with world.app.app_context():
        world.people["nora"] = add_person(world, "shelter.adviser", "Nora", "Petit")
        world.made["referral"] = send(world, "shelter.adviser", person="nora", to=("library",)).id
        commit()
    assert world.client("shelter.adviser").get(do(world, "papier")).status_code == 404
    library = world.client(SENDER)
    shown = library.text(library.get(page(world)))
    assert "Structure partenaire" in shown
    assert "Maison des femmes" not in shown
    assert "Shelter Adviser" not in shown


def test_others_who_follow_read_no_sensitive_procedure(world: World) -> None:
    with world.app.app_context():
        need_id = add_need(world, kind=NeedKind.DEMARCHE_EN_LIGNE, demarche="justice")
        referral = actions.send(world.actors[SENDER], prepare(world, need_id=need_id).id, agreed(tell_demarche=True))
        values = {"person_id": referral.person_id, "sections": SHARED_BY_DEFAULT, "started_on": world.today}
        db.session.add(FollowUp(structure_id=world.structures["fablab"], kind="other", **values))
        commit()
    client = world.client("camille.fablab")
    panel = client.select(client.get(f"/personnes/{world.people['amina']}"), "[data-panel=referrals]")[0].get_text()
    assert "Démarche en ligne" in panel
    assert "Justice" not in panel


# ---------------------------------------------------------------- stale screens, double sending, bad input


def test_two_agents_one_wins_the_other_is_told(sent: World) -> None:
    first, second = sent.client(RECIPIENT), sent.client("ccas.social")
    screen = second.get(do(sent, "refuser"))
    first.submit(first.get(page(sent)), "form[action$='/accepter']")
    refused = second.submit(screen, reason="full", words="Pas avant mars.")
    assert refused.status_code == 409
    shown = second.text(refused)
    assert "Acceptée par Ccas Adviser" in shown
    assert "Pas avant mars." in refused.get_data(as_text=True)
    assert second.select(refused, "input[name=reason][value=full][checked]")


def test_a_screen_older_than_a_change_that_leaves_the_act_possible(sent: World) -> None:
    first, second = sent.client(RECIPIENT), sent.client("ccas.social")
    screen = second.get(do(sent, "refuser"))
    first.submit(first.get(page(sent)), "form[action$='/prendre']")
    stale = second.submit(screen, reason="full")
    assert stale.status_code == 409
    assert "Prise en charge par Ccas Adviser" in second.text(stale)
    assert second.submit(stale).status_code == 303
    with sent.app.app_context():
        assert db.session.get_one(Referral, sent.made["referral"]).state is State.DECLINED


def test_being_seen_makes_no_screen_stale(sent: World) -> None:
    first, second = sent.client(RECIPIENT), sent.client("ccas.social")
    screen = first.get(page(sent))
    second.get(page(sent))
    assert first.submit(screen, "form[action$='/accepter']").status_code == 303


def test_sent_twice_is_done_once(sent: World) -> None:
    client = sent.client(RECIPIENT)
    screen = client.get(page(sent))
    once = client.submit(screen, "form[action$='/accepter']")
    twice = client.submit(screen, "form[action$='/accepter']")
    assert (once.status_code, twice.status_code) == (303, 303)
    assert once.headers["Location"] == twice.headers["Location"]
    with sent.app.app_context():
        query = select(ReferralEvent.act).where(ReferralEvent.referral_id == sent.made["referral"])
        assert [act.value for act in db.session.scalars(query)].count("accept") == 1


def test_the_same_form_with_another_body_is_refused(sent: World) -> None:
    client = sent.client(RECIPIENT)
    screen = client.get(do(sent, "refuser"))
    assert client.submit(screen, reason="full").status_code == 303
    assert client.submit(screen, reason="other").status_code == 409


def test_a_late_link_says_that_it_is_no_longer_possible(sent: World) -> None:
    client = sent.client(RECIPIENT)
    client.submit(client.get(page(sent)), "form[action$='/accepter']")
    answer = client.get(do(sent, "refuser"), follow_redirects=True)
    assert "Ce n’est plus possible" in client.text(answer)
    assert client.get(do(sent, "inventer")).status_code == 404


@pytest.mark.parametrize(
    ("verb", "fields", "message"),
    [
        ("refuser", {"reason": "full", "words": f"Numéro {NIR}"}, "sécurité sociale"),
        ("refuser", {"reason": "full", "words": "carte 4970 1012 3456 7893"}, "effacez-le"),
        ("refuser", {"reason": "full", "words": "mot de passe : Soleil47"}, "mot de passe"),
        ("refuser", {"words": "Sans raison."}, "Choisissez une raison"),
        ("refuser", {"reason": "full", "words": "a" * 1001}, "1 001 caractères"),
        ("demander", {"words": "   "}, "Écrivez quelques mots"),
        ("demander", {"words": ""}, "Écrivez quelques mots"),
        ("confier", {}, "Choisissez une ou un collègue"),
    ],
)
def test_bad_input_is_said_and_kept(sent: World, verb: str, fields: dict[str, str], message: str) -> None:
    client = sent.client(RECIPIENT)
    refused = client.submit(client.get(do(sent, verb)), **fields)
    assert refused.status_code == 422
    assert message in client.text(refused)
    if "words" in fields:
        assert fields["words"].strip() in client.text(refused, "textarea")
    with sent.app.app_context():
        assert db.session.get_one(Referral, sent.made["referral"]).state is State.SENT


@pytest.mark.parametrize("words", ["Bonjour 👋🏽", "\u202eمرحبا", "<script>alert(1)</script>", "O'Brien & « co »"])
def test_odd_words_are_kept_as_they_are(sent: World, words: str) -> None:
    client, library = sent.client(RECIPIENT), sent.client(SENDER)
    client.submit(client.get(do(sent, "demander")), words=words)
    shown = library.get(page(sent))
    assert words in library.select(shown, ".timeline__text")[0].get_text()
    assert not library.select(shown, "main script")


@pytest.mark.parametrize("forged", [{"reason": "because"}, {"suggested": "x"}, {"version": "99999"}, {"version": "²"}])
def test_forged_values_are_refused(sent: World, forged: dict[str, str]) -> None:
    client = sent.client(RECIPIENT)
    answer = client.submit(client.get(do(sent, "refuser")), forged={"reason": "full", **forged})
    assert answer.status_code in {409, 422}
    with sent.app.app_context():
        assert db.session.get_one(Referral, sent.made["referral"]).state is State.SENT


@pytest.mark.parametrize(
    "forged", [{"recipient": "x"}, {"need": "x"}, {"need": "01234567-89ab-7def-8123-456789abcdef"}, {"second": "x"}]
)
def test_a_forged_draft_is_refused(world: World, forged: dict[str, str]) -> None:
    with world.app.app_context():
        add_need(world)
        commit()
    client = world.client(SENDER)
    form = client.get(f"/personnes/{world.people['amina']}/orienter")
    chosen = {"recipient": str(world.structures["ccas"]), **forged}
    answer = client.submit(form, button="Continuer vers l’accord", forged=chosen)
    assert answer.status_code in {404, 422}
    with world.app.app_context():
        assert db.session.scalar(select(Referral.id)) is None


def test_somebody_elses_need_is_not_referred(world: World) -> None:
    with world.app.app_context():
        theirs = add_need(world, "ccas.adviser", "jean")
        add_need(world)
        commit()
    client = world.client(SENDER)
    form = client.get(f"/personnes/{world.people['amina']}/orienter")
    chosen = {"need": str(theirs), "recipient": str(world.structures["ccas"])}
    assert client.submit(form, button="Continuer vers l’accord", forged=chosen).status_code in {404, 422}


def test_a_task_of_others_does_not_exist(sent: World) -> None:
    with sent.app.app_context():
        actions.accept(sent.actors[RECIPIENT], sent.made["referral"])
        told = queries.todo_pages(sent.actors[SENDER], {TaskKind.TELL_PERSON: 1})
        task = told[TaskKind.TELL_PERSON].lines[0].id
        commit()
    for who in ("ccas.adviser", "fs.adviser"):
        assert sent.client(who).get(f"/orientations/taches/{task}/prevenir").status_code == 404
    library = sent.client(SENDER)
    form = library.get(f"/orientations/taches/{task}/prevenir")
    assert library.submit(form).status_code == 422
    assert library.submit(form, way="phone", forged={"form_key": str(UUID(int=7))}).status_code == 303
    assert library.get(f"/orientations/taches/{task}/prevenir").status_code == 409


def test_deciding_on_screen(world: World) -> None:
    with world.app.app_context():
        referral = send(world, to=("ccas", "fablab"))
        actions.decline(
            world.actors[RECIPIENT], referral.id, DeclineReason.FULL, "", world.structures["france_services"]
        )
        commit()
        decided = queries.todo_pages(world.actors[SENDER], {TaskKind.NEXT_ACTION: 1})
        task = decided[TaskKind.NEXT_ACTION].lines[0].id
    client = world.client(SENDER)
    form = client.get(f"/orientations/taches/{task}/suite")
    assert "Fablab du Pont" in client.text(form)
    assert "Le partenaire propose : France Services Seyches" in client.text(form)
    assert client.submit(form, decision="close_need").status_code == 422
    other = client.submit(form, decision="another_partner", forged={"form_key": str(UUID(int=8))})
    assert "/orienter?suite=" in other.headers["Location"]
    again = client.get(other.headers["Location"])
    assert client.select(again, "textarea[name=return_reason]")
    done = client.submit(form, decision="next_structure", forged={"form_key": str(UUID(int=9))}, follow_redirects=True)
    assert "Orientation envoyée à Fablab du Pont" in client.text(done)


# ---------------------------------------------------------------- what is written of reads, what pages cost


def test_reading_is_journalled_once_in_ten_minutes(sent: World) -> None:
    client = sent.client(RECIPIENT)
    client.get(page(sent))
    client.get(page(sent))
    with sent.app.app_context():
        entries = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "referral.read")).all()
        assert [(entry.user_id, entry.person_id) for entry in entries] == [
            (sent.actors[RECIPIENT].user_id, sent.people["amina"])
        ]


def cost(world: World, who: str, address: str) -> Queries:
    client = world.client(who)
    with world.app.app_context(), count_queries(db.session) as counted:
        assert client.get(address).status_code == 200
    return counted


@pytest.mark.parametrize(
    ("who", "address", "limit"),
    [
        (RECIPIENT, "/orientations", 8),
        (SENDER, "/orientations/envoyees", 8),
        (SENDER, "/orientations/a-faire", 8),
    ],
)
def test_lists_cost_the_same_whatever_their_length(world: World, who: str, address: str, limit: int) -> None:
    def add(count: int) -> None:
        with world.app.app_context():
            for rank in range(count):
                name = f"p{rank}-{len(world.people)}"
                world.people[name] = add_person(
                    world, SENDER, "Prénom", f"Nom{len(world.people)}", phone="+33612345679"
                )
                referral = send(world, person=name, need_id=add_need(world, person=name, kind=NeedKind.SECURITE))
                if rank % 2:
                    actions.decline(world.actors[RECIPIENT], referral.id, DeclineReason.FULL)
            commit()

    add(2)
    few = cost(world, who, address)
    add(8)
    many = cost(world, who, address)
    many.assert_same_as(few)
    many.assert_at_most(limit)


def test_pages_of_a_long_list(world: World) -> None:
    with world.app.app_context():
        for _ in range(27):
            send(world, need_id=add_need(world))
        commit()
    client = world.client(RECIPIENT)
    assert len(client.select(client.get("/orientations"), "tbody tr")) == 25
    assert len(client.select(client.get("/orientations?page=2"), "tbody tr")) == 2
    assert client.get("/orientations?page=999").status_code == 200
    with world.app.app_context():
        assert queries.inbox_count(world.actors[RECIPIENT]) == 27
        assert all(line.state in LIVE for line in queries.inbox(world.actors[RECIPIENT]).lines)


def test_the_desk_may_send_where_the_network_says_so(world: World) -> None:
    with world.app.app_context():
        draft = prepare(world, "library.desk")
        known = policy.rules()
        try:
            policy.install(policy.Rules(desk_may_send=True))
            assert actions.send(world.actors["library.desk"], draft.id, agreed()).state is State.SENT
        finally:
            policy.install(known)
