"""Reading files of the national schema: bytes in, rows and refusals out. No database here."""

from app.network.imports.kinds import kind_of
from app.network.imports.reading import FileRefused, Line, read_lines
from app.network.imports.rows import PlaceRow, RowRefused, parse_row

__all__ = ["FileRefused", "Line", "PlaceRow", "RowRefused", "kind_of", "parse_row", "read_lines"]
