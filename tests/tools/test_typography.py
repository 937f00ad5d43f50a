"""French typography: no ordinary space before : ; ! ? % nor inside « », in anything displayed."""

from __future__ import annotations

import pytest

from tools import typography

NB = typography.NBSP


def test_nothing_displayed_has_an_ordinary_space_there() -> None:
    assert typography.faults() == []


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Qui ?", f"Qui{NB}?"),
        ("Lu : « oui » ; non !", f"Lu{NB}: «{NB}oui{NB}»{NB}; non{NB}!"),
        ("200 % de %(what)s", f"200{NB}% de %(what)s"),
        ("sur %(a)s %(b)s %s", "sur %(a)s %(b)s %s"),
        ("voir ?page=2", "voir ?page=2"),
    ],
)
def test_a_sentence_is_written_right(written: str, right: str) -> None:
    assert typography.fixed(written) == right


def test_code_comments_and_docstrings_stay() -> None:
    source = (
        '"""Doc : a."""\n# Note : b\nx = {1 : 2}\nsaid = f"{7 % 3} : {x}"\ntold = _(\n    "Oui : "\n    "non !"\n)\n'
    )
    assert typography.python_fixed(source) == source.replace('} : {x}"', f'}}{NB}: {{x}}"').replace(
        "Oui :", f"Oui{NB}:"
    ).replace("non !", f"non{NB}!")


def test_templates_change_in_text_and_strings_only() -> None:
    source = "{# a : b #}<p title=\"{{ _('Où ?') }}\">{{ x if a else b }} : {% trans %}oui !{% endtrans %}</p>"
    right = source.replace("Où ?", f"Où{NB}?").replace("}} :", f"}}}}{NB}:").replace("oui !", f"oui{NB}!")
    assert typography.template_fixed(source) == right
