"""What a shop does with its goods: a product in many variants, a shelf that is counted."""

import pytest

from tests.browser.conftest import EVERY_WAY, Visiting

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]
SAVE = "main form.form button.primary"


@EVERY_WAY
def test_a_product_with_twelve_variants_is_made_and_its_grid_filled_in(
    visitor: Visiting, axe: str, javascript: bool, width: int
) -> None:
    with visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/products")
        v.clean(axe)
        v.follow("main .page-header a.primary")
        v.clean(axe)
        for name, text in {"title": "Paper lantern", "price": "19.50", "option1": "Colour"}.items():
            v.page.fill(f"#{name}", text)
        v.page.fill("#option1_values", "white, red, blue")
        v.page.fill("#option2", "Size")
        v.page.fill("#option2_values", "S, M, L, XL")
        v.follow(SAVE)
        codes = v.page.locator("tbody input[name$='-sku']")
        assert codes.count() == 12
        v.clean(axe)
        for number, cell in enumerate(codes.all(), 1):
            cell.fill(f"PL-{number}")
        wrong = v.page.locator("tbody input[name$='-price']").nth(3)
        wrong.fill("dear")
        v.follow(SAVE)
        assert wrong.input_value() == "dear"
        assert wrong.get_attribute("aria-invalid") == "true"
        v.clean(axe)
        wrong.fill("21")
        v.follow(SAVE)
        assert v.page.locator("h1").inner_text() == "Paper lantern"
        v.clean(axe)
        assert "PL-12" in v.page.locator("#variants-title").locator("xpath=../..").inner_text()


@EVERY_WAY
def test_a_shelf_is_counted_and_the_count_taken_back(
    visitor: Visiting, axe: str, javascript: bool, width: int
) -> None:
    with visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/inventory")
        v.clean(axe)
        v.follow("main .page-header a")
        v.clean(axe)
        v.follow("tbody a[href$='/count']")
        v.clean(axe)
        books = v.page.locator("tbody td.num").first
        before = books.inner_text()
        v.page.fill("tbody input >> nth=0", "1234")
        v.follow(SAVE)
        assert books.inner_text() == "1,234"
        v.clean(axe)
        v.follow("form[action*='/undo/'] button")
        assert books.inner_text() == before
