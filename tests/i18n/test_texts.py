"""Texts in several languages: which of them a reader gets, and how they are said to stand."""

import pytest
from flask import Flask

from orion.contracts.locales import wishes
from orion.contracts.scope import Scope, ScopeKind, VendorRef
from orion.contracts.texts import (
    fallbacks,
    how_whole,
    language_here,
    language_name,
    nearest,
    own_language,
    spoken,
    tongues,
    translated_into,
)

pytestmark = pytest.mark.only_on("sqlite")


@pytest.mark.parametrize(
    ("wish", "there", "found"),
    [
        ("de-AT", ["fr", "de"], "de"),
        ("de_AT", ["de", "de-AT"], "de-AT"),
        ("DE", ["de"], "de"),
        ("it", ["fr", "de"], ""),
        ("", ["fr"], ""),
    ],
)
def test_a_wish_is_served_by_its_language_or_a_wider_one(wish: str, there: list[str], found: str) -> None:
    assert nearest(wish, there) == found


def test_a_vendor_translates_into_what_it_chose_but_its_own() -> None:
    vendor = VendorRef(1, "ACME", "Acme", locale="de_LU", languages=("de", "fr"))
    scope = Scope(kind=ScopeKind.VENDOR, vendor=vendor)
    assert (own_language(scope), translated_into(scope)) == ("de", ("fr",))
    assert translated_into(Scope()) == ()


def test_a_text_says_its_language_where_it_is_another_than_around_it() -> None:
    assert spoken("<Cup>", "en", "en") == spoken("<Cup>", "", "en") == "&lt;Cup&gt;"
    assert spoken("كوب", "ar", "en") == '<span lang="ar" dir="rtl">كوب</span>'


def test_what_a_reader_wishes_for_is_the_address_before_the_browser(app: Flask) -> None:
    asked = {"Accept-Language": "en;q=0.3, fr-CH, it;q=0.5"}
    with app.test_request_context("/?lang=de", headers=asked):
        assert wishes() == ["de", "fr-CH", "it", "en"]


def test_a_language_has_its_own_name_and_one_in_the_readers_words(app: Flask) -> None:
    with app.test_request_context("/"):
        assert (language_name("fr"), language_here("fr")) == ("Français", "French")
        assert language_name("xx-nothing") == language_here("xx-nothing") == "xx-nothing"


def test_a_translation_says_what_it_lacks(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [how_whole(one) for one in (None, (2, 1), (0, 1), (0, 0))] == [
            *("Not translated", "2 missing", "One out of date", "Complete")
        ]
        found = tongues("en", ["ar"], {}, "ar", lambda tag: f"/{tag}")
    assert [(one.name, one.url, one.dir, one.chosen) for one in found] == [
        ("English", "/", "ltr", False),
        ("العربية", "/ar", "rtl", True),
    ]
    assert fallbacks("fr") == ["fr"]
