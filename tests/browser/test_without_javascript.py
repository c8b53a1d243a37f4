"""Every page, form and tile works with JavaScript off."""

import pytest

from orion.testing import PASSWORD
from tests.browser.conftest import Visiting
from tests.browser.pages import Visit, looks, tour

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

#: Forms that nothing on the page sends.
UNSENT = """forms => forms.filter(form => ![...form.elements].some(
  e => e.type === 'submit' || e.type === 'image')).map(form => form.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("which", ["looks", pytest.param("all", marks=pytest.mark.long)])
def test_every_page_opens_and_every_form_has_its_button(
    visitor: Visiting, pages: dict[Visit, str], which: str
) -> None:
    empty: list[str] = []
    unsent: dict[str, list[str]] = {}
    with visitor(javascript=False) as v:
        for path in tour(v, pages if which == "all" else looks(pages)):
            if not v.page.locator("h1").count():
                empty.append(path)
            if forms := v.page.eval_on_selector_all("form", UNSENT):
                unsent[path] = forms
    assert (empty, unsent) == ([], {})


def test_a_tile_shows_its_number_behind_its_link_and_inline(visitor: Visiting) -> None:
    with visitor(javascript=False) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/?inline=1")
        assert v.page.locator("#tile-orders-revenue").inner_text().count("€") >= 1
        v.go("/vendor/WIZAMART/tiles/orders.revenue")
        assert "€" in v.page.locator("main").inner_text()


def test_a_list_can_be_searched_filtered_sorted_and_paged(visitor: Visiting) -> None:
    with visitor(javascript=False) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders")
        v.page.select_option("select[name=kind]", "refund")
        v.follow("form.toolbar button[type=submit]")
        assert "kind=refund" in v.page.url
        v.go("/vendor/WIZAMART/orders")
        first = v.page.locator("tbody tr").first.inner_text()
        v.follow(".pager a[rel=next]")
        assert v.page.locator("tbody tr").first.inner_text() != first
        v.follow(".pager a[rel=prev]")
        assert v.page.locator("tbody tr").first.inner_text() == first


def test_the_filters_of_a_phone_open_without_a_script(visitor: Visiting) -> None:
    with visitor(javascript=False, width=390) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/customers")
        v.page.click("details.filters summary")
        v.page.select_option("select[name=country]", index=1)
        v.follow("form.toolbar button[type=submit]")
        assert "country=" in v.page.url
        assert v.page.locator("select[name=country]").is_visible()
        v.follow(".chip")
        assert v.page.input_value("select[name=country]") == ""


def test_a_period_of_ones_own_can_be_asked_for(visitor: Visiting) -> None:
    with visitor(javascript=False) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/?inline=1")
        before = v.page.locator("#tile-orders-count .value").inner_text()
        v.page.click("main details.menu summary")
        v.page.fill("input[name=from]", "2001-01-01")
        v.page.fill("input[name=to]", "2001-01-31")
        v.follow("main details.menu button[type=submit]")
        assert "from=2001-01-01" in v.page.url
        assert v.page.locator("#tile-orders-count").inner_text() != before


def test_a_theme_can_be_chosen_and_stays(visitor: Visiting) -> None:
    with visitor(javascript=False) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/team")
        v.page.click("header summary:has(.avatar)")
        v.follow("button[value=dark]")
        assert v.page.url.endswith("/team")
        assert v.page.locator("html").get_attribute("data-theme") == "dark"


def test_a_password_can_be_changed_and_mistakes_are_explained(own_visitor: Visiting) -> None:
    with own_visitor(javascript=False) as v:
        v.sign_in("books@orion.example", anew=True)
        v.go("/account/password")
        new = "a sentence that nobody else would choose"
        for old, said in (("wrong", "There is a problem"), (PASSWORD, "")):
            v.page.fill("input[name=password]", old)
            v.page.fill("input[name=new_password]", new)
            v.page.fill("input[name=new_password_confirm]", new)
            v.follow("main form button[type=submit]")
            assert said in v.page.locator("main").inner_text()
        assert v.page.locator(".alert[data-tone=danger]").count() == 0


def test_a_forgotten_password_is_reset_by_the_link_in_the_mail(own_visitor: Visiting) -> None:
    with own_visitor(javascript=False) as v:
        v.go("/login")
        v.follow("text=Forgotten your password?")
        v.page.fill("input[name=email]", "books@orion.example")
        v.follow("main button[type=submit]")
        v.go("/_mail")
        v.follow("pre a >> nth=0")
        new = "a sentence that nobody else would choose"
        v.page.fill("input[name=password]", new)
        v.page.fill("input[name=password_confirm]", new)
        v.follow("main form button[type=submit]")
        v.page.context.clear_cookies()
        v.go("/login")
        v.page.fill("input[name=email]", "books@orion.example")
        v.page.fill("input[name=password]", new)
        v.follow("main button[type=submit]")
        assert "/vendor/LUXBOOKS/" in v.page.url


def test_an_address_is_changed_by_the_link_in_the_mail(own_visitor: Visiting) -> None:
    with own_visitor(javascript=False) as v:
        v.sign_in("books@orion.example", anew=True)
        v.go("/account/email")
        v.page.fill("input[name=email]", "novels@orion.example")
        v.follow("main form button[type=submit]")
        v.go("/_mail")
        v.follow("pre a >> nth=0")
        v.follow("text=Use this address")
        assert "You sign in with novels@orion.example from now on." in v.page.locator("main").inner_text()


def test_other_sessions_can_be_ended(own_visitor: Visiting) -> None:
    with own_visitor(javascript=False) as v, own_visitor(javascript=False) as w:
        v.sign_in("owner@orion.example", anew=True)
        w.sign_in("owner@orion.example", anew=True)
        v.go("/account/sessions")
        assert v.page.locator("tbody tr").count() == 2
        v.follow("tbody form button")
        assert v.page.locator("tbody tr").count() == 1
        w.go("/vendor/WIZAMART/")
        assert "/login" in w.page.url


def test_one_can_sign_out(visitor: Visiting) -> None:
    with visitor(javascript=False) as v:
        v.sign_in("owner@orion.example", anew=True)
        v.go("/vendor/WIZAMART/")
        v.page.click("header summary:has(.avatar)")
        v.follow("form[action='/logout'] button")
        v.go("/vendor/WIZAMART/")
        assert "/login" in v.page.url
