"""The published instruments: immutable files beside the engine, checked by their hash."""

import hashlib
import json
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from app.assessments.engine.errors import InstrumentError, UnknownVersion
from app.assessments.engine.instrument import Instrument
from app.assessments.engine.parse import parse_instrument
from app.assessments.engine.translation import translated

FOLDER = Path(__file__).resolve().parent.parent / "instruments"
INSTRUMENT_ID = "distance-numerique"
CURRENT = "1.0.0"


def canonical_sha256(document: object) -> str:
    """Hash of the JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def published_versions() -> dict[str, str]:
    """SHA-256 by published version."""
    listing = (FOLDER / "published.json").read_text("utf-8")
    published: dict[str, dict[str, str]] = json.loads(listing)
    return published[INSTRUMENT_ID]


@lru_cache
def load_instrument(version: str = CURRENT) -> Instrument:
    """The validated instrument, read once.

    UnknownVersion when it was never published; InstrumentError, with the place, when the file
    is broken or is no longer the one published (assessment.md §7).
    """
    expected = published_versions().get(version)
    if expected is None:
        raise UnknownVersion(version)
    text = (FOLDER / f"{INSTRUMENT_ID}-{version}.json").read_text("utf-8")
    if canonical_sha256(json.loads(text)) != expected:
        raise InstrumentError("document", f"le contenu n’est plus celui publié en {version}")
    return parse_instrument(json.loads(text, parse_float=Fraction), expected)


@lru_cache
def instrument_in(language: str, version: str = CURRENT) -> Instrument:
    """The instrument with the wording of a language: the file beside it, or its own French where there is none.

    InstrumentError when the file is not complete: half a translation would be read half understood.
    """
    instrument = load_instrument(version)
    file = FOLDER / f"{INSTRUMENT_ID}-{version}.{language}.json"
    if not file.exists():
        return instrument
    try:
        return translated(instrument, json.loads(file.read_text("utf-8")))
    except ValueError as error:
        raise InstrumentError(file.name, str(error)) from error
