"""French typography of what is displayed: a no-break space before : ; ! ? % and inside « ».

`python -m tools.typography` says where an ordinary one is left; `--fix` writes it in the sources and in the catalogues,
whose identifiers are these sentences: translations are kept.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from tools import i18n

ROOT = i18n.ROOT
NBSP = "\u00a0"
# Neither « %(name)s » nor « %s »; nor what is stuck to a word, as in an address.
ORDINARY = re.compile(r" (?=[:;!?»](?![/\w])|%(?![(\w]))|(?<=«) ")
PIECES = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# What an f-string computes.
COMPUTED = re.compile(r"(\{[^{}]*\})")
STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
# What a terminal prints is searched for and copied as it is; the engine's words are those of its published vectors; a
# log and an expression are not sentences; the words of the national schema are its own.
APART = (
    "app/cli/",
    "app/assessments/engine/",
    "app/kernel/logs.py",
    "app/network/schema/columns.py",
    "app/territory/communes/spelling.py",
)


def fixed(text: str) -> str:
    """The same text with its no-break spaces."""
    return ORDINARY.sub(NBSP, text)


def sources() -> Iterator[tuple[Path, Callable[[str], str]]]:
    """Every file that holds displayed sentences, and what writes it right."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        if not path.relative_to(ROOT).as_posix().startswith(APART):
            yield path, python_fixed
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield path, template_fixed


def faults() -> list[str]:
    """`file:line: the sentence`, for each line of a source with an ordinary space, then for each msgid."""
    found = []
    for path, right in sources():
        before = path.read_text(encoding="utf-8")
        lines = zip(before.splitlines(), right(before).splitlines(), strict=True)
        name = path.relative_to(ROOT)
        found += [f"{name}:{rank}: {old.strip()}" for rank, (old, new) in enumerate(lines, 1) if old != new]
    said = (one for message in i18n.extract() for one in _ids(message.id))
    return found + [f"msgid: {one}" for one in said if fixed(one) != one]


def python_fixed(source: str) -> str:
    """Strings but docstrings; comments and code stay."""
    docs = _docstrings(source)
    lines = source.splitlines(keepends=True)
    tokens = [one for one in tokenize.generate_tokens(io.StringIO(source).readline) if one.type in STRINGS]
    for token in reversed(tokens):
        (first, start), (last, end) = token.start, token.end
        if first in docs or fixed(token.string) == token.string:
            continue
        after = lines[last - 1][end:]
        lines[first - 1 : last] = (lines[first - 1][:start] + _said(token.string) + after).splitlines(keepends=True)
    return "".join(lines)


def _said(string: str) -> str:
    if "f" not in string.partition(string[-1])[0].lower():
        return fixed(string)
    return "".join(piece if rank % 2 else fixed(piece) for rank, piece in enumerate(COMPUTED.split(string)))


def _docstrings(source: str) -> set[int]:
    """The lines of docstrings, of attributes included."""
    bodies = (getattr(node, "body", None) for node in ast.walk(ast.parse(source)))
    alone = (one for body in bodies if isinstance(body, list) for one in body if isinstance(one, ast.Expr))
    said = (one.value for one in alone if isinstance(one.value, ast.Constant) and isinstance(one.value.value, str))
    return {line for one in said for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)}


def template_fixed(source: str) -> str:
    """Text between tags, and strings inside expressions; comments and tags stay."""
    made, place = [], 0
    for piece in PIECES.finditer(source):
        made += [fixed(source[place : piece.start()]), _piece_fixed(piece[0])]
        place = piece.end()
    return "".join([*made, fixed(source[place:])])


def _piece_fixed(piece: str) -> str:
    if piece.startswith("{#"):
        return piece
    return JINJA.sub(lambda found: QUOTED.sub(lambda text: fixed(text[0]), found[0]), piece)


def fix_catalogue(language: str) -> None:
    """New identifiers, same translations, same order."""
    catalogue = i18n.load(language)
    made = Catalog(locale=language, charset="utf-8")
    made.mime_headers = catalogue.mime_headers
    for message in catalogue:
        if message.id:
            message.id = tuple(map(fixed, message.id)) if isinstance(message.id, tuple | list) else fixed(message.id)
            made[message.id] = message
    made.creation_date = catalogue.creation_date
    i18n.head(made)
    written = BytesIO()
    write_po(written, made, width=120, include_lineno=False, omit_header=False)
    i18n.path(language).write_bytes(written.getvalue())


def _ids(message_id: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


def main(arguments: list[str]) -> int:
    """0 when nothing is left."""
    if "--fix" in arguments:
        for path, right in sources():
            before = path.read_text(encoding="utf-8")
            after = right(before)
            if after != before:
                path.write_text(after, encoding="utf-8")
        for language in i18n.LANGUAGES:
            fix_catalogue(language)
    left = faults()
    print("".join(f"{one}\n" for one in left), end="")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
