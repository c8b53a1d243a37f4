"""A language that is written from right to left turns the page round."""

import pytest

from tests.browser.conftest import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]


def test_arabic_turns_the_page_round_and_is_read_from_its_catalog(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/?lang=ar")
        v.settled()
        html = v.page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl")
        assert "لوحة المعلومات" in v.page.title()
        menu = v.page.locator("nav#menu").bounding_box()
        main = v.page.locator("main").bounding_box()
        assert menu["x"] > main["x"] + main["width"] - 1
        assert v.page.locator("header .brand").bounding_box()["x"] > 640


def test_amounts_and_time_keep_their_direction(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders?lang=ar")
        assert v.page.locator("td.money bdi").count() > 0
        v.go("/vendor/WIZAMART/?lang=ar")
        v.settled()
        ways = v.page.eval_on_selector_all(
            ".spark, .axis", "all => all.map(e => getComputedStyle(e).direction)"
        )
        assert set(ways) == {"ltr"}


@pytest.mark.parametrize("width", [1280, 390])
def test_columns_of_numbers_stand_at_the_left_and_nothing_sticks_out(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders?lang=ar")
        first = v.page.locator("tbody tr").first
        assert first.locator("td.money").bounding_box()["x"] < first.locator("th").bounding_box()["x"]
        sides = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert v.page.evaluate(sides) <= 0
