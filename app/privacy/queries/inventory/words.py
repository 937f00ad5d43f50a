"""How codes read in the copy that a person receives."""

from __future__ import annotations

from typing import Any

from babel import Locale

from app.assessments.queries import wording
from app.kernel.grants import Section
from app.kernel.i18n import gettext, language
from app.people import enums as people
from app.privacy.queries.inventory.base import Words
from app.territory import communes


def labels_of(vocabulary: Any) -> Words:
    """How codes of a vocabulary read, alone or in a list; an unknown code is left as it is."""

    def read(value: Any) -> str:
        codes = value if isinstance(value, list) else [value]
        known = {one.value: str(one.label) for one in vocabulary}
        return ", ".join(known.get(code, str(code)) for code in codes)

    return read


def languages(value: Any) -> str:
    """ISO codes of languages, in words."""
    names = Locale.parse(language()).languages
    return ", ".join(str(names.get(code, code)) for code in value)


def question(value: Any) -> str:
    """The question of the assessment."""
    found = wording.instrument_of().by_id.get(str(value))
    return found.text if found else str(value)


def action(value: Any) -> str:
    """An action of the plan, as it is said to the person."""
    return str(wording.ACTION_SENTENCES.get(str(value), value))


def result(value: Any) -> str:
    """A result explained: the profile in a sentence, each dimension, and what it comes from."""
    lines = [str(wording.PROFILE_SENTENCES.get(value.get("profil") or "indetermine", ""))]
    for one in wording.instrument_of().dimensions:
        score = value.get("dimensions", {}).get(one.id)
        words = wording.level_words(score)
        lines.append(gettext("%(what)s : %(words)s", what=one.label, words=words))
    why = [str(item.get("texte", "")) for item in value.get("pourquoi", [])]
    return "\n".join([*lines, *([gettext("Ce qui l’explique :"), *why] if why else [])])


def profile(value: Any) -> str:
    """A profile in the sentence that is said to the person; its code is in the file."""
    return str(wording.PROFILE_SENTENCES.get(str(value), value))


def sections(value: Any) -> str:
    """The sections of a consent or of a follow-up."""
    return ", ".join(people.section_labels(Section(value)))


def commune(value: Any) -> str:
    """A commune by its name."""
    return communes.label(str(value))
