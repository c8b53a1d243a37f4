"""The main tasks, by the keyboard alone: what has the focus is reached by Tab, and pressed."""

from pathlib import Path

import pytest

from orion.testing import PASSWORD
from tests.browser.conftest import Visiting, Visitor
from tests.browser.pages import OWNER, SHOP

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

#: What the thing with the focus is called.
NAME = """() => {
  const e = document.activeElement;
  const labels = [...(e.labels || [])].map(label => label.textContent).join(' ');
  return (e.getAttribute('aria-label') || labels || e.textContent).replace(/\\s+/g, ' ').trim();
}"""
ROW = "() => document.activeElement.closest('tbody th') !== null"
EXPORT = "Handle,Title,Vendor,Published,Variant SKU,Variant Price\nfir-bowl,Fir bowl,Hof,true,FIR-1,18.00\n"


def _reach(v: Visitor, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _press in range(90):
        v.page.keyboard.press("Tab")
        if v.page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")


def _press(v: Visitor, name: str) -> None:
    """Reach a link or a button, and follow it."""
    _reach(v, name)
    with v.page.expect_navigation():
        v.page.keyboard.press("Enter")


def _first_row(v: Visitor) -> None:
    """Open what the first row of a list is about."""
    for _press in range(90):
        v.page.keyboard.press("Tab")
        if v.page.evaluate(ROW):
            break
    with v.page.expect_navigation():
        v.page.keyboard.press("Enter")


def test_one_signs_in_with_what_is_pasted(visitor: Visiting) -> None:
    with visitor() as v:
        v.go("/login")
        v.page.keyboard.insert_text(OWNER)
        v.page.keyboard.press("Tab")
        v.page.keyboard.insert_text(PASSWORD)
        with v.page.expect_navigation():
            v.page.keyboard.press("Enter")
        assert v.page.url.endswith(f"{SHOP}/")


def test_a_list_is_filtered_and_one_of_its_orders_opened(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/orders")
        _reach(v, "Status")
        v.page.keyboard.type("Placed")
        v.page.locator(".chip").wait_for()
        assert v.page.evaluate(NAME).startswith("Status"), "the focus stays where one was"
        v.page.wait_for_function("() => document.getElementById('live').textContent !== ''")
        assert v.page.inner_text("#live") == v.page.inner_text("[data-announce]")
        _first_row(v)
        assert v.page.inner_text("h1").startswith("Order ")
        assert v.page.inner_text(".page-header .badge >> nth=0") == "Placed"


def test_an_order_is_packed_and_shipped(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/orders?status=confirmed")
        _first_row(v)
        _press(v, "Mark as packed")
        _press(v, "Ship")
        _press(v, "Ship")
        assert v.page.inner_text(".page-header .badge >> nth=0") == "Shipped"


def test_a_price_is_changed(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/products?status=active")
        _first_row(v)
        _press(v, "Edit variants")
        _reach(v, "Price of")
        v.page.keyboard.press("Control+a")
        v.page.keyboard.type("12.34")
        _press(v, "Save variants")
        assert "€12.34" in v.page.inner_text("main")


def test_what_was_done_is_taken_back(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/products?status=active")
        _first_row(v)
        _press(v, "Archive")
        assert v.page.inner_text(".page-header .badge >> nth=0") == "Archived"
        _press(v, "Undo")
        assert v.page.inner_text(".page-header .badge >> nth=0") == "Active"


def test_an_import_is_uploaded_and_let_be_read(visitor: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "fir.csv"
    file.write_text(EXPORT)
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/imports/new")
        _reach(v, "File")
        with v.page.expect_file_chooser() as chosen:
            v.page.keyboard.press("Enter")
        chosen.value.set_files(file)
        _press(v, "Upload")
        assert v.page.inner_text("h1") == "What was understood"
        _press(v, "Read the file")
        v.page.locator("progress").wait_for()
