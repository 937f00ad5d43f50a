"""A partner without an account, and somebody there who has a link and perhaps its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.network import actions as network
from app.network.actions import StructureData
from app.network.enums import StructureKind
from app.network.models import Place
from app.referrals.actions import linking
from app.referrals.models import PartnerLink, Referral
from tests.referrals.helpers import prepare, send
from tests.support.pages import InspectingClient
from tests.support.world import World

ADDRESS = "accueil@relais.example"
SECRETS = ("Amina", "Benali", "06 12 34 56 78", "33612345678", "pochette bleue", "1958")
NAME = "Relais du Lot"


@dataclass
class Given:
    """What the sender gave: the referral, the path of the link, the code."""

    referral_id: UUID
    path: str
    code: str


def add_relay(world: World, *, address: str = ADDRESS) -> UUID:
    """A structure that signed the agreement and where nobody has an account."""
    structure = network.add_structure(None, StructureData(name=NAME, kind=StructureKind.ASSOCIATION))
    network.sign_agreement(None, structure, world.today - timedelta(days=10))
    world.structures["relay"] = structure.id
    place = Place(
        structure_id=structure.id,
        external_id="essai-relais",
        pivot="00000000000000",
        name="Lieu du relais",
        commune_name="Marmande",
        postcode="47200",
        commune_code="47157",
        address="2 rue de la Paix",
        services=[],
        details={"courriels": address} if address else {},
        updated_on=world.today,
    )
    network.add_place(None, place)
    return structure.id


def sent(world: World, sections: Section = SHARED_BY_DEFAULT, **more: object) -> UUID:
    """A referral sent to the relay; commits."""
    with world.app.app_context():
        if "relay" not in world.structures:
            add_relay(world)
        referral = send(world, sections=sections, to=("relay",), **more)  # type: ignore[arg-type]
        commit()
        found = referral.id
        db.session.remove()
    return found


def drafted(world: World) -> UUID:
    """A draft for the relay; commits."""
    with world.app.app_context():
        add_relay(world)
        found = prepare(world, to=("relay",)).id
        commit()
        db.session.remove()
    return found


def give(world: World, referral_id: UUID, who: str = "library.adviser") -> Given:
    """A new link and code for the present step; commits."""
    with world.app.app_context():
        made = linking.make_link(world.actors[who], referral_id)
        commit()
        db.session.remove()
    return Given(referral_id, made.address.removeprefix("http://localhost"), made.code)


def given(world: World, sections: Section = SHARED_BY_DEFAULT, **more: object) -> Given:
    """A referral sent to the relay, and its first link."""
    return give(world, sent(world, sections, **more))


def unlock(client: InspectingClient, one: Given, code: str | None = None) -> TestResponse:
    """Write the code on the page of the link."""
    return client.submit(client.get(one.path), "#code-form", code=one.code if code is None else code)


def accepted(world: World, client: InspectingClient, sections: Section = SHARED_BY_DEFAULT) -> Given:
    """Accepted by the first link; what is returned is the second."""
    first = given(world, sections)
    answer = client.submit(unlock(client, first), "#accept-form")
    assert answer.status_code == 200, client.text(answer)
    return give(world, first.referral_id)


def referral_of(world: World, referral_id: UUID) -> Referral:
    with world.app.app_context():
        found = db.session.get_one(Referral, referral_id)
        db.session.refresh(found)
        db.session.expunge(found)
    return found


def link_of(world: World, referral_id: UUID) -> PartnerLink:
    """The latest link."""
    with world.app.app_context():
        query = select(PartnerLink).where(PartnerLink.referral_id == referral_id)
        found = db.session.scalars(query.order_by(PartnerLink.created_at.desc())).all()[0]
        db.session.expunge(found)
    return found


def secrets_in(page: TestResponse) -> list[str]:
    """What of the person is on the page."""
    html = page.get_data(as_text=True).replace("\u00a0", " ").replace("\u202f", " ")
    return [one for one in SECRETS if one in html]
