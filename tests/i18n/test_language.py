"""The page on which somebody chooses the language to read in."""

import pytest
from flask.testing import FlaskClient
from flask_babel import lazy_gettext, lazy_ngettext
from sqlalchemy import text

from orion.contracts.locales import kept, said_again, speaking
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.testing import csrf_token
from tests.i18n.test_catalogs import Shelf, entry, reader, says, shelf

__all__ = ["reader", "shelf"]
pytestmark = pytest.mark.only_on("sqlite")


def test_what_a_row_keeps_is_said_in_the_language_of_whoever_reads(german: Shelf) -> None:
    with german.app.test_request_context():
        one = kept(lazy_gettext("%(what)s, %(who)s", what=lazy_gettext("Good day"), who="Ann"))
        many = kept(lazy_ngettext("%(num)s row", "%(num)s rows", 3))
        with speaking("de"):
            assert (said_again(one), said_again(many)) == ("Guten Tag, Ann", "3 rows")
        assert said_again(one) == "Good day, Ann"


@pytest.mark.parametrize("text", ["plain", '{"say": ["gettext", ["x"], {}]}', "ö" * 600])
def test_what_is_no_text_of_a_catalog_is_kept_as_it_is(german: Shelf, text: str) -> None:
    with german.app.test_request_context():
        assert said_again(kept(text, 500)).strip() == text[:500]
        assert (text * 100).startswith(said_again(kept(lazy_gettext("%(x)s", x=text * 100), 500)).strip())


@pytest.fixture
def german(shelf: Shelf) -> Shelf:
    shelf.save("de", entry("Good day", "Guten Tag"))
    return shelf


def choose(client: FlaskClient, lang: str, back: str = "/vendor/ACME/alpha") -> tuple[int, str | None]:
    page = client.get(f"/account/language?next={back}").text
    answer = client.post(
        "/account/language", data={"csrf_token": csrf_token(page), "lang": lang, "next": back}
    )
    return answer.status_code, answer.location


def test_a_language_is_chosen_for_good(german: Shelf, reader: FlaskClient) -> None:
    assert 'lang="de"' in reader.get("/account/language").text
    assert choose(reader, "de") == (303, "/vendor/ACME/alpha")
    assert says(reader, lang="") == "Guten Tag"
    with german.app.app_context(), db.engines["write"].connect() as connection:
        reading = connection.execution_options(**AS_OWNER)
        assert reading.execute(text("SELECT locale FROM orion_user")).scalars().all() == ["de"]


def test_strangers_choose_too(german: Shelf) -> None:
    stranger = german.client()
    assert 'href="/account/language?next=/login"' in stranger.get("/login").text
    assert choose(stranger, "de", "/login") == (303, "/login")
    assert '<html lang="de"' in stranger.get("/login").text


def test_a_pseudo_language_is_this_browsers_alone(german: Shelf, reader: FlaskClient) -> None:
    choose(reader, "de")
    choose(reader, "en_XA")
    assert says(reader, lang="").startswith("⟦")
    choose(reader, "de")
    assert says(reader, lang="") == "Guten Tag"


def test_what_there_is_not_is_refused_and_no_other_site_is_led_to(german: Shelf, reader: FlaskClient) -> None:
    assert choose(reader, "tlh")[0] == 422
    assert choose(reader, "de", "//evil.example/") == (303, "/")


def test_the_menu_leads_there_and_back(german: Shelf, reader: FlaskClient) -> None:
    page = reader.get("/vendor/ACME/alpha?lang=de&q=x").text
    assert 'href="/account/language?next=/vendor/ACME/alpha?q%3Dx"' in page or "next=%2Fvendor" in page
