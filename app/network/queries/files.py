"""Reads for files of places: by the file's own keys, and to be exported."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from app.kernel.db import db
from app.network.models import Place, Structure

EXPORTED_AT_ONCE = 1000


def places_by_external_id(external_ids: list[str]) -> dict[str, Place]:
    """Known places by their id in the national schema."""
    found = db.session.scalars(select(Place).where(Place.external_id.in_(external_ids)))
    return {place.external_id: place for place in found}


def structures_by_import_key(keys: set[str]) -> dict[str, UUID]:
    """Known structures by what identified them in a file."""
    query = select(Structure.import_key, Structure.id).where(Structure.import_key.in_(keys))
    return {str(key): found for key, found in db.session.execute(query).all()}


def structures_by_id(ids: set[UUID]) -> dict[UUID, Structure]:
    """Several structures, in one query."""
    return {one.id: one for one in db.session.scalars(select(Structure).where(Structure.id.in_(ids)))} if ids else {}


def places_to_export() -> Iterator[Place]:
    """The open places of the network, by id, one batch in memory at a time. Those of sensitive structures never leave:
    the file is made to be published."""
    last = ""
    while True:
        query = (
            select(Place)
            .join(Structure)
            .where(Place.closed_on.is_(None), Structure.sensitive.is_(False), Place.external_id > last)
            .order_by(Place.external_id)
            .limit(EXPORTED_AT_ONCE)
        )
        found = list(db.session.scalars(query))
        yield from found
        if len(found) < EXPORTED_AT_ONCE:
            return
        last = found[-1].external_id
        db.session.expunge_all()
