"""What an officer looks for waits on the server, behind an opaque token, as other searches do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from app.kernel.access import Actor
from app.people import actions as people
from app.privacy.enums import Desk


def keep_selection(actor: Actor, desk: Desk, criteria: Mapping[str, str]) -> UUID:
    """Keep these criteria (codes, days, a person’s code) for 15 minutes; returns the token of the address."""
    kept = {name: value for name, value in criteria.items() if value}
    return people.save_search(actor, f"{desk.value}:{json.dumps(kept, separators=(',', ':'))}")
