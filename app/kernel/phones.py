"""Telephone numbers: any notation in, E.164 kept, French grouping on screen.

Metropolitan France and the overseas départements share one ten-digit plan (Arcep), whatever country code each has:
« 0692… » dialled anywhere in it is Réunion, +262.
"""

from __future__ import annotations

import re
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from app.kernel.i18n import lazy_gettext as _

_TO_NBSP = str.maketrans({" ": "\u00a0", ".": "\u00a0"})

PhoneFault = Literal["empty", "letters", "extension", "too_long", "short_code", "unknown"]

MESSAGES: dict[PhoneFault, str] = {
    "empty": _("Indiquez un numéro de téléphone."),
    "letters": _("Un numéro de téléphone s’écrit avec des chiffres seulement."),
    "extension": _("Écrivez le numéro sans le poste interne."),
    "too_long": _("Ce numéro a trop de chiffres : écrivez un seul numéro par case."),
    "short_code": _("Ce numéro est trop court : écrivez-le en entier, avec les dix chiffres ou l’indicatif du pays."),
    "unknown": _("Ce numéro n’est pas reconnu. Exemples : 06 12 34 56 78, 0692 12 34 56, +32 470 12 34 56."),
}

# The ten-digit plan: who owns which beginning, before anything else is tried (the library reads 0596 as metropolitan).
_OVERSEAS = {
    "RE": ("0262", "0263", "0692", "0693"),
    "YT": ("0269", "0639"),
    "GP": ("0590", "0690", "0691"),
    "GF": ("0594", "0694"),
    "MQ": ("0596", "0696", "0697"),
    "PM": ("0508",),
}
_TEN_DIGIT_PLAN = frozenset({"FR", *_OVERSEAS, "BL", "MF"})
# Numbers kept by Arcep for fiction (decision 2018-0881): never anybody's, needed by demonstrations.
_FICTION = ("+3363998", "+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
# Where a national number is not read as one of metropolitan France.
_REGION_BY_POSTCODE = {"974": "RE", "975": "PM", "976": "YT", "986": "WF", "987": "PF", "988": "NC"}
_OVERSEAS_CODES = frozenset({262, 590, 594, 596})
# Fifteen digits at most (ITU E.164), after the « 00 » of an international call and the « (0) » of careful people.
_MOST_DIGITS = 18
_DIGIT = re.compile(r"\d")
_LETTER_AFTER_DIGIT = re.compile(r"\d.*[^\W\d_]", re.DOTALL)
_EXTENSION = re.compile(r"\d\s*(?:poste|p\.|ext\.?|x|#)\s*\d", re.IGNORECASE)


class InvalidPhone(ValueError):
    """This text is not a telephone number; `code` says why and `message` says it in words."""

    def __init__(self, code: PhoneFault) -> None:
        super().__init__(code)
        self.code = code
        self.message = MESSAGES[code]


def parse_phone(text: str, default_region: str = "FR") -> str:
    """The E.164 form of a number in any notation; `default_region` (FR, RE, NC, …) reads the national ones.

    Raises InvalidPhone. Overseas numbers of the ten-digit plan are recognised in every one of its regions; those of New
    Caledonia, Polynesia, Wallis-et-Futuna and abroad need their country code unless they are the default region.
    """
    text = "".join(character for character in text if character.isprintable() or character.isspace()).strip()
    _refuse_shape(text)
    number = _read(text, _region(text, default_region))
    found: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) and not found.startswith(_FICTION):
        raise InvalidPhone("unknown")
    return found


def format_phone(e164: str) -> str:
    """« 06 12 34 56 78 », « 0692 12 34 56 », « +687 75 12 34 », with non-breaking spaces.

    National grouping for metropolitan France and the overseas départements, international elsewhere; a text that is not
    E.164 comes back as it is.
    """
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    national = number.country_code == 33 or number.country_code in _OVERSEAS_CODES
    style = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    text: str = phonenumbers.format_number(number, style)
    if number.country_code == 33 and e164.startswith(_FICTION):
        text = _by_pairs("0" + str(number.national_number))
    return text.translate(_TO_NBSP)


def region_of_postcode(postcode: str, default: str = "FR") -> str:
    """The region whose notation a number written beside this postcode follows."""
    return _REGION_BY_POSTCODE.get(postcode[:3], default)


def overseas_prefixes() -> dict[str, str]:
    """Country code by beginning of a national number of the ten-digit plan: {« 0692 »: « 262 », …}."""
    return {
        beginning: str(phonenumbers.country_code_for_region(region))
        for region, beginnings in _OVERSEAS.items()
        for beginning in beginnings
    }


def _refuse_shape(text: str) -> None:
    if not text:
        raise InvalidPhone("empty")
    if _EXTENSION.search(text):
        raise InvalidPhone("extension")
    if not _DIGIT.search(text) or _LETTER_AFTER_DIGIT.search(text):
        raise InvalidPhone("letters")
    if len(_DIGIT.findall(text)) > _MOST_DIGITS:
        raise InvalidPhone("too_long")


def _region(text: str, default: str) -> str:
    digits = "".join(_DIGIT.findall(text))
    if "+" in text or digits.startswith("00") or default not in _TEN_DIGIT_PLAN:
        return default
    national = digits if digits.startswith("0") else f"0{digits}"
    if len(national) != 10:
        return default
    if _is_fiction(national):
        return "FR"
    return next((region for region, starts in _OVERSEAS.items() if national.startswith(starts)), "FR")


def _is_fiction(national: str) -> bool:
    return f"+33{national[1:]}".startswith(_FICTION)


def _read(text: str, region: str) -> PhoneNumber:
    if region == "PM" and len(digits := "".join(_DIGIT.findall(text))) == 10:
        # Dialled 0508 41 12 34 in the ten-digit plan, written +508 41 12 34: the first four are no part of the number.
        text = digits[4:]
    try:
        number: PhoneNumber = phonenumbers.parse(text, region)
    except NumberParseException as error:
        too_short = error.error_type in (NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD)
        raise InvalidPhone("short_code" if too_short else "unknown") from error
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == phonenumbers.ValidationResult.TOO_LONG:
        raise InvalidPhone("too_long")
    if possible == phonenumbers.ValidationResult.TOO_SHORT:
        raise InvalidPhone("short_code")
    return number


def _by_pairs(digits: str) -> str:
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))
