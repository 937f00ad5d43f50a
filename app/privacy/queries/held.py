"""Reading everything that is held about a person, table by table, as `inventory` says; nothing of anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, or_, select

from app.accounts.models import Membership, User
from app.assessments.queries import wording
from app.kernel import clock, formats
from app.kernel.access import Actor, Role
from app.kernel.db import Base, db
from app.kernel.i18n import gettext as _
from app.kernel.merges import PersonAlias
from app.mediation.enums import SessionKind
from app.mediation.models import Participation, SessionLog
from app.network.models import Structure
from app.privacy import policy
from app.privacy.enums import GRANTS
from app.privacy.queries import inventory
from app.privacy.queries.inventory import Holding

ORDERS = ("at", "held_on", "received_on", "started_at", "answered_at", "starts_on", "created_at", "rank")
ROLES = "membership_id"


@dataclass(frozen=True)
class Names:
    """Words for ids: structures as the officer’s structure may name them, professionals, the roles they wore."""

    structures: dict[UUID, str]
    users: dict[UUID, str]
    roles: dict[UUID, str]


def everything(actor: Actor, person_id: UUID) -> dict[str, Any]:
    """All that is held about a person, as JSON: each value as it is stored and as it reads. Dates are ISO 8601, UTC."""
    ids = [person_id, *db.session.scalars(select(PersonAlias.removed_id).where(PersonAlias.kept_id == person_id))]
    names = _names(actor)
    parts = [_part(one, ids, names) for one in inventory.HOLDINGS]
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "network": policy.rules().network_name,
        "sections": [part for part in parts if part["rows"]],
        "empty": [part["title"] for part in parts if not part["rows"]],
    }


def _part(one: Holding, ids: list[UUID], names: Names) -> dict[str, Any]:
    table = Base.metadata.tables[one.table]
    order = next((table.c[name] for name in ORDERS if name in table.c), None)
    query = select(table).where(_theirs(one, ids))
    rows = db.session.execute(query if order is None else query.order_by(order)).mappings().all()
    told = [{name: _value(one, table, name, row[name], names) for name in one.told} for row in rows]
    if one.table == "assessment_answer":
        _answered(told)
    return {"table": one.table, "title": str(one.title), "rows": told}


def _answered(told: list[dict[str, dict[str, Any]]]) -> None:
    """An answer reads as the option that was chosen: its code means something only beside its question."""
    asked = wording.instrument_of().by_id
    for row in told:
        question = asked.get(str(row["question"]["value"]))
        if question is not None:
            row["code"]["words"] = wording.answer_label(question, str(row["code"]["value"])) or row["code"]["words"]


def _theirs(one: Holding, ids: list[UUID]) -> ColumnElement[bool]:
    """SQL: the rows of this table that are the person’s."""
    if one.table == "session_log":
        return SessionLog.id.in_(select(Participation.session_id).where(Participation.person_id.in_(ids)))
    if one.table == "session_text":
        return Base.metadata.tables["session_text"].c.session_id.in_(_alone(ids))
    if one.table == "person_merge":
        merges = Base.metadata.tables["person_merge"]
        return or_(merges.c.kept_id.in_(ids), merges.c.removed_id.in_(ids))
    return _reached(one, ids)


def _alone(ids: list[UUID]) -> Any:
    """SQL: the sessions where nobody else took part. The note of a workshop speaks of several people: not copied."""
    others = select(Participation.session_id).group_by(Participation.session_id).having(func.count() > 1)
    mine = select(Participation.session_id).where(Participation.person_id.in_(ids))
    alone = select(SessionLog.id).where(SessionLog.kind == SessionKind.INDIVIDUEL, SessionLog.id.in_(mine))
    return alone.where(SessionLog.id.not_in(others))


def _reached(one: Holding, ids: list[UUID]) -> ColumnElement[bool]:
    column, parent = one.via
    table = Base.metadata.tables[one.table]
    if parent == inventory.PERSON:
        return table.c[column].in_(ids)
    above = next(holding for holding in inventory.HOLDINGS if holding.table == parent)
    return table.c[column].in_(select(Base.metadata.tables[parent].c.id).where(_reached(above, ids)))


def _names(actor: Actor) -> Names:
    """Read whole: a network has some hundreds of professionals. Those of a sensitive structure are not named elsewhere."""
    hidden = set(
        db.session.scalars(
            select(Structure.id).where(Structure.sensitive.is_(True), Structure.id != actor.structure_id)
        )
    )
    structures = {row[0]: row[1] for row in db.session.execute(select(Structure.id, Structure.name))}
    users = {row[0]: row[1] for row in db.session.execute(select(User.id, User.display_name))}
    hats = db.session.execute(select(Membership.id, Membership.user_id, Membership.structure_id, Membership.role)).all()
    unnamed = {user for _id, user, structure, _role in hats if structure in hidden}
    return Names(
        {key: _("Structure partenaire") if key in hidden else name for key, name in structures.items()},
        {key: _("Quelqu’un d’une structure partenaire") if key in unnamed else name for key, name in users.items()},
        {row[0]: str(Role(row[3]).label) for row in hats},
    )


def _value(one: Holding, table: Table, name: str, value: Any, names: Names) -> dict[str, Any]:
    named = _named(table, name, value, names) if isinstance(value, UUID) else None
    words = _words(one, table, name, value) if named is None else named
    return {"label": str(one.told[name]), "value": words if named is not None else _stored(value), "words": words}


def _named(table: Table, name: str, value: UUID, names: Names) -> str:
    if name == ROLES:
        return names.roles.get(value, "")
    targets = {key.column.table.name for key in table.c[name].foreign_keys}
    return (
        names.structures.get(value, "")
        if "structure" in targets or name == "structure_id"
        else names.users.get(value, "")
    )


def _stored(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _words(one: Holding, table: Table, name: str, value: Any) -> str:
    """How a value reads; empty when there is none."""
    if value is None or value == "" or value == []:
        return ""
    if name in one.words:
        return one.words[name](_stored(value))
    if one.table == "journal_entry" and name == "grant":
        return str(GRANTS.get(value, value))
    return _plain(table, name, value)


def _plain(table: Table, name: str, value: Any) -> str:
    kind = getattr(table.c[name].type, "enum_class", None)
    if kind is not None:
        return str(getattr(kind(value), "label", value))
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime):
        return formats.moment(value, policy.rules().timezone)
    if isinstance(value, date):
        return formats.day(value)
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
