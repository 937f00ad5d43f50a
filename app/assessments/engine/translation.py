"""Translations of the wording: separate files beside an instrument, checked to have every text (assessment.md §7).

A file holds, by kind and code, the texts of one language; a text is named by its place, « questions.M1.texte ».
"""

from collections.abc import Iterator, Mapping

from app.assessments.engine.instrument import Choice, Guarded, Instrument

Texts = Mapping[str, object]


def wording(instrument: Instrument) -> dict[str, str]:
    """Every French text that can be shown, by its place in a translation file."""
    return dict(_places(instrument))


def missing_texts(instrument: Instrument, translation: Texts) -> tuple[str, ...]:
    """The places of the texts that a translation lacks: absent, empty, or not a text. In the instrument's order."""
    return tuple(place for place in wording(instrument) if not _has_text(translation, place))


def unknown_texts(instrument: Instrument, translation: Texts) -> tuple[str, ...]:
    """The places that the instrument does not have: a mistyped code, a question of another version."""
    known = wording(instrument)
    return tuple(place for place in _leaves(translation) if place not in known)


def _places(instrument: Instrument) -> Iterator[tuple[str, str]]:
    yield "titre", instrument.title
    for question in instrument.questions:
        yield f"questions.{question.id}.texte", question.text
        if question.adviser_help:
            yield f"questions.{question.id}.aide_conseiller", question.adviser_help
        for option in question.options:
            yield f"questions.{question.id}.options.{option.code}", option.label
    for dimension in instrument.dimensions:
        yield f"dimensions.{dimension.id}", dimension.label
    for band in instrument.scoring.bands:
        yield f"bandes.{band.code}", band.label
    yield from _profiles(instrument)
    for action in instrument.actions:
        yield f"actions.{action.code}.libelle", action.label
        yield f"actions.{action.code}.description", action.description
    yield from _lists(instrument)


def _profiles(instrument: Instrument) -> Iterator[tuple[str, str]]:
    for profile in instrument.profiles:
        yield f"profils.{profile.code}.libelle", profile.label
        yield f"profils.{profile.code}.phrase", profile.phrase
        for cause in profile.causes:
            yield f"profils.{profile.code}.sous_causes.{cause.code}", cause.label


def _lists(instrument: Instrument) -> Iterator[tuple[str, str]]:
    lists: dict[str, tuple[Choice, ...] | tuple[Guarded, ...]] = {
        "reponses_manquantes": instrument.missing_codes,
        "besoins_adaptation": instrument.adaptation_needs,
        "priorites": instrument.priorities,
        "raisons": instrument.override_reasons,
        "partenaires": instrument.partner_types,
        "alertes": instrument.alerts,
    }
    for name, choices in lists.items():
        for choice in choices:
            yield f"{name}.{choice.code}", choice.label
    for rank, deferral in enumerate(instrument.deferrals, 1):
        yield f"attentes.{rank}", deferral.reason


def _has_text(translation: Texts, place: str) -> bool:
    found: object = translation
    for step in place.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return isinstance(found, str) and bool(found.strip())


def _leaves(texts: Texts, before: str = "") -> Iterator[str]:
    for name, found in texts.items():
        place = f"{before}{name}"
        if isinstance(found, Mapping):
            yield from _leaves(found, f"{place}.")
        else:
            yield place
