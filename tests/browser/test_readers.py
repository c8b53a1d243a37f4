"""People who read otherwise: with colours, spacing or sizes of their own, or by ear."""

import re
from typing import Any

import pytest

from tests.browser.conftest import Visiting, cut_off
from tests.browser.pages import ADMIN, OWNER, SHOP

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

#: Parts of the bar that lie over the one before.
CROWDED = """() => {
  const parts = [...document.querySelector('.topbar').children].map(e => e.getBoundingClientRect())
    .filter(box => box.width > 0);
  return parts.filter((box, i) => i && box.left < parts[i - 1].right - 1).length;
}"""
#: How much the border of a field differs from what is within and around it, hue by hue.
BORDERS = """hues => {
  const pen = document.createElement('canvas').getContext('2d');
  const light = colour => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map(n => n / 255)
      .map(n => n <= .04045 ? n / 12.92 : ((n + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const field = document.querySelector('main input[type=text]');
  return hues.flatMap(hue => {
    document.documentElement.dataset.hue = hue;
    const border = light(getComputedStyle(field).borderTopColor);
    return [field, field.closest('.card'), document.documentElement].map(e => {
      const ground = light(getComputedStyle(e).backgroundColor);
      return (Math.max(border, ground) + .05) / (Math.min(border, ground) + .05);
    });
  });
}"""
OUTLINE = "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineColor]"
UNSEEN = "rgba(0, 0, 0, 0)"


def _heard(v: Any, selector: str) -> list[str]:
    """Lines of the accessibility tree, without addresses and the insets of depth."""
    lines = v.page.locator(selector).first.aria_snapshot().splitlines()
    return [line.strip().removeprefix("- ").strip("':") for line in lines if "/url:" not in line]


def _in_order(heard: list[str], wanted: list[str]) -> list[str]:
    """Of the wanted lines (beginnings of them) those that come after the one before."""
    rest, found = iter(heard), []
    for line in wanted:
        if any(said.startswith(line) for said in rest):
            found.append(line)
    return found


@pytest.mark.parametrize("width", [1280, 320])
def test_no_text_is_cut_off_when_a_reader_sets_it_wider(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        v.sign_in(OWNER)
        for path in ("/", "/orders", "/products/new"):
            v.go(SHOP + path)
            v.settled()
            assert cut_off(v.page) == [], path


@pytest.mark.parametrize("who", [OWNER, ADMIN])
def test_at_400_percent_nothing_in_the_bar_overlaps_and_nothing_sticks(visitor: Visiting, who: str) -> None:
    with visitor(width=320, height=256) as v:
        v.sign_in(who)
        v.go(f"{SHOP}/orders" if who == OWNER else "/admin/vendors")
        assert v.page.evaluate(CROWDED) == 0
        sticks = "all => all.filter(e => getComputedStyle(e).position === 'sticky').length"
        assert v.page.eval_on_selector_all(".topbar, .bulk-bar, .table thead th", sticks) == 0


def test_with_colours_of_the_reader_focus_and_choice_can_still_be_seen(visitor: Visiting) -> None:
    with visitor(forced_colors="active") as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/orders")
        for selector in ("main input[type=search]", "main select", "main tbody th a", "main a.button"):
            v.page.locator(selector).first.focus()
            style, colour = v.page.locator(selector).first.evaluate(
                "e => { const s = [null, '::after'].map(p => getComputedStyle(e, p))"
                ".find(s => s.outlineStyle !== 'none'); return [s?.outlineStyle, s?.outlineColor] }"
            )
            assert style == "solid" and colour != UNSEEN, selector
        for selector in (".sidebar [aria-current]", ".segmented [aria-pressed=true]"):
            assert v.page.locator(selector).first.evaluate(OUTLINE)[0] == "solid", selector
        border = v.page.locator(".menu > div").first.evaluate("e => getComputedStyle(e).borderTopStyle")
        assert border == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_borders_of_fields_stand_out_in_every_hue(visitor: Visiting, scheme: str) -> None:
    with visitor(scheme=scheme) as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/products/new")
        ratios = v.page.evaluate(BORDERS, [0, 90, 180, 250, 330])
        assert min(ratios) >= 3, ratios


def test_motion_stops_for_those_who_ask_for_less(visitor: Visiting) -> None:
    with visitor() as v:  # Every visitor of these tests asks for it.
        v.page.route("**/tiles**", lambda _route: None)  # What waits for ever moves for ever.
        v.sign_in(OWNER)
        v.go(f"{SHOP}/")
        moving = "all => all.filter(e => getComputedStyle(e).animationName !== 'none').length"
        assert v.page.eval_on_selector_all("*", moving) == 0
        v.page.emulate_media(reduced_motion="no-preference")
        assert v.page.eval_on_selector_all("*", moving) > 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_list_is_read_from_its_name_over_its_filters_to_its_rows_and_their_number(
    visitor: Visiting, width: int
) -> None:
    with visitor(width=width) as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/orders?kind=sale")
        wanted = [
            'link "Skip to content"', "banner", 'link "Search everything"', "main", 'heading "Orders"',
            'link "New order"', 'search "Orders"', 'searchbox "Search by number', 'combobox "Kind"',
            'link "Remove filter: Kind: Sales"', 'table "Orders"', 'columnheader "Number"', 'row "',
            'rowheader "', 'navigation "Pages"', 'link "Next"', "status",
        ]  # fmt: skip
        heard = _heard(v, "body")
        assert _in_order(heard, wanted) == wanted
        if width == 1280:
            assert heard.index('navigation "Main"') < heard.index("main")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_order_is_read_from_its_number_over_its_items_to_its_facts(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/orders?kind=sale&status=placed")
        v.follow("tbody th a")
        wanted = [
            'navigation "Breadcrumb"', 'link "Orders"', 'heading "Order ', 'button "Confirm"',
            'region "Items"', 'table "Items"', 'columnheader "Item"', 'rowheader "', 'row "Total',
            'region "Timeline"', "listitem", 'textbox "Note"', 'region "Order"', "term: Customer",
        ]  # fmt: skip
        assert _in_order(_heard(v, "main"), wanted) == wanted


def test_a_form_with_errors_is_read_from_what_is_wrong_to_the_fields(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/products/new")
        v.follow("main form.form button.primary")
        wanted = [
            'heading "New product"', "alert", 'heading "There is a problem"', 'link "Fill in “Title”."',
            'textbox "Title" [invalid]', 'group "Price and codes"', 'button "Create product"',
        ]  # fmt: skip
        assert _in_order(_heard(v, "main"), wanted) == wanted


def test_a_chart_is_read_with_its_figures(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/")
        v.settled()
        heard = _heard(v, "#tile-orders-by-day")
        assert _in_order(
            heard, ['heading "Orders by day"', 'img "Orders by day', "table", "rowheader", "cell"]
        )
        figures = [int(said[1]) for said in (re.fullmatch(r'cell "(\d+)"', line) for line in heard) if said]
        total = v.page.inner_text("#tile-orders-by-day .value")
        assert sum(figures) == int(re.sub(r"\D", "", total))
