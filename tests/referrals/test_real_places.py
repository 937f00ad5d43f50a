"""Steps 5 and 6 of the journey between two structures that came from a real file of the national schema."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.writes import commit
from app.needs.enums import NeedKind
from app.network import actions as network
from app.network.enums import StructureKind
from app.network.models import Structure
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.referrals.helpers import add_need
from tests.support.world import PASSWORD, World, add_person

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "lieux" / "lieux-paca.csv"


def join(world: World, key: str, kind: StructureKind) -> Structure:
    """The first imported structure of this kind signs the agreement, and an adviser of it may sign in."""
    found = db.session.scalars(
        select(Structure).where(Structure.kind == kind, Structure.import_key.is_not(None)).order_by(Structure.name)
    ).first()
    assert found is not None
    network.sign_agreement(None, found, world.today - timedelta(days=30))
    user = accounts.add_user(f"{key}@essai.example", f"Agent {key}", PASSWORD, 8)
    hat = accounts.add_membership(user, found.id, Role.ADVISER, world.today - timedelta(days=10))
    world.emails[key], world.actors[key] = user.email, account_queries.actor_of(hat)
    world.structures[key] = found.id
    return found


@pytest.mark.shared_data
def test_from_a_real_library_to_a_real_ccas_and_back(world: World) -> None:
    if not FILE.exists():
        pytest.skip(f"shared data absent: {FILE.name}")
    with world.app.app_context():
        network.import_places(None, io.BytesIO(FILE.read_bytes()))
        sender = join(world, "sender", StructureKind.LIBRARY)
        recipient = join(world, "recipient", StructureKind.CCAS)
        world.people["lea"] = add_person(
            world, "sender", "Léa", "Martin", phone="+33491000000", commune_code=sender.commune_code
        )
        add_need(world, "sender", "lea", NeedKind.ACCES_AUX_DROITS)
        names = (sender.name, recipient.name)
        commit()
    ours, theirs = world.client("sender"), world.client("recipient")
    form = ours.get(f"/personnes/{world.people['lea']}/orienter")
    chosen = {"recipient": str(world.structures["recipient"]), "message": "Elle préfère le matin."}
    draft = ours.submit(form, button="Continuer vers l’accord", data=chosen)
    sent = ours.submit(ours.get(draft.headers["Location"]), answer="given", button="Envoyer l’orientation")
    address = sent.headers["Location"]
    inbox = theirs.text(theirs.get("/orientations"))
    assert names[0] in inbox
    assert "Martin" not in inbox + theirs.text(theirs.get(address))
    theirs.submit(theirs.get(address), "form[action$='/accepter']")
    assert "Léa Martin" in theirs.text(theirs.get(address))
    slip = ours.text(ours.get(f"{address}/papier"))
    assert names[1] in slip
    assert "Adresse :" not in slip
    theirs.submit(theirs.get(f"{address}/terminer"), outcome="partly_met")
    with world.app.app_context():
        assert db.session.scalars(select(Referral)).one().state is State.CLOSED
