"""Search keys: how a person is found again by a piece of name, a telephone or a birth year, and in what order.

Pure. Keys are stored in one table and looked up by beginning (tokens, phones) or by equality (phonetic, birth year)
among what the user may see; `rank` then orders the candidates.
"""

from app.people.names.keys import ORDER, SearchKey, search_keys, sort_key
from app.people.names.phonetics import phonetic
from app.people.names.query import Piece, Query, parse_query
from app.people.names.ranking import Candidate, Keyed, Ranked, rank
from app.people.names.words import MAX_KEY, normalise, tokens

__all__ = [
    "MAX_KEY",
    "ORDER",
    "Candidate",
    "Keyed",
    "Piece",
    "Query",
    "Ranked",
    "SearchKey",
    "normalise",
    "parse_query",
    "phonetic",
    "rank",
    "search_keys",
    "sort_key",
    "tokens",
]
