"""One request, one transaction. Unsafe methods write and commit once; GET reads, then commits what it must journal."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.kernel import errors, gate, journal, logs
from app.kernel.access import Actor, rule_of
from app.kernel.db import db, mode, set_mode
from app.kernel.i18n import gettext as _
from app.kernel.writes.commit import commit, later, rollback, run_later
from app.kernel.writes.submissions import answered, body_hash, claim

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
log = logging.getLogger("maillage.writes")


def open_request() -> None:
    """Before anything else: choose how the transaction of this request begins."""
    set_mode("read" if request.method in SAFE else "write")


class MaillageFlask(Flask):
    """Flask, with the request contract around every view."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The mode that a request chooses ends with it."""
        with mode("write"):
            return super().wsgi_app(environ, start_response)

    def log_exception(self, exc_info: Any) -> None:
        """What no page could tell: without the words of the error, which may quote what somebody typed."""
        log.error("unhandled: %s", logs.told(exc_info[1]))

    def handle_exception(self, error: Exception) -> Response:
        """The last resort, when the page of the error breaks too."""
        try:
            return super().handle_exception(error)
        except Exception:
            if self.config["PROPAGATE_EXCEPTIONS"]:
                raise
            words = _("Quelque chose s’est mal passé. Patientez une minute, puis rechargez la page.")
            return self.finalize_request(Response(words, 500, mimetype="text/plain"), from_error_handler=True)

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view inside its transaction."""
        _refuse_nul()
        if request.method in SAFE:
            return self._read()
        return self._write()

    def _read(self) -> ResponseReturnValue:
        try:
            turned_away = gate.check()
            response = self.make_response(super().dispatch_request() if turned_away is None else turned_away)
        except Exception as error:
            self._after_refusal(error)
            raise
        self._finish_reads()
        return response

    def _finish_reads(self) -> None:
        try:
            run_later()
        except SQLAlchemyError as error:
            rollback()
            log.error("the journal of reads could not be written: %s", logs.told(error))
            abort(503)

    def _write(self) -> ResponseReturnValue:
        try:
            response = self._once()
        except IntegrityError as error:
            self._after_refusal(error)
            named = errors.from_integrity(error)
            if named is None:
                raise
            raise named from error
        except Exception as error:
            self._after_refusal(error)
            raise
        if response.status_code >= 400:
            self._after_refusal(None)
        else:
            run_later()
        return response

    def _once(self) -> Response:
        turned_away = gate.check()
        if turned_away is not None:
            commit()
            return self.make_response(turned_away)
        claimed = _form_key()
        if claimed is not None:
            known = claim(*claimed, body_hash(_secret(), request.path, request.form, request.files))
            if known is not None:
                rollback()
                return self.make_response(redirect(known or request.path, 303))
        response = self.make_response(super().dispatch_request())
        if response.status_code < 400:
            if claimed is not None:
                answered(*claimed, response.headers.get("Location"))
            commit()
        return response

    def _after_refusal(self, error: Exception | None) -> None:
        rollback()
        if isinstance(error, errors.NotFound) and g.get("actor"):
            later(lambda: journal.note(g.actor, "access.refused", "route", _asked(), route=str(request.endpoint)))
        run_later()
        set_mode("read")


def _refuse_nul() -> None:
    """No browser types a NUL, and PostgreSQL cannot keep one."""
    typed = chain(request.args.items(multi=True), request.form.items(multi=True))
    if any("\0" in name + value for name, value in typed):
        abort(400)


def _asked() -> UUID | None:
    found = [value for value in (request.view_args or {}).values() if isinstance(value, UUID)]
    return found[0] if found else None


def _secret() -> str:
    return str(current_app.secret_key)


def _form_key() -> tuple[UUID, UUID] | None:
    """The signed-in user and the form's key; a form that needs one and has none is refused."""
    view = current_app.view_functions.get(request.endpoint or "")
    declared = rule_of(view) if view else None
    actor: Actor | None = g.get("actor")
    user_id: UUID | None = actor.user_id if actor else g.get("user_id")
    if declared is None or not declared.form_key or user_id is None:
        return None
    try:
        return user_id, UUID(request.form.get("form_key", ""))
    except ValueError:
        abort(400)


__all__ = ["MaillageFlask", "db", "open_request"]
