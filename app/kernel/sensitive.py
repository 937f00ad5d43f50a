"""What must never be written in a free text: social security numbers, cards, bank accounts, passwords.

The answer says what kind and where, never what: nothing here keeps or shows the value itself.
Rules favour few false alarms: telephone numbers, dates, SIRET, CAF and tax numbers pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

ForbiddenKind = Literal["nir", "card", "iban", "password"]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A kind and the positions it runs between in the text (end excluded)."""

    kind: ForbiddenKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits that follow one another, with the places where a separator cut them."""

    digits: str
    cuts: frozenset[int]
    start: int
    end: int


def find_forbidden(text: str) -> Forbidden | None:
    """The first forbidden thing of a text, or None."""
    found = [*_numbers(text), *_ibans(text), *_passwords(text)]
    return min(found, key=lambda item: (item.start, -item.end), default=None)


# ---------------------------------------------------------------- numbers

_SEPARATOR = r"[ \u00a0\u202f\u2009.\-‑–]{1,2}"
_CORSICA = r"(?<=\d)[AaBb](?=\d)|(?<=[ .\-\u00a0\u202f])2[AaBb]"
_GROUPS = re.compile(rf"(?<![\w+])\d(?:\d|{_CORSICA}|{_SEPARATOR}(?=\d|2?[AaBb]))*(?!\w)")
_GROUP = re.compile(r"[0-9AaBb]+")
_SHORTEST, _LONGEST = 13, 19
# Sex, year, month (with the codes given when it is unknown), département, commune, order, then the key (Insee).
_NIR = re.compile(r"[123478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:\d{2}|2[AB])\d{3}\d{3}(?:\d{2})?")
_PLAIN_NIR = re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[1-8]\d|9[0-9]|2[AB])(?!000)\d{3}(?!000)\d{3}")
# After sex, year, month, département (three digits overseas), commune, order.
_NIR_CUTS = frozenset({1, 3, 5, 7, 8, 10, 13})
_TAX = re.compile(r"(?:fiscal|spi|impots?|teledeclarant)\W[^.\n]{0,25}$", re.IGNORECASE)
# Ranges of the card networks; 14 digits are left out (Diners), they are those of every SIRET, which Luhn also accepts.
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|2[2-7]\d\d)\d{12}|3[47]\d{13}|35\d{14}|(?:5[0678]|6\d)\d{14,17}"
)


def _numbers(text: str) -> Iterator[Forbidden]:
    for run in _runs(text):
        if _is_nir(run, text):
            yield Forbidden("nir", run.start, run.end)
        elif _is_card(run):
            yield Forbidden("card", run.start, run.end)


def _runs(text: str) -> Iterator[_Run]:
    """Every sequence of whole groups that is 13 to 19 digits long, the longest first."""
    for sequence in _GROUPS.finditer(text):
        groups = [(m.group().upper(), m.start(), m.end()) for m in _GROUP.finditer(sequence.group())]
        for first in range(len(groups)):
            yield from _runs_from(groups[first : first + _LONGEST], sequence.start())


def _runs_from(groups: list[tuple[str, int, int]], offset: int) -> Iterator[_Run]:
    digits, cuts, found = "", set[int](), []
    for value, _, end in groups:
        digits += value
        if len(digits) > _LONGEST:
            break
        if len(digits) >= _SHORTEST:
            found.append(_Run(digits, frozenset(cuts), offset + groups[0][1], offset + end))
        cuts.add(len(digits))
    yield from reversed(found)


def _is_nir(run: _Run, text: str) -> bool:
    if not _NIR.fullmatch(run.digits):
        return False
    if len(run.digits) == 15:
        return _nir_key(run.digits[:13]) == int(run.digits[13:])
    if run.cuts:
        return run.cuts <= _NIR_CUTS
    before = _unaccented(text[max(0, run.start - 40) : run.start])
    return bool(_PLAIN_NIR.fullmatch(run.digits)) and not _TAX.search(before)


def _nir_key(body: str) -> int:
    """97 minus the remainder by 97; Corsica's 2A counts as 19 and 2B as 18 (Insee)."""
    return 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97


def _is_card(run: _Run) -> bool:
    if not _CARD.fullmatch(run.digits) or not luhn(run.digits):
        return False
    sizes = _sizes(run)
    return len(sizes) == 1 or min(sizes[:-1]) >= 4


def _sizes(run: _Run) -> list[int]:
    edges = [0, *sorted(run.cuts), len(run.digits)]
    return [after - before for before, after in pairwise(edges)]


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = (int(d) * (1 + odd % 2) for odd, d in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


# ---------------------------------------------------------------- bank accounts

_COUNTRIES = """
    FR27 MC27 BE16 LU20 DE22 CH21 ES24 IT27 PT25 GB22 NL18 IE22 AT20 PL28 RO24 BG22 HR21 CZ24 SK24 HU28 GR27 CY28
    DK18 SE24 NO15 FI18 IS26 EE20 LV21 LT20 MT31 SI19 LI21 SM27 AD24 TR26 TN24 MA28 DZ26 MR27 UA29 GE22 IL23 RS22
    AL28 BA20 MK19 ME22 MD24 XK20 LB28 EG29 SN28 CI28
"""
_IBAN_LENGTHS = {country[:2]: int(country[2:]) for country in _COUNTRIES.split()}
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ \u00a0]?\d{2}(?=[ \u00a0\u202f.\-]?[A-Za-z0-9])")
_IBAN_NEXT = re.compile(r"[ \u00a0\u202f.\-]?([A-Za-z0-9])")


def _ibans(text: str) -> Iterator[Forbidden]:
    for head in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(head.group()[:2].upper())
        end, value = _collect(text, head.start(), length or 0)
        if length and len(value) == length and _iban_key(value):
            yield Forbidden("iban", head.start(), end)


def _collect(text: str, position: int, length: int) -> tuple[int, str]:
    value = ""
    while len(value) < length and (found := _IBAN_NEXT.match(text, position)):
        value, position = value + found[1].upper(), found.end()
    return position, value


def _iban_key(value: str) -> bool:
    """The remainder by 97 is one, letters counting from A = 10 (ISO 13616)."""
    return int("".join(str(int(character, 36)) for character in value[4:] + value[:4])) % 97 == 1


# ---------------------------------------------------------------- passwords

_LABEL = re.compile(
    r"\b(?:mots? ?de ?passe|mdp|mot-de-passe|passwords?|passwd|pwd|codes? (?:secret|confidentiel|pin|personnel)s?"
    r"|code de (?:la |sa |ma )?carte|(?:code )?pin)\b",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"(?P<middle>(?:[ \u00a0]+[^\s:=.;,!?\n]{1,20}){0,4}?)[ \u00a0]*[:=][ \u00a0]*(?P<value>[^\n]{1,200})"
)
_STATED = re.compile(
    r"(?:[ \u00a0]+[^\s:=.;,!?\n]{1,20}){0,3}?[ \u00a0]+(?:est|c[’']est)[ \u00a0]+(?P<value>[^\n]{1,200})"
)
_BESIDE = re.compile(r"[ \u00a0]+(?P<value>[^\n]{1,200})")
_FIRST = re.compile(r"\S+")
_QUOTES = "«»“”\"'`‘’()[]{} \u00a0\u202f"
_ENDING = ".,;!?…"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_ORDINARY = re.compile(
    r"\d{1,3}|\d{1,2}[/.h:-]\d{0,4}(?:[/.-]\d{2,4})?|\d+(?:er|e|eme|ere|x|fois|min|mn|eur|€)|n°?\d*|[a-z]+\+"
)
_EVERYDAY_STARTS = re.compile(
    r"oubli|perd|chang|reinit|modif|cree|crea|refai|not|retrouv|bloqu|expir|donn|renouvel|recup|inconnu|vole|pirat|secur|"
    r"procedure|demarche|aide|demande|essai|erreur|impossible|ok|non|oui|fait|faut|mis|enregistr|envoy|recu|valid|trop|"
    r"difficile|probleme|question|rdv|voir|revoir|expliqu|appr[ei]|gestion|conseil|atelier|sauvegard|rappel|simple|fort|"
    r"faible|solide|long|different|meme|tous|chaque|aucun|rien|absent|manqu|introuvable"
)
_SMALL_WORDS = re.compile(
    r"a|aux?|avec|cel?a?|ces|cette|c|chez|comme|d|dans|des?|du|elles?|en|est|et|eu|ils?|je?|l[aes]?|leur|lui|ma?|mais|me|"
    r"mme|mlle|mon|monsieur|madame|n[ei]?|nous|on|ont|ou|par|pas|plus|pour|qu[ei]?|quand|sa?|sans|ses?|si|son|sont|sur|"
    r"toujours|tres|une?|usagere?|va|vient|vous|y|deux|trois"
)
_AFTER_SECRET = re.compile(r"pour|sur|et|ou|puis|sans|dans|chez|a|[(–-].*")


def _passwords(text: str) -> Iterator[Forbidden]:
    for label in _LABEL.finditer(text):
        for shape, told in ((_ASSIGNED, _is_told), (_STATED, _is_stated), (_BESIDE, _is_beside)):
            found = shape.match(text, label.end())
            if found and told(found):
                yield Forbidden("password", label.start(), _value_end(found))
                break


def _value_end(found: re.Match[str]) -> int:
    first = _FIRST.search(found["value"])
    return found.start("value") + (first.end() if first else 0)


def _is_told(found: re.Match[str]) -> bool:
    """« mot de passe : xxx » : a secret-looking value, or a word that does not begin a sentence."""
    words = _words(found["value"])
    if not words or _looks_secret(words[0]):
        return bool(words)
    if _everyday(words[0]) or any(_EVERYDAY_STARTS.match(_plain(word)) for word in found["middle"].split()):
        return False
    return len(words) <= 2 or bool(_AFTER_SECRET.fullmatch(_plain(words[1])))


def _is_stated(found: re.Match[str]) -> bool:
    """« son mot de passe est Soleil47 », « c’est « soleil » »."""
    words = _words(found["value"])
    return bool(words) and (_looks_secret(words[0]) or found["value"].lstrip()[0] in "«“\"'")


def _is_beside(found: re.Match[str]) -> bool:
    """« mdp Soleil47 » : nothing but the look of it tells."""
    words = _words(found["value"])
    return bool(words) and _looks_secret(words[0])


def _words(value: str) -> list[str]:
    """The words of the clause, without quotes nor the punctuation that ends them; masks (« **** ») are no words."""
    clause = re.split(r"[.;!?,…](?:\s|$)", value.strip(_QUOTES), maxsplit=1)[0]
    words = (word.strip(_QUOTES).rstrip(_ENDING) for word in clause.split())
    return [word for word in words if word.strip("*•.…_-?xX") or word.lower().startswith("xx")]


def _looks_secret(word: str) -> bool:
    """Letters and digits together, four digits or more, or an odd sign inside; not an e-mail, a date, « 2e »."""
    if len(word) < 4 or _EMAIL.fullmatch(word) or _ORDINARY.fullmatch(_unaccented(word).lower()):
        return False
    digits = sum(character.isdigit() for character in word)
    letters = sum(character.isalpha() for character in word)
    return (digits > 0 and letters > 0) or digits >= 4 or any(c in "!@#$%&*_=?" for c in word[:-1])


def _everyday(word: str) -> bool:
    plain = _plain(word)
    return bool(_SMALL_WORDS.fullmatch(re.split(r"[’'.]", plain)[0]) or _EVERYDAY_STARTS.match(plain))


def _plain(word: str) -> str:
    return _unaccented(word).lower()


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
