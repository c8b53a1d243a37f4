"""/admin/translations, and pages that number their texts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.app import create_app
from orion.settings import Settings
from orion.testing import client_of, close, csrf_token, lease_demo
from orion.testing.databases import Databases

pytestmark = pytest.mark.by_turns

ADMIN, OWNER = "admin@orion.example", "owner@orion.example"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
POT = '#: templates/layout.html:9\nmsgid "Skip to content"\nmsgstr ""\n\n'
POT += '#: orion/x.py:1\nmsgid "Never said <b>%(x)s</b>"\nmsgstr ""\n'
LABEL = '#: manifests/customers.yaml:5\nmsgctxt "customers.menu.customers"\nmsgid "Customers"\nmsgstr ""\n'


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A folder of templates, and of a German catalog that is half done."""
    folder = tmp_path / "translations"
    for name, text in (
        ("templates/orion.pot", HEAD + POT),
        ("templates/customers.pot", HEAD + LABEL),
        ("de/LC_MESSAGES/orion.po", HEAD + 'msgid "Skip to content"\nmsgstr "Zum Inhalt"\n'),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def portal(databases: Databases, settings: Settings, words: Path) -> Iterator[Flask]:
    """The demo with these catalogs."""
    url = lease_demo(databases, settings)
    app = create_app(replace(settings, database_url=url, translations=words))
    yield app
    close(app)
    databases.give_back("demo", url)


@pytest.fixture
def admin(portal: Flask) -> FlaskClient:
    return client_of(portal, ADMIN)


def test_the_page_shows_how_far_each_language_and_module_is(admin: FlaskClient) -> None:
    page = admin.get("/admin/translations").text
    assert "German" in page and "33.3%" in page
    assert 'href="/admin/translations?locale=de"' in page
    modules = admin.get("/admin/translations?locale=de").text
    assert "translations/de/LC_MESSAGES/orion.po" in modules and "50%" in modules
    assert "Never said &lt;b&gt;%(x)s&lt;/b&gt;" in modules and "orion/x.py:1" in modules
    assert "Skip to content</bdi>" not in modules


def test_it_is_narrowed_by_module_and_state(admin: FlaskClient) -> None:
    narrowed = admin.get("/admin/translations?locale=de&module=customers").text
    assert "customers.menu.customers" in narrowed and "Never said" not in narrowed
    assert "Nothing is left to do here" in admin.get("/admin/translations?locale=de&state=stale").text
    assert admin.get("/admin/translations?locale=../x&module=%00&state=x&page=-9").status_code == 200


def test_it_says_on_which_page_a_text_is_seen(admin: FlaskClient) -> None:
    assert "not seen yet" in admin.get("/admin/translations?locale=de&module=customers").text
    admin.get("/admin/customers")
    assert "not seen yet" not in admin.get("/admin/translations?locale=de&module=customers").text


def test_a_catalog_that_cannot_be_read_is_named_with_its_line(admin: FlaskClient, words: Path) -> None:
    (words / "de" / "LC_MESSAGES" / "customers.po").write_text(HEAD + 'msgid "Customers\nmsgstr "x"\n')
    page = admin.get("/admin/translations").text
    assert "customers.po:4" in page and "a quote is never closed" in page


def test_a_translation_that_is_left_out_is_named_with_its_line(admin: FlaskClient, words: Path) -> None:
    (words / "de" / "LC_MESSAGES" / "x.po").write_text(
        HEAD + 'msgid "Hi %(name)s"\nmsgstr "Hallo %(nmae)s"\n'
    )
    page = admin.get("/admin/translations").text
    assert "x.po:4" in page and "a placeholder that the English doesn&#39;t have" in page


def test_only_those_who_may_see_translations_see_the_page(portal: Flask) -> None:
    owner = client_of(portal, OWNER)
    assert owner.get("/admin/translations").status_code == 403
    assert portal.test_client().get("/admin/translations").status_code in (302, 303)


# -- in the page ----------------------------------------------------------------------------------


def begin(client: FlaskClient, referrer: str = "http://localhost/admin/customers?lang=de") -> str:
    token = csrf_token(client.get("/admin/translations").text)
    answer = client.post(
        "/admin/translations/words", data={"csrf_token": token}, headers={"Referer": referrer}
    )
    return str(answer.location)


def test_a_page_numbers_its_texts_and_says_where_each_comes_from(admin: FlaskClient) -> None:
    assert begin(admin) == "/admin/customers?lang=de"
    page = admin.get("/admin/customers?lang=de").text
    words = page.partition('id="words"')[2] or page.partition("words-title")[2]
    number = page.partition("Zum Inhalt")[2][:1]
    assert number in "¹²³⁴⁵⁶⁷⁸⁹"
    assert "translations/de/LC_MESSAGES/orion.po:4" in words
    assert "customers.menu.customers" in words and "translations/de/LC_MESSAGES/customers.po" in words
    assert "manifests/customers.yaml:5" in words
    assert "*</a>" in page and "Missing" in words


def test_the_banner_ends_it(admin: FlaskClient) -> None:
    begin(admin)
    page = admin.get("/admin/customers").text
    assert 'action="/admin/translations/words/end"' in page
    token = csrf_token(page)
    admin.post("/admin/translations/words/end", data={"csrf_token": token})
    assert "words-title" not in admin.get("/admin/customers").text


def test_it_leads_back_to_pages_of_this_site_alone(admin: FlaskClient) -> None:
    assert begin(admin, "https://evil.example//evil.example/x") == "/"
    assert begin(admin, "") == "/"


def test_no_tile_and_no_form_that_was_sent_carries_numbers(admin: FlaskClient) -> None:
    begin(admin)
    assert "¹" not in admin.get("/admin/tiles/tenancy.vendors", headers={"HX-Request": "true"}).text
    answer = admin.post("/admin/vendors/new", data={"csrf_token": csrf_token(admin.get("/admin/").text)})
    assert answer.status_code == 422
    assert "words-title" not in answer.text


def test_others_are_shown_no_numbers_whatever_their_cookies_say(portal: Flask) -> None:
    staff = client_of(portal, "staff@orion.example")
    staff.set_cookie("orion_words", "1")
    assert "words-title" not in staff.get("/vendor/WIZAMART/customers").text
