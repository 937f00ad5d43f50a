"""Nothing is said in French that English does not say, and no translation is left of what is gone."""

from __future__ import annotations

import re

import pytest

from tools import i18n

PLACE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


def test_sentences_of_code_and_templates_are_found() -> None:
    places = {place.partition("/")[0] for message in i18n.extract() for place, _line in message.locations}
    assert places == {"app", "templates"}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_everything_is_translated(language: str) -> None:
    assert i18n.untranslated(language) == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_translated_for_nobody(language: str) -> None:
    assert i18n.obsolete(language) == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_translations_are_filled_with_the_same_values(language: str) -> None:
    for message in i18n.load(language):
        if message.id:
            assert _places(message.string) <= _places(message.id), message.id


def _places(text: str | tuple[str, ...]) -> set[str]:
    return set(PLACE.findall(text if isinstance(text, str) else " ".join(text)))
