"""Forms: shape and wording of input, idempotent, restored after an expired session, errors on the right field."""

from app.kernel.forms.base import Form, choices_of
from app.kernel.forms.fields import (
    CheckboxesField,
    DayField,
    NoteField,
    OptionalRadioField,
    PhoneField,
    TextField,
    YearField,
)
from app.kernel.forms.validators import Needed, NoSensitive, Short

__all__ = [
    "CheckboxesField",
    "DayField",
    "Form",
    "Needed",
    "NoSensitive",
    "NoteField",
    "OptionalRadioField",
    "PhoneField",
    "Short",
    "TextField",
    "YearField",
    "choices_of",
]
