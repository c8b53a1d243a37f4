"""Catalogs are read live, message by message, and a broken one takes no word away."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion import watch
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.testing import House, minimal_manifest

pytestmark = pytest.mark.only_on("sqlite")

PAGE = """
    {% extends "layout.html" %}
    {% block main %}
    <p id="plain">{{ _("Good day") }}</p>
    <p id="context">{{ pgettext("greeting", "Good day") }}</p>
    <p id="one">{{ ngettext("%(num)s order", "%(num)s orders", 1) }}</p>
    <p id="many">{{ ngettext("%(num)s order", "%(num)s orders", 3) }}</p>
    {% endblock %}
"""
ROUTES = """
    from orion.contracts.pages import Pages, render
    pages = Pages(__name__)

    @pages.page("/alpha", public=True)
    def index(scope):
        return render("alpha/page.html", title="Alpha")
"""
MENU = """
    menus:
      vendor:
        - id: alpha
          label_key: alpha.menu.section
          label: Good day
          icon: home
          items:
            - id: alpha
              label_key: alpha.menu.item
              label: Things
              icon: home
              route: "/vendor/{vendor_code}/alpha"
"""
ORDERS = 'msgid "%(num)s order"\nmsgid_plural "%(num)s orders"\n'


def entry(msgid: str, msgstr: str, context: str = "", flag: str = "") -> str:
    head = (f"#, {flag}\n" if flag else "") + (f'msgctxt "{context}"\n' if context else "")
    return f'{head}msgid "{msgid}"\nmsgstr "{msgstr}"\n\n'


@dataclass
class Shelf:
    """A folder of catalogs and the portal that reads them."""

    folder: Path
    app: Flask

    def save(self, locale: str, text: str | bytes, name: str = "alpha") -> Path:
        """Write a catalog as an editor does, and let the watcher look."""
        file = self.write(locale, text, name)
        watch.look(self.app)
        return file

    def write(self, locale: str, text: str | bytes, name: str = "alpha") -> Path:
        """A header, then `text`; bytes as they are."""
        file = self.folder / locale / "LC_MESSAGES" / f"{name}.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        before = file.stat().st_mtime_ns if file.exists() else 0
        file.write_bytes(text if isinstance(text, bytes) else (head + text).encode())
        if file.stat().st_mtime_ns == before:
            os.utime(file, ns=(before + 1, before + 1))
        return file

    def client(self) -> FlaskClient:
        return self.app.test_client()


@pytest.fixture
def shelf(house: House, tmp_path: Path) -> Shelf:
    house.module(
        "alpha", minimal_manifest("alpha", MENU), routes_vendor=ROUTES, **{"templates/page.html": PAGE}
    )
    folder = tmp_path / "translations"
    folder.mkdir()
    return Shelf(folder, house.app(translations=folder))


@pytest.fixture
def reader(shelf: Shelf, keeper: Callable[[Flask], FlaskClient]) -> FlaskClient:
    """Somebody who is signed in and has chosen no language."""
    return keeper(shelf.app)


def text_of(page: str, id: str) -> str:
    return page.partition(f'<p id="{id}">')[2].partition("</p>")[0]


def says(client: FlaskClient, id: str = "plain", lang: str = "de", **headers: str) -> str:
    """What a paragraph of the page says in a language."""
    return text_of(client.get(f"/vendor/ACME/alpha?lang={lang}", headers=headers).text, id)


# -- live -----------------------------------------------------------------------------------------


def test_a_saved_catalog_shows_on_the_next_page(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Guten Tag"))
    assert says(reader) == "Guten Tag"
    shelf.save("de", entry("Good day", "Grüß Gott"))
    assert says(reader) == "Grüß Gott"


def test_a_page_looks_at_the_catalogs_itself_and_waits_for_nobody(
    house: House, tmp_path: Path, keeper: Callable[[Flask], FlaskClient]
) -> None:
    house.module(
        "alpha", minimal_manifest("alpha", MENU), routes_vendor=ROUTES, **{"templates/page.html": PAGE}
    )
    shelf = Shelf(tmp_path / "words", house.app(translations=tmp_path / "words", watch_every=3600.0))
    reader = keeper(shelf.app)
    for word in ("Guten Tag", "Servus"):
        shelf.write("de", entry("Good day", word))
        assert says(reader) == word


def test_a_catalog_that_is_deleted_takes_its_words_along(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Guten Tag"))
    file = shelf.save("de", entry("other", "anderes"), name="other")
    (file.parent / "alpha.po").unlink()
    watch.look(shelf.app)
    assert says(reader) == "Good day"


@pytest.mark.parametrize(
    "broken",
    [
        b'msgid "Good day"\nmsgstr "Guten Ab',
        b'msgid "Good day"\nmsgstr "Guten \xff Tag"\n',
        b"This is no catalog.\n",
        b'msgid "Good day"\nmsgid "Good night"\nmsgstr "x"\n',
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=nonsense\\n"\n\nmsgid "Good day"\nmsgstr "x"\n',
        b'msgid "a"\nmsgid_plural "b"\nmsgstr[x] "c"\n',
        b"",
    ],
    ids=["half a file", "not UTF-8", "no catalog", "no translation", "no such charset", "no number", "empty"],
)
def test_a_broken_catalog_keeps_its_last_good_words(broken: bytes, shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Guten Tag"))
    file = shelf.save("de", broken)
    assert says(reader) == "Guten Tag"
    assert file in shelf.app.extensions["orion_catalogs"].broken
    shelf.save("de", entry("Good day", "Servus"))
    assert says(reader) == "Servus"
    assert shelf.app.extensions["orion_catalogs"].broken == {}


def test_a_catalog_that_was_never_good_harms_no_other(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", b"This is no catalog.\n", name="other")
    shelf.save("de", entry("Good day", "Guten Tag"))
    assert says(reader) == "Guten Tag"


def test_a_catalog_that_is_a_folder_is_no_trouble(shelf: Shelf, reader: FlaskClient) -> None:
    (shelf.folder / "de" / "LC_MESSAGES" / "odd.po").mkdir(parents=True)
    shelf.save("de", entry("Good day", "Guten Tag"))
    assert says(reader) == "Guten Tag"


def test_what_a_translator_is_unsure_of_is_not_shown(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Guten Abend", flag="fuzzy"))
    assert says(reader) == "Good day"


# -- regions and contexts -------------------------------------------------------------------------


def test_a_region_falls_back_message_by_message(shelf: Shelf, reader: FlaskClient) -> None:
    german = entry("Good day", "Guten Tag") + entry("Good day", "Hallo", "greeting")
    shelf.save("de", german + ORDERS + 'msgstr[0] "%(num)s Bestellung"\nmsgstr[1] "%(num)s Bestellungen"\n')
    shelf.save("de_AT", entry("Good day", "Grüß Gott"))
    said = {id: says(reader, id, "de_AT") for id in ("plain", "context", "one", "many")}
    assert said == {"plain": "Grüß Gott", "context": "Hallo", "one": "1 Bestellung", "many": "3 Bestellungen"}


def test_what_a_region_has_left_untranslated_falls_back_too(shelf: Shelf, reader: FlaskClient) -> None:
    german = entry("Good day", "Guten Tag") + entry("Good day", "Hallo", "greeting")
    shelf.save("de", german + ORDERS + 'msgstr[0] "%(num)s Bestellung"\nmsgstr[1] "%(num)s Bestellungen"\n')
    empty = entry("Good day", "") + entry("Good day", "", "greeting") + ORDERS
    shelf.save("de_AT", empty + 'msgstr[0] ""\nmsgstr[1] ""\n')
    said = {id: says(reader, id, "de_AT") for id in ("plain", "context", "one", "many")}
    assert said == {"plain": "Guten Tag", "context": "Hallo", "one": "1 Bestellung", "many": "3 Bestellungen"}


def test_what_nobody_has_translated_is_english(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", ORDERS + 'msgstr[0] ""\nmsgstr[1] ""\n')
    assert [says(reader, id) for id in ("plain", "one", "many")] == ["Good day", "1 order", "3 orders"]


def test_the_context_decides_between_equal_words(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Guten Tag") + entry("Good day", "Hallo", "greeting"))
    assert says(reader) == "Guten Tag"
    assert says(reader, "context") == "Hallo"


def test_a_context_without_a_translation_does_not_borrow_anothers(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Hallo", "greeting"))
    assert says(reader) == "Good day"


def test_equal_words_of_two_modules_keep_their_own_context(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Good day", "Hallo", "greeting"))
    shelf.save("de", entry("Good day", "Abteilung", "alpha.menu.section"), name="beta")
    page = reader.get("/vendor/ACME/alpha?lang=de").text
    assert "Abteilung" in page
    assert text_of(page, "context") == "Hallo"


def test_a_manifests_label_is_translated_by_its_key(shelf: Shelf, reader: FlaskClient) -> None:
    shelf.save("de", entry("Things", "Sachen", "alpha.menu.item"))
    assert "Sachen" in reader.get("/vendor/ACME/?lang=de").text


# -- which language -------------------------------------------------------------------------------


@pytest.fixture
def languages(shelf: Shelf) -> Shelf:
    """German, Austrian German, French and Arabic, each of which calls itself by its name."""
    for locale in ("de", "de_AT", "fr", "ar"):
        shelf.save(locale, entry("Good day", locale))
    return shelf


@pytest.mark.parametrize(
    "asked, spoken",
    [
        ("de", "de"),
        ("de-AT", "de_AT"),
        ("de_AT", "de_AT"),
        ("de-at", "de_AT"),
        ("DE", "de"),
        ("de-CH", "de"),
        ("fr", "fr"),
        ("tlh", "Good day"),
        ("../../etc", "Good day"),
        ("", "Good day"),
        ("en", "Good day"),
    ],
)
def test_lang_in_the_address_chooses(asked: str, spoken: str, languages: Shelf, reader: FlaskClient) -> None:
    assert says(reader, lang=asked) == spoken


@pytest.mark.parametrize(
    "asked, spoken",
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9", "fr"),
        ("de-AT", "de_AT"),
        ("tlh, de;q=0.5, fr;q=0.4", "de"),
        ("tlh", "Good day"),
        ("en, de;q=0.5", "Good day"),
        (";;,=", "Good day"),
    ],
)
def test_else_the_browser_is_asked(asked: str, spoken: str, languages: Shelf, reader: FlaskClient) -> None:
    assert says(reader, lang="", **{"Accept-Language": asked}) == spoken


def test_the_address_comes_before_the_browser(languages: Shelf, reader: FlaskClient) -> None:
    assert says(reader, lang="fr", **{"Accept-Language": "de"}) == "fr"


def test_ones_own_choice_comes_before_the_browser_and_after_the_address(
    languages: Shelf, reader: FlaskClient
) -> None:
    from sqlalchemy import text

    with languages.app.app_context(), db.engines["write"].begin() as connection:
        connection.execution_options(**AS_OWNER).execute(
            text("UPDATE orion_user SET locale = 'fr' WHERE email = 'keeper@orion.example'")
        )
    assert says(reader, lang="", **{"Accept-Language": "de"}) == "fr"
    assert says(reader, lang="de") == "de"
    assert 'lang="fr"' in reader.get("/account/sessions").text


def test_pages_before_signing_in_speak_the_browsers_language(languages: Shelf) -> None:
    assert '<html lang="fr"' in languages.client().get("/login", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    "path", ["/vendor/ACME/alpha", "/vendor/ACME/", "/account/sessions", "/vendor/ACME/nowhere"]
)
def test_every_page_says_its_language_and_direction(path: str, languages: Shelf, reader: FlaskClient) -> None:
    assert '<html lang="ar" dir="rtl"' in reader.get(f"{path}?lang=ar").text
    assert '<html lang="de-AT" dir="ltr"' in reader.get(f"{path}?lang=de-AT").text
