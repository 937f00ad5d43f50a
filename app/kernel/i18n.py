"""Words. French is the language of message identifiers; other languages are gettext catalogues read at start.

Plain Babel, without Flask, so that labels may be used by every room and by the command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import LazyProxy

LANGUAGES = ("fr", "en")
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_GROUPED = 1000
CATALOGUES = Path(__file__).resolve().parents[2] / "translations"

_language: ContextVar[str] = ContextVar("language", default="fr")


def language() -> str:
    """The language of the running request or command: `fr` or `en`."""
    return _language.get()


def set_language(code: str) -> None:
    """Choose the language for the rest of the request; an unknown code means French."""
    _language.set(code if code in LANGUAGES else "fr")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the block (a mail in its reader's language)."""
    token = _language.set(code if code in LANGUAGES else "fr")
    try:
        yield
    finally:
        _language.reset(token)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(code: str) -> NullTranslations:
    """The translations of a language; French is its own catalogue."""
    path = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if code == "fr" or not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        parsed = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, parsed)
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(message: str, **values: object) -> str:
    """The message in the present language, with `%(name)s` filled."""
    text = catalogue(language()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """One or several, with `%(num)d` filled, « 9 657 » written with its space; French counts zero as one."""
    text = plural_form(singular, plural, num)
    if abs(num) < _GROUPED:
        return text % {"num": num, **values}
    return text.replace("%(num)d", "%(num)s") % {"num": format_decimal(num, locale=_LOCALES[language()]), **values}


def plural_form(singular: str, plural: str, num: int) -> str:
    """The words for this number, their placeholders left as they are."""
    if language() == "fr":
        return singular if abs(num) < 2 else plural
    return catalogue(language()).ngettext(singular, plural, num)


def lazy_gettext(message: str) -> str:
    """A message translated when it is shown (labels written at import time)."""
    return LazyProxy(gettext, message, enable_cache=False)  # type: ignore[return-value]
