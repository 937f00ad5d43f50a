"""Words: French first, zero is singular, and each language is that of the reader."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, render_template_string

from app.kernel import i18n
from app.kernel.i18n import gettext, language, lazy_gettext, ngettext, set_language, speaking
from tests.support.pages import InspectingClient


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 jour"), (1, "1 jour"), (2, "2 jours"), (-1, "-1 jour"), (40, "40 jours")]
)
def test_french_zero_is_singular(count: int, words: str) -> None:
    assert ngettext("%(num)d jour", "%(num)d jours", count) == words


def test_large_counts_are_written_as_people_write_them() -> None:
    assert ngettext("%(num)d lieu", "%(num)d lieux", 9657) == "9\u202f657 lieux"
    assert ngettext("%(num)d lieu de %(name)s", "%(num)d lieux de %(name)s", 1000, name="X") == "1\u202f000 lieux de X"
    with speaking("en"):
        assert ngettext("%(num)d lieu jamais traduit", "%(num)d lieux jamais traduits", 9657).startswith("9,657 ")


def test_english_zero_is_plural() -> None:
    with speaking("en"):
        assert ngettext("%(num)d mot inconnu", "%(num)d mots inconnus", 0) == "0 mots inconnus"


def test_values_are_filled_and_a_percent_sign_alone_is_left() -> None:
    assert gettext("Bonjour %(name)s", name="Camille") == "Bonjour Camille"
    assert gettext("50 %") == "50 %"
    assert ngettext("%(num)d de %(name)s", "%(num)d de %(name)s", 3, name="Camille") == "3 de Camille"


def test_an_unknown_language_is_french() -> None:
    with speaking("de"):
        assert language() == "fr"
    set_language("xx")
    assert language() == "fr"


def test_a_language_does_not_outlive_its_block_nor_its_thread() -> None:
    with speaking("en"):
        assert language() == "en"
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(language).result() == "fr"
    assert language() == "fr"


def test_a_lazy_message_is_translated_when_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    label = lazy_gettext("Accueil d’essai")
    monkeypatch.setattr(i18n, "catalogue", lambda code: _Catalogue() if code == "en" else i18n.NullTranslations())
    assert str(label) == "Accueil d’essai"
    with speaking("en"):
        assert str(label) == "Test desk"
    assert str(label) == "Accueil d’essai"


class _Catalogue:
    def gettext(self, message: str) -> str:
        return {"Accueil d’essai": "Test desk"}.get(message, message)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "{% trans count=n %}un point{% pluralize %}{{ count }} points{% endtrans %}",
            ["un point", "un point", "3 points"],
        ),
        ("{{ ngettext('%(num)d jour', '%(num)d jours', n) }}", ["0 jour", "1 jour", "3 jours"]),
        ("{{ ngettext('%(num)d %(what)s', '%(num)d %(what)ss', n, what='jour') }}", ["0 jour", "1 jour", "3 jours"]),
        (
            "{% trans max=n %}{{ max }} au plus, soit 100 %{% endtrans %}",
            [f"{n} au plus, soit 100 %" for n in (0, 1, 3)],
        ),
        ("{{ _('Reste %(n)s', n=n) }}", ["Reste 0", "Reste 1", "Reste 3"]),
    ],
)
def test_templates_count_in_french(app: Flask, template: str, words: list[str]) -> None:
    with app.test_request_context("/"):
        assert [render_template_string(template, n=n) for n in (0, 1, 3)] == words


def test_what_is_filled_in_a_template_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = render_template_string("{{ _('Bonjour %(name)s', name=name) }}", name="<script>")
    assert shown == "Bonjour &lt;script&gt;"


def test_what_a_request_speaks_ends_with_it(client: InspectingClient) -> None:
    with client.session_transaction() as session:
        session["langue"] = "en"
    assert '<html lang="en">' in client.get("/connexion").text
    assert language() == "fr"
