"""The application, in reading order."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, wiring
from app.accounts import views as accounts
from app.extensions import csrf, db
from app.kernel import headers, lapsed, logs, pages
from app.kernel.writes import MaillageFlask, open_request
from config import Settings


def create_app(settings: Settings) -> Flask:
    """One network's application. Raises WeakSettings when production would be unsafe."""
    app = MaillageFlask(__name__, template_folder="../templates", static_folder="static")
    app.extensions["settings"] = settings.check()
    app.config.from_mapping(_flask_config(settings))
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]

    app.before_request(open_request)
    logs.install(app)
    db.init_app(app)
    app.before_request(accounts.load_identity)
    app.teardown_request(accounts.forget_language)
    csrf.init_app(app)
    for view in wiring.OWN_TOKEN:
        csrf.exempt(view)
    headers.install(app)
    pages.install(app)
    lapsed.install(app)

    wiring.connect(settings)
    wiring.mount(app)
    cli.install(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "SESSION_COOKIE_NAME": "maillage",
        "SESSION_COOKIE_SECURE": settings.https_only,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "TESTING": settings.env == "test",
        "PROPAGATE_EXCEPTIONS": settings.env == "test",
        "TIMEZONE": settings.timezone,
        "NETWORK_NAME": settings.network_name,
        "PHONE_REGION": settings.default_phone_region,
        "HTTPS_ONLY": settings.https_only,
        "DEMO": settings.demo,
    }


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    return {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}
