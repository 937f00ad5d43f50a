"""The form every screen uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.kernel import drafts, errors, gate, ids
from app.kernel.db import db
from app.kernel.errors import Difference, DomainError, NotFound, Stale
from app.kernel.i18n import language
from app.kernel.writes import rollback

Result = TypeVar("Result")
RESUME = "reprise"


def choices_of(enum: type[StrEnum], only: Iterable[StrEnum] | None = None) -> list[SelectChoice]:
    """Stored values and labels of a vocabulary, for a radio, select or checkbox field. Labels stay lazy."""
    members = list(enum) if only is None else list(only)
    return [SelectChoice(member.value, getattr(member, "label")) for member in members]  # noqa: B009


class Form(FlaskForm):  # type: ignore[misc]
    """A form with its key (sent twice, written once), its status, and what was typed when the session expired."""

    form_key = HiddenField(default=lambda: str(ids.random_key()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        saved = _saved_form()
        if saved is not None:
            kwargs.setdefault("formdata", saved)
        super().__init__(*args, **kwargs)
        self.status = 200
        self.restored = saved is not None
        self.differences: tuple[Difference, ...] = ()
        self.refused: list[str] = []

    class Meta:
        csrf = True

        @property
        def locales(self) -> list[str]:
            return [language()]

    def save(self, action: Callable[[], Result]) -> Result | None:
        """Validate, then run one action. None when the form must be shown again (`status` and errors are set)."""
        if request.method != "POST":
            return None
        if not self.validate():
            self.status = 422
            return None
        try:
            result = action()
            self._forget_draft()
            db.session.flush()
        except NotFound:
            raise
        except (DomainError, IntegrityError, StaleDataError) as error:
            rollback()
            self._refuse(error)
            return None
        return result

    def _refuse(self, error: Exception) -> None:
        named = _named(error)
        self.status = named.status
        if isinstance(named, Stale):
            self.differences = named.differences
            self._take_version(named.current_version)
        if named.field and named.field in self._fields:
            self._fields[named.field].errors = [*self._fields[named.field].errors, str(named.message)]
        else:
            self.refused.append(str(named.message))

    def _take_version(self, version: int | None) -> None:
        if "version" in self._fields and version is not None:
            self._fields["version"].data = version
            self._fields["version"].raw_data = [str(version)]

    def _forget_draft(self) -> None:
        who = gate.identity()
        if RESUME in request.args and who is not None:
            drafts.discard(who.user_id, request.path)


def _named(error: Exception) -> DomainError:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, StaleDataError):
        return Stale()
    named = errors.from_integrity(error) if isinstance(error, IntegrityError) else None
    if named is None:
        raise error
    return named


def _saved_form() -> MultiDict[str, str] | None:
    """What this user typed here before the session expired, shown again and never sent by itself."""
    who = gate.identity()
    token = request.args.get(RESUME, "")
    if request.method != "GET" or who is None or not token:
        return None
    try:
        fields = drafts.find(who.user_id, UUID(token), request.path)
    except ValueError:
        return None
    return MultiDict(fields) if fields else None
