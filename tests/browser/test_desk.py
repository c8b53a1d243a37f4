"""The palette, the keys and the pages of the desk in a browser."""

from typing import Any

import pytest

from tests.browser.conftest import Visiting, violations
from tests.browser.pages import OWNER, SHOP

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

#: The row before that of the focus.
BEFORE = "document.activeElement.closest('tr')?.previousElementSibling"


def _open(v: Any, path: str = "/orders") -> None:
    v.sign_in(OWNER)
    v.go(SHOP + path)
    v.settled()


def _palette(v: Any, text: str) -> None:
    v.page.keyboard.press("Control+k")
    v.page.wait_for_selector("dialog[open] [role=combobox]")
    v.page.keyboard.type(text)
    v.page.wait_for_selector("dialog [data-found=yes]")


def _chosen(v: Any) -> str:
    """The name of the option that the field points at."""
    said: str = v.page.evaluate(
        "() => document.getElementById("
        "document.activeElement.getAttribute('aria-activedescendant')).textContent"
    )
    return said.strip()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_palette_is_steered_by_arrows_and_followed_by_enter(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        _open(v, "/")
        _palette(v, "OMS-1050")
        first = _chosen(v)
        v.page.keyboard.press("ArrowDown")
        assert _chosen(v) != first
        v.page.keyboard.press("ArrowUp")
        assert _chosen(v) == first
        v.page.keyboard.press("Enter")
        v.page.wait_for_url("**/orders/*")
        v.page.wait_for_selector("h1")
        assert first.split()[0] in v.page.inner_text("h1")
        assert v.troubles == []


def test_escape_closes_the_palette_and_gives_the_focus_back(visitor: Visiting) -> None:
    with visitor() as v:
        _open(v)
        v.page.focus("main input[type=search]")
        _palette(v, "an")
        v.page.keyboard.press("Escape")
        v.page.wait_for_selector("dialog", state="detached")
        assert v.page.evaluate("document.activeElement.matches('main input[type=search]')")


def test_the_palette_says_how_much_it_found(visitor: Visiting) -> None:
    with visitor() as v:
        _open(v, "/")
        _palette(v, "nothing-like-this")
        assert v.page.inner_text("dialog [role=status]") == "Nothing matches"
        assert v.page.get_attribute("dialog [role=combobox]", "aria-expanded") == "false"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dialogs(visitor: Visiting, axe: str, scheme: str) -> None:
    with visitor(width=390, scheme=scheme) as v:
        _open(v)
        _palette(v, "an")
        assert violations(v.page, axe) == []
        v.page.keyboard.press("Escape")
        v.page.wait_for_selector("dialog", state="detached")
        v.page.evaluate("document.activeElement.blur()")
        v.page.keyboard.press("?")
        v.page.wait_for_selector("dialog[open] kbd")
        assert violations(v.page, axe) == []


def test_without_a_script_the_magnifier_leads_to_the_search(visitor: Visiting) -> None:
    with visitor(javascript=False) as v:
        _open_plain(v)
        v.follow("header a[data-palette]")
        v.page.fill("main input[name=q]", "OMS-1050")
        v.follow("main button[type=submit]")
        assert v.page.locator("main .results a").count() > 1


def _open_plain(v: Any) -> None:
    v.sign_in(OWNER)
    v.go(f"{SHOP}/orders")


def test_keys_move_through_a_list_check_rows_and_open_them(visitor: Visiting) -> None:
    with visitor() as v:
        _open(v)
        v.page.keyboard.press("j")
        v.page.wait_for_function("() => document.activeElement.closest('tbody tr') !== null")
        first = v.focused()
        v.page.keyboard.press("j")
        v.page.wait_for_function(
            "() => document.activeElement.closest('tr')?.previousElementSibling !== null"
        )
        v.page.keyboard.press("x")
        v.page.wait_for_selector("tbody tr:nth-child(2) :checked")
        v.page.keyboard.press("k")
        v.page.wait_for_function(
            "() => document.activeElement.closest('tr')?.previousElementSibling === null"
        )
        assert v.focused() == first
        v.page.keyboard.press("Enter")
        v.page.wait_for_url("**/orders/*")


def test_keys_go_to_entries_of_the_menu_and_to_what_is_new(visitor: Visiting) -> None:
    with visitor() as v:
        _open(v, "/")
        v.page.keyboard.press("g")
        with v.page.expect_navigation():
            v.page.keyboard.press("o")
        assert v.page.url.endswith("/orders")
        with v.page.expect_navigation():
            v.page.keyboard.press("n")
        assert v.page.url.endswith("/orders/new")


def test_the_key_for_something_new_leaves_other_actions_alone(visitor: Visiting) -> None:
    with visitor() as v:
        _open(v, "/customers")
        with v.page.expect_navigation():
            v.page.click("tbody th a")
        there = v.page.url
        v.page.keyboard.press("n")
        v.page.keyboard.press("?")
        v.page.wait_for_selector("dialog[open] kbd")
        assert v.page.url == there


def test_no_key_does_anything_while_somebody_types(visitor: Visiting) -> None:
    with visitor() as v:
        _open(v)
        v.page.focus("main input[type=search]")
        v.page.keyboard.type("j?gxn")
        assert v.page.input_value("main input[type=search]") == "j?gxn"
        assert v.page.locator("dialog").count() == 0
