"""Where the screens of assessments are hung, and what they all say of the person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.kernel.access import Actor
from app.kernel.grants import Granted
from app.people import queries as people_queries

bp = Blueprint("assessments", __name__)


def about(actor: Actor, granted: Granted) -> dict[str, Any]:
    """The person as every screen names them; no name without the identity."""
    name = people_queries.labels(actor, {granted.person_id}).get(granted.person_id, "")
    return {"person_id": granted.person_id, "person_name": name}
