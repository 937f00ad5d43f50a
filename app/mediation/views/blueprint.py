"""Where the screens of sessions are hung."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("mediation", __name__)
