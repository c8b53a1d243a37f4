"""Everything can be reached and left with the keyboard, and the focus can be seen and is where it belongs."""

from typing import Any

import pytest

from tests.browser.conftest import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

#: Where the focus is, whether it can be seen, and that nothing lies over it.
LOOK = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  if (e.dataset.last !== "here") e.dataset.visited = (Number(e.dataset.visited) || 0) + 1;
  document.querySelectorAll("[data-last]").forEach(other => delete other.dataset.last);
  e.dataset.last = "here";
  const styles = [e, ...e.querySelectorAll('*')]
    .flatMap(x => [null, '::after'].map(p => getComputedStyle(x, p)));
  const seen = s => s.outlineStyle !== 'none' && s.outlineColor !== 'rgba(0, 0, 0, 0)';
  const drawn = styles.some(s => s.boxShadow.includes('0px 0px 0px 3px')
    || (seen(s) && parseFloat(s.outlineWidth) > 0));
  const box = e.getBoundingClientRect();
  const over = [.1, .5, .9].map(part =>
    document.elementFromPoint((box.left + box.right) / 2, box.top + box.height * part));
  const under = !over.some(o => o && (e.contains(o) || o.contains(e)) && o !== document.body);
  return {name: e.outerHTML.slice(0, 120), times: Number(e.dataset.visited), drawn,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth, under};
}"""
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}) && !e.disabled
    && e.tabIndex >= 0 && e.type !== 'hidden').length"""


def _walk(v: Any) -> list[dict[str, Any]]:
    """Press Tab until the focus has left the page or comes round."""
    stops: list[dict[str, Any]] = []
    for _press in range(400):
        v.page.keyboard.press("Tab")
        here = v.page.evaluate(LOOK)
        if here is None or here["times"] > 1:
            return stops
        stops.append(here)
    raise AssertionError(f"the focus never left the page: {stops[-3:]}")


@pytest.mark.parametrize("path", ["/vendor/WIZAMART/", "/vendor/WIZAMART/orders?q=OMS-1050"])
@pytest.mark.parametrize("width", [1280, 390])
def test_tab_reaches_everything_shows_where_it_is_and_leaves(
    visitor: Visiting, path: str, width: int
) -> None:
    with visitor(width=width) as v:
        v.sign_in("owner@orion.example")
        v.go(path)
        v.settled()
        v.page.evaluate("document.activeElement.blur()")
        expected = v.page.evaluate(STOPS)
        stops = _walk(v)
        assert "skip" in stops[0]["name"]
        # A date's field has several stops of its own, and a region that scrolls is one.
        assert len(stops) >= expected
        assert [s for s in stops if not s["drawn"]] == []
        assert [s for s in stops if not s["inside"] or s["under"]] == []


def test_the_skip_link_leads_to_the_content(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/customers")
        v.page.keyboard.press("Tab")
        assert v.page.locator(".skip").bounding_box()["y"] >= 0
        v.page.keyboard.press("Enter")
        assert v.focused().startswith("main|main")
        v.page.keyboard.press("Tab")
        assert v.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_drawer_opens_and_closes_with_the_keyboard_on_a_phone(visitor: Visiting) -> None:
    with visitor(width=390) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders")
        v.page.focus("button[popovertarget=menu]")
        v.page.keyboard.press("Enter")
        drawer = v.page.locator("nav#menu")
        drawer.wait_for(state="visible")
        for _press in range(2):
            v.page.keyboard.press("Tab")
        assert v.page.evaluate("document.querySelector('nav#menu').contains(document.activeElement)")
        v.page.keyboard.press("Escape")
        drawer.wait_for(state="hidden")
        assert v.page.evaluate("document.activeElement.getAttribute('popovertarget')") == "menu"


def test_escape_closes_a_menu_and_gives_the_focus_back(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/")
        v.page.focus("header summary:has(.avatar)")
        v.page.keyboard.press("Enter")
        link = v.page.locator("header a[href='/account/sessions']")
        link.wait_for(state="visible")
        v.page.keyboard.press("Tab")
        v.page.keyboard.press("Escape")
        link.wait_for(state="hidden")
        assert v.focused().startswith("summary")


def test_a_slash_goes_to_the_search(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders")
        v.page.keyboard.press("/")
        # The first key fetches the keys. A function: a text would need `eval`, which the page refuses.
        v.page.wait_for_function("() => document.activeElement.type === 'search'")
        v.page.keyboard.press("/")
        assert v.page.input_value("input[type=search]") == "/"


@pytest.mark.parametrize("width", [1280, 390])
def test_what_sticks_to_the_window_covers_nothing_that_has_the_focus(visitor: Visiting, width: int) -> None:
    with visitor(width=width, height=500) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders?kind=sale")
        v.page.locator("[name=row]").first.focus()
        v.page.keyboard.press("Space")
        v.page.locator(".bulk-bar").wait_for(state="visible")
        for key in ["Tab"] * 24 + ["Shift+Tab"] * 20:
            v.page.keyboard.press(key)
            here = v.page.evaluate(LOOK)
            assert here["inside"] and not here["under"], (key, here)


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_fields(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/products/new")
        v.follow("main form.form button.primary")
        assert v.page.evaluate("document.activeElement.querySelector('[role=alert] a') !== null")
        v.page.keyboard.press("Tab")
        v.page.keyboard.press("Enter")
        assert v.page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_a_figure_that_is_tried_again_keeps_the_focus_at_its_tile(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.page.route("**/tiles**", lambda route: route.abort())
        v.go("/vendor/WIZAMART/")
        retry = v.page.locator(".tile [data-retry]").first
        retry.wait_for()
        tile = v.page.evaluate("document.querySelector('[data-retry]').closest('.tile').id")
        v.page.unroute("**/tiles**")
        retry.focus()
        v.page.keyboard.press("Enter")
        v.page.locator(f"#{tile} .value").wait_for()
        v.page.wait_for_function(f"() => document.activeElement.id === '{tile}'")


def test_a_lost_connection_is_said_once_however_many_figures_wait(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.page.route("**/tiles**", lambda route: route.abort())
        v.go("/vendor/WIZAMART/")
        v.page.locator(".tile [data-retry]").nth(3).wait_for()
        assert v.page.locator("main [role=alert], main [role=status], main [aria-live]").count() == 0
        assert v.page.inner_text("#live") == v.page.locator(".failed p").first.inner_text()


def test_keys_of_one_letter_do_nothing_once_they_are_switched_off(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example", anew=True)
        v.go("/vendor/WIZAMART/keys")
        v.follow("main button[name=single]")
        v.go("/vendor/WIZAMART/orders")
        v.page.keyboard.press("/")
        v.page.keyboard.press("Control+k")  # With Ctrl they go on; and the first has been thought about.
        v.page.wait_for_selector("dialog[open] [role=combobox]")
        assert v.page.input_value("dialog [role=combobox]") == ""
        v.page.keyboard.press("Escape")
        v.page.wait_for_selector("dialog", state="detached")
        v.page.keyboard.press("?")
        assert v.page.evaluate("document.activeElement === document.body")
