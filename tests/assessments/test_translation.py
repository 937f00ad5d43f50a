"""Translation files are checked to have every text; the English one is shipped, and codes and rules never move."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from app.assessments.engine.library import FOLDER, instrument_in, published_versions
from app.assessments.engine.translation import missing_texts, translated, unknown_texts, wording
from tests.assessments.sheets import INSTRUMENT
from tests.support.world import World


def made_up() -> dict[str, Any]:
    """A file of a language that does not exist, with every text."""
    return _nested({place: text.upper() for place, text in wording(INSTRUMENT).items()})


def without(place: str, value: object = None) -> dict[str, Any]:
    """The made-up file without one text, or with another value there."""
    found = copy.deepcopy(made_up())
    *steps, last = place.split(".")
    inside = found
    for step in steps:
        inside = inside[step]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return found


def test_a_complete_file_lacks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "distance-numerique-1.0.0.xx.json"
    file.write_text(json.dumps(made_up(), ensure_ascii=False), "utf-8")
    read = json.loads(file.read_text("utf-8"))
    assert missing_texts(INSTRUMENT, read) == unknown_texts(INSTRUMENT, read) == ()


@pytest.mark.parametrize("place", sorted(wording(INSTRUMENT)))
def test_each_text_is_missed(place: str) -> None:
    assert missing_texts(INSTRUMENT, without(place)) == (place,)


@pytest.mark.parametrize("value", ["", "  ", 3, ["texte"], {}])
def test_an_empty_text_or_something_else_is_no_text(value: object) -> None:
    assert missing_texts(INSTRUMENT, without("questions.M1.texte", value)) == ("questions.M1.texte",)


def test_a_mistyped_code_is_unknown_and_its_text_is_missing() -> None:
    found = without("questions.M1.options.langue")
    found["questions"]["M1"]["options"]["langues"] = "LANGUE"
    assert missing_texts(INSTRUMENT, found) == ("questions.M1.options.langue",)
    assert unknown_texts(INSTRUMENT, found) == ("questions.M1.options.langues",)


def test_an_empty_file_lacks_everything() -> None:
    assert missing_texts(INSTRUMENT, {}) == tuple(wording(INSTRUMENT))


def test_every_label_of_the_published_document_is_to_translate() -> None:
    """Read on the raw file, apart from the typed instrument: labels, phrases, descriptions, questions, messages."""
    texts = set(wording(INSTRUMENT).values())
    document = json.loads((FOLDER / "distance-numerique-1.0.0.json").read_text("utf-8"))
    read = {key: document[key] for key in ("questions", "dimensions", "profils", "alertes", "priorite")}
    read["actions"], read["bandes"] = document["recommandations"]["actions"], document["score"]["bandes"]
    told = set(_texts(read))
    assert len(told) > 150
    assert told <= texts


def _texts(found: Any) -> list[str]:
    if isinstance(found, list):
        return [text for one in found for text in _texts(one)]
    if not isinstance(found, dict):
        return []
    here = [
        found[key]
        for key in ("libelle", "phrase", "description", "texte", "message", "aide_conseiller")
        if key in found
    ]
    return [text for text in here if text] + [text for one in found.values() for text in _texts(one)]


def test_every_published_version_has_its_english() -> None:
    for version in published_versions():
        found = json.loads((FOLDER / f"distance-numerique-{version}.en.json").read_text("utf-8"))
        assert missing_texts(INSTRUMENT, found) == unknown_texts(INSTRUMENT, found) == ()


def test_an_english_page_asks_in_english(world: World) -> None:
    adviser = world.client("library.adviser")
    sheet = "/evaluations/feuille-vierge/complet"
    assert "Y a-t-il une date limite ?" in adviser.text(adviser.get(sheet))
    adviser.submit(adviser.get("/"), "footer form", button="lang=en")
    asked = adviser.text(adviser.get(sheet))
    assert "Is there a deadline?" in asked
    assert "Y a-t-il" not in asked


def test_a_translation_says_every_text_and_changes_nothing_else() -> None:
    shouted = translated(INSTRUMENT, made_up())
    assert wording(shouted) == {place: text.upper() for place, text in wording(INSTRUMENT).items()}
    assert (
        translated(shouted, _nested(wording(INSTRUMENT))).__dict__.items()
        >= {
            "sha256": INSTRUMENT.sha256,
            "questions": INSTRUMENT.questions,
            "scoring": INSTRUMENT.scoring,
            "rules": INSTRUMENT.rules,
            "actions": INSTRUMENT.actions,
            "deferrals": INSTRUMENT.deferrals,
        }.items()
    )


def test_half_a_translation_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"questions\.U1\.texte"):
        translated(INSTRUMENT, without("questions.U1.texte"))


def test_a_language_without_a_file_reads_french() -> None:
    assert wording(instrument_in("br")) == wording(instrument_in("fr")) == wording(INSTRUMENT)
    assert instrument_in("en").by_id["U1"].text == "Is there a deadline?"


def _nested(texts: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, text in texts.items():
        *steps, last = place.split(".")
        inside = found
        for step in steps:
            inside = inside.setdefault(step, {})
        inside[last] = text
    return found
