"""What htmx adds: tiles that heal, lists that follow, a switch that stays."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.engine import make_url

from tests.browser.conftest import Server, Visiting

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

SHOP = "/vendor/WIZAMART"


def test_a_list_follows_while_one_types(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/customers")
        with v.page.expect_response(lambda r: "q=" in r.url):
            v.page.fill("input[type=search]", "zzzz")
        v.page.wait_for_selector(".empty")
        assert "q=zzzz" in v.page.url
        assert v.page.input_value("input[type=search]") == "zzzz"


def test_back_after_a_filter_shows_the_whole_list_and_its_form(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/orders")
        first = v.page.locator("tbody th").first.inner_text()
        v.page.select_option("select[name=kind]", "refund")
        v.page.wait_for_url("**/orders?*kind=refund*")
        v.page.locator(".chip").wait_for()
        assert v.page.locator("tbody th").first.inner_text() != first
        v.page.go_back()
        v.page.wait_for_url(f"**{SHOP}/orders")
        v.page.locator(".chip").wait_for(state="detached")
        assert v.page.locator("tbody th").first.inner_text() == first
        assert v.page.input_value("select[name=kind]") == ""
        v.page.go_forward()
        v.page.locator(".chip").wait_for()
        assert v.page.input_value("select[name=kind]") == "refund"


def test_filters_fold_away_on_a_phone_and_are_open_while_one_is_in_use(visitor: Visiting) -> None:
    with visitor(width=390) as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/orders")
        kind = v.page.locator("select[name=kind]")
        assert not kind.is_visible()
        assert v.page.locator("input[type=search]").is_visible()
        v.page.click("details.filters summary")
        kind.select_option("refund")
        v.page.locator(".chip").wait_for()
        v.page.reload()
        assert kind.is_visible()
    with visitor(width=1280) as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/orders")
        assert v.page.locator("select[name=kind]").is_visible()
        assert not v.page.locator("details.filters summary").is_visible()


def test_the_platform_switch_changes_figures_and_lists_and_stays(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/")
        v.settled()
        everything = v.page.locator("#tile-orders-revenue .value").inner_text()
        v.page.click("header summary:has-text('All platforms')")
        v.page.click("header a:has-text('Letz')")
        v.page.wait_for_url("**platform=letz**")
        v.settled()
        assert v.page.locator("#tile-orders-revenue .value").inner_text() != everything
        v.page.click("nav#menu a:has-text('orders')")
        v.page.wait_for_url("**/orders?platform=letz")
        numbers = v.page.locator("tbody th").all_inner_texts()
        assert any(number.startswith("LETZ-") for number in numbers)
        assert not any(number.startswith("OMS-") for number in numbers)
        v.page.select_option("select[name=kind]", "sale")
        v.page.wait_for_url("**kind=sale**")
        assert "platform=letz" in v.page.url
        v.page.click("header summary:has-text('Letz')")
        v.page.click("header a:has-text('All platforms')")
        v.page.wait_for_url(lambda url: "platform" not in url)


def test_a_failed_tile_names_its_module_and_heals_when_one_tries_again(
    own_visitor: Visiting, own_server: Server
) -> None:
    file = make_url(own_server.app.extensions["settings"].database).database or ""
    with own_visitor() as v, closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
        other.execute("ALTER TABLE orders_daily RENAME TO away")
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/")
        v.settled()
        tile = v.page.locator("#tile-orders-revenue")
        assert "Order Management" in tile.locator(".failed").inner_text()
        assert v.page.locator("#tile-customers-total .value").inner_text() != ""
        other.execute("ALTER TABLE away RENAME TO orders_daily")
        for _try in range(8):
            if not tile.locator(".failed").count():
                break
            tile.locator("[data-retry]").click()
            v.page.wait_for_timeout(1000)
        assert "€" in tile.locator(".value").inner_text()
        assert tile.locator(".failed").count() == 0


def test_a_dropped_connection_leaves_a_message_and_a_retry(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.page.route("**/tiles**", lambda route: route.abort())
        v.go(f"{SHOP}/")
        retry = v.page.locator("[data-retry]").first
        retry.wait_for()
        v.page.unroute("**/tiles**")
        retry.click()
        v.page.wait_for_function("() => document.querySelector('.tile .value')")


def test_the_error_page_of_a_proxy_does_not_replace_a_tile(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        page = "<html><title>Bad Gateway</title><body>nginx</body></html>"
        v.page.route(
            "**/tiles**", lambda route: route.fulfill(status=502, content_type="text/html", body=page)
        )
        v.go(f"{SHOP}/")
        v.page.locator("[data-retry]").first.wait_for()
        assert "Bad Gateway" not in v.page.title()
        assert "nginx" not in v.page.locator("main").inner_text()


def test_an_ended_session_leads_to_the_login_page_even_from_a_tile(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/")
        v.settled()
        v.page.context.clear_cookies()
        v.page.evaluate("document.querySelector('.tile-body').dispatchEvent(new Event('tile:refresh'))")
        v.page.wait_for_url("**/login**")


def test_the_menu_opens_as_a_drawer_on_a_phone(visitor: Visiting) -> None:
    with visitor(width=390) as v:
        v.sign_in("owner@orion.example")
        v.go(f"{SHOP}/")
        link = v.page.locator(f"nav#menu a[href='{SHOP}/orders']")
        assert not link.is_visible()
        v.page.click("button[popovertarget=menu]")
        link.wait_for(state="visible")
        link.click()
        v.page.wait_for_url(f"**{SHOP}/orders")
        assert not link.is_visible()


def test_a_refused_page_says_so_within_its_shell(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("staff@orion.example")
        assert v.go(f"{SHOP}/customers").status == 403
        assert v.page.title().startswith("You may not see this page")
        assert v.page.locator("nav#menu a").count() > 1
        assert not v.page.locator(f"nav#menu a[href='{SHOP}/customers']").count()
