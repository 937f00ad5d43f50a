"""Files of people: which column is what, and each row as somebody to register. No database here.

La Coop de la médiation numérique, import of beneficiaries, ten columns: nom, prénom, année de naissance, commune, INSEE,
CP, téléphone, e-mail, genre, notes (`domain/vocabularies.md`).
"""

from app.people.imports.columns import FIELDS, ImportField, guess
from app.people.imports.rows import NOTE_LEFT, FaultCode, ReadRow, RowRefused, parse_row, words_of

__all__ = ["FIELDS", "NOTE_LEFT", "FaultCode", "ImportField", "ReadRow", "RowRefused", "guess", "parse_row", "words_of"]
