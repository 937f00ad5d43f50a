"""Reading a PDF again: its words, its structure tree, its fonts, its pages as pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2


@dataclass
class Element:
    """One element of the structure tree."""

    tag: str
    alt: str = ""
    actual: str = ""
    scope: str = ""
    marks: list[tuple[int, int]] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """The element and those under it, in reading order, of these tags."""
        found = [self] if not tags or self.tag in tags else []
        return found + [one for child in self.children for one in child.all(*tags)]


def pages_text(content: bytes) -> list[str]:
    """The selectable text of each page, words of cut lines joined by a space."""
    document = pypdfium2.PdfDocument(content)
    try:
        texts = []
        for page in document:
            shown = page.get_textpage()
            texts.append(shown.get_text_range())
            shown.close()
            page.close()
        return texts
    finally:
        document.close()


def words(text: str) -> list[str]:
    """Words and numbers, spaces of every kind left out."""
    return re.sub(r"[\s\u00a0\u202f\u00ad\ufffe]+", " ", text).split()


def tree(content: bytes) -> Element:
    """The structure tree’s only root element."""
    with pikepdf.open(BytesIO(content)) as file:
        numbers = {page.obj.objgen: rank for rank, page in enumerate(file.pages)}
        kids = file.Root.StructTreeRoot.K
        assert len(kids) == 1
        return _element(kids[0], numbers)


def _element(found: Any, pages: dict[Any, int]) -> Element:
    made = Element(str(found.S)[1:], str(found.get("/Alt", "")), str(found.get("/ActualText", "")))
    attributes = found.get("/A")
    if attributes is not None and "/Scope" in attributes:
        made.scope = str(attributes.Scope)[1:]
    for kid in found.get("/K", []):
        if kid.get("/Type") == "/MCR":
            made.marks.append((pages[kid.Pg.objgen], int(kid.MCID)))
        else:
            made.children.append(_element(kid, pages))
    return made


def marks_drawn(content: bytes) -> set[tuple[int, int]]:
    """(page, number) of every marked content in the pages; fails when ink is outside content and artifacts."""
    found = set()
    with pikepdf.open(BytesIO(content)) as file:
        for rank, page in enumerate(file.pages):
            for number in _walk(pikepdf.parse_content_stream(page), rank):
                found.add((rank, number))
    return found


INK = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"}


def _walk(stream: Any, rank: int) -> Iterator[int]:
    depth: list[str] = []
    for operands, operator in stream:
        name = str(operator)
        if name in {"BDC", "BMC"}:
            depth.append(str(operands[0]))
            if len(operands) > 1 and "/MCID" in operands[1]:
                yield int(operands[1].MCID)
        elif name == "EMC":
            depth.pop()
        elif name in INK:
            assert depth, f"page {rank + 1}: {name} outside marked content"
    assert not depth, f"page {rank + 1}: marked content left open"


def fonts(content: bytes) -> dict[str, tuple[bool, bool]]:
    """Each font of the pages: embedded, and readable again as text."""
    found = {}
    with pikepdf.open(BytesIO(content)) as file:
        for page in file.pages:
            for font in page.resources.get("/Font", {}).values():
                descriptor = font.get("/FontDescriptor", {})
                found[str(font.BaseFont)] = ("/FontFile2" in descriptor, "/ToUnicode" in font)
    return found


def outline(content: bytes) -> list[str]:
    """Titles of the bookmarks, indented by level."""
    with pikepdf.open(BytesIO(content)) as file, file.open_outline() as kept:
        return list(_titles(kept.root, 0))


def _titles(items: Any, level: int) -> Iterator[str]:
    for item in items:
        yield "  " * level + str(item.title)
        yield from _titles(item.children, level + 1)
