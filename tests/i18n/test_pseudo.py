"""The pseudo-languages: what they do to words, and who may read in them."""

from pathlib import Path

import pytest
from babel.dates import format_date
from babel.numbers import format_currency
from flask import g
from flask.testing import FlaskClient

from orion.i18n import choose_locale, offered, pseudo, speaking
from orion.i18n.pseudo import dressed, locale_of
from orion.testing import House
from tests.i18n.reading_pages import pieces, texts_of
from tests.i18n.test_catalogs import Shelf, entry, reader, says, shelf

__all__ = ["reader", "shelf"]
pytestmark = pytest.mark.only_on("sqlite")


@pytest.mark.parametrize(
    "text, kept",
    [
        ("Save %(name)s now", ["%(name)s"]),
        ("%(num)d orders, 100%% done", ["%(num)d", "%%"]),
        ('Read <a href="/help">the help</a>', ['<a href="/help">', "</a>"]),
        ("Tea &amp; cake", ["&amp;"]),
        ("See https://orion.example/page or ask help@orion.example", ["https://orion.example/page"]),
        ("Use {placeholder}", ["{placeholder}"]),
    ],
)
def test_what_a_machine_reads_is_left_alone(text: str, kept: list[str]) -> None:
    made = dressed(text)
    assert all(part in made for part in kept)
    assert made.startswith("⟦") and made.endswith("⟧")


def test_what_people_read_is_a_third_longer() -> None:
    assert 1.3 < len(dressed("All customers of this vendor")) / len("All customers of this vendor") < 1.5


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert dressed(text) == text


def test_to_whatever_formats_it_is_english() -> None:
    from datetime import date

    for name in pseudo.LOCALES:
        locale = locale_of(name)
        assert format_date(date(2026, 5, 4), locale=locale) == "May 4, 2026"
        assert format_currency(1234.5, "EUR", locale=locale) == "€1,234.50"
    assert [locale_of(name).text_direction for name in pseudo.LOCALES] == ["ltr", "rtl"]


def test_a_page_is_read_in_it_by_the_address_and_by_the_cookie(shelf: Shelf, reader: FlaskClient) -> None:
    page = reader.get("/vendor/ACME/alpha?lang=en-XA").text
    assert '<html lang="en-XA" dir="ltr"' in page
    assert says(reader, lang="en-XA") == dressed("Good day")
    assert says(reader, "many", "en-XA").startswith("⟦3 ")
    reader.set_cookie("orion_lang", "ar_XB")
    assert 'lang="ar-XB" dir="rtl"' in reader.get("/vendor/ACME/alpha").text


def test_no_browser_is_given_it_unasked(shelf: Shelf, reader: FlaskClient) -> None:
    assert says(reader, lang="", **{"Accept-Language": "ar"}) == "Good day"


def test_what_the_installation_calls_things_in_english_is_dressed(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("en", entry("Good day", "Hello"))
    assert says(reader, lang="en-XA") == dressed("Hello")


def test_in_production_it_is_offered_to_translators_alone(house: House, tmp_path: Path) -> None:
    from orion.contracts.permissions import VIEW_TRANSLATIONS, Access
    from orion.contracts.scope import ScopeKind

    app = house.app(testing=False, demo=False, translations=tmp_path)
    domain = app.extensions["orion_catalogs"]
    with app.test_request_context("/?lang=en-XA"):
        assert choose_locale(offered(domain), "en") == "en"
        g.access = Access(ScopeKind.INSTALLATION, permissions=frozenset({VIEW_TRANSLATIONS}))
        assert choose_locale(offered(domain), "en") == "en_XA"


def test_what_is_done_elsewhere_for_a_reader_of_it_is_said_in_it(shelf: Shelf) -> None:
    from flask_babel import gettext

    with shelf.app.test_request_context("/"), speaking("en_XA"):
        assert gettext("Good day") == dressed("Good day")


def test_what_is_said_in_english_within_leaves_the_rest_in_it(shelf: Shelf) -> None:
    from flask_babel import gettext

    with shelf.app.test_request_context("/"), speaking("en_XA"):
        with speaking("en"):
            assert gettext("Good day") == "Good day"
        assert gettext("Good day") == dressed("Good day")


def test_a_word_that_came_from_no_catalog_is_noticed() -> None:
    html = f'<p title="Hard title">{dressed("Good day")} and more, 12 × <b>9 %</b></p><svg>x y</svg>'
    assert [list(pieces(said.text)) for said in texts_of(html)] == [["Hard title"], ["and more"], []]


def test_a_name_that_may_break_is_read_as_one() -> None:
    assert [said.text for said in texts_of("<h1>pots-<wbr>2.<wbr>csv</h1><p>A</p>")] == ["pots-2.csv", "A"]


def test_a_list_has_the_comma_of_its_language(shelf: Shelf) -> None:
    from orion.web.formats import listed

    for lang, said in (("de", "a, b"), ("ar", "a، b"), ("ja", "a、b")):
        with shelf.app.test_request_context("/"), speaking(lang):
            assert listed(["a", "b"]) == said
