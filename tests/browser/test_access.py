"""What holds on every page: axe, width and policy; light and dark, wide and narrow, in several languages."""

import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from tests.browser.conftest import (
    COLOURS,
    TAGS,
    WIDER,
    Server,
    Visiting,
    Visitor,
    cut_off,
    violations,
    visiting,
)
from tests.browser.pages import Visit, looks, open_page, with_examples

log = logging.getLogger(__name__)
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


def _in_both_schemes(v: Any, axe: str) -> dict[str, list[str]]:
    found = {}
    for scheme in BOTH:
        v.page.emulate_media(color_scheme=scheme)
        found[scheme] = violations(v.page, axe, TAGS if scheme == "light" else COLOURS)
        v.page.evaluate(FEWER)
    return {scheme: wrong for scheme, wrong in found.items() if wrong}


#: English, what shows words that no catalog has and makes texts a third longer, and right to left.
LANGUAGES = ("en", "en-XA", "ar")
#: Its words are long: there the sweep looks whether they fit, and asks axe nothing.
LONG_WORDS = "de"
#: What every run looks at, and the long sweeps.
WAYS = ["looks", *(pytest.param(way, marks=pytest.mark.long) for way in (*LANGUAGES, LONG_WORDS))]
#: Windows of a desk and of a phone; 640 and 320 are one of 1280 at 200 and at 400 percent.
WIDTHS = (1280, 390)
Found = dict[tuple[str, int], Any]


@dataclass
class Tour:
    """What was found on every page, by its path and the window's width. `cut` is what a reader's wider
    spacing cuts off; `troubles` are lines of the browser's console, and pages that didn't open."""

    way: str
    paths: list[str]
    axe: Found = field(default_factory=dict)
    too_wide: Found = field(default_factory=dict)
    cut: Found = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def at(self, path: str) -> list[Any]:
        """What is wrong with a page."""
        kinds = {"axe": self.axe, "too wide": self.too_wide, "cut": self.cut}
        wrong = [
            (kind, place[1], one)
            for kind, each in kinds.items()
            for place, one in _wrong(each).items()
            if place[0] == path
        ]
        return [*wrong, *(line for line in self.troubles if line.startswith(f"{path}:"))]


@pytest.fixture(scope="module", params=WAYS)
def toured(
    request: pytest.FixtureRequest, browser: Browser, server: Server, pages: dict[Visit, str], axe: str
) -> Tour:
    """One visit of every page for all that is asked of every page.

    No script knows how wide a window is: each page is opened once, and looked at in all widths in turn.
    Every run looks at one page of each template, in one scheme, language and width, by turns; the long sweeps
    at every page, and others of its kind, in all of them. These take minutes: what they find is logged page
    by page (`--log-file=… --log-file-level=INFO`), and a page that doesn't open stops nothing.
    """
    way = request.param
    visits = looks(pages) if way == "looks" else list(with_examples(server.app, pages))
    found = Tour(way, [path for _who, path in visits])
    with visiting(browser, server)(width=WIDTHS[0]) as v:
        for turn, visit in enumerate(visits):
            language = LANGUAGES[turn * len(LANGUAGES) // len(visits)] if way == "looks" else way
            try:
                open_page(v, visit, f"lang={language}")
                assert v.page.locator("html").get_attribute("lang") == language
                if way == "looks":
                    _glance(v, visit[1], found, axe, turn)
                else:
                    _look(v, visit[1], found, axe if way in LANGUAGES else None)
            except (PlaywrightError, AssertionError) as error:
                v.troubles.append(str(error))
            found.troubles += [f"{visit[1]}: {trouble}" for trouble in v.troubles]
            log.info("%s %d/%d %s %s", way, turn + 1, len(visits), visit[1], found.at(visit[1]))
            v.troubles.clear()
    return found


def _glance(v: Visitor, path: str, found: Tour, axe: str, turn: int) -> None:
    """The width in three windows, wider spacing in the narrowest, and axe in one and one scheme, by turns."""
    for width in (*WIDTHS, 320):
        v.resize(width)
        found.too_wide[path, width] = v.page.evaluate(WIDER)
    found.cut[path, 320] = cut_off(v.page)
    v.page.evaluate(FEWER)
    v.page.emulate_media(color_scheme=BOTH[turn // 2 % 2])
    width = WIDTHS[turn % 2]
    v.resize(width)
    found.axe[path, width] = violations(v.page, axe)


def _look(v: Visitor, path: str, found: Tour, axe: str | None) -> None:
    """The width in four windows, with wider spacing in two of them, and axe in two and both schemes."""
    for width in (320, 640, *WIDTHS):
        v.resize(width)
        found.too_wide[path, width] = v.page.evaluate(WIDER)
        if width in (320, 1280):
            found.cut[path, width] = cut_off(v.page)
    v.page.evaluate(FEWER)
    for width in reversed(WIDTHS) if axe else ():
        v.resize(width)
        found.axe[path, width] = _in_both_schemes(v, axe)


def _wrong(found: Found) -> Found:
    return {place: wrong for place, wrong in found.items() if wrong}


def test_axe_finds_nothing_on_any_page(toured: Tour) -> None:
    assert _wrong(toured.axe) == {}
    looked = set() if toured.way == LONG_WORDS else set(toured.paths)
    assert {path for path, _width in toured.axe} == looked


def test_no_page_is_wider_than_the_window(toured: Tour) -> None:
    assert _wrong(toured.too_wide) == {}


def test_no_text_of_any_page_is_cut_off_when_a_reader_sets_it_wider(toured: Tour) -> None:
    assert _wrong(toured.cut) == {}
    assert {path for path, _width in toured.cut} == set(toured.paths)


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
