"""The main tasks, by the keyboard alone: what has the focus is reached by Tab, and pressed."""

from pathlib import Path

import pytest

from orion.testing import PASSWORD
from tests.browser.conftest import Server, Visiting, Visitor, worker
from tests.browser.pages import ADMIN, OWNER, SHOP

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
    for _press in range(300):  # A shelf has a field for each thing on it.
        v.page.keyboard.press("Tab")
        if v.page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"Tab never comes to {name}")


def _press(v: Visitor, name: str) -> None:
    """Reach a link or a button, and follow it."""
    _reach(v, name)
    with v.page.expect_navigation():
        v.page.keyboard.press("Enter")


def _write(v: Visitor, name: str, text: str) -> None:
    """Reach a field, and write over what is in it."""
    _reach(v, name)
    v.page.keyboard.press("Control+a")
    v.page.keyboard.type(text)


def _choose(v: Visitor, menu: str, name: str) -> None:
    """Open a menu, and follow one of its entries."""
    _reach(v, menu)
    v.page.keyboard.press("Enter")
    _press(v, name)


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
        _write(v, "Price of", "12.34")
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


def test_a_product_is_made_in_several_variants(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/products")
        _press(v, "New product")
        for name, text in (("Title", "Paper star"), ("First option", "Colour"), ("Its values", "red, blue")):
            _write(v, name, text)
        _press(v, "Create product")
        for price in ("7.50", "8.50"):
            _write(v, "Price of", price)
        _press(v, "Save variants")
        assert v.page.inner_text("h1") == "Paper star"
        assert "€7.50" in v.page.inner_text("main") and "€8.50" in v.page.inner_text("main")


def test_a_shelf_is_counted(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/inventory")
        _press(v, "Locations")
        _press(v, "Count ")
        _write(v, "Counted", "4321")
        _press(v, "Save the count")
        assert v.page.locator("tbody td.num").first.inner_text() == "4,321"


def test_a_line_is_refunded(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/orders?status=delivered")
        _first_row(v)
        _choose(v, "More", "Refund")
        _write(v, "Units", "1")
        _press(v, "Refund")
        assert "refunded" in v.page.inner_text(".page-header")


def test_a_page_is_edited(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/pages?state=draft")
        _first_row(v)
        _press(v, "Edit")
        _write(v, "Text", "## Soon")
        v.page.locator("#preview h2").wait_for()
        assert v.page.evaluate(NAME).startswith("Text"), "the focus stays where one was"
        _press(v, "Save")
        assert v.page.inner_text("article h2, .prose h2") == "Soon"


def test_two_customers_become_one(own_visitor: Visiting) -> None:
    with own_visitor() as v:
        v.sign_in(OWNER)
        v.go(f"{SHOP}/customers")
        rows = v.page.locator("tbody tr", has_text="@")
        other = rows.nth(1).locator("th small").inner_text()
        v.go(str(rows.first.locator("th a").get_attribute("href")))
        _choose(v, "More", "Merge with another entry")
        _write(v, "Reference or e-mail", other)
        _press(v, "Merge")
        assert "The two are one now." in v.page.inner_text("body")
        v.go(f"{SHOP}/customers?q={other}")
        assert v.page.locator("tbody th a").count() == 0


def test_the_texts_of_a_page_are_numbered_for_a_translator(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in(ADMIN, anew=True)
        v.go("/admin/translations")
        _press(v, "Number the texts of pages")
        assert v.page.locator("#words-title").inner_text().endswith("The texts of this page")
        _press(v, "Stop")
        assert v.page.locator("#words-title").count() == 0


def test_an_import_is_uploaded_read_and_published(visitor: Visiting, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "fir.csv"
    file.write_text(EXPORT)
    with worker(server.app), visitor() as v:
        v.sign_in(OWNER)
        # Somebody hears of choosers from the start: told so only now, the browser may hear of Enter first.
        v.page.on("filechooser", lambda _chooser: None)
        v.go(f"{SHOP}/imports/new")
        _reach(v, "File")
        with v.page.expect_file_chooser() as chosen:
            v.page.keyboard.press("Enter")
        chosen.value.set_files(file)
        _press(v, "Upload")
        assert v.page.inner_text("h1") == "What was understood"
        _reach(v, "Encoding")
        with v.page.expect_response(lambda answer: "go=look" in answer.url):
            v.page.keyboard.press("ArrowDown")
        v.page.wait_for_function(
            "() => document.querySelector('#encoding option[selected]').value === 'utf-8'"
        )
        assert v.page.evaluate(NAME).startswith("Encoding"), "the focus stays where one was"
        _press(v, "Read the file")
        v.page.locator("button", has_text="Publish").wait_for()
        _press(v, "Publish")
        v.page.locator("button", has_text="Take back").wait_for()
