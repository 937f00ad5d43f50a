"""The address of needs: under the person’s page."""

from flask import Blueprint

bp = Blueprint("needs", __name__)
