"""CSV and XLSX read with bounds, written without formulas: whatever the bytes, records or a refusal in words."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.sheets import SheetRefused, csv_bytes, read_records, xlsx_bytes
from tests.people.sheets import BASE, TITLES, csv_of, row, xlsx_of


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_of_every_spreadsheet(delimiter: str, encoding: str) -> None:
    found = list(read_records(csv_of(row(prenom="Zoé"), delimiter=delimiter, encoding=encoding)))
    assert [record.cells for record in found] == [TITLES, row(prenom="Zoé")]
    assert [record.line for record in found] == [1, 2]


def test_lines_are_those_of_the_file() -> None:
    content = csv_of(row(), ("",) * 10, row(prenom='"deux\r\nlignes"'), row())
    assert [record.line for record in read_records(content)] == [1, 2, 4, 6]
    assert [record.line for record in read_records(xlsx_of(BASE, [None] * 10, BASE))] == [1, 2, 4]


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as envelope:
        for name, content in parts.items():
            envelope.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def swollen(part: str, unit: bytes, count: int, root: bytes, end: bytes) -> bytes:
    """A workbook whose part holds very many elements."""
    made = io.BytesIO()
    head = b'<%s xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' % root
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of(BASE))) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in source.namelist():
            other.writestr(name, head + unit * count + end if name == part else source.read(name))
    return made.getvalue()


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (swollen(SHEET, b"<c/>", 6_000, b"worksheet", b"</worksheet>"), None),
        (swollen(SHEET, b"<row/>" + b"<c/>" * 6_000, 1, b"worksheet", b"</worksheet>"), "trop lourd"),
        (swollen(SHEET, b"<x/>", 710_000, b"worksheet", b"</worksheet>"), "trop lourd"),
        (swollen(STYLES, b"<xf/>", 60_000, b"styleSheet", b"</styleSheet>"), "trop lourd"),
        (swollen(SHEET, b'<row r="999999999"/>', 1, b"worksheet><sheetData", b"</sheetData></worksheet>"), None),
    ],
    ids=["cells without row", "row", "sheet", "styles", "far row"],
)
def test_a_swollen_workbook_is_refused_with_flat_memory(content: bytes, words: str | None) -> None:
    tracemalloc.start()
    try:
        said = read(content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(said, str) or said == []
    assert words is None or words in str(said)
    assert most < 16 * 1024**2


def test_a_document_type_is_refused_in_any_encoding() -> None:
    declared = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16")
    for name in ("xl/other.xml", "xl/worksheets/sheet9.bin"):
        with pytest.raises(SheetRefused, match="abîmé"):
            list(read_records(zipped(**{"xl/workbook.xml": b"<x/>", name: declared})))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\x00\x01\x02" * 99, "pas un tableau"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (OLE + b"\0" * 600, "ancien format"),
        (b"PK\x03\x04" + b"\0" * 90, "abîmé"),
        (zipped(**{"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}), "macros"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "pas un classeur XLSX"),
        (zipped(**{"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "abîmé"),
        (zipped(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000}), "trop lourd"),
        (zipped(**{"xl/workbook.xml": b" " * 9_000_000}), "trop lourd"),
        (xlsx_of(BASE)[:-200], "abîmé"),
        ("Nom;Prénom\n" + 'x;"' + "y" * 300_000, "trop longue"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes | str, words: str) -> None:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(SheetRefused, match=words):
        list(read_records(raw))


def read(content: bytes) -> list[int] | str:
    """The lines of the records, or why there are none."""
    try:
        return [record.line for record in read_records(content)]
    except SheetRefused as error:
        return str(error)


@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", OLE, b"Nom;Pr\xc3\xa9nom\r\n", b"\xef\xbb\xbf"]))
def test_no_bytes_raise_anything_else(content: bytes, head: bytes) -> None:
    found = read(head + content)
    assert found
    assert isinstance(found, str) or found == sorted(set(found))


@given(st.binary(min_size=1, max_size=40), st.integers(0, 5000))
def test_no_damaged_workbook_raises_anything_else(noise: bytes, at: int) -> None:
    content = xlsx_of(BASE)
    at %= len(content)
    assert read(content[:at] + noise + content[at + len(noise) :]) != ""


SHOWN = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["C", "Z"]), max_size=20)


@given(st.lists(st.lists(SHOWN, min_size=3, max_size=3).filter(any), max_size=6))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    titles = ["Nom", "Prénom", "Genre"]
    for content in (csv_bytes([titles, *rows]), xlsx_bytes("Personnes", [titles, *rows])):
        found = [(*record.cells, "", "", "")[:3] for record in read_records(content)]
        assert found == [tuple(cells) for cells in [titles, *rows]]
        assert not any(record.formulas for record in read_records(content))
