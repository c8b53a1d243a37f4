"""Everything can be reached and left with the keyboard, and the focus can be seen."""

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
  const drawn = styles.some(s => s.boxShadow.includes('0px 0px 0px 3px')
    || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0));
  const box = e.getBoundingClientRect();
  const top = document.querySelector('.topbar');
  const under = top && !top.contains(e) && getComputedStyle(e).position !== 'fixed'
    && !e.closest('.sidebar, .skip') && box.top < top.getBoundingClientRect().bottom - 1;
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
