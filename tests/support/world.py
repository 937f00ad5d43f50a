"""A small network, built by the product's own actions: the relations that access rules speak of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.writes import commit
from app.network import actions as network
from app.network.actions import StructureData
from app.network.enums import LegalBasis, StructureKind
from app.network.models import Place
from app.people import actions as people
from app.people.actions import ConsentData, PersonData, Registration
from app.people.enums import ConsentAnswer, ConsentKind, NoticeWay
from tests.support.pages import InspectingClient

PASSWORD = "correct horse battery staple"


@dataclass
class World:
    """Ids by name. `actors["library.adviser"]` is the hat, `people["amina"]` the person's id."""

    app: Flask
    today: date
    structures: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    places: dict[str, UUID] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    made: dict[str, UUID] = field(default_factory=dict)

    def client(self, who: str, *, hat: bool = True) -> InspectingClient:
        """A browser signed in with this hat (a server-side session opened directly, without the form).

        With `hat=False` the hat is still to be chosen, unless the user has only one.
        """
        actor = self.actors[who]
        client = self.app.test_client()
        with self.app.app_context():
            user = account_queries.user_by_email(self.emails[who])
            assert user is not None
            key = accounts.open_session(user, self.today)
            kept = account_queries.session_by_key(key, self.today)
            assert kept is not None
            if hat:
                accounts.wear(kept.id, actor.user_id, actor.membership_id, self.today)
            commit()
        with client.session_transaction() as session:
            session["cle"] = key
        assert isinstance(client, InspectingClient)
        return client


def copy_of(world: World) -> World:
    """The same network with dictionaries of its own, that a test may add to."""
    return replace(
        world,
        structures=dict(world.structures),
        teams=dict(world.teams),
        places=dict(world.places),
        actors=dict(world.actors),
        emails=dict(world.emails),
        people=dict(world.people),
        made=dict(world.made),
    )


STRUCTURES = {
    "library": StructureData(name="Médiathèque de Marmande", kind=StructureKind.LIBRARY, commune_code="47157"),
    "fablab": StructureData(name="Fablab du Pont", kind=StructureKind.DIGITAL_MEDIATION, commune_code="47157"),
    "ccas": StructureData(name="CCAS de Tonneins", kind=StructureKind.CCAS, commune_code="47310"),
    "france_services": StructureData(
        name="France Services Seyches", kind=StructureKind.FRANCE_SERVICES, commune_code="47301"
    ),
    "shelter": StructureData(
        name="Maison des femmes", kind=StructureKind.ASSOCIATION, sensitive=True, under_secrecy=True
    ),
    "newcomer": StructureData(name="Association sans convention", kind=StructureKind.ASSOCIATION),
}
WITHOUT_AGREEMENT = {"newcomer"}
HATS = {
    "library.desk": ("library", Role.DESK, None),
    "library.adviser": ("library", Role.ADVISER, None),
    "library.manager": ("library", Role.MANAGER, None),
    "ccas.desk": ("ccas", Role.DESK, None),
    "ccas.adviser": ("ccas", Role.ADVISER, None),
    "ccas.social": ("ccas", Role.ADVISER, "ccas.social"),
    "fs.adviser": ("france_services", Role.ADVISER, None),
    "shelter.adviser": ("shelter", Role.ADVISER, None),
    "newcomer.adviser": ("newcomer", Role.ADVISER, None),
    "coordinator": ("library", Role.COORDINATOR, None),
    "elected": ("library", Role.ELECTED, None),
    "dpo": ("library", Role.DPO, None),
    "admin": ("library", Role.ADMIN, None),
}


def build_world(app: Flask) -> World:
    """Structures, one user per hat (and « camille », who wears two), places, and two people followed by the library."""
    with app.app_context():
        world = World(app, clock.today(app.config["TIMEZONE"]))
        _structures(world)
        _hats(world)
        _two_hats(world)
        _places(world)
        world.people["amina"] = add_person(
            world, "library.adviser", "Amina", "Benali", phone="+33612345678", birth_year=1958
        )
        world.people["jean"] = add_person(world, "ccas.adviser", "Jean", "Gauthier", birth_year=1941)
        commit()
        db.session.remove()
    return world


def _structures(world: World) -> None:
    signed = world.today - timedelta(days=200)
    for key, data in STRUCTURES.items():
        structure = network.add_structure(None, data)
        structure.legal_basis = LegalBasis.PUBLIC_INTEREST
        if key not in WITHOUT_AGREEMENT:
            network.sign_agreement(None, structure, signed)
        world.structures[key] = structure.id
    world.teams["ccas.social"] = network.add_team(
        None, world.structures["ccas"], "Action sociale", under_secrecy=True
    ).id


def _hats(world: World) -> None:
    starts = world.today - timedelta(days=100)
    for key, (structure, role, team) in HATS.items():
        email = f"{key}@essai.example"
        user = accounts.add_user(email, key.replace(".", " ").title(), PASSWORD, 8)
        team_id = world.teams[team] if team else None
        hat = accounts.add_membership(user, world.structures[structure], role, starts, team_id)
        world.emails[key] = email
        world.actors[key] = account_queries.actor_of(hat)


def _two_hats(world: World) -> None:
    starts = world.today - timedelta(days=100)
    user = accounts.add_user("camille@essai.example", "Camille Roux", PASSWORD, 8)
    for key in ("library", "fablab"):
        hat = accounts.add_membership(user, world.structures[key], Role.ADVISER, starts)
        world.actors[f"camille.{key}"] = account_queries.actor_of(hat)
        world.emails[f"camille.{key}"] = user.email


def _places(world: World) -> None:
    for key in ("library", "ccas"):
        place = Place(
            structure_id=world.structures[key],
            external_id=f"essai-{key}",
            pivot="00000000000000",
            name=f"Lieu {key}",
            commune_name="Marmande",
            postcode="47200",
            commune_code="47157",
            address="1 rue de la Paix",
            services=[],
            details={},
            updated_on=world.today,
        )
        world.places[key] = network.add_place(None, place).id


def add_person(world: World, who: str, first_name: str, last_name: str, **data: object) -> UUID:
    """Somebody registered by this hat, who agreed to the shared register, through an interpreter when one is needed.

    Needs an application context; does not commit.
    """
    consent = ConsentData(
        kind=ConsentKind.REGISTER,
        answer=ConsentAnswer.GIVEN,
        sections=SHARED_BY_DEFAULT,
        interpreter=bool(data.get("interpreter")),
        starts_on=world.today,
    )
    person = PersonData(first_name=first_name, last_name=last_name, **data)  # type: ignore[arg-type]
    registration = Registration(person=person, notice_way=NoticeWay.PAPER, register=consent, today=world.today)
    return people.register(world.actors[who], registration).id
