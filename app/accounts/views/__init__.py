"""Screens of accounts."""

from app.accounts.views.sign_in import bp, load_identity

__all__ = ["bp", "load_identity"]
