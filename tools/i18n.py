"""The sentences of the product and their translations. French is the language of the msgids; English is complete.

`python -m tools.i18n` extracts again, updates the English catalogue and says what is left to translate.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en",)
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {
    name: {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false"}
    for name, method in METHODS
    if method == "jinja2"
}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2)}


def extract() -> Catalog:
    """Every sentence that the code and the templates mark for translation."""
    found = Catalog(charset="utf-8")
    for folder in ("app", "templates"):
        for name, line, message, comments, context in extract_from_dir(
            ROOT / folder,
            method_map=[
                (pattern.removeprefix(f"{folder}/"), method)
                for pattern, method in METHODS
                if pattern.startswith(folder)
            ],
            options_map={pattern.removeprefix(f"{folder}/"): options for pattern, options in OPTIONS.items()},
            keywords=KEYWORDS,
            comment_tags=("i18n:",),
        ):
            found.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def path(language: str) -> Path:
    """Where the catalogue of a language is kept."""
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    """The catalogue of a language, empty when there is none yet."""
    if not path(language).exists():
        return Catalog(locale=language, charset="utf-8")
    with path(language).open("rb") as source:
        return read_po(source, locale=language)


def untranslated(language: str) -> list[str]:
    """Sentences of the product that the catalogue does not say in full, plural forms and certainty included."""
    known = load(language)
    return [_text(message) for message in extract() if message.id and not _said(known.get(message.id, message.context))]


def obsolete(language: str) -> list[str]:
    """Sentences that the catalogue translates and the product no longer says."""
    present = extract()
    return [_text(message) for message in load(language) if message.id and message.id not in present]


def update(language: str) -> None:
    """Bring new sentences into a catalogue and take out those that are gone. Translations are never guessed."""
    catalogue = load(language)
    made = catalogue.creation_date
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = made
    head(catalogue)
    path(language).parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
    path(language).write_bytes(written.getvalue())


def head(catalogue: Catalog) -> None:
    """The same first lines whoever runs this, whenever: only the sentences differ between two versions."""
    catalogue.header_comment = "# French sentences are the identifiers. Choices of words: translations/README.md."
    catalogue.project, catalogue.version = "Maillage", str(catalogue.locale)
    catalogue.msgid_bugs_address = catalogue.last_translator = ""
    catalogue.language_team = catalogue.locale_identifier or ""
    catalogue.revision_date = catalogue.creation_date
    catalogue.fuzzy = False


def _said(message: Message | None) -> bool:
    if message is None or message.fuzzy or not message.string:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else True


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main() -> int:
    """0 when every sentence is translated."""
    left: list[str] = []
    for language in LANGUAGES:
        update(language)
        missing = untranslated(language)
        print(f"{language} : {len(load(language))} phrases, {len(missing)} à traduire.")
        print("".join(f"  - {sentence}\n" for sentence in missing), end="")
        left += missing
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
