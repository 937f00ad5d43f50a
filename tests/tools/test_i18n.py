"""Nothing is said in French that English does not say, and no translation is left of what is gone."""

from __future__ import annotations

import re

import pytest

from tools import i18n

PLACE = re.compile(r"%\(\w+\)\d*[a-z]|\{\w*\}")


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
        assert _places(message.string) == _places(message.id), message.id


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_translation_is_guessed_nor_kept_for_later(language: str) -> None:
    catalogue = i18n.load(language)
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert not catalogue.obsolete


def test_english_is_not_french_again() -> None:
    """The same on both sides only where both languages share a word or a name: « Note », « CV », « 3 points »."""
    same = [message.id for message in i18n.load("en") if message.id and message.id == message.string]
    assert [said for said in same if any(len(PLACE.sub("", form).split()) > 2 for form in _forms(said))] == []


def _forms(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said


def _places(text: str | tuple[str, ...]) -> list[set[str]]:
    """The placeholders of each plural form."""
    return [set(PLACE.findall(form)) for form in ([text] if isinstance(text, str) else text)]
