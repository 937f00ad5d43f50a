"""The room's blueprint, and who enters."""

from __future__ import annotations

from flask import Blueprint, request

from app.kernel.access import FRONT, Role

bp = Blueprint("network", __name__, url_prefix="/annuaire")

# Who meets people and orients them, and who coordinates. Elected officials read published summaries only; the data
# protection officer and the technical administrator need no directory (access.md: closed unless needed).
READERS = FRONT | {Role.COORDINATOR}
KEEPERS = frozenset({Role.MANAGER, Role.COORDINATOR})


def page_number() -> int:
    """The page asked for in the address; 1 when it is not a number."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
