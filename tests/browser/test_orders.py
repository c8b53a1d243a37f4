"""What a shop does with its orders and customers every day."""

import re

import pytest

from tests.browser.conftest import EVERY_WAY, Visiting, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]
HOME = "/vendor/WIZAMART"


def _entered(v: Visitor, find: str) -> str:
    """Enter and place an order of a product that the catalog knows; gives its address."""
    v.go(f"{HOME}/orders/new")
    v.page.fill("#customer_name", "Ida Lumen")
    v.page.select_option("#platform", "oms")
    v.page.fill("#find", find)
    v.follow("button[name=search]")
    v.follow("button[name=pick] >> nth=0")
    v.follow("button[name=then][value=place]")
    return v.page.url


def _badge(v: Visitor) -> str:
    return v.page.locator(".page-header .badge").first.inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_name_of_an_item_has_as_much_room_as_any_field_beside_it(visitor: Visiting, width: int) -> None:
    with visitor(width=width, javascript=False) as v:
        v.sign_in("owner@orion.example")
        v.go(f"{HOME}/orders/new")
        fields = v.page.locator(".entry tbody tr").first.locator("input").all()
        room = [field.evaluate("e => e.offsetWidth") for field in fields]
        assert room[1] == max(room) >= 200


@EVERY_WAY
def test_the_mornings_orders_are_packed_and_shipped(
    visitor: Visiting, axe: str, javascript: bool, width: int
) -> None:
    with visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        addresses = [_entered(v, "apron") for _order in range(2)]
        v.clean(axe)
        numbers = []
        for address in addresses:
            v.page.goto(address)
            numbers.append(v.page.locator("h1").inner_text().rpartition(" ")[2])
        for before, action in (("placed", "confirm"), ("confirmed", "pack"), ("packed", "ship")):
            v.go(f"{HOME}/orders?status={before}")
            for number in numbers:
                v.page.locator("tbody tr", has_text=number).locator(".pick input").check()
            # In a window as high as the list no bar that sticks covers half a row.
            whole = v.page.evaluate("document.documentElement.scrollHeight")
            v.page.set_viewport_size({"width": width, "height": whole})
            v.clean(axe)
            v.follow(f".bulk-bar button[value={action}]")
            if action == "ship":
                v.follow("main form button.primary, main form button.solid")
            v.clean(axe)
        for address in addresses:
            v.page.goto(address)
            assert _badge(v) == "Shipped"
            v.clean(axe)


@EVERY_WAY
def test_one_line_is_refunded(visitor: Visiting, axe: str, javascript: bool, width: int) -> None:
    with visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        v.page.goto(_entered(v, "apron"))
        v.page.click(".page-header .menu summary")
        v.follow(".page-header .menu a[href$='/refund']")
        v.clean(axe)
        v.page.fill("tbody input >> nth=0", "9")
        v.follow("main form button.primary")
        assert v.page.locator("[aria-invalid=true]").count() >= 1, "more than was sold"
        v.clean(axe)
        v.page.fill("tbody input >> nth=0", "1")
        v.follow("main form button.primary")
        refunded = v.page.locator(".page-header .badge", has_text="refunded").inner_text()
        assert re.search(r"€\d+\.\d\d refunded", refunded)
        v.clean(axe)


@EVERY_WAY
def test_a_customer_is_erased(visitor: Visiting, axe: str, javascript: bool, width: int) -> None:
    with visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        v.go(f"{HOME}/customers")
        known = v.page.locator("tbody tr", has_text="@").first.locator("th a")
        name, address = known.inner_text(), known.get_attribute("href")
        v.go(str(address))
        v.clean(axe)
        v.page.click(".page-header .menu summary")
        v.follow(".page-header .menu a[href$='/erase']")
        v.clean(axe)
        v.follow("main form button.solid")
        assert name not in v.page.locator("tbody").inner_text()
        v.go(str(address))
        assert "Erased on" in v.page.locator(".page-header").inner_text()
        assert name not in v.page.locator("main").inner_text()
        v.clean(axe)
