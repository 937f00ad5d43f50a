"""Who has access to what: invited, joined, changed, ended, reviewed once a year."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.accounts import actions, mails, policy, queries
from app.accounts.enums import LinkPurpose, Verdict
from app.accounts.models import AccessReview, Invitation, Membership, User
from app.kernel import clock, jobs, outbox
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.journal import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.network.actions import StructureData, add_structure
from app.network.enums import LegalBasis, StructureKind
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import PASSWORD, World

MANAGER, ADMIN = "library.manager", "admin"
CHOSEN = "trombone girafe lundi"


def address(world: World, page: str, structure: str = "library") -> str:
    return f"/administration/structures/{world.structures[structure]}/{page}"


def hat(world: World, who: str) -> UUID:
    return world.actors[who].membership_id


def ends(world: World, who: str) -> str:
    return f"/administration/membres/{hat(world, who)}/fin"


def invite(world: World, email: str = "nouvelle@essai.example", role: Role = Role.DESK) -> str:
    """The token that a mail would carry."""
    with world.app.app_context():
        made = actions.invite(world.actors[MANAGER], world.structures["library"], email, role, None)
        commit()
        return policy.token_of(LinkPurpose.INVITATION, made.id)


def browser(world: World) -> InspectingClient:
    client = world.app.test_client()
    assert isinstance(client, InspectingClient)
    return client


def accept(client: InspectingClient, token: str) -> int:
    page = client.get(f"/compte/invitation/{token}")
    if page.status_code != 200:
        return page.status_code
    return client.submit(
        page, "#rejoindre", display_name="Noé Petit", new_password=CHOSEN, again_password=CHOSEN
    ).status_code


# ---------------------------------------------------------------- invitations


def test_a_manager_invites_and_the_mail_holds_a_link_and_no_name(world: World) -> None:
    client = world.client(MANAGER)
    page = client.get(address(world, "inviter"))
    assert not client.select(page, "input[value=admin], input[value=coordinator], input[value=elected]")
    sent = client.submit(page, "main form", email=" Nouvelle@Essai.example", role="desk")
    assert sent.status_code == 303
    with world.app.app_context():
        invitation = db.session.scalars(select(Invitation)).one()
        mail = db.session.scalars(select(OutboxMessage)).one()
        token = policy.token_of(LinkPurpose.INVITATION, invitation.id)
        left = mails.complete(mail.body)
        assert (invitation.email, mail.user_id) == ("nouvelle@essai.example", invitation.id)
        assert queries.address_of(invitation.id) == "nouvelle@essai.example"
        assert f"/compte/invitation/{token}" in left
        for secret in (token, invitation.token_hash):
            assert secret not in mail.body
        assert not [word for word in ("Médiathèque", "Library", "Manager", "essai.example") if word in left]
        assert invitation.token_hash == queries.hash_key(token) != token
    assert "nouvelle@essai.example" in client.text(client.get(address(world, "membres")), "#invitations")


def test_the_worker_sends_it_with_its_link(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_recurring", {})
    token, sent = invite(world), []
    with world.app.app_context():
        jobs.handle("outbox.send", outbox.sender(sent.append, queries.address_of, "x@essai.example", mails.complete))
        while jobs.work_once():
            pass
    assert [mail["To"] for mail in sent] == ["nouvelle@essai.example"]
    assert token in sent[0].get_content()


def test_the_invited_choose_their_name_and_password_then_sign_in(world: World) -> None:
    token, client = invite(world), browser(world)
    page = client.get(f"/compte/invitation/{token}")
    assert "Médiathèque de Marmande" in client.text(page, "main")
    wrong = client.submit(page, "#rejoindre", display_name="Noé", new_password="azertyuiop123", again_password="x")
    assert wrong.status_code == 422
    assert accept(client, token) == 303
    inside = client.submit(
        client.get("/compte/connexion"), "#connexion", email="nouvelle@essai.example", password=CHOSEN
    )
    assert inside.location == "/"
    assert "Médiathèque de Marmande · accueil" in client.text(client.get("/"), "header")


def test_an_invitation_serves_once_and_for_seven_days(world: World) -> None:
    used, late, cancelled = invite(world, "a@essai.example"), invite(world, "b@essai.example"), invite(world)
    assert accept(browser(world), used) == 303
    client = browser(world)
    client.get(f"/compte/invitation/{used}")
    assert "ne sert plus" in client.text(client.get("/compte/connexion"))
    with clock.fixed(clock.now() + timedelta(days=7, minutes=1)):
        assert browser(world).get(f"/compte/invitation/{late}").status_code == 303
    with clock.fixed(clock.now() + timedelta(days=6, hours=23)):
        assert browser(world).get(f"/compte/invitation/{late}").status_code == 200
    manager = world.client(MANAGER)
    shown = manager.get(address(world, "membres"))
    with world.app.app_context():
        waiting = db.session.scalars(select(Invitation).where(Invitation.email == "nouvelle@essai.example")).one().id
    assert manager.submit(shown, f"form[action*='{waiting}']").status_code == 303
    assert browser(world).get(f"/compte/invitation/{cancelled}").status_code == 303
    assert browser(world).get("/compte/invitation/inventé").status_code == 303


def test_the_link_is_spent_by_one_of_two_at_once(world: World) -> None:
    token = invite(world)
    with world.app.app_context():
        first = queries.invitation(token)
        assert first is not None
        actions.join(first, None, "Une", "hash")
        with pytest.raises(DomainError, match="ne sert plus"):
            actions.join(first, None, "Deux", "hash")


def test_who_has_an_account_only_accepts_and_nobody_is_told_so(world: World) -> None:
    email = world.emails["ccas.desk"]
    manager = world.client(MANAGER)
    told = []
    for one in (email, "inconnue@essai.example"):
        page = manager.get(address(world, "inviter"))
        answer = manager.submit(page, "main form", email=one, role="desk", follow_redirects=True)
        told.append(manager.text(answer, "[role=status]"))
    assert told[0] == told[1] != ""
    token = invite(world, email)
    client = browser(world)
    page = client.get(f"/compte/invitation/{token}")
    assert not client.select(page, "input[type=password]")
    assert client.submit(page, "#rejoindre").status_code == 303
    with world.app.app_context():
        user = queries.user_by_email(email)
        assert user is not None
        assert {one.structure_name for one in queries.hats_of(user.id, world.today)} == {
            "CCAS de Tonneins",
            "Médiathèque de Marmande",
        }
        assert len(db.session.scalars(select(User.id).where(User.email == email)).all()) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COORDINATOR, Role.ELECTED])
def test_a_manager_gives_no_role_of_the_network(world: World, role: Role) -> None:
    client = world.client(MANAGER)
    page = client.get(address(world, "inviter"))
    answer = client.submit(page, "main form", email="x@essai.example", forged={"role": role.value})
    assert answer.status_code == 422
    with world.app.app_context(), pytest.raises(NotFound):
        actions.invite(world.actors[MANAGER], world.structures["library"], "x@essai.example", role, None)


def test_nobody_invites_elsewhere_nor_into_a_team_of_elsewhere(world: World) -> None:
    client = world.client(MANAGER)
    assert client.get(address(world, "inviter", "ccas")).status_code == 404
    with world.app.app_context():
        manager = world.actors[MANAGER]
        with pytest.raises(NotFound):
            actions.invite(manager, world.structures["ccas"], "x@essai.example", Role.DESK, None)
        team = world.teams["ccas.social"]
        with pytest.raises(NotFound):
            actions.invite(manager, world.structures["library"], "x@essai.example", Role.DESK, team)


# ---------------------------------------------------------------- changing and ending


def test_an_ex_member_reads_nothing_on_the_next_request(world: World) -> None:
    agent, person = world.client("library.adviser"), f"/personnes/{world.people['amina']}"
    assert agent.get(person).status_code == 200
    manager = world.client(MANAGER)
    ended = manager.submit(manager.get(ends(world, "library.adviser")), "main form", follow_redirects=True)
    assert "L’accès a pris fin" in manager.text(ended)
    for page in (person, "/personnes", "/seances", "/orientations", "/"):
        answer = agent.get(page)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/compte/casquette")
    choice = agent.get("/compte/casquette")
    assert "Aucune casquette aujourd’hui" in agent.text(choice, "main")
    forged = {"membership_id": str(hat(world, "library.adviser")), "csrf_token": _token(agent, choice)}
    assert agent.post("/compte/casquette", data=forged).status_code == 404
    assert "Library Adviser" not in manager.text(manager.get(address(world, "membres")), "main")
    with world.app.app_context():
        left = queries.colleagues(world.structures["library"], world.today, frozenset({Role.ADVISER}))
        assert [one.display_name for one in left] == ["Camille Roux"]


def _token(client: InspectingClient, page: object) -> str:
    return str(client.select(page, "input[name=csrf_token]")[0]["value"])  # type: ignore[arg-type]


def test_ended_and_invited_again_the_same_day(world: World) -> None:
    with world.app.app_context():
        token = invite(world)
    assert accept(browser(world), token) == 303
    with world.app.app_context():
        user = queries.user_by_email("nouvelle@essai.example")
        assert user is not None
        (only,) = user.memberships
        actions.end_member(world.actors[MANAGER], only.id)
        user_id = user.id
        assert queries.hats_of(user_id, world.today) == []
        commit()
    page = browser(world)
    again = page.get(f"/compte/invitation/{invite(world)}")
    assert page.submit(again, "#rejoindre").status_code == 303
    with world.app.app_context():
        assert len(queries.hats_of(user_id, world.today)) == 1


def test_another_role_is_another_hat_and_the_old_one_is_lost_at_once(world: World) -> None:
    agent, manager = world.client("library.adviser"), world.client(MANAGER)
    page = manager.get(f"/administration/membres/{hat(world, 'library.adviser')}")
    assert manager.submit(page, "main form", role="desk", places=[str(world.places["library"])]).status_code == 303
    assert agent.get("/").location == "/compte/casquette"
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        (worn,) = queries.hats_of(actor.user_id, world.today)
        assert (worn.role, worn.membership_id == actor.membership_id) == (Role.DESK, False)
        noted = db.session.scalars(select(JournalEntry.action).order_by(JournalEntry.seq.desc()).limit(3)).all()
        assert set(noted) >= {"member.change", "membership.add"}
    shown = manager.text(manager.get(address(world, "membres")), "#acces")
    assert "Lieu library" in shown


def test_nobody_decides_about_themselves(world: World) -> None:
    client = world.client(MANAGER)
    page = client.get(f"/administration/membres/{hat(world, MANAGER)}")
    assert not client.select(page, "input[name=role]")
    refused = client.submit(client.get(ends(world, MANAGER)), "main form")
    assert refused.status_code == 422
    assert "Une autre personne" in client.text(refused, "main")


def test_a_manager_touches_neither_the_network_s_roles_nor_other_structures(world: World) -> None:
    client = world.client(MANAGER)
    for who in ("coordinator", "admin", "elected", "ccas.adviser"):
        assert client.get(ends(world, who)).status_code == 404
        with world.app.app_context(), pytest.raises(NotFound):
            actions.end_member(world.actors[MANAGER], hat(world, who))
    assert client.get(ends(world, "library.desk")).status_code == 200


def test_the_last_administrator_stays(world: World) -> None:
    with world.app.app_context():
        other = actions.add_user("admin2@essai.example", "Autre", PASSWORD, 8)
        second = actions.add_membership(other, world.structures["ccas"], Role.ADMIN, world.today)
        actor = queries.actor_of(second)
        actions.end_member(actor, hat(world, ADMIN))
        with pytest.raises(DomainError, match="dernier compte"):
            actions.end_member(world.actors[ADMIN], second.id)


def test_an_administrator_opens_every_structure_and_unknown_is_hidden(world: World) -> None:
    client = world.client(ADMIN)
    assert client.get(address(world, "membres", "ccas")).status_code == 200
    assert client.get(f"/administration/structures/{uuid4()}/membres").status_code == 404
    assert client.get(f"/administration/membres/{uuid4()}").status_code == 404


# ---------------------------------------------------------------- yearly review


def test_the_review_asks_about_each_and_ends_those_who_leave(world: World) -> None:
    agent, client = world.client("library.desk"), world.client(MANAGER)
    page = client.get(address(world, "revue"))
    assert "toujours besoin d’un accès" in client.text(page, "h1")
    assert "Library Manager" not in client.text(page, "main form")
    missing = client.submit(page, "main form")
    assert missing.status_code == 422
    names = {str(one["name"]) for one in client.select(page, "input[name^=m_]")}
    leaving = f"m_{hat(world, 'library.desk').hex}"
    assert leaving in names
    answers = {name: "end" if name == leaving else "keep" for name in names}
    assert client.submit(page, "main form", data=answers).status_code == 303
    assert agent.get("/personnes").status_code == 303
    with world.app.app_context():
        done = db.session.scalars(select(AccessReview)).one()
        assert (done.kept, done.ended, done.reviewed_on) == (len(names) - 1, 1, world.today)


def test_whoever_joined_meanwhile_is_asked_about_too(world: World) -> None:
    with world.app.app_context():
        manager = world.actors[MANAGER]
        asked = {hat(world, who): Verdict.KEEP for who in ("library.desk", "library.adviser")}
        with pytest.raises(DomainError, match="entre-temps"):
            actions.review(manager, world.structures["library"], asked)
        with pytest.raises(NotFound):
            actions.review(manager, world.structures["ccas"], {})


def test_the_reminder_comes_after_twelve_months_and_goes_with_the_review(world: World) -> None:
    with world.app.app_context():
        manager, admin = world.actors[MANAGER], world.actors[ADMIN]
        started = world.today - timedelta(days=100)
        assert queries.reviews_due(manager, started + timedelta(days=364)) == []
        (due,) = queries.reviews_due(manager, started + timedelta(days=365))
        assert due.structure_id == world.structures["library"]
        without = {one.structure_id for one in queries.reviews_due(admin, started + timedelta(days=365))}
        assert world.structures["ccas"] in without
        assert world.structures["library"] not in without
        assert queries.reviews_due(world.actors["library.adviser"], started + timedelta(days=365)) == []
        asked = {one.id: Verdict.KEEP for one in queries.hats_in(world.structures["library"], world.today)}
        actions.review(manager, world.structures["library"], asked)
        assert queries.reviews_due(manager, world.today + timedelta(days=364)) == []
        assert queries.reviews_due(manager, world.today + timedelta(days=365)) != []


def test_the_reminder_is_on_the_first_screen(world: World) -> None:
    with world.app.app_context():
        manager = update(Membership).where(Membership.structure_id == world.structures["library"])
        db.session.execute(manager.values(starts_on=world.today - timedelta(days=400)))
        commit()
    client = world.client(MANAGER)
    assert "Revoir qui a accès" in client.text(client.get("/"), "main")


def test_many_reviews_share_a_line_and_each_is_reached(world: World) -> None:
    """Nothing to review is left out of the list behind the single line."""
    with world.app.app_context():
        old = world.today - timedelta(days=400)
        for rank in range(4):
            kind, basis = StructureKind.ASSOCIATION, LegalBasis.LEGITIMATE_INTEREST
            made = add_structure(None, StructureData(name=f"S{rank}", kind=kind, legal_basis=basis))
            user = actions.add_user(f"s{rank}@essai.example", f"S{rank}", PASSWORD, 8)
            actions.add_membership(user, made.id, Role.DESK, old)
        commit()
        due = queries.reviews_due(world.actors[ADMIN], world.today)
        assert len(due) >= 4
    client = world.client(ADMIN)
    titles = [tag.get_text(strip=True) for tag in client.select(client.get("/"), "#a-faire h4")]
    (line,) = [title for title in titles if "revoir" in title.lower()]
    assert line.startswith(f"{len(due)} structures")
    (link,) = [tag for tag in client.select(client.get("/"), "#a-faire h4 a") if "revoir" in tag.get_text()]
    page = client.get(str(link["href"]))
    offered = [str(tag["href"]) for tag in client.select(page, "#revues a")]
    assert offered == [f"/administration/structures/{one.structure_id}/revue" for one in due]
    assert {client.get(path).status_code for path in offered} == {200}


def test_pages_cost_the_same_whoever_is_many(world: World) -> None:
    client = world.client(MANAGER)
    client.get(address(world, "membres"))
    with world.app.app_context():
        engine = db.engine
    costs = []
    for rank in range(2):
        found = []
        for page in ("membres", "revue", "equipes"):
            with count_queries(engine) as queries_sent:
                assert client.get(address(world, page)).status_code == 200
            found.append(len(queries_sent))
        costs.append(found)
        with world.app.app_context():
            for one in range(6):
                user = actions.add_user(f"n{rank}{one}@essai.example", f"N{one}", PASSWORD, 8)
                actions.add_membership(user, world.structures["library"], Role.DESK, world.today)
            commit()
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8


def test_forms_without_their_token_are_refused(world: World) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = True
    client = world.client(MANAGER)
    answer = client.post(ends(world, "library.desk"), data={"form_key": str(uuid4())})
    assert answer.status_code in {303, 400}
    assert world.client("library.desk").get("/personnes").status_code == 200
