"""The stage of the access matrix: one structure with every role, and one person in each relation to it.

The relations are those of `domain/access.md`, « Where a right comes from ». Everything is made by the product's actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Connection, select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.accounts.models import Membership
from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import clock, grants, ids
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.opening_days import OpeningDays
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import Blocker, NeedKind, PieceKind
from app.network import actions as network
from app.network.actions import OfferData, StructureData
from app.network.enums import StructureKind
from app.network.schema import COLUMNS
from app.people import queries as people_queries
from app.people.actions import cards as card_actions
from app.people.actions import exporting, handing, importing, likeness, merging, notes
from app.people.actions import views as kept_lists
from app.people.actions.cards import CardData
from app.people.actions.exporting import ExportData
from app.people.actions.handing import HandOverData
from app.people.actions.merging import MergeData
from app.people.actions.notes import NoteData
from app.people.enums import CardEvent, FollowUpKind, HandOverReason
from app.people.exports import ExportColumn
from app.people.models import (
    ExportState,
    FollowUp,
    ImportState,
    LikenessNotice,
    LineState,
    PeopleImportLine,
    Person,
)
from app.pilotage import actions as pilotage
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term
from app.pilotage.queries.summaries import Frame
from app.privacy import actions as privacy
from app.privacy.enums import AskedWay, CopyState, IdentityCheck, RightKind
from app.privacy.models import AccessCopy
from app.privacy.policy import COPY_LIFETIME
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData, linking
from app.referrals.enums import Contact, Outcome
from app.referrals.models import ReferralTask
from tests.support.world import PASSWORD, World, add_person


class Relation(StrEnum):
    """How the viewer's structure stands to the person."""

    OWN = "own"
    SHARED = "shared"
    PREVIEWED = "previewed"
    OPENED = "opened"
    ENDED = "ended"
    NONE = "none"
    UNKNOWN = "unknown"


EXPRESS = {"M1": "langue", "U2": "droit", "L1": "peu", "S1": "bloque", "C2": "avec", "T2": "avec"}


@dataclass
class Stage:
    """Signed-in browsers by role, and by relation the ids that routes are made of."""

    app: Flask
    connection: Connection | None
    clients: dict[Role, FlaskClient] = field(default_factory=dict)
    ids: dict[Relation, dict[str, UUID]] = field(default_factory=dict)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever a request writes inside the block is taken back."""
        assert self.connection is not None, "nothing is taken back outside a transaction"
        nested = self.connection.begin_nested()
        try:
            yield
        finally:
            nested.rollback()


def apart(stage: Stage, connection: Connection | None = None) -> Stage:
    """The same stage, with ids and browsers of its own, that a test may change."""
    clients = {role: _wearing(stage.app, _cookie(client)) for role, client in stage.clients.items()}
    made = {relation: dict(values) for relation, values in stage.ids.items()}
    return replace(stage, connection=connection, clients=clients, ids=made)


def _cookie(client: FlaskClient) -> str:
    kept = client.get_cookie("maillage")
    assert kept is not None
    return kept.value


def _wearing(app: Flask, cookie: str) -> FlaskClient:
    """A browser without the inspection of pages (hundreds of requests)."""
    client = FlaskClient(app, app.response_class, use_cookies=True)
    client.set_cookie("maillage", cookie)
    return client


def build(app: Flask, connection: Connection | None, world: World) -> Stage:
    """Every role in the CCAS; people of the library in each relation to it."""
    stage = Stage(app, connection)
    with app.app_context():
        viewer, library = world.actors["ccas.adviser"], world.actors["library.adviser"]
        stage.ids[Relation.OWN] = _life(world, viewer, "ccas.adviser", world.structures["library"])
        for relation in (Relation.SHARED, Relation.PREVIEWED, Relation.OPENED, Relation.ENDED, Relation.NONE):
            to = world.structures["france_services" if relation in {Relation.SHARED, Relation.NONE} else "ccas"]
            stage.ids[relation] = _life(world, library, "library.adviser", to)
        _linked(world, stage)
        _relate(world, stage, viewer)
        _cards(world, stage)
        _rights(world, stage)
        _hand_overs(world, stage)
        directory = _directory(world)
        files = _files_of_people(world.actors["library.adviser"], world.actors["library.manager"])
        for made in stage.ids.values():
            made.update(directory | files)
        stage.ids[Relation.UNKNOWN] = {name: uuid4() for name in stage.ids[Relation.OWN]}
        commit()
        db.session.remove()
    for role in Role:
        stage.clients[role] = _client(app, world, role)
    stage.ids[Relation.OWN]["import_id"] = _coordinators_file(app)
    stage.ids[Relation.OWN]["list_view_id"] = _advisers_list(app)
    with app.app_context():
        stage.ids[Relation.OWN].update(_files_of_people(*(_hat(role) for role in (Role.ADVISER, Role.MANAGER))))
        commit()
        db.session.remove()
    stage.ids[Relation.OWN]["note_id"] = _advisers_note(app, stage)
    return stage


def _hat(role: Role) -> Actor:
    """The hat of the stage's browser with this role."""
    user = account_queries.user_by_email(f"matrix-{role.value}@essai.example")
    assert user is not None
    return account_queries.actor_of(db.session.scalars(select(Membership).where(Membership.user_id == user.id)).one())


def _files_of_people(adviser: Actor, manager: Actor) -> dict[str, UUID]:
    """A file of people that this adviser sent, to be confirmed, and one prepared for this manager."""
    sent = importing.receive(adviser, b"Nom;Annee de naissance\nKaci;58\n")
    sent.state = ImportState.READY
    faulty = {"line": 2, "state": LineState.FAULTY, "reasons": ["annee_naissance:shape"]}
    db.session.add(PeopleImportLine(import_id=sent.id, **faulty))
    made = exporting.ask_export(manager, ExportData(columns=(ExportColumn.LAST_NAME,), format="csv"))
    made.state, made.document = ExportState.READY, b"Nom\r\n"
    db.session.flush()
    return {"people_import_id": sent.id, "export_id": made.id}


def _coordinators_file(app: Flask) -> UUID:
    """A file of places sent by the stage's coordinator: nobody else follows it."""
    with app.app_context():
        sent = network.receive(_actor(Role.COORDINATOR), "lieux.csv", (",".join(COLUMNS) + "\n").encode())
        commit()
        found = sent.id
        db.session.remove()
    return found


def _advisers_list(app: Flask) -> UUID:
    """A list kept by the stage's adviser: nobody else has it."""
    with app.app_context():
        found = kept_lists.keep(_actor(Role.ADVISER), "À rappeler", {"contact": "sans_6_mois"}, is_default=False).id
        commit()
        db.session.remove()
    return found


def _advisers_note(app: Flask, stage: Stage) -> UUID:
    """A note written by the stage's adviser: nobody else corrects it."""
    with app.app_context():
        actor = _actor(Role.ADVISER)
        granted = grants.on_person(actor, stage.ids[Relation.OWN]["person_id"])
        found = notes.write_note(actor, granted, NoteData(body="mot de la note")).id
        commit()
        db.session.remove()
    return found


def _actor(role: Role) -> Actor:
    """The stage's user of this role, as an actor."""
    user = account_queries.user_by_email(f"matrix-{role.value}@essai.example")
    assert user is not None
    return account_queries.actor_of(db.session.scalars(select(Membership).where(Membership.user_id == user.id)).one())


def _directory(world: World) -> dict[str, UUID]:
    """The CCAS's place, one of its offers, and a file sent by the library's coordinator."""
    keeper = world.actors["coordinator"]
    offer = network.add_offer(keeper, world.structures["ccas"], OfferData(title="Permanence"))
    sent = network.receive(keeper, "lieux.csv", (",".join(COLUMNS) + "\n").encode())
    return {
        "structure_id": world.structures["ccas"],
        "place_id": world.places["ccas"],
        "offer_id": offer.id,
        "import_id": sent.id,
        "list_view_id": kept_lists.keep(world.actors["library.adviser"], "À rappeler", {}, is_default=False).id,
    }


def _life(world: World, actor: Actor, who: str, recipient: UUID) -> dict[str, UUID]:
    """Somebody followed by this hat: a need, a session, an assessment, and a referral sent to `recipient`."""
    person_id = add_person(world, who, "Prénom", f"Nom{uuid4().hex[:6]}", phone="+33639980000")
    granted = grants.on_person(actor, person_id)
    need = needs.open_need(actor, granted, _need())
    session = mediation.log_session(actor, granted, _session(world, need.id), world.today)
    assessment = assessments.start(actor, granted, Mode.EXPRESS)
    assessments.save_sheet(actor, granted, assessment.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
    assessments.finish(actor, granted, assessment.id)
    note = notes.write_note(actor, granted, NoteData(body="mot de la note"))
    draft = referrals.draft(actor, granted, DraftData(need_id=need.id, recipients=(recipient,), message="message"))
    referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT | Section.NOTES))
    consents = people_queries.consents(actor, granted, world.today)
    return {
        "person_id": person_id,
        "need_id": need.id,
        "session_id": session.id,
        "note_id": note.id,
        "assessment_id": assessment.id,
        "referral_id": draft.id,
        "consent_id": consents[-1].id,
    }


def _need() -> NeedData:
    asked, stopped = (PieceKind.IDENTITE, PieceKind.DOMICILE), (Blocker.PAS_DE_GUICHET,)
    return NeedData(kind=NeedKind.ACCES_AUX_DROITS, note="mot de la demande", pieces=asked, blockers=stopped)


def _session(world: World, need_id: UUID) -> SessionData:
    return SessionData(
        held_on=world.today,
        minutes=30,
        themes=(Theme.EMAIL,),
        place_kind=PlaceKind.A_DISTANCE,
        need_id=need_id,
        note="mot de la séance",
    )


def _linked(world: World, stage: Stage) -> None:
    """For each relation a referral to a partner without an account, and the link given to it."""
    partner = network.add_structure(None, StructureData(name="Relais sans compte", kind=StructureKind.ASSOCIATION))
    network.sign_agreement(None, partner, world.today)
    for relation, made in stage.ids.items():
        actor = world.actors["ccas.adviser" if relation is Relation.OWN else "library.adviser"]
        granted = grants.on_person(actor, made["person_id"])
        draft = referrals.draft(actor, granted, DraftData(need_id=made["need_id"], recipients=(partner.id,)))
        referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT))
        linking.make_link(actor, draft.id)
        made["sent_id"] = draft.id


def _relate(world: World, stage: Stage, viewer: Actor) -> None:
    """Bring each person to the relation they are named after."""
    shared = FollowUp(
        id=ids.new_id(),
        person_id=stage.ids[Relation.SHARED]["person_id"],
        structure_id=world.structures["ccas"],
        kind=FollowUpKind.OTHER,
        sections=SHARED_BY_DEFAULT,
        started_on=world.today - timedelta(days=3),
    )
    db.session.add(shared)
    for relation in (Relation.OPENED, Relation.ENDED):
        referrals.accept(viewer, stage.ids[relation]["referral_id"])
    ended = stage.ids[Relation.ENDED]["referral_id"]
    referrals.start(viewer, ended, next(iter(Contact)))
    referrals.close(viewer, ended, Outcome.NOT_POSSIBLE)
    declined = stage.ids[Relation.OWN]["referral_id"]
    referrals.see(world.actors["library.adviser"], declined)
    referrals.accept(world.actors["library.adviser"], declined)
    db.session.flush()
    _tasks(stage)
    _doubles(world, stage)
    _administered(world, stage)
    _published(world, stage)


def _tasks(stage: Stage) -> None:
    """The sender's task of each referral, when it has one."""
    for made in stage.ids.values():
        found = db.session.query(ReferralTask.id).filter(ReferralTask.referral_id == made["referral_id"]).first()
        made["task_id"] = found[0] if found else uuid4()


def _administered(world: World, stage: Stage) -> None:
    """For each relation the structure that follows the person, an access to it, a team and an invitation of it."""
    admin = world.actors["admin"]
    world.teams["library"] = network.add_team(None, world.structures["library"], "Accueil").id
    for relation, made in stage.ids.items():
        key = "ccas" if relation is Relation.OWN else "library"
        invited = accounts.invite(admin, world.structures[key], f"{relation.value}@essai.example", Role.DESK, None)
        made.update(
            controller_id=world.structures[key],
            membership_id=world.actors[f"{key}.adviser"].membership_id,
            team_id=world.teams["ccas.social" if key == "ccas" else key],
            invitation_id=invited.id,
        )


def _published(world: World, stage: Stage) -> None:
    """A summary that can be read: the same one, whoever the person is."""
    settings = stage.app.extensions["settings"]
    frame = Frame(settings.timezone, OpeningDays(), settings.secrecy_k, settings.network_name)
    made = pilotage.publish(world.actors["coordinator"], Term(2022), SummaryData("Une année calme."), frame)
    for known in stage.ids.values():
        known["summary_id"] = made.id


def _doubles(world: World, stage: Stage) -> None:
    """For each relation a double of the person, a merge and a notice: all of them the referent structure's."""
    for rank, (relation, made) in enumerate(stage.ids.items()):
        who = "ccas.adviser" if relation is Relation.OWN else "library.adviser"
        names = {"phone": f"+3363998010{rank}", "birth_year": 1930 + 5 * rank}
        twins = [add_person(world, who, "Double", f"Nom{relation.value}", **names) for _ in range(3)]
        elsewhere = add_person(world, "fs.adviser", "Double", f"Nom{relation.value}", **names)
        for one in (*twins, elsewhere):
            likeness.look_at(one, world.today)
        pairs = db.session.scalars(likeness.pairs_of([twins[0]])).all()
        merged = merging.merge(world.actors[who], pairs[0].id, MergeData(), world.today)
        likeness.look_at(merged.kept_id, world.today)
        left = db.session.scalars(likeness.pairs_of([merged.kept_id])).one()
        notice = db.session.scalars(select(LikenessNotice).where(LikenessNotice.other_id == elsewhere)).first()
        assert notice is not None
        made.update(pair_id=left.id, merge_id=merged.id, notice_id=notice.id)


def _cards(world: World, stage: Stage) -> None:
    """For each relation a sharing card, and something that its referent structure was told of it."""
    for relation, made in stage.ids.items():
        actor = world.actors["ccas.adviser" if relation is Relation.OWN else "library.adviser"]
        granted = grants.on_person(actor, made["person_id"])
        card_actions.make_card(actor, granted, CardData(word="tournesol", birth_year=1958), world.today)
        person = db.session.get_one(Person, made["person_id"])
        notice = card_actions.tell(person, CardEvent.LEFT, world.structures["france_services"], world.today)
        assert notice is not None
        made["card_notice_id"] = notice.id


def _hand_overs(world: World, stage: Stage) -> None:
    """For each relation the referent proposes another structure: the viewer’s where it follows beside it."""
    for relation, made in stage.ids.items():
        actor = world.actors["ccas.adviser" if relation is Relation.OWN else "library.adviser"]
        to = world.structures["ccas" if relation is Relation.SHARED else "france_services"]
        data = HandOverData(reason=HandOverReason.MOVED, person_agrees=True, to=to)
        proposed = handing.propose(actor, grants.on_person(actor, made["person_id"]), data, world.today)
        made["hand_over_id"] = proposed.id


def _rights(world: World, stage: Stage) -> None:
    """For each relation the person asks their referent structure for a copy of their data, which is ready."""
    for relation, made in stage.ids.items():
        actor = world.actors["ccas.adviser" if relation is Relation.OWN else "library.adviser"]
        data = privacy.RequestData(
            kind=RightKind.ACCESS, received_on=world.today, way=AskedWay.FACE, identity_check=IdentityCheck.KNOWN
        )
        asked = privacy.record_request(actor, grants.on_person(actor, made["person_id"]), data, world.today)
        copy = AccessCopy(
            request_id=asked.id,
            asked_by=actor.user_id,
            membership_id=actor.membership_id,
            state=CopyState.READY,
            expires_at=clock.now() + COPY_LIFETIME,
            data={"sections": []},
            document=b"%PDF-1.7",
        )
        db.session.add(copy)
        made["rights_request_id"] = asked.id


def _client(app: Flask, world: World, role: Role) -> FlaskClient:
    """A browser signed in with this role in the CCAS, without the inspection of pages (hundreds of requests)."""
    with app.app_context():
        user = accounts.add_user(f"matrix-{role.value}@essai.example", f"Matrice {role.value}", PASSWORD, 8)
        hat = accounts.add_membership(user, world.structures["ccas"], role, world.today - timedelta(days=9))
        key = accounts.open_session(user, world.today)
        kept = account_queries.session_by_key(key, world.today)
        assert kept is not None
        accounts.wear(kept.id, user.id, hat.id, world.today)
        commit()
        db.session.remove()
    client = FlaskClient(app, app.response_class, use_cookies=True)
    with client.session_transaction() as session:
        session["cle"] = key
    return client


def address(app: Flask, endpoint: str, values: dict[str, Any]) -> str:
    """The route's address for these ids."""
    with app.test_request_context():
        return url_for(endpoint, **values)
