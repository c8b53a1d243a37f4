"""Order pages on both frontends, and what they show to whom."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.customers.api import Customer, Platform
from modules.orders.models import Order
from modules.orders.services import cancel
from modules.orders.tests.conftest import Shop, document, refund
from orion.contracts.data import entered, system_scope

pytestmark = pytest.mark.by_turns

SEED = system_scope("seed")
SignIn = Callable[..., FlaskClient]


def _public_id(shop: Shop, number: str = "A-1") -> str:
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == number))
    return str(public_id)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_orders_of_a_vendor_that_has_left_are_handed_out_without_its_name(
    shop: Shop, sign_in: SignIn, kind: str
) -> None:
    shop.take(document())
    tenants = shop.app.extensions["orion"].modules["tenancy"].parts["api"]
    with shop.app.app_context(), entered(SEED, write=True) as writing:
        vendor, platform = (
            writing.scalars(select(model).where(model.code == code)).one()
            for model, code in ((tenants.Vendor, "WIZAMART"), (Platform, "oms"))
        )
        tenants.leave_platform(SEED, vendor, platform, date.today())
        writing.commit()
    file = sign_in("platform@orion.example").get(f"/admin/orders?q=a-1&export={kind}")
    assert file.status_code == 200
    assert "A-1" in file.text if kind != "xlsx" else file.data.startswith(b"PK")


@pytest.mark.parametrize("email", ["owner@orion.example", "platform@orion.example", "admin@orion.example"])
@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("lumen", {"A-1", "A-2"}),
        ("lum ida", {"A-1", "A-2"}),
        ("wort", {"A-3"}),
        ("a-", {"A-1", "A-2", "A-3"}),
        ("lum wort", set()),
        ("lu", set()),
    ],
)
def test_orders_are_found_by_number_or_by_any_word_of_their_customer(
    shop: Shop, sign_in: SignIn, email: str, typed: str, numbers: set[str]
) -> None:
    other = {"customer": "C-2", "customer_name": "Bo Wortmann"}
    shop.take(document("A-1"), document("A-2"), document("A-3", **other))
    address = "/vendor/WIZAMART/orders" if email.startswith("owner") else "/admin/orders"
    page = sign_in(email).get(address, query_string={"q": typed, "to": "2024-12-31"})
    assert {number for number in ("A-1", "A-2", "A-3") if f">{number}<" in page.text} == numbers


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("owner@orion.example", "/vendor/WIZAMART/orders"),
        ("staff@orion.example", "/vendor/WIZAMART/orders"),
        ("platform@orion.example", "/admin/orders"),
        ("admin@orion.example", "/admin/orders"),
    ],
)
def test_the_list_shows_orders(shop: Shop, sign_in: SignIn, email: str, address: str) -> None:
    shop.take(document())
    page = sign_in(email).get(address, query_string={"q": "a-1"})
    assert page.status_code == 200
    assert "Ida Lumen" in page.text and "€25.00" in page.text


def test_the_administration_names_vendor_and_platform(shop: Shop, sign_in: SignIn) -> None:
    shop.take(document())
    page = sign_in("admin@orion.example").get("/admin/orders?q=a-1").text
    assert "Wizamart" in page and "Orion Market" in page


def test_a_platforms_administrator_sees_its_own_orders_alone(
    open_shop: Callable[..., Shop], sign_in: SignIn
) -> None:
    one, other = open_shop(platform="oms"), open_shop(platform="letz")
    one.take(document("A-1"))
    other.take(document("A-2"))
    client = sign_in("platform@orion.example")
    assert client.get(f"/admin/orders/{_public_id(one, 'A-1')}").status_code == 200
    assert client.get(f"/admin/orders/{_public_id(other, 'A-2')}").status_code == 404


@pytest.mark.parametrize("email", ["owner@orion.example", "staff@orion.example"])
def test_an_order_shows_its_lines_and_its_timeline(shop: Shop, sign_in: SignIn, email: str) -> None:
    shop.take(document(status="placed"))
    shop.change(cancel, "A-1", reason="Out of stock")
    page = sign_in(email).get(f"/vendor/WIZAMART/orders/{_public_id(shop)}")
    assert page.status_code == 200
    assert all(text in page.text for text in ("Kettle", "€15.00", "€25.00", "Ida Lumen", "Out of stock"))


def test_only_who_may_see_customers_is_led_to_them(shop: Shop, sign_in: SignIn) -> None:
    shop.take(document())
    [(customer,)] = shop.rows(select(Customer.public_id).where(Customer.reference == "C-1"))
    address = f"/vendor/WIZAMART/orders/{_public_id(shop)}"
    assert f"/customers/{customer}" in sign_in("owner@orion.example").get(address).text
    assert f"/customers/{customer}" not in sign_in("staff@orion.example").get(address).text


def test_a_sale_and_its_refund_lead_to_each_other(shop: Shop, sign_in: SignIn) -> None:
    shop.take(document(), refund(origin_number="A-1"))
    sale, back = _public_id(shop), _public_id(shop, "R-1")
    client = sign_in("owner@orion.example")
    assert f"/orders/{back}" in client.get(f"/vendor/WIZAMART/orders/{sale}").text
    assert f"/orders/{sale}" in client.get(f"/vendor/WIZAMART/orders/{back}").text


@pytest.mark.parametrize("kind", ["another vendor's", "unknown"])
def test_an_order_that_is_not_ones_own_is_not_found(
    open_shop: Callable[..., Shop], sign_in: SignIn, kind: str
) -> None:
    books = open_shop("LUXBOOKS", "letz")
    books.take(document())
    public_id = _public_id(books) if kind != "unknown" else "zzzzzzzzzzzzzz"
    assert sign_in("owner@orion.example").get(f"/vendor/WIZAMART/orders/{public_id}").status_code == 404


def test_a_customers_profile_shows_their_latest_orders(shop: Shop, sign_in: SignIn) -> None:
    shop.take(document())
    [(customer,)] = shop.rows(select(Customer.public_id).where(Customer.reference == "C-1"))
    page = sign_in("owner@orion.example").get(f"/vendor/WIZAMART/customers/{customer}")
    assert f"/vendor/WIZAMART/orders/{_public_id(shop)}" in page.text


def test_the_filter_offers_what_vendors_trade_in_now(shop: Shop, sign_in: SignIn) -> None:
    def offered() -> list[str]:
        part = admin.get("/admin/orders").text.partition('name="currency"')[2].partition("</select>")[0]
        return re.findall(r'value="([A-Z]{3})"', part)

    admin = sign_in("admin@orion.example")
    before = offered()
    vendor = shop.app.extensions["orion"].modules["tenancy"].parts["api"].Vendor
    with shop.app.app_context(), entered(SEED, write=True) as writing:
        writing.scalars(select(vendor).where(vendor.code == "WIZAMART")).one().currency = "NOK"
        writing.commit()
    assert "NOK" not in before and "NOK" in offered()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "lost"}, 422),
        ({"currency": "XXX"}, 422),
        ({"currency": "eur"}, 422),
        ({"currency": "DEM"}, 200),
        ({"sort": "vendor"}, 422),
        ({"after": "forged"}, 422),
        ({"platform": "nowhere"}, 404),
    ],
    ids=str,
)
def test_a_forged_question_is_refused(
    shop: Shop, sign_in: SignIn, query: dict[str, str], status: int
) -> None:
    client = sign_in("owner@orion.example")
    assert client.get("/vendor/WIZAMART/orders", query_string=query).status_code == status


def test_htmx_gets_the_results_alone(shop: Shop, sign_in: SignIn) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = sign_in("owner@orion.example").get("/vendor/WIZAMART/orders", headers=headers)
    assert answer.headers["X-Orion-Fragment"] == "results"
    assert "<html" not in answer.text and "<table" in answer.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "refund"}, "R-1"),
        ({"status": "to-fulfil"}, "A-2"),
        ({"status": "not-cancelled"}, "A-1 A-2 R-1"),
        ({"status": "cancelled"}, "A-3"),
        ({"currency": "GBP"}, "A-1"),
        ({"q": "ida"}, "A-1 A-2 A-3 R-1"),
    ],
    ids=str,
)
def test_filters_narrow_the_list(shop: Shop, sign_in: SignIn, query: dict[str, Any], expected: str) -> None:
    shop.take(
        document(currency="GBP"), document("A-2", status="placed"), document("A-3", status="placed"), refund()
    )
    shop.change(cancel, "A-3")
    may = {"from": "2024-05-01", "to": "2024-05-31"}
    page = sign_in("owner@orion.example").get("/vendor/WIZAMART/orders", query_string={**may, **query}).text
    assert {number for number in ("A-1", "A-2", "A-3", "R-1") if f">{number}<" in page} == {*expected.split()}
