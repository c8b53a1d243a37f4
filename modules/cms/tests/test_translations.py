"""Pages in several languages: written beside their own, out of date when it changes, and read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from modules.cms import publishing, queries, services, translating
from modules.cms.models import Page, Version
from modules.cms.tests.conftest import NOW, SYSTEM, Market, Shop
from modules.cms.tests.test_library import added
from modules.tenancy.api import Vendor
from orion.contracts.data import entered, session
from orion.contracts.errors import Invalid, NotFound

pytestmark = pytest.mark.by_turns


@pytest.fixture
def spoken(shop: Shop) -> Shop:
    """A shop that writes in English, and translates into French and German."""
    with shop.market.app.app_context(), entered(SYSTEM, write=True) as writing:
        writing.scalars(select(Vendor).where(Vendor.code == shop.code)).one().languages = ["fr", "de"]
        writing.commit()
    return shop


@pytest.fixture
def about(spoken: Shop) -> Iterator[str]:
    """A public page; its public id."""
    return spoken.page("About us", "We are *six*.", "published")


def say(shop: Shop, page: str, title: str = "Qui sommes-nous", body: str = "Nous sommes *six*.") -> Any:
    """Translate a page into French."""
    with shop.at(write=True) as scope:
        return translating.translate(scope, queries.page(scope, page), "fr", title, body, now=NOW)


def edit(shop: Shop, page: str, **changed: str) -> None:
    with shop.at(write=True) as scope:
        found = queries.page(scope, page)
        said = {name: getattr(found, name) for name in ("title", "slug", "language", "body")}
        services.edit(scope, found, **{**said, **changed}, now=NOW)


def is_old(shop: Shop, page: str) -> bool:
    """Whether the French page is out of date."""
    with shop.at() as scope:
        found = queries.page(scope, page)
        return queries.translated(scope, found)["fr"] < found.text_number


def listed(shop: Shop, **asked: str) -> list[str]:
    page = shop.get("/pages", **asked)
    assert page.status_code == 200
    return re.findall(r'<th scope="row".*?<a [^>]*>([^<]+)</a>', page.text)


# -- written --------------------------------------------------------------------------------------


def test_a_page_is_out_of_date_in_a_language_once_its_own_text_changes(spoken: Shop, about: str) -> None:
    say(spoken, about)
    edit(spoken, about, slug="about")
    assert not is_old(spoken, about)
    edit(spoken, about, body="We are seven.")
    assert is_old(spoken, about)
    say(spoken, about)
    assert not is_old(spoken, about)


def test_each_saved_translation_is_a_version(spoken: Shop, about: str) -> None:
    say(spoken, about)
    say(spoken, about)
    say(spoken, about, "Notre équipe")
    with spoken.at():
        asked = select(Version.number, Version.title, Version.language).where(Version.is_translation)
        found = session().execute(asked.order_by(Version.number)).all()
    assert [tuple(row) for row in found] == [(2, "Qui sommes-nous", "fr"), (3, "Notre équipe", "fr")]


def test_restoring_a_translations_version_leaves_the_page_as_it_is(spoken: Shop, about: str) -> None:
    say(spoken, about)
    edit(spoken, about, title="All about us")
    say(spoken, about, "Notre équipe")
    with spoken.at(write=True) as scope:
        services.restore(scope, queries.page(scope, about), 2, now=NOW)
    with spoken.at() as scope:
        page = queries.page(scope, about)
        row = queries.translation(scope, page, "fr")
        assert row and (page.title, row.title) == ("All about us", "Qui sommes-nous")
    # It is a translation of what the page said then.
    assert is_old(spoken, about)


def test_restoring_a_pages_version_leaves_its_translation_as_it_is(spoken: Shop, about: str) -> None:
    say(spoken, about)
    edit(spoken, about, title="All about us")
    answer = spoken.post(f"/pages/{about}/versions/1/restore")
    assert answer.status_code == 303
    with spoken.at() as scope:
        page = queries.page(scope, about)
        row = queries.translation(scope, page, "fr")
        assert row and (page.title, row.title) == ("About us", "Qui sommes-nous")


def test_the_latest_of_each_language_cannot_be_restored(spoken: Shop, about: str) -> None:
    say(spoken, about)
    assert spoken.post(f"/pages/{about}/versions/1/restore").status_code == 404
    assert spoken.post(f"/pages/{about}/versions/2/restore").status_code == 404
    assert spoken.get(f"/pages/{about}/versions").text.count("Latest") == 2


def test_an_emptied_translation_is_none(spoken: Shop, about: str) -> None:
    say(spoken, about)
    assert say(spoken, about, "", "") == {"title": "Qui sommes-nous", "body": "Nous sommes *six*.", "of": 1}
    with spoken.at() as scope:
        assert queries.translated(scope, queries.page(scope, about)) == {}


def test_a_text_without_a_title_is_refused(spoken: Shop, about: str) -> None:
    with pytest.raises(Invalid):
        say(spoken, about, "")


def test_a_page_is_translated_into_the_vendors_languages_alone(spoken: Shop, about: str) -> None:
    with spoken.at(write=True) as scope:
        page = queries.page(scope, about)
        for language in ("it", "en", ""):
            with pytest.raises(NotFound):
                translating.translate(scope, page, language, "x", "", now=NOW)


def test_a_page_in_another_language_can_be_translated_into_the_vendors_own(spoken: Shop) -> None:
    with spoken.at(write=True) as scope:
        page = services.create(scope, title="Über uns", language="de", body="", now=NOW)
        assert translating.targets(scope, page) == ["en", "fr"]


def test_a_copy_has_the_translations_too(spoken: Shop, about: str) -> None:
    say(spoken, about)
    with spoken.at(write=True) as scope:
        copy = services.duplicate(scope, queries.page(scope, about), now=NOW)
        assert queries.translated(scope, copy) == {"fr": 1}


def test_translations_go_with_their_page(spoken: Shop, about: str) -> None:
    say(spoken, about)
    with spoken.at(write=True):
        session().delete(session().scalars(select(Page).where(Page.public_id == about)).one())
        session().flush()
        assert session().scalars(select(queries.Translation)).all() == []


def test_a_file_in_a_translation_is_seen_by_strangers(spoken: Shop, about: str) -> None:
    file = added(spoken)
    assert spoken.window(f"/media/{file}").status_code == 404
    say(spoken, about, body=f"![Une lampe](media:{file})")
    assert spoken.window(f"/media/{file}").status_code == 200


def test_the_list_finds_what_is_missing_and_what_is_out_of_date(spoken: Shop, about: str) -> None:
    spoken.page("Returns", "Send it.")
    say(spoken, about)
    assert listed(spoken, translation="missing-fr") == ["Returns"]
    assert set(listed(spoken, translation="missing-de")) == {"Returns", "About us"}
    assert listed(spoken, translation="missing-en") == listed(spoken, translation="outdated-fr") == []
    edit(spoken, about, body="We are seven.")
    assert listed(spoken, translation="outdated-fr") == ["About us"]


# -- the page -------------------------------------------------------------------------------------


def test_a_page_is_translated_beside_its_own_text(spoken: Shop, about: str) -> None:
    at = f"/pages/{about}/edit"
    page = spoken.get(at, translation="fr").text
    assert '<q lang="en" dir="ltr">About us</q>' in page and "We are *six*." in page
    version = re.search(r'<input[^>]*name="version"[^>]*value="(\d+)"', page)
    assert version
    said = {"title": "Qui sommes-nous", "body": "Nous", "version": version[1]}
    assert spoken.post(f"{at}?translation=fr", **said).status_code == 303
    assert spoken.post(f"{at}?translation=fr", **{**said, "title": "Autre"}).status_code == 409
    page = spoken.get(at, translation="fr").text
    assert 'value="Qui sommes-nous"' in page and "Nous</textarea>" in page


def test_what_has_changed_since_the_translation_is_shown(spoken: Shop, about: str) -> None:
    say(spoken, about)
    edit(spoken, about, title="All about us")
    page = spoken.get(f"/pages/{about}/edit", translation="fr").text
    assert "What has changed since it was translated" in page and "Out of date" in page
    assert "<td>About us</td><td>All about us</td>" in page


def test_saving_a_translation_can_be_undone(spoken: Shop, about: str) -> None:
    say(spoken, about)
    at = f"/pages/{about}/edit"
    page = spoken.get(at, translation="fr").text
    version = re.search(r'<input[^>]*name="version"[^>]*value="(\d+)"', page)
    assert version
    assert spoken.post(f"{at}?translation=fr", title="Autre", body="", version=version[1]).status_code == 303
    spoken.undo()
    with spoken.at() as scope:
        row = queries.translation(scope, queries.page(scope, about), "fr")
        assert row and (row.title, row.body) == ("Qui sommes-nous", "Nous sommes *six*.")


def test_whoever_may_not_edit_translates_nothing(spoken: Shop, about: str) -> None:
    assert spoken.get(f"/pages/{about}/edit", who="viewer", translation="fr").status_code == 403
    assert "translation=" not in spoken.get(f"/pages/{about}", who="viewer").text


# -- read -----------------------------------------------------------------------------------------


def test_a_stranger_reads_a_page_in_the_language_of_the_browser(
    spoken: Shop, about: str, market: Market
) -> None:
    say(spoken, about)
    reader = market.app.test_client()
    at = f"/shop/{spoken.code}/pages/about-us"
    page = reader.get(at, headers={"Accept-Language": "it, fr-CH;q=0.9, en;q=0.5"}).text
    assert '<div class="reading" lang="fr" dir="ltr">' in page and "<h1>Qui sommes-nous</h1>" in page
    assert "Nous sommes <em>six</em>." in page
    assert "<h1>About us</h1>" in reader.get(at, headers={"Accept-Language": "de, it"}).text
    assert "<h1>About us</h1>" in reader.get(at).text


def test_an_address_names_the_language(spoken: Shop, about: str) -> None:
    say(spoken, about)
    page = spoken.window("/pages/about-us", lang="fr").text
    assert "<h1>Qui sommes-nous</h1>" in page
    assert re.search(r'<link rel="alternate" hreflang="en" href="[^"]*lang=en">', page)
    assert "<h1>About us</h1>" in spoken.window("/pages/about-us", lang="en").text
    assert "<h1>About us</h1>" in spoken.window("/pages/about-us", lang="de").text


def test_more_pages_are_named_in_the_same_language(spoken: Shop, about: str) -> None:
    spoken.page("Returns", "Send it.", "published")
    say(spoken, about)
    assert "Returns" not in spoken.window("/pages/about-us", lang="fr").text
    page = spoken.window("/pages/returns").text
    assert "About us" in page and "Qui sommes-nous" not in page


def test_a_page_in_one_language_offers_no_other(shop: Shop) -> None:
    shop.page("About us", "We are six.", "published")
    page = shop.window("/pages/about-us").text
    assert "hreflang" not in page and "Languages of this page" not in page


def test_until_a_later_moment_a_public_page_says_in_every_language_what_it_said(
    spoken: Shop, about: str
) -> None:
    say(spoken, about)
    with spoken.at(write=True) as scope:
        publishing.publish(scope, [queries.page(scope, about)], at=NOW + timedelta(days=1), now=NOW)
        translating.translate(scope, queries.page(scope, about), "de", "Wir", "Wir sind *zehn*.", now=NOW)
    say(spoken, about, "Nous", "Nous sommes *dix*.")
    edit(spoken, about, body="We are *ten*.")
    page = spoken.window("/pages/about-us", lang="fr").text
    assert "<h1>Qui sommes-nous</h1>" in page and "<em>six</em>" in page
    assert 'hreflang="de"' not in page
    assert "<em>six</em>" in spoken.window("/pages/about-us", lang="de").text
