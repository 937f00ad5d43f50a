"""What all the applications of a run share: templates, statements and addresses are compiled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.kernel.db import db

# Every statement of the product, for every test: those of an engine alone are 500.
MOST = 20_000


class _Templates(BytecodeCache):
    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_templates = _Templates()
_statements: LRUCache[Any, Any] = LRUCache(MOST)
_dialects: dict[str, Dialect] = {}
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_compiled = Rule._compile_builder


def share(app: Flask) -> None:
    """Let this application use what the others of the run have compiled."""
    app.jinja_env.bytecode_cache = _templates
    with app.app_context():
        engine = db.engine
        if engine.dialect.name not in _dialects:
            # A dialect knows its database once it has met it.
            engine.connect().close()
        # Statements are kept by what they say and by the dialect itself, which nothing of one database changes.
        engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
        engine._compiled_cache = _statements


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """The function that writes the addresses of a rule is made of its text alone, unless it has defaults."""
    if rule.defaults:
        return _compiled(rule, append_unknown)
    key = (*rule._trace, append_unknown)
    if key not in _builders:
        _builders[key] = _compiled(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _builder  # type: ignore[method-assign]
