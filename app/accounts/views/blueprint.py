"""The two doors: one's own account, and administration."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/compte")
administration = Blueprint("administration", __name__, url_prefix="/administration")
