"""Translations of the wording: separate files beside an instrument, checked to have every text (assessment.md §7).

A file holds, by kind and code, the texts of one language; a text is named by its place, « questions.M1.texte ».
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from app.assessments.engine.instrument import Action, Choice, Guarded, Instrument, Profile, Question

Labelled = TypeVar("Labelled", Choice, Guarded)
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


def translated(instrument: Instrument, translation: Texts) -> Instrument:
    """The same instrument saying every text in another language; codes, rules and hash do not move.

    ValueError, naming the places, when the file lacks a text or has one that the instrument does not know.
    """
    wrong = (*missing_texts(instrument, translation), *unknown_texts(instrument, translation))
    if wrong:
        raise ValueError(f"textes absents ou inconnus : {', '.join(wrong)}")
    texts = dict(_texts(translation))

    def labelled(name: str, choices: tuple[Labelled, ...]) -> tuple[Labelled, ...]:
        return tuple(replace(choice, label=texts[f"{name}.{choice.code}"]) for choice in choices)

    bands = tuple(replace(band, label=texts[f"bandes.{band.code}"]) for band in instrument.scoring.bands)
    return replace(
        instrument,
        title=texts["titre"],
        questions=tuple(_question(question, texts) for question in instrument.questions),
        dimensions=tuple(replace(one, label=texts[f"dimensions.{one.id}"]) for one in instrument.dimensions),
        scoring=replace(instrument.scoring, bands=bands),
        profiles=tuple(_profile(profile, texts) for profile in instrument.profiles),
        actions=tuple(_action(action, texts) for action in instrument.actions),
        missing_codes=labelled("reponses_manquantes", instrument.missing_codes),
        adaptation_needs=labelled("besoins_adaptation", instrument.adaptation_needs),
        priorities=labelled("priorites", instrument.priorities),
        override_reasons=labelled("raisons", instrument.override_reasons),
        partner_types=labelled("partenaires", instrument.partner_types),
        alerts=labelled("alertes", instrument.alerts),
        deferrals=tuple(replace(one, reason=texts[f"attentes.{n}"]) for n, one in enumerate(instrument.deferrals, 1)),
    )


def _question(question: Question, texts: Mapping[str, str]) -> Question:
    place = f"questions.{question.id}"
    options = tuple(replace(one, label=texts[f"{place}.options.{one.code}"]) for one in question.options)
    text, adviser_help = texts[f"{place}.texte"], texts.get(f"{place}.aide_conseiller")
    return replace(question, text=text, adviser_help=adviser_help, options=options)


def _profile(profile: Profile, texts: Mapping[str, str]) -> Profile:
    place = f"profils.{profile.code}"
    causes = tuple(replace(one, label=texts[f"{place}.sous_causes.{one.code}"]) for one in profile.causes)
    return replace(profile, label=texts[f"{place}.libelle"], phrase=texts[f"{place}.phrase"], causes=causes)


def _action(action: Action, texts: Mapping[str, str]) -> Action:
    place = f"actions.{action.code}"
    return replace(action, label=texts[f"{place}.libelle"], description=texts[f"{place}.description"])


def _texts(texts: Texts, before: str = "") -> Iterator[tuple[str, str]]:
    for name, found in texts.items():
        if isinstance(found, Mapping):
            yield from _texts(found, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(found)
