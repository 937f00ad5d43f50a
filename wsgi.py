"""Entry point: `flask --app wsgi …`, `gunicorn wsgi:app`."""

from app import create_app
from config import Settings, WeakSettings

try:
    app = create_app(Settings.from_env())
except WeakSettings as refusal:
    raise SystemExit(f"Maillage ne démarre pas. {refusal}") from None
