"""What holds on every page: axe, width and policy; light and dark, wide and narrow, in several languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import COLOURS, TAGS, Server, Visiting, violations, visiting
from tests.browser.pages import Visit, looks, tour

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

BOTH = ("light", "dark")
#: Of the rows that differ in nothing but texts and addresses, leave three.
FEWER = """() => {
  const own = ['href', 'id', 'for', 'name', 'value', 'title', 'src', 'alt', 'datetime', 'action',
    'aria-label', 'aria-labelledby', 'aria-describedby'];
  const seen = {};
  for (const row of document.querySelectorAll('tbody > tr')) {
    const bare = row.cloneNode(true);
    for (const e of [bare, ...bare.querySelectorAll('*')]) {
      for (const n of e.childNodes) if (n.nodeType === Node.TEXT_NODE) n.data = n.data.trim() && 'x';
      for (const name of own) if (e.hasAttribute(name)) e.setAttribute(name, '');
    }
    const look = bare.outerHTML;
    seen[look] = (seen[look] || 0) + 1;
    if (seen[look] > 3) row.remove();
  }
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _in_both_schemes(v: Any, axe: str) -> dict[str, list[str]]:
    found = {}
    for scheme in BOTH:
        v.page.emulate_media(color_scheme=scheme)
        found[scheme] = violations(v.page, axe, TAGS if scheme == "light" else COLOURS)
        v.page.evaluate(FEWER)
    return {scheme: wrong for scheme, wrong in found.items() if wrong}


@dataclass
class Tour:
    """What was found on every page, by the window's width and the page's path; `troubles` are lines of the
    browser's console."""

    visits: list[Visit]
    axe: dict[int, dict[str, Any]]
    too_wide: dict[int, dict[str, int]]
    troubles: list[str]


#: English, what shows words that no catalog has and makes texts a third longer, and right to left.
LANGUAGES = ("en", "en-XA", "ar")
#: What every run looks at, and the long sweeps.
WAYS = ["looks", *(pytest.param(language, marks=pytest.mark.long) for language in LANGUAGES)]


def _tours(v: Any, visits: list[Visit], languages: Sequence[str]) -> Iterator[str]:
    """All of them, those of each language one after another."""
    for turn, language in enumerate(languages):
        v.page.context.clear_cookies()  # Strangers come first.
        for path in tour(v, visits[turn :: len(languages)], f"lang={language}"):
            assert v.page.locator("html").get_attribute("lang") == language, path
            yield path


@pytest.fixture(scope="module", params=WAYS)
def toured(
    request: pytest.FixtureRequest, browser: Browser, server: Server, pages: dict[Visit, str], axe: str
) -> Tour:
    """One visit of every page for all that is asked of every page.

    No script knows how wide a window is: each page is opened at one width, by turns, and then looked at in
    the other too. Every run looks at one page of each template, in one scheme, language and width, by turns;
    the long sweeps at every page in all of them. 320 pixels are a window of 1280 at 400 percent.
    """
    way = request.param
    widths = [1280, 390]
    visits = looks(pages) if way == "looks" else list(pages)
    found = Tour(visits, {width: {} for width in widths}, {width: {} for width in [320, *widths]}, [])
    with visiting(browser, server)(width=widths[0]) as v:
        for turn, path in enumerate(_tours(v, visits, LANGUAGES if way == "looks" else [way])):
            for width in (*widths, 320):
                v.resize(width)
                found.too_wide[width][path] = v.page.evaluate(WIDER)
            v.page.evaluate(FEWER)
            if way == "looks":
                v.page.emulate_media(color_scheme=BOTH[turn // 2 % 2])
            widths.reverse()
            for width in widths[:1] if way == "looks" else widths:
                v.resize(width)
                found.axe[width][path] = (
                    violations(v.page, axe) if way == "looks" else _in_both_schemes(v, axe)
                )
        found.troubles += v.troubles
    return found


def test_axe_finds_nothing_on_any_page(toured: Tour) -> None:
    for width, found in toured.axe.items():
        assert {path: wrong for path, wrong in found.items() if wrong} == {}, width
    assert {path for found in toured.axe.values() for path in found} == {path for _who, path in toured.visits}


def test_no_page_is_wider_than_the_window(toured: Tour) -> None:
    for width, pages in toured.too_wide.items():
        assert {path: pixels for path, pixels in pages.items() if pixels > 0} == {}, width


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
