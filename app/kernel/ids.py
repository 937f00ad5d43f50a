"""Identifiers. UUIDv7 (RFC 9562 § 5.7) for rows; separate random codes for what people see."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from app.kernel import clock

# Crockford's alphabet without the letters that look or sound like another when read aloud.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_source: ContextVar[random.Random] = ContextVar("id_source", default=secrets.SystemRandom())  # noqa: B039
_drawn: ContextVar[set[str] | None] = ContextVar("drawn_codes", default=None)


def new_id() -> UUID:
    """A UUIDv7: 48 bits of milliseconds, then 74 random bits."""
    millis = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    rand = _source.get().getrandbits(74)
    value = millis << 80 | 0x7 << 76 | (rand >> 62) << 64 | 0b10 << 62 | rand & ((1 << 62) - 1)
    return UUID(int=value)


def random_key() -> UUID:
    """A UUIDv4-like random key that carries no date (facts' subject keys, form keys)."""
    rand = _source.get().getrandbits(128)
    return UUID(int=rand, version=4)


def new_code(length: int = 6) -> str:
    """A random code easy to read aloud, for example `K7MQ2X`. Inside `seeded`, never the same twice."""
    source, drawn = _source.get(), _drawn.get()
    code = _draw(source, length)
    while drawn is not None and code in drawn:
        code = _draw(source, length)
    if drawn is not None:
        drawn.add(code)
    return code


def _draw(source: random.Random, length: int) -> str:
    return "".join(source.choice(CODE_ALPHABET) for _ in range(length))


@contextmanager
def seeded(seed: int) -> Iterator[random.Random]:
    """Deterministic identifiers inside the block (demo data, tests). Never used in production requests."""
    source = random.Random(seed)  # noqa: S311
    token, codes = _source.set(source), _drawn.set(set())
    try:
        yield source
    finally:
        _source.reset(token)
        _drawn.reset(codes)
