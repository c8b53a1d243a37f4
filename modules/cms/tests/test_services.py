"""Writing, publishing and deleting pages."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from modules.cms import library, publishing, queries, services
from modules.cms.models import Page, PagePlatform, Version
from modules.cms.tests.conftest import NOW, Shop
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.markdown import LONGEST

LATER = NOW + timedelta(hours=1)
TEXT = {"title": "About us", "language": "en", "body": "Hello."}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("About us", "about-us"),
        ("  Über  uns! ", "uber-uns"),
        ("Shipping & Returns", "shipping-returns"),
        ("50 % off — today", "50-off-today"),
        ("x" * 200, "x" * 80),
    ],
)
def test_an_address_is_made_of_the_title(title: str, slug: str) -> None:
    assert services.slug_of(title) == slug


def test_a_title_without_latin_letters_gets_an_address_too() -> None:
    assert services.SLUG.fullmatch(services.slug_of("Доставка"))


def test_a_second_page_of_the_same_title_gets_an_address_of_its_own(shop: Shop) -> None:
    ids = [shop.page("About us") for _n in range(3)]
    assert [shop.read(one).slug for one in ids] == ["about-us", "about-us-2", "about-us-3"]


@pytest.mark.parametrize("slug", ["About", "über", "a--b", "-a", "a-", "a b", "a/b", "..", "a" * 121])
def test_what_is_no_address_is_refused(shop: Shop, slug: str) -> None:
    with shop.at(write=True) as scope, pytest.raises(Invalid) as caught:
        services.create(scope, slug=slug, **TEXT, now=NOW)
    assert list(caught.value.errors) == ["slug"]


def test_an_address_that_another_page_has_is_refused(shop: Shop) -> None:
    shop.page("About us")
    other = shop.page("Shipping")
    with shop.at(write=True) as scope, pytest.raises(Invalid) as caught:
        services.edit(scope, queries.page(scope, other), **{**TEXT, "slug": "about-us"}, now=NOW)
    assert list(caught.value.errors) == ["slug"]


def test_two_vendors_may_have_pages_at_the_same_address(shop: Shop, market) -> None:
    assert shop.read(shop.page("About us")).slug == "about-us"
    other = market.shop()
    assert other.read(other.page("About us")).slug == "about-us"


def test_a_text_may_be_as_large_as_is_said_and_no_larger(shop: Shop) -> None:
    with shop.at(write=True) as scope:
        services.create(scope, **{**TEXT, "body": "é" * (LONGEST // 2)}, now=NOW)
        with pytest.raises(Invalid) as caught:
            services.create(scope, **{**TEXT, "body": "é" * (LONGEST // 2) + "a"}, now=NOW)
    assert list(caught.value.errors) == ["body"]


# -- versions ---


def _versions(shop: Shop, public_id: str) -> list[tuple[int, str, str]]:
    with shop.at() as scope:
        found = queries.versions(scope, queries.page(scope, public_id))
        return [(version.number, version.title, version.body) for version, _who in found]


def test_every_save_keeps_a_version(shop: Shop) -> None:
    one = shop.page("About us", "Hello.")
    with shop.at(write=True) as scope:
        page = queries.page(scope, one)
        assert services.edit(scope, page, **{**TEXT, "slug": "about-us", "body": "Hello again."}, now=LATER)
    assert _versions(shop, one) == [(2, "About us", "Hello again."), (1, "About us", "Hello.")]
    assert shop.read(one).updated_at == LATER


def test_a_save_that_changes_nothing_keeps_none(shop: Shop) -> None:
    one = shop.page("About us", "Hello.")
    with shop.at(write=True) as scope:
        assert not services.edit(scope, queries.page(scope, one), **TEXT, slug="about-us", now=LATER)
    assert len(_versions(shop, one)) == 1


def test_an_earlier_version_becomes_the_latest_again(shop: Shop) -> None:
    one = shop.page("About us", "Hello.")
    with shop.at(write=True) as scope:
        page = queries.page(scope, one)
        services.edit(scope, page, title="New", slug="new", language="de", body="Neu.", now=NOW)
        services.restore(scope, page, 1, now=LATER)
    page = shop.read(one)
    assert (page.title, page.slug, page.language, page.body) == ("About us", "about-us", "en", "Hello.")
    assert page.html == "<p>Hello.</p>\n" and page.number == 3


def test_a_restored_page_keeps_its_address_where_the_old_one_is_taken(shop: Shop) -> None:
    one = shop.page("About us")
    with shop.at(write=True) as scope:
        page = queries.page(scope, one)
        services.edit(scope, page, **TEXT, slug="who-we-are", now=NOW)
        services.create(scope, **TEXT, slug="about-us", now=NOW)
        services.restore(scope, page, 1, now=NOW)
        assert page.slug == "who-we-are"


def test_a_version_that_never_was_is_not_found(shop: Shop) -> None:
    one = shop.page()
    with shop.at(write=True) as scope, pytest.raises(NotFound):
        services.restore(scope, queries.page(scope, one), 9, now=NOW)


def test_a_copy_is_a_draft_at_an_address_of_its_own(shop: Shop) -> None:
    one = shop.page("About us", "Hello.", "published")
    with shop.at(write=True) as scope:
        copy = services.duplicate(scope, queries.page(scope, one), now=NOW)
        assert (copy.title, copy.slug, copy.body) == ("About us (copy)", "about-us-2", "Hello.")
        assert copy.state(LATER) == "draft"


# -- publication ---


def _public(shop: Shop, slug: str, now=LATER, platform: str | None = None) -> bool:
    with shop.at(platform) as scope:
        try:
            return queries.public_page(scope, slug, now).slug == slug
        except NotFound:
            return False


def test_a_draft_is_not_public(shop: Shop) -> None:
    shop.page("About us")
    assert not _public(shop, "about-us")


def test_a_page_is_public_from_its_moment_on_and_no_job_is_needed(shop: Shop) -> None:
    one = shop.page("About us")
    with shop.at(write=True) as scope:
        publishing.publish(scope, [queries.page(scope, one)], at=LATER, now=NOW)
    assert not _public(shop, "about-us", LATER - timedelta(seconds=1))
    assert _public(shop, "about-us", LATER)


@pytest.mark.parametrize("state", ["draft", "scheduled", "published", "archived"])
def test_a_state_is_the_same_in_python_and_in_the_database(shop: Shop, state: str) -> None:
    one = shop.page(state=state)
    assert shop.read(one).state(LATER) == state
    with shop.at() as scope:
        found = {
            name: bool(session().scalar(queries.pages(scope).where(queries.in_state(name, LATER))))
            for name in queries.STATES
        }
    assert [name for name, there in found.items() if there] == [state]


def test_a_moment_that_has_passed_is_refused(shop: Shop) -> None:
    one = shop.page()
    with shop.at(write=True) as scope, pytest.raises(Invalid) as caught:
        publishing.publish(scope, [queries.page(scope, one)], at=NOW, now=NOW)
    assert list(caught.value.errors) == ["on"]


def test_publishing_again_keeps_since_when_it_was_public(shop: Shop) -> None:
    one = shop.page(state="published")
    with shop.at(write=True) as scope:
        publishing.publish(scope, [queries.page(scope, one)], now=LATER)
    assert shop.read(one).published_from == NOW


def test_publishing_now_brings_a_scheduled_page_forward(shop: Shop) -> None:
    one = shop.page(state="scheduled")
    with shop.at(write=True) as scope:
        publishing.publish(scope, [queries.page(scope, one)], now=LATER)
    assert shop.read(one).published_from == LATER


def test_an_archived_page_is_not_public_and_comes_back_as_a_draft(shop: Shop) -> None:
    one = shop.page("About us", state="published")
    with shop.at(write=True) as scope:
        publishing.archive(scope, [queries.page(scope, one)], now=NOW)
    assert not _public(shop, "about-us")
    with shop.at(write=True) as scope:
        publishing.unarchive(scope, [queries.page(scope, one)])
    assert shop.read(one).state(LATER) == "draft"


def test_a_page_shows_on_the_platforms_it_was_put_on_alone(shop: Shop, market) -> None:
    one = shop.page("About us", state="published")
    with shop.at(write=True) as scope:
        publishing.place(scope, queries.page(scope, one), [market.platforms["east"].id])
    assert _public(shop, "about-us", platform="east")
    assert not _public(shop, "about-us", platform="west")
    assert _public(shop, "about-us")


def test_a_page_on_no_platform_shows_nowhere(shop: Shop) -> None:
    one = shop.page("About us", state="published")
    with shop.at(write=True) as scope:
        publishing.place(scope, queries.page(scope, one), [])
    assert not _public(shop, "about-us")


def test_on_one_platform_a_page_is_written_for_that_platform(shop: Shop, market) -> None:
    with shop.at("east", write=True) as scope:
        one = services.create(scope, **TEXT, now=NOW).public_id
    with shop.at() as scope:
        page = queries.page(scope, one)
        assert [p.code for p in queries.platforms_of(scope, page)] == ["east"]
    with shop.at("west") as scope, pytest.raises(NotFound):
        queries.page(scope, one)


@pytest.mark.parametrize(
    ("zone", "on", "at", "utc"),
    [
        ("Europe/Luxembourg", date(2026, 7, 1), time(9, 30), "2026-07-01T07:30:00+00:00"),
        ("Europe/Luxembourg", date(2026, 12, 1), time(9, 30), "2026-12-01T08:30:00+00:00"),
        ("Europe/Luxembourg", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00+00:00"),
        ("Pacific/Auckland", date(2026, 1, 1), time(0, 0), "2025-12-31T11:00:00+00:00"),
    ],
)
def test_a_local_time_is_a_moment_of_the_vendors_zone(zone: str, on: date, at: time, utc: str) -> None:
    assert publishing.moment_of(on, at, zone).isoformat() == utc


def test_a_time_that_the_day_leaves_out_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        publishing.moment_of(date(2026, 3, 29), time(2, 30), "Europe/Luxembourg")
    assert list(caught.value.errors) == ["time"]


# -- deleting ---


def test_a_deleted_page_is_gone_and_can_be_brought_back(shop: Shop) -> None:
    one = shop.page("About us", state="published")
    with shop.at(write=True) as scope:
        before = publishing.delete(scope, [queries.page(scope, one)], now=NOW)
    with shop.at() as scope, pytest.raises(NotFound):
        queries.page(scope, one)
    assert not _public(shop, "about-us")
    with shop.at(write=True) as scope:
        publishing.bring_back(scope, before)
    assert _public(shop, "about-us")


def test_a_deleted_pages_address_is_free_and_then_it_stays_away(shop: Shop) -> None:
    one = shop.page("About us")
    with shop.at(write=True) as scope:
        before = publishing.delete(scope, [queries.page(scope, one)], now=NOW)
    assert shop.read(shop.page("About us")).slug == "about-us"
    with shop.at(write=True) as scope, pytest.raises(Conflict):
        publishing.bring_back(scope, before)


def test_what_was_deleted_long_ago_goes_for_good_with_all_that_belongs_to_it(shop: Shop) -> None:
    old, new = shop.page("Old"), shop.page("New")
    with shop.at(write=True) as scope:
        publishing.delete(scope, [queries.page(scope, old)], now=NOW - publishing.KEPT - timedelta(days=1))
    with shop.at(write=True) as scope:
        publishing.delete(scope, [queries.page(scope, new)], now=NOW)
    with shop.at():
        assert session().scalars(select(Page.public_id)).all() == [new]
        assert len(session().scalars(select(Version)).all()) == 1
        assert len(session().scalars(select(PagePlatform)).all()) == 2


def test_a_page_notes_the_files_that_it_names(shop: Shop) -> None:
    from modules.cms.tests.test_library import added

    file = added(shop)
    one = shop.page(body=f"![x](media:{file})")
    with shop.at() as scope:
        assert [p.public_id for p in library.used_in(scope, library.one(scope, file))] == [one]
    with shop.at(write=True) as scope:
        services.edit(scope, queries.page(scope, one), **TEXT, slug="about-us", now=LATER)
        assert library.used_in(scope, library.one(scope, file)) == []
