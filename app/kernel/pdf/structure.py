"""The structure tree of a document (ISO 32000-1, § 14.7 and 14.8): what each mark of a page is, in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String


@dataclass(frozen=True)
class Mark:
    """One piece of marked content: page from 0, number on that page."""

    page: int
    number: int


@dataclass
class Node:
    """A structure element. `scope` is Row or Column for TH; `actual` what must be read when other glyphs are drawn."""

    tag: str
    children: list[Node | Mark] = field(default_factory=list)
    alt: str = ""
    actual: str = ""
    scope: str = ""
    box: tuple[float, float, float, float] | None = None

    def add(self, tag: str, **values: Any) -> Node:
        """A new last child."""
        made = Node(tag, **values)
        self.children.append(made)
        return made

    @property
    def drawn(self) -> bool:
        """Some of it is on a page."""
        return any(isinstance(child, Mark) or child.drawn for child in self.children)


@dataclass(frozen=True)
class About:
    """Metadata of the file."""

    title: str
    author: str
    subject: str
    language: str
    made_at: datetime


def tag(source: bytes, root: Node, about: About) -> bytes:
    """The same file with its structure tree, language, title and metadata. The same input gives the same bytes."""
    with pikepdf.open(BytesIO(source)) as file:
        _Tree(file).plant(root)
        _describe(file, about)
        made = BytesIO()
        file.save(made, min_version="1.7", deterministic_id=True, compress_streams=True)
    return made.getvalue()


class _Tree:
    """Turns nodes into PDF objects; remembers whose each mark is."""

    def __init__(self, file: pikepdf.Pdf) -> None:
        self.file = file
        self.owners: dict[Mark, pikepdf.Object] = {}

    def plant(self, root: Node) -> None:
        tree = self.file.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree.K = Array([self._element(root, tree)])
        numbers = Array()
        for rank, page in enumerate(self.file.pages):
            page.obj.StructParents = rank
            page.obj.Tabs = Name.S
            marks = sorted((mark for mark in self.owners if mark.page == rank), key=lambda mark: mark.number)
            numbers.append(rank)
            numbers.append(self.file.make_indirect(Array([self.owners[mark] for mark in marks])))
        tree.ParentTree = self.file.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = len(self.file.pages)
        self.file.Root.StructTreeRoot = tree
        self.file.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, node: Node, parent: pikepdf.Object) -> pikepdf.Object:
        element = self.file.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + node.tag), P=parent))
        if node.alt:
            element.Alt = String(node.alt)
        if node.actual:
            element.ActualText = String(node.actual)
        if node.scope:
            element.A = Dictionary(O=Name.Table, Scope=Name("/" + node.scope))
        if node.box:
            element.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=Array([round(at, 2) for at in node.box]))
        element.K = Array([self._kid(child, element) for child in node.children if not _empty(child)])
        return element

    def _kid(self, child: Node | Mark, element: pikepdf.Object) -> pikepdf.Object:
        if isinstance(child, Node):
            return self._element(child, element)
        self.owners[child] = element
        page = self.file.pages[child.page].obj
        return Dictionary(Type=Name.MCR, Pg=page, MCID=child.number)


def _empty(child: Node | Mark) -> bool:
    """A text without ink. A cell stays: the row would be short of one."""
    return isinstance(child, Node) and child.tag not in {"TD", "TH"} and not child.drawn


def _describe(file: pikepdf.Pdf, about: About) -> None:
    file.Root.Lang = String(about.language)
    file.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    stamp = about.made_at.strftime("D:%Y%m%d%H%M%S+00'00'")
    file.docinfo = file.make_indirect(
        Dictionary(
            Title=about.title,
            Author=about.author,
            Subject=about.subject,
            Creator="Maillage",
            Producer="ReportLab, pikepdf",
            CreationDate=stamp,
            ModDate=stamp,
        )
    )
    with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = about.title
        metadata["dc:language"] = [about.language]
        if about.author:
            metadata["dc:creator"] = [about.author]
        metadata["xmp:CreateDate"] = about.made_at.isoformat()
