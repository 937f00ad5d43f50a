"""Instances of the libraries, and nothing else."""

from flask_wtf import CSRFProtect

from app.kernel.db import db

csrf = CSRFProtect()

__all__ = ["csrf", "db"]
