"""Every page of the product, from its routes: a new one is visited by default, in a world where each has something to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, template_rendered, url_for
from jinja2 import Template
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts import actions as accounts
from app.accounts import policy as account_policy
from app.accounts.enums import LinkPurpose
from app.accounts.models import SecondFactor
from app.assessments import actions as assessments
from app.assessments.enums import Mode
from app.kernel import clock, grants
from app.kernel.access import Actor, Role, rule_of
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, SessionData
from app.mediation.enums import PlaceKind, Theme
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.network import actions as network
from app.network.models import PlaceImport
from app.network.schema import COLUMNS
from app.people.actions import comparing, importing, protecting, registering, representing, unregistering
from app.people.actions.protecting import SafetyData
from app.people.actions.representing import RepresentationData
from app.people.capacity import Measure, RepresentativeKind, Scope
from app.people.contacts import Contact, ContactKind
from app.people.imports import ImportField
from app.people.models import PeopleImport
from app.people.queries import imports as records
from app.people.queries.representation import RepresentativeView
from app.privacy import actions as privacy
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData, linking
from app.referrals.enums import DeclineReason, TaskKind
from app.referrals.models import ReferralTask
from tests.access.stage import Relation, Stage, build
from tests.support.pages import InspectingClient
from tests.support.world import World, add_person, build_world

Ids = dict[str, Any]
# The relations in which something of a person, or of their referral, is open; the access matrix covers the others.
OPEN = (Relation.OWN, Relation.SHARED, Relation.PREVIEWED, Relation.OPENED, Relation.ENDED)
# Values of addresses that are not ids. A route with another such value must say here which are worth a visit.
NAMED: dict[str, tuple[str, ...]] = {
    "question": ("M1", "U2"),
    "code": ("ACT_SUIVI",),
    "mode": tuple(Mode),
    "period": ("2023", "2022"),
    "area": ("commune-47157",),
}
NOT_PAGES = {"static", "home.health", "territory.suggest", "privacy.download_copy", "people.take_export"}
ROLES = (Role.DESK, Role.ADVISER, Role.COORDINATOR, Role.MANAGER, Role.ELECTED, Role.DPO, Role.ADMIN)


class Visitor(InspectingClient):
    """Inspects what is shown. The page that says no is always the same: it is inspected by its own tests."""

    def _inspect(self, page: TestResponse) -> None:
        if page.status_code != 404:
            super()._inspect(page)


@dataclass
class Visited:
    """What a visit of everything found."""

    endpoints: set[str] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)
    # Template of a page → who saw it first, and where.
    templates: dict[str, tuple[Role | None, str]] = field(default_factory=dict)


def prepare(app: Flask) -> tuple[World, dict[Role | None, Visitor], list[Ids]]:
    """The small world, a visitor per role and one signed out, and the sets of ids that addresses are made of."""
    world = build_world(app)
    with app.app_context():
        # The stage's connection only serves to take requests back, which nobody does here.
        stage = build(app, None, world)  # type: ignore[arg-type]
        lives: list[Ids] = [dict(stage.ids[relation]) for relation in OPEN]
        lives += [_unfinished(world), _declined(world), _protected(world), archived(world), _represented(world)]
        lives += [*_links(world), _given(world, stage)]
        waiting = _waiting_for_a_code(world)
        commit()
    lives += _files(app, stage) + files_of_people(app, stage)
    visitors = _visitors(app, stage)
    with visitors[None].session_transaction() as session:
        session["etape"] = waiting
    return world, visitors, lives


def _visitors(app: Flask, stage: Stage) -> dict[Role | None, Visitor]:
    found: dict[Role | None, Visitor] = {None: Visitor(app, app.response_class)}
    for role, client in stage.clients.items():
        cookie = client.get_cookie("maillage")
        assert cookie is not None
        found[role] = Visitor(app, app.response_class)
        found[role].set_cookie("maillage", cookie.value)
    return found


def _files(app: Flask, stage: Stage) -> list[Ids]:
    """Files of places: one compared and to be confirmed, one written, one refused whole."""
    typed = {"id": "un", "pivot": "0" * 14, "nom": "Lieu", "commune": "Marmande", "code_postal": "47200"}
    typed |= {"adresse": "1 rue de la Paix", "date_maj": "2026-01-01"}
    row = ",".join(typed.get(column, "") for column in COLUMNS)
    made: list[Ids] = []
    with app.app_context():
        first = db.session.get_one(PlaceImport, stage.ids[Relation.OWN]["import_id"])
        actor = Actor(first.user_id, first.membership_id, Role.COORDINATOR, first.structure_id)
        for lines in (f"{row}\n,,\n", row, ",,\n" * 1002):
            sent = network.receive(actor, "lieux.csv", f"{','.join(COLUMNS)}\n{lines}".encode())
            commit()
            network.prepare_run({"import_id": str(sent.id)})
            commit()
            made.append({"import_id": sent.id})
        network.confirm(actor, made[1]["import_id"])
        network.run_slice({"import_id": str(made[1]["import_id"]), "after": 0})
        commit()
    return made


def files_of_people(app: Flask, stage: Stage) -> list[Ids]:
    """Files of people: one whose columns are to be checked, one imported, one undone."""
    today, made = clock.today(app.config["TIMEZONE"]), []
    with app.app_context():
        first = db.session.get_one(PeopleImport, stage.ids[Relation.OWN]["people_import_id"])
        actor = records.hat_of(first.membership_id, today)
        assert actor is not None
        for name in ("Colonnes", "Inscrite", "Annulée"):
            sent = importing.receive(actor, f"Nom;Prénom;Année de naissance\n{name};Par fichier;1950\n;;58\n".encode())
            made.append({"people_import_id": sent.id})
            commit()
        for one in made[1:]:
            _imported(actor, one["people_import_id"], comparing.Setup(today, "FR"))
        importing.undo(actor, made[2]["people_import_id"])
        unregistering.undo_slice({"import_id": str(made[2]["people_import_id"]), "after": 0})
        commit()
    return made


def _imported(actor: Actor, import_id: UUID, setup: comparing.Setup) -> None:
    importing.match(actor, import_id, {ImportField.LAST_NAME: 0, ImportField.FIRST_NAME: 1, ImportField.BIRTH_YEAR: 2})
    commit()
    comparing.compare({"import_id": str(import_id)}, setup)
    importing.confirm(actor, import_id, ())
    registering.write_slice({"import_id": str(import_id), "after": 0}, setup)
    commit()


def _links(world: World) -> list[Ids]:
    """Two links received by mail: an invitation, a password forgotten."""
    admin = world.actors["admin"]
    invited = accounts.invite(admin, world.structures["ccas"], "lien@essai.example", Role.DESK, None)
    forgotten = accounts.make_link(world.actors["library.desk"].user_id, LinkPurpose.RESET)
    made = ((LinkPurpose.INVITATION, invited.id), (LinkPurpose.RESET, forgotten.id))
    return [{"link_id": account_policy.token_of(purpose, row_id)} for purpose, row_id in made]


def _given(world: World, stage: Stage) -> Ids:
    """The link of a partner without an account."""
    made = linking.make_link(world.actors["ccas.adviser"], stage.ids[Relation.OWN]["sent_id"])
    return {"given_id": made.address.rpartition("/")[2]}


def _waiting_for_a_code(world: World) -> str:
    """The token of somebody whose password was right, and whose telephone is asked for a code."""
    user_id, seed = world.actors["fs.adviser"].user_id, uuid4()
    db.session.add(SecondFactor(user_id=user_id, seed=seed, last_step=0, confirmed_at=clock.now()))
    link = accounts.make_link(user_id, LinkPurpose.SIGN_IN)
    return account_policy.token_of(LinkPurpose.SIGN_IN, link.id)


def _unfinished(world: World) -> Ids:
    """Somebody of the CCAS with everything begun and nothing finished."""
    actor = world.actors["ccas.adviser"]
    person_id = add_person(world, "ccas.adviser", "Commencée", "Partout")
    granted = grants.on_person(actor, person_id)
    need = needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION))
    begun = assessments.start(actor, granted, Mode.FULL)
    draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=(world.structures["library"],)))
    session = SessionData(
        held_on=world.today, minutes=15, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE, note="sans nom"
    )
    alone = mediation.log_anonymous(actor, Anonymous(), session, world.today)
    return {
        "person_id": person_id,
        "need_id": need.id,
        "assessment_id": begun.id,
        "referral_id": draft.id,
        "session_id": alone.id,
    }


def _protected(world: World) -> Ids:
    """Somebody of the CCAS whose situation is protected."""
    actor = world.actors["ccas.adviser"]
    person_id = add_person(world, "ccas.adviser", "Gardée", "Secret")
    said = SafetyData(safe_way="le mardi", code_word="tilleul")
    protecting.protect(actor, grants.on_person(actor, person_id), said, world.today)
    return {"person_id": person_id, "protected_id": person_id}


def archived(world: World) -> Ids:
    """Somebody of the CCAS whose record is in the archive."""
    person_id = add_person(world, "ccas.adviser", "Ancienne", "Archive")
    privacy.archive(person_id)
    return {"person_id": person_id}


def _represented(world: World) -> Ids:
    """Somebody of the CCAS under tutelle, reached through others, who needs an interpreter."""
    actor = world.actors["ccas.adviser"]
    relay = Contact(kind=ContactKind.RELAY, value="+33639980077", who="Le gardien", no_message=True, first=True)
    person_id = add_person(world, "ccas.adviser", "Représentée", "Ensemble", interpreter=True, contacts=(relay,))
    tutor = RepresentativeView(kind=RepresentativeKind.TUTEUR, name="Mme Quillévéré", phone="+33639980042")
    said = RepresentationData(people=(tutor,), measure=Measure.TUTELLE, scope=Scope.BOTH)
    representing.represent(actor, grants.on_person(actor, person_id), said, 1)
    return {"person_id": person_id}


def _declined(world: World) -> Ids:
    """A referral that the CCAS sent and that was declined: what comes next is to be decided."""
    actor, recipient = world.actors["ccas.adviser"], world.actors["library.adviser"]
    person_id = add_person(world, "ccas.adviser", "Refusée", "Ailleurs")
    granted = grants.on_person(actor, person_id)
    need = needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION))
    to = (world.structures["library"], world.structures["france_services"])
    draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=to))
    referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT))
    referrals.decline(recipient, draft.id, DeclineReason.FULL)
    decided = select(ReferralTask.id).where(
        ReferralTask.referral_id == draft.id, ReferralTask.kind == TaskKind.NEXT_ACTION
    )
    return {
        "person_id": person_id,
        "need_id": need.id,
        "referral_id": draft.id,
        "task_id": db.session.scalars(decided).one(),
    }


def visit(app: Flask, visitors: dict[Role | None, Visitor], lives: list[Ids], *, once: bool = False) -> Visited:
    """Ask for every page of every route, as each role that its rule lets in; with `once`, until one is shown."""
    found = Visited()
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.endpoint not in NOT_PAGES and "GET" in (rule.methods or ()):
            addresses = _addresses(app, rule, lives)
            for role, address in product(_let_in(app, rule), addresses):
                if not (once and rule.endpoint in found.endpoints):
                    _ask(found, visitors[role], rule, role, address)
    _search(found, visitors[Role.ADVISER])
    _no_paper(app, found, visitors[Role.ADVISER], lives)
    return found


def _let_in(app: Flask, rule: Rule) -> list[Role | None]:
    """Roles of the rule; those of the front meet the same people, so two of the three are enough for one person's pages."""
    declared = rule_of(app.view_functions[rule.endpoint])
    assert declared is not None, rule
    roles: list[Role | None] = [role for role in ROLES if declared.roles is None or role in declared.roles]
    if rule.arguments and roles != [Role.MANAGER]:
        roles = [role for role in roles if role is not Role.MANAGER]
    return [*roles, None] if declared.roles is None else roles


def _addresses(app: Flask, rule: Rule, lives: list[Ids]) -> list[str]:
    """The route's addresses, for each set of ids that has all it takes."""
    named = {name: _named(rule, name) for name in rule.arguments - set(rule.defaults or {}) if not name.endswith("_id")}
    found: dict[str, None] = {}
    for life in lives:
        known = {name: life.get(name) for name in rule.arguments if name.endswith("_id")}
        if None not in known.values():
            for values in product(*named.values()):
                with app.test_request_context():
                    found[url_for(rule.endpoint, **known, **dict(zip(named, values, strict=True)))] = None
    return list(found)


def _named(rule: Rule, name: str) -> tuple[str, ...]:
    converter = rule._converters[name]
    items = getattr(converter, "items", None)
    assert name in NAMED or items, f"{rule}: say in NAMED which values of {name} are worth a visit"
    return NAMED.get(name) or tuple(sorted(items))


def _ask(found: Visited, visitor: Visitor, rule: Rule, role: Role | None, address: str) -> None:
    with _rendering(visitor.application) as rendered:
        page = visitor.get(address)
    if page.status_code >= 500 or page.status_code in {400, 401, 403, 405}:
        found.refusals.append(f"{role} {address}: {page.status_code}")
    if page.status_code == 200:
        found.endpoints.add(rule.endpoint)
        for name in rendered:
            found.templates.setdefault(name, (role, address))


def _search(found: Visited, visitor: Visitor) -> None:
    """The results of a search have an address that only the search gives."""
    page = visitor.submit(visitor.get("/personnes"), "form[role=search]", q="Commencée")
    with _rendering(visitor.application) as rendered:
        assert visitor.get(page.location).status_code == 200
    for name in rendered:
        found.templates.setdefault(name, (Role.ADVISER, page.location))


def _no_paper(app: Flask, found: Visited, visitor: Visitor, lives: list[Ids]) -> None:
    """The page that stands before a paper, for somebody whose situation is protected."""
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == "people.slip")
    for life in lives:
        if "protected_id" in life:
            _ask(found, visitor, rule, Role.ADVISER, f"/personnes/{life['protected_id']}/coupon")


@contextmanager
def _rendering(app: Flask) -> Iterator[list[str]]:
    """The templates of the pages rendered inside the block, without the pieces they are made of."""
    names: list[str] = []

    def told(_sender: Flask, template: Template, **_kept: Any) -> None:
        if not Path(str(template.name)).name.startswith("_"):
            names.append(str(template.name))

    with template_rendered.connected_to(told, app):
        yield names
