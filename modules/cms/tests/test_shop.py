"""What everybody may read, and nobody else's drafts."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from modules.cms import publishing, queries, services
from modules.cms.tests.conftest import NOW, SYSTEM, Market, Shop
from modules.cms.tests.test_library import added
from modules.tenancy.api import Vendor, leave_platform
from orion.contracts.data import entered, session

pytestmark = pytest.mark.by_turns


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`later(days=2)`: so much has gone by since, for whoever reads."""

    def go(**by: int) -> None:
        monkeypatch.setattr("modules.cms.routes.shop.now", lambda: NOW + timedelta(**by))

    return go


def test_a_public_page_is_read_by_strangers(shop: Shop) -> None:
    shop.page("About us", "We are *six*.", "published")
    page = shop.window("/pages/about-us")
    assert page.status_code == 200
    assert "<h1>About us</h1>" in page.text and "We are <em>six</em>." in page.text
    assert "Dashboard" not in page.text and "csrf" not in page.text


@pytest.mark.parametrize("state", ["draft", "scheduled", "archived"])
def test_what_is_not_public_is_like_what_never_was(shop: Shop, state: str) -> None:
    shop.page("Secret plans", "Canary.", state)
    hidden, never = shop.window("/pages/secret-plans"), shop.window("/pages/never-was")
    assert hidden.status_code == never.status_code == 404
    assert hidden.text.replace("secret-plans", "never-was") == never.text


def _again_tomorrow(shop: Shop, public_id: str) -> None:
    """Choose a later moment for a page that is public, and say something else at another address."""
    with shop.at(write=True) as scope:
        page = queries.page(scope, public_id)
        publishing.publish(scope, [page], at=NOW + timedelta(days=1), now=NOW)
        said = {"title": "We", "slug": "we", "language": "en", "body": "We are *ten*."}
        services.edit(scope, page, **said, now=NOW)


def test_a_page_that_is_public_stays_as_it_is_until_the_later_moment(shop: Shop, later) -> None:
    _again_tomorrow(shop, shop.page("About us", "We are *six*.", "published"))
    old = shop.window("/pages/about-us")
    assert old.status_code == 200 and "<h1>About us</h1>" in old.text and "<em>six</em>" in old.text
    assert shop.window("/pages/we").status_code == 404
    later(days=2)
    assert shop.window("/pages/about-us").status_code == 404
    assert "<em>ten</em>" in shop.window("/pages/we").text


def test_other_pages_name_it_as_it_is_public(shop: Shop, later) -> None:
    shop.page("Returns", "Send it.", "published")
    _again_tomorrow(shop, shop.page("About us", "We are *six*.", "published"))

    def named() -> list[tuple[str, str]]:
        footer = shop.window("/pages/returns").text.partition("<footer>")[2]
        return re.findall(r"/pages/([a-z-]+)[^>]*>([^<]+)</a>", footer)

    assert named() == [("about-us", "About us")]
    later(days=2)
    assert named() == [("we", "We")]


def test_its_pictures_stay_public_with_it(shop: Shop) -> None:
    file = added(shop)
    _again_tomorrow(shop, shop.page("About us", f"![A lamp](media:{file})", "published"))
    assert shop.window(f"/media/{file}").status_code == 200


def test_what_is_published_at_once_or_taken_back_leaves_no_old_version(shop: Shop) -> None:
    one = shop.page("About us", "We are *six*.", "published")
    _again_tomorrow(shop, one)
    with shop.at(write=True) as scope:
        before = publishing.publish(scope, [queries.page(scope, one)], now=NOW)
    assert "<em>ten</em>" in shop.window("/pages/we").text
    with shop.at(write=True) as scope:
        publishing.bring_back(scope, before)
    assert "<em>six</em>" in shop.window("/pages/about-us").text
    with shop.at(write=True) as scope:
        publishing.unpublish(scope, [queries.page(scope, one)])
    assert {shop.window(f"/pages/{slug}").status_code for slug in ("about-us", "we")} == {404}


def test_whoever_chooses_a_later_moment_is_told_what_stays_until_then(shop: Shop) -> None:
    one = shop.page("About us", "We are *six*.", "published")
    assert "stays public as it is until then" in shop.get(f"/pages/{one}/publish").text
    _again_tomorrow(shop, one)
    page = shop.get(f"/pages/{one}").text
    assert "Until then it is public as it was when version 1" in page and "/pages/about-us" in page
    assert "This page is public as it was" in shop.get(f"/pages/{one}/edit").text


def test_a_draft_is_in_no_public_page(shop: Shop) -> None:
    shop.page("About us", "Hello.", "published")
    shop.page("Secret plans", "Canary.")
    shop.page("Returns", "Send it.", "published")
    page = shop.window("/pages/about-us").text
    assert "Returns" in page and "Secret plans" not in page


def test_whoever_works_for_the_shop_sees_no_draft_there_either(shop: Shop, market: Market) -> None:
    shop.page("Secret plans", "Canary.")
    assert market.client("owner").get(f"/shop/{shop.code}/pages/secret-plans").status_code == 404


def test_another_vendors_page_is_not_in_this_shop(shop: Shop, market: Market) -> None:
    market.shop().page("Theirs", "Canary.", "published")
    assert shop.window("/pages/theirs").status_code == 404


def test_a_page_is_in_its_own_language_and_direction(shop: Shop) -> None:
    with shop.at(write=True) as scope:
        from modules.cms import publishing, services
        from modules.cms.tests.conftest import NOW

        page = services.create(scope, title="من نحن", slug="about", language="ar", body="مرحبا", now=NOW)
        publishing.publish(scope, [page], now=NOW)
    assert '<div class="reading" lang="ar" dir="rtl">' in shop.window("/pages/about").text


def test_a_picture_is_loaded_from_the_shop_and_described(shop: Shop) -> None:
    file = added(shop)
    shop.page("About us", f"![A lamp](media:{file})", "published")
    page = shop.window("/pages/about-us").text
    tag = re.search(r"<img [^>]*>", page)
    assert tag is not None and f'src="/shop/{shop.code}/media/{file}?v=' in tag[0]
    assert 'alt="A lamp"' in tag[0] and 'width="60"' in tag[0] and 'loading="lazy"' in tag[0]
    assert f"/vendor/{shop.code}" not in page


def test_a_shop_that_is_suspended_shows_nothing(shop: Shop) -> None:
    shop.page("About us", "Hello.", "published")
    with shop.market.app.app_context(), entered(SYSTEM, write=True) as writing:
        session().query(Vendor).filter(Vendor.code == shop.code).one().status = "suspended"
        writing.commit()
    assert shop.window("/pages/about-us").status_code == 404


def test_a_platform_that_a_shop_has_left_is_like_one_that_never_was(shop: Shop, market: Market) -> None:
    shop.page("About us", "Hello.", "published")
    with market.app.app_context(), entered(SYSTEM, write=True) as writing:
        vendor = session().query(Vendor).filter(Vendor.code == shop.code).one()
        leave_platform(SYSTEM, vendor, market.platforms["east"], NOW.date())
        writing.commit()
    ended, never = (shop.window("/pages/about-us", platform=code) for code in ("east", "never"))
    assert ended.status_code == never.status_code == 404
    assert ended.text.replace("east", "never") == never.text
    assert shop.window("/pages/about-us", platform="west").status_code == 200
    assert shop.window("/pages/about-us").status_code == 200


INJECTIONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    '![x" onerror="alert(1)](media:22222222222222)',
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example>",
    "</article></main><script>alert(1)</script>",
]


class Tags(HTMLParser):
    """The tags of an answer's text with their attributes, as a browser reads them."""

    def __init__(self, page) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.text.partition('class="prose"')[2].partition(">")[2].partition("</article>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_somebody_slips_into_a_page_does_nothing(shop: Shop, text: str) -> None:
    one = shop.page("About us", text, "published")
    read = (shop.window("/pages/about-us"), shop.get(f"/pages/{one}"), shop.post("/pages/preview", body=text))
    for page in read:
        for tag, attributes in Tags(page).found:
            assert tag in ("p", "a", "img") and set(attributes) <= {"alt", "rel", "title"}, (tag, attributes)


def test_a_title_is_text(shop: Shop) -> None:
    shop.page("<script>alert(1)</script>", "Hello.", "published", slug="x")
    page = shop.window("/pages/x").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# -- features ---


@pytest.fixture
def without(market: Market, monkeypatch: pytest.MonkeyPatch):
    """`without("cms_media")` switches a feature off for the rest of the test."""
    orion = market.app.extensions["orion"]

    def switch_off(feature: str) -> None:
        registry = orion.registry
        manifest = registry.manifests["cms"]
        features = tuple(
            replace(one, default=False) if one.id == feature else one for one in manifest.features
        )
        manifests = {**registry.manifests, "cms": replace(manifest, features=features)}
        monkeypatch.setattr(orion, "registry", replace(registry, manifests=manifests, version=feature))

    return switch_off


def test_without_public_pages_nobody_reads_them_and_no_link_leads_there(shop: Shop, without) -> None:
    one = shop.page("About us", "Hello.", "published")
    assert f"/shop/{shop.code}/pages/about-us" in shop.get(f"/pages/{one}").text
    without("cms_shop")
    assert shop.window("/pages/about-us").status_code == 404
    assert "/shop/" not in shop.get(f"/pages/{one}").text


def test_without_scheduling_pages_are_published_at_once_alone(shop: Shop, market: Market, without) -> None:
    one = shop.page("About us")
    assert 'name="on"' in shop.get(f"/pages/{one}/publish").text
    without("cms_scheduling")
    assert 'name="on"' not in shop.get(f"/pages/{one}/publish").text
    sent = {"on": "2090-01-01", "shown_on": str(market.platforms["east"].id), "version": "1"}
    assert shop.post(f"/pages/{one}/publish", **sent).status_code == 303
    assert shop.window("/pages/about-us").status_code == 200


def test_without_versions_they_are_kept_and_not_shown(shop: Shop, without) -> None:
    one = shop.page("About us")
    without("cms_versions")
    assert "/versions" not in shop.get(f"/pages/{one}").text
    assert shop.get(f"/pages/{one}/versions").status_code == 404
    assert shop.post(f"/pages/{one}/versions/1/restore").status_code == 404


def test_without_media_there_is_no_library_no_tile_and_no_picture(shop: Shop, without) -> None:
    file = added(shop)
    one = shop.page("About us", f"![A lamp](media:{file})", "published")
    assert "media_size" in shop.get("/").text
    without("cms_media")
    for path in ("/media", "/media/upload", f"/media/{file}", f"/media/{file}/file"):
        assert shop.get(path).status_code == 404, path
    assert shop.window(f"/media/{file}").status_code == 404
    home = shop.get("/").text
    assert f"/vendor/{shop.code}/media" not in home and "cms.media_size" not in home and "cms.pages" in home
    assert "src=" not in shop.get(f"/pages/{one}").text.partition("<article")[2].partition("</article>")[0]
    assert "data-insert" not in shop.get(f"/pages/{one}/edit").text
