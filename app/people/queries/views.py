"""The lists of people that a user kept, wearing a hat of this structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.statements import built
from app.people.models import ListView


@dataclass(frozen=True)
class Kept:
    """A list that was kept: its name and its codes."""

    id: UUID
    name: str
    criteria: Mapping[str, str]
    is_default: bool


def mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """SQL: the actor’s own, in the structure of this hat."""
    return ListView.user_id == actor.user_id, ListView.structure_id == actor.structure_id


def kept(actor: Actor) -> list[Kept]:
    """All of them, by name; one query."""
    return [Kept(row[0], row[1], row[2], row[3]) for row in db.session.execute(_kept(actor))]


@built
def _kept(actor: Actor) -> Select[UUID, str, dict[str, str], bool]:
    columns = (ListView.id, ListView.name, ListView.criteria, ListView.is_default)
    return select(*columns).where(*mine(actor)).order_by(ListView.name, ListView.id)


def one_kept(actor: Actor, list_view_id: UUID) -> Kept:
    """One of them, or NotFound."""
    found = next((one for one in kept(actor) if one.id == list_view_id), None)
    if found is None:
        raise NotFound
    return found
