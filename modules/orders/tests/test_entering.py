"""Orders entered by hand, their numbers, and invoices: through the pages, as people do it."""

import json
import re
from collections.abc import Callable
from threading import Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.customers.api import Customer, Vendor
from modules.orders import services
from modules.orders.models import Invoice, Line, Order
from modules.orders.tests.conftest import NOW, Shop, document
from orion.contracts import events
from orion.contracts.data import entered
from orion.contracts.errors import Invalid
from orion.contracts.naming import Named
from orion.contracts.texts import spoken
from orion.desk.models import Notice
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns

HOME = "/vendor/WIZAMART/orders"
ENTRY = {
    "platform": "oms",
    "customer_name": "Ida Lumen",
    "lines-0-title": "Cup",
    "lines-0-quantity": "2",
    "lines-0-unit_price": "4.50",
    "lines-0-tax_rate": "17",
}


@pytest.fixture
def owner(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in("owner@orion.example")


def _send(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    """Send a form of a page; gives status and where it leads, or the page."""
    token = csrf_token(client.get(path).text)
    answer = client.post(path, data={"csrf_token": token, **form})
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def test_an_order_is_entered_placed_and_numbered(owner: FlaskClient, shop: Shop) -> None:
    status, where = _send(owner, f"{HOME}/new", **ENTRY, then="place")
    assert status == 303
    public_id = where.rpartition("/")[2]
    columns = (Order.number, Order.status, Order.total, Order.units, Order.source)
    [order] = shop.rows(select(*columns).where(Order.public_id == public_id))
    assert re.fullmatch(r"M-\d{5}", order[0])
    assert tuple(order)[1:] == ("placed", 900, 2, "manual")
    [(tax,)] = shop.rows(select(Line.tax).where(Line.title == "Cup"))
    assert tax == 131


def test_a_draft_can_be_changed_until_it_is_placed(owner: FlaskClient, shop: Shop) -> None:
    _status, where = _send(owner, f"{HOME}/new", **ENTRY, then="keep")
    version = re.findall(r'name="version"[^>]*value="(\d+)"', owner.get(f"{where}/edit").text)[0]
    changed = {**ENTRY, "lines-0-quantity": "3", "version": version}
    assert _send(owner, f"{where}/edit", **changed, then="place")[0] == 303
    public_id = where.rpartition("/")[2]
    [(status, total)] = shop.rows(select(Order.status, Order.total).where(Order.public_id == public_id))
    assert (status, total) == ("placed", 1350)
    again, said = _send(owner, f"{where}/edit", **{**changed, "version": "9"})
    assert again in (409, 422)
    assert "can’t be changed" in said or "can&#39;t be changed" in said or "Somebody else" in said


def test_a_draft_that_somebody_else_has_changed_shows_both_versions_line_by_line(owner: FlaskClient) -> None:
    _status, where = _send(owner, f"{HOME}/new", **ENTRY, then="keep")
    version = re.findall(r'name="version"[^>]*value="(\d+)"', owner.get(f"{where}/edit").text)[0]
    theirs = {"lines-0-quantity": "3", "lines-1-title": "Saucer", "lines-1-quantity": "1"}
    theirs = {**ENTRY, **theirs, "lines-1-unit_price": "2", "version": version}
    assert _send(owner, f"{where}/edit", **theirs, then="keep")[0] == 303
    status, page = _send(owner, f"{where}/edit", **{**ENTRY, "version": version}, then="keep")
    assert status == 409
    compared = page.partition('<table class="compare">')[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', compared)
    assert rows == [
        ("Line 1 · Quantity", "3", "2"),
        ("Line 2 · Item", "Saucer", "–"),
        ("Line 2 · Quantity", "1", "–"),
        ("Line 2 · Unit price", "€2.00", "–"),
    ]


def test_where_a_platform_has_suspended_the_vendor_nothing_is_sold_or_changed(
    owner: FlaskClient, open_shop: Callable[..., Shop], sign_in: Callable[..., FlaskClient]
) -> None:
    ids = {}
    for platform in ("oms", "letz"):
        shop = open_shop(platform=platform)
        shop.take(document(f"S-{platform}", status="placed"))
        [(ids[platform],)] = shop.rows(select(Order.public_id).where(Order.number == f"S-{platform}"))
    paul = sign_in("platform@orion.example")
    assert _send(paul, "/admin/vendors/WIZAMART/suspend", reason="Late parcels")[0] == 303
    form = owner.get(f"{HOME}/new").text
    assert 'value="letz"' in form and 'value="oms"' not in form
    assert _send(owner, f"{HOME}/new", **ENTRY, then="place")[0] == 422
    assert _send(owner, f"{HOME}/new", **{**ENTRY, "platform": "letz"}, then="place")[0] == 303
    assert owner.get(f"{HOME}/{ids['oms']}").status_code == 200
    assert _send(owner, f"{HOME}/{ids['oms']}/cancel", reason="x")[0] == 404
    assert _send(owner, f"{HOME}/{ids['letz']}/cancel", reason="x")[0] == 303


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"lines-0-unit_price": "x"}, "Enter a number"),
        ({"lines-0-quantity": ""}, "How many?"),
        ({"lines-0-title": ""}, "What is sold?"),
        ({"platform": "nowhere"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    owner: FlaskClient, shop: Shop, wrong: dict[str, str], said: str
) -> None:
    status, page = _send(owner, f"{HOME}/new", **{**ENTRY, **wrong})
    assert status == 422
    assert said in page
    assert 'value="Ida Lumen"' in page
    assert shop.rows(select(Order.id).where(Order.customer_name == "Ida Lumen")) == []


def test_more_lines_and_a_picked_product_keep_what_was_typed(owner: FlaskClient) -> None:
    status, page = _send(owner, f"{HOME}/new", **ENTRY, more="1")
    assert status == 200
    assert 'name="lines-4-title"' in page and 'value="Cup"' in page
    picked = '{"sku": "K-1", "title": "Kettle", "unit_price": 1500, "tax_rate": 17}'
    status, page = _send(owner, f"{HOME}/new", **ENTRY, pick=picked)
    assert status == 200
    assert 'value="Kettle"' in page and 'value="15.00"' in page


def test_whoever_keeps_stock_may_refuse_a_sale(
    owner: FlaskClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_scope: object, **_payload: object) -> None:
        raise Invalid("There is only one Cup left.")

    monkeypatch.setattr(
        events, "_listeners", lambda _s, e: [("test", refuse)] if e == "orders.placed" else []
    )
    status, page = _send(owner, f"{HOME}/new", **ENTRY, then="place")
    assert (status, "only one Cup left" in page) == (422, True)
    assert shop.rows(select(Order.id).where(Order.customer_name == "Ida Lumen")) == []


def test_a_step_says_so_and_can_be_undone(owner: FlaskClient, shop: Shop) -> None:
    shop.take(document(status="placed"))
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
    page = owner.get(f"{HOME}/{public_id}").text
    owner.post(f"{HOME}/{public_id}/step/confirm", data={"csrf_token": csrf_token(page)})
    page = owner.get(f"{HOME}/{public_id}").text
    [undo] = re.findall(r'action="([^"]*/undo/[^"]*)"', page)
    owner.post(undo, data={"csrf_token": csrf_token(page)})
    assert shop.rows(select(Order.status).where(Order.number == "A-1")) == [("placed",)]


@pytest.mark.only_on("sqlite")
def test_a_product_that_is_picked_fills_the_first_empty_line(owner: FlaskClient) -> None:
    token = csrf_token(owner.get(f"{HOME}/new").text)
    lines = {"lines-0-title": "Cup", "lines-0-quantity": "2", "lines-1-title": "", "lines-1-quantity": ""}
    pick = json.dumps({"sku": "P-1", "title": "Plate", "unit_price": 1250})
    page = owner.post(f"{HOME}/new", data={"csrf_token": token, **lines, "pick": pick}).text
    there = {
        name: value for name, value in re.findall(r'name="(lines-[01]-\w+)"[^>]*? value="([^"]*)"', page)
    }
    assert (there["lines-0-title"], there["lines-0-quantity"]) == ("Cup", "2")
    assert [there[f"lines-1-{name}"] for name in ("sku", "title", "quantity", "unit_price")] == [
        "P-1",
        "Plate",
        "1",
        "12.50",
    ]


def test_checked_orders_go_on_together(owner: FlaskClient, shop: Shop) -> None:
    shop.take(document(status="placed"), document("A-2", status="placed"))
    wanted = Order.number.in_(["A-1", "A-2"])
    ids = [public_id for (public_id,) in shop.rows(select(Order.public_id).where(wanted))]
    token = csrf_token(owner.get(HOME).text)
    owner.post(HOME, data={"csrf_token": token, "action": "confirm", "row": ids})
    assert shop.rows(select(Order.status).where(wanted)) == [("confirmed",), ("confirmed",)]


def test_who_may_only_look_is_offered_nothing_and_refused(
    sign_in: Callable[..., FlaskClient], shop: Shop
) -> None:
    staff = sign_in("staff@orion.example")
    shop.take(document(status="placed"))
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
    page = staff.get(f"{HOME}/{public_id}").text
    assert "/ship" not in page and "/refund" not in page and "/step/" not in page
    assert staff.get(f"{HOME}/{public_id}/ship").status_code == 403
    assert staff.get(f"{HOME}/new").status_code == 403


def test_an_invoice_is_written_once_and_stays_as_it_was(owner: FlaskClient, shop: Shop) -> None:
    shop.take(document())
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
    assert owner.get(f"{HOME}/{public_id}/invoice").status_code == 404
    for _time in range(2):
        token = csrf_token(owner.get(f"{HOME}/{public_id}").text)
        owner.post(f"{HOME}/{public_id}/invoice", data={"csrf_token": token})
    shop.take(document(customer_name="Somebody Else"))
    page = owner.get(f"{HOME}/{public_id}/invoice").text
    assert "Ida Lumen" in page and "Somebody Else" not in page
    mine = select(Invoice.id).join(Order, Order.id == Invoice.order_id).where(Order.number == "A-1")
    assert len(shop.rows(mine)) == 1


@pytest.mark.only_on("sqlite")
def test_papers_say_where_the_seller_is_and_the_invoice_its_tax_number(
    owner: FlaskClient, shop: Shop
) -> None:
    shop.take(document())
    shop.change(services.invoice, "A-1")
    [(seller,)] = shop.rows(select(Vendor))
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
    where = f"<bdi>{seller.street}</bdi>\n<bdi>{seller.postcode} {seller.city}</bdi>\n<bdi>Luxembourg</bdi>"
    invoice = owner.get(f"{HOME}/{public_id}/invoice").text
    assert seller.street and where in invoice and seller.tax_number in invoice
    assert where in owner.get(f"{HOME}/{public_id}/packing-slip").text


@pytest.mark.only_on("sqlite")
def test_a_paper_from_before_sellers_had_addresses_is_shown_as_it_was(owner: FlaskClient, shop: Shop) -> None:
    shop.take(document())
    shop.change(services.invoice, "A-1")
    with shop.app.app_context(), entered(shop.scope, write=True) as writing:
        paper = writing.scalars(
            select(Invoice).join(Order, Order.id == Invoice.order_id).where(Order.number == "A-1")
        ).one()
        paper.content = {**paper.content, "seller": {"name": "Wizamart of old"}}
        writing.commit()
    [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
    assert "Wizamart of old" in owner.get(f"{HOME}/{public_id}/invoice").text


def test_invoices_that_eight_write_at_the_same_time_have_no_gap_and_no_double(shop: Shop) -> None:
    shop.take(*(document(f"A-{number}") for number in range(48)))
    ids = [public_id for (public_id,) in shop.rows(select(Order.public_id).where(Order.number.like("A-%")))]

    def write(part: list[str]) -> None:
        for public_id in part:
            with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
                services.invoice(shop.scope, public_id, now=NOW)
                if public_id == part[0]:
                    writing.rollback()
                else:
                    writing.commit()

    writers = [Thread(target=write, args=(ids[start::8],)) for start in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    numbers = shop.rows(select(Invoice.number).where(Invoice.year == NOW.year).order_by(Invoice.number))
    assert [number for (number,) in numbers] == list(range(1, 41))


def _told(shop: Shop) -> list[tuple[str, dict[str, object]]]:
    return [tuple(row) for row in shop.rows(select(Notice.kind, Notice.details).order_by(Notice.id))]


def test_the_others_are_told_of_an_order_that_is_placed(owner: FlaskClient, shop: Shop) -> None:
    before = len(_told(shop))
    _status, where = _send(owner, f"{HOME}/new", **ENTRY, then="place")
    [(kind, details)] = _told(shop)[before:]
    assert kind == "orders.placed" and details["order"] == where.rpartition("/")[2]


def test_many_orders_that_are_placed_at_once_are_told_of_together(shop: Shop) -> None:
    before = len(_told(shop))
    with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
        found = writing.scalars(select(Order).limit(services.FEW + 1)).all()
        services.announce_placed(shop.scope, found)
        writing.commit()
    assert _told(shop)[before:] == [("orders.many_placed", {"number": services.FEW + 1})]


def test_papers_speak_the_customers_language_and_else_the_vendors(owner: FlaskClient, shop: Shop) -> None:
    shop.take(document())
    shop.change(services.invoice, "A-1")
    mine = select(Order.public_id, Order.customer_id).where(Order.number == "A-1")
    [(public_id, customer)] = shop.rows(mine)
    assert 'stack" lang="en" dir="ltr"' in owner.get(f"{HOME}/{public_id}/invoice?lang=ar").text
    with shop.app.app_context(), entered(shop.scope, write=True) as writing:
        writing.get_one(Customer, customer).locale = "ar"
        writing.commit()
    for paper in ("invoice", "packing-slip"):
        page = owner.get(f"{HOME}/{public_id}/{paper}").text
        assert 'stack" lang="ar" dir="rtl"' in page
        assert "<h2>المُرسَل إليه</h2>" in page
        assert '<html lang="en"' in page


def test_papers_speak_the_vendors_language_where_the_customers_has_no_catalog(
    owner: FlaskClient, shop: Shop
) -> None:
    shop.take(document())
    shop.change(services.invoice, "A-1")
    mine = select(Order.public_id, Order.customer_id).where(Order.number == "A-1")
    [(public_id, customer)] = shop.rows(mine)
    with shop.app.app_context(), entered(shop.scope, write=True) as writing:
        writing.get_one(Customer, customer).locale = "pt-BR"
        writing.commit()
    for paper in ("invoice", "packing-slip"):
        page = owner.get(f"{HOME}/{public_id}/{paper}?lang=ar").text
        assert 'stack" lang="en" dir="ltr"' in page
        assert "<h2>To</h2>" in page


@pytest.mark.parametrize(("language", "around"), [("fr", "fr"), ("pt", "en")])
def test_papers_name_goods_in_the_customers_language(
    owner: FlaskClient, shop: Shop, monkeypatch: pytest.MonkeyPatch, language: str, around: str
) -> None:
    shop.take(document())
    [(public_id, customer, sku, title)] = shop.rows(
        select(Order.public_id, Order.customer_id, Line.sku, Line.title)
        .join(Line, Line.order_id == Order.id)
        .where(Order.number == "A-1", Line.position == 1)
    )
    with shop.app.app_context(), entered(shop.scope, write=True) as writing:
        writing.get_one(Customer, customer).locale = language
        writing.commit()
    for module in ("papers", "invoicing"):
        said = lambda *_asked: {sku: Named(title, "Tasse", language)}  # noqa: E731
        monkeypatch.setattr(f"modules.orders.{module}.names", said)
    shop.change(services.invoice, "A-1")
    cup = f'<th scope="row">{spoken("Tasse", language, around)}'
    assert cup in owner.get(f"{HOME}/{public_id}/packing-slip").text
    # An invoice stays as it was, whatever goods are called later.
    monkeypatch.setattr("modules.orders.papers.names", lambda *_asked: {})
    assert cup in owner.get(f"{HOME}/{public_id}/invoice").text
    in_english = f'<th scope="row">{spoken(title, "en", around)}</th>'
    assert in_english in owner.get(f"{HOME}/{public_id}/packing-slip").text
