"""What holds on every page: axe, width and policy; light and dark, wide and narrow, in both directions."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import TAGS, Server, Visiting, violations, visiting
from tests.browser.pages import PAGES, tour

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

BOTH = ("light", "dark")
#: A scheme changes colours alone: these rules ask about them.
COLOURS = ("color-contrast", "link-in-text-block")
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _in_both_schemes(v: Any, axe: str) -> dict[str, list[str]]:
    found = {}
    for scheme in BOTH:
        v.page.emulate_media(color_scheme=scheme)
        found[scheme] = violations(v.page, axe, TAGS if scheme == "light" else COLOURS)
    return {scheme: wrong for scheme, wrong in found.items() if wrong}


@dataclass
class Tour:
    """What was found on every page, by its path; `troubles` are lines of the browser's console."""

    axe: dict[str, dict[str, list[str]]]
    too_wide: dict[str, int]
    troubles: list[str]


@pytest.fixture(scope="module", params=[(1280, ""), (390, ""), (390, "lang=ar")], ids=["1280", "390", "rtl"])
def toured(request: pytest.FixtureRequest, browser: Browser, server: Server, axe: str) -> Tour:
    """One visit of every page for all that is asked of every page."""
    width, extra = request.param
    found = Tour({}, {}, [])
    with visiting(browser, server)(width=width) as v:
        for path in tour(v, extra):
            found.axe[path] = _in_both_schemes(v, axe)
            found.too_wide[path] = v.page.evaluate(WIDER)
        found.troubles += v.troubles
    return found


def test_axe_finds_nothing_on_any_page_in_light_and_dark(toured: Tour) -> None:
    assert {path: wrong for path, wrong in toured.axe.items() if wrong} == {}
    assert len(toured.axe) == len({path for _who, path in PAGES})


def test_no_page_is_wider_than_the_window(toured: Tour) -> None:
    assert {path: pixels for path, pixels in toured.too_wide.items() if pixels > 0} == {}


def test_no_page_breaks_the_content_policy_or_has_a_script_error(toured: Tour) -> None:
    # Chromium also writes a line for each page whose status is an error, which is what those are for.
    assert [line for line in toured.troubles if "Failed to load resource" not in line] == []


def test_axe_finds_nothing_in_the_errors_of_a_form(visitor: Visiting, axe: str) -> None:
    with visitor() as v:
        v.go("/login")
        v.page.fill("input[name=email]", "nobody@orion.example")
        v.page.fill("input[name=password]", "wrong")
        v.page.click("main button[type=submit]")
        v.page.locator(".alert[data-tone=danger]").wait_for()
        assert _in_both_schemes(v, axe) == {}


def test_axe_finds_nothing_where_menus_and_filters_are_open(visitor: Visiting, axe: str) -> None:
    with visitor(width=390) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders")
        v.page.click("details.filters summary")
        v.page.locator("select[name=kind]").wait_for(state="visible")
        assert _in_both_schemes(v, axe) == {}
        v.go("/vendor/WIZAMART/team")
        v.page.click("header summary:has(.avatar)")
        assert _in_both_schemes(v, axe) == {}
        v.go("/vendor/WIZAMART/team")
        v.page.click("button[popovertarget=menu]")
        assert _in_both_schemes(v, axe) == {}


def test_axe_finds_nothing_in_a_tile_that_failed(visitor: Visiting, axe: str) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.page.route("**/tiles**", lambda route: route.abort())
        v.go("/vendor/WIZAMART/")
        v.page.locator(".tile .failed").first.wait_for()
        assert _in_both_schemes(v, axe) == {}
