"""Where the screens of privacy hang."""

from __future__ import annotations

from flask import Blueprint

from app.kernel.db import plan_for_values

bp = Blueprint("privacy", __name__, url_prefix="/protection")
bp.before_request(plan_for_values)
