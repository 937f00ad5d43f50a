"""What is inside an XLSX before anything of it is believed: weighed, then walked through as a stream, keeping nothing."""

from __future__ import annotations

from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from app.kernel.i18n import gettext as _
from app.kernel.sheets.refusal import SheetRefused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Once unpacked: a sheet of ten thousand people takes about 10 MB, and 300,000 elements.
MOST_UNPACKED = 48 * 1024**2
MOST_OF_ONE_PART = 8 * 1024**2
MOST_PARTS = 1000
MOST_ELEMENTS, MOST_OF_A_SMALL_PART, MOST_OF_A_ROW = 700_000, 50_000, 5_000
_LARGE = ("xl/worksheets/", "xl/sharedStrings.xml")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AT_ONCE = 64 * 1024
_TEXT = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<")
# Old drawings, written as loosely as web pages once were: nobody reads them here.
_LOOSE = ".vml"


def weigh(content: bytes) -> None:
    """Raise SheetRefused for what is no plain workbook, or would not fit in memory."""
    if content.startswith(OLE):
        if _ENCRYPTED in content:
            raise SheetRefused(_("Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."))
        raise SheetRefused(_("Ce classeur est dans un ancien format : enregistrez-le au format XLSX ou CSV."))
    try:
        with ZipFile(BytesIO(content)) as envelope:
            _check(envelope.infolist())
            for part in envelope.infolist():
                _walk(envelope, part)
    except SheetRefused:
        raise
    except Exception as error:  # (unpacking raises whatever the damage makes it raise)
        raise damaged() from error


def damaged() -> SheetRefused:
    """What is said of a workbook that cannot be read."""
    return SheetRefused(_("Ce classeur est abîmé ou illisible : ouvrez-le, puis enregistrez-le de nouveau."))


def too_heavy() -> SheetRefused:
    """What is said of a workbook that would not fit."""
    return SheetRefused(_("Ce classeur est trop lourd une fois ouvert : gardez la feuille des personnes seulement."))


def _check(parts: list[ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(_("Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."))
    large = [part for part in parts if not part.filename.startswith(_LARGE) and part.file_size > MOST_OF_ONE_PART]
    if len(parts) > MOST_PARTS or large or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise too_heavy()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetRefused(_("Ce classeur contient des macros : enregistrez-le au format XLSX sans macro, ou en CSV."))
    if "xl/workbook.xml" not in names:
        raise SheetRefused(_("Ce fichier n’est pas un classeur XLSX : enregistrez-le au format XLSX ou CSV."))


def _walk(envelope: ZipFile, part: ZipInfo) -> None:
    """Read one part as a stream of elements, whatever its name says it is; pictures are left."""
    walk = _Walk(MOST_ELEMENTS if part.filename.startswith(_LARGE) else MOST_OF_A_SMALL_PART)
    with envelope.open(part) as source:
        chunk = source.read(_AT_ONCE)
        beginning = chunk.lstrip()
        if beginning and not beginning.startswith(_TEXT):
            return
        try:
            while chunk:
                walk.parser.Parse(chunk, False)
                chunk = source.read(_AT_ONCE)
            walk.parser.Parse(b"", True)
        except expat.ExpatError:
            if not part.filename.lower().endswith(_LOOSE):
                raise


class _Walk:
    """Counts elements, those of the running row apart."""

    def __init__(self, most: int) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._most, self._all, self._in_row, self._rows = most, 0, 0, False

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._all += 1
        self._in_row += 1
        if name.endswith(" row"):
            self._rows, self._in_row = True, 0
        if self._all > self._most or (self._rows and self._in_row > MOST_OF_A_ROW):
            raise too_heavy()

    def _doctype(self, *_declared: object) -> None:
        """No spreadsheet declares a document type: whoever does wants something else of the reader."""
        raise damaged()
