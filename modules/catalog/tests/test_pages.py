"""The product pages: what the list finds, and how products are made and changed without JavaScript."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from modules.catalog import categories, images, listings, options, services
from modules.catalog.models import Image, Listing, Product
from modules.catalog.options import WantedOption
from modules.catalog.tests.conftest import NOW, Market, picture
from orion.contracts.data import session
from orion.testing import client_of, csrf_token, settings_in, shared_app
from orion.testing.databases import Databases

pytestmark = pytest.mark.by_turns

HOME = "/vendor/SHOP/products"


def titles(page: Any) -> list[str]:
    """The first cells of a list's rows."""
    assert page.status_code == 200, page.status
    return re.findall(r'<th scope="row".*?<a [^>]*>([^<]+)</a>', page.text)


def listed(client: Any, **asked: str) -> list[str]:
    return titles(client.get(HOME, query_string=asked))


def send(client: Any, address: str, follow: bool = True, **fields: Any) -> Any:
    """Open a page's form and send it as it stands, with other values in these fields."""
    page = client.get(address)
    assert page.status_code == 200, page.status
    inputs = [
        one for one in re.findall(r"<input [^>]*>", page.text) if "checkbox" not in one or " checked" in one
    ]
    filled = dict(re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', "".join(inputs)))
    filled["csrf_token"] = csrf_token(page.text)
    return client.post(address, data={**filled, **fields}, follow_redirects=follow)


@pytest.fixture(scope="module")
def shelf(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """An active apron in Kitchen / Linen on east, a draft mug without a price, and an archived hook: for all
    tests that only read."""
    with shared_app(databases, settings_in(tmp_path_factory.mktemp("shelf"))) as app:
        yield _filled(Market(app).build())


@pytest.fixture(scope="module")
def reader(shelf: Market) -> Any:
    """The owner of SHOP at the shelf, signed in."""
    return client_of(shelf.app, shelf.person("owner@x.example", "vendor", "SHOP"))


def _filled(market: Market) -> Market:
    kitchen = market.run(categories.add, "Kitchen").public_id
    linen = market.run(categories.add, "Linen", kitchen).public_id
    apron = market.product(
        "Linen apron",
        sku="A-1",
        barcode="4001",
        type="Apron",
        tags=["gift"],
        categories=[linen],
        status="active",
    )
    market.run(images.add, apron.public_id, [picture()], now=NOW)
    market.run(listings.publish, [apron.id], market.platforms["east"])
    market.product("Blue mug", price=None, sku="a-1")
    hook = market.product("Old hook")
    market.run(services.set_status, [hook.id], "archived", now=NOW)
    market.product("Rival's apron", vendor="RIVAL")
    return market


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Blue mug", "Linen apron"]),
        ({"q": "apr"}, ["Linen apron"]),
        ({"q": "lin ap"}, ["Linen apron"]),
        ({"q": "a-1"}, ["Blue mug", "Linen apron"]),
        ({"q": "4001"}, ["Linen apron"]),
        ({"q": "pron"}, []),
        ({"status": "archived"}, ["Old hook"]),
        ({"status": "draft"}, ["Blue mug"]),
        ({"incomplete": "yes"}, ["Blue mug"]),
        ({"repeated": "yes"}, ["Blue mug", "Linen apron"]),
        ({"type": "apron"}, ["Linen apron"]),
        ({"tag": "gift"}, ["Linen apron"]),
        ({"published_on": "east"}, ["Linen apron"]),
        ({"published_on": "west"}, []),
        ({"sort": "price"}, ["Blue mug", "Linen apron"]),
    ],
)
def test_the_list_finds(reader: Any, asked: dict[str, str], found: list[str]) -> None:
    assert listed(reader, **asked) == found


def test_a_category_holds_what_stands_below_it(reader: Any) -> None:
    page = reader.get(HOME).text
    kitchen = re.search(r'<option value="([a-z0-9]{14})"[^>]*>Kitchen', page)
    assert kitchen is not None
    assert listed(reader, category=kitchen[1]) == ["Linen apron"]


def test_the_administration_reads_all_and_writes_nothing(shelf: Market) -> None:
    admin = client_of(shelf.app, shelf.person("admin@x.example", "installation"))
    page = admin.get("/admin/products")
    assert set(titles(page)) == {"Blue mug", "Linen apron", "Rival&#39;s apron"}
    [address] = re.findall(r'href="(/admin/products/[a-z0-9]{14})">Linen apron', page.text)
    product = admin.get(address)
    assert "A-1" in product.text
    assert 'method="post" action="/vendor' not in product.text


# -- writing --------------------------------------------------------------------------------------


def test_a_product_with_twelve_variants_is_made_without_javascript(market: Market, owner: Any) -> None:
    page = send(
        owner,
        f"{HOME}/new",
        title="Felt slippers",
        price="45.5",
        tax_class="standard",
        option1="Colour",
        option1_values="coal, moss",
        option2="Size",
        option2_values="37, 38, 39, 40, 41, 42",
    )
    assert page.request.path.endswith("/variants")
    assert len(re.findall(r'name="[a-z0-9]{14}-sku"', page.text)) == 12
    keys = re.findall(r'name="([a-z0-9]{14})-sku"', page.text)
    codes = {f"{key}-sku": f"FS-{n}" for n, key in enumerate(keys)}
    done = send(owner, page.request.path, **codes, **{"all-weight": "300", f"{keys[0]}-price": "47"})
    assert done.status_code == 200 and "FS-11" in done.text
    with market.at():
        product = session().scalars(select(Product)).one()
    assert (product.lowest, product.highest, product.variants) == (4550, 4700, 12)
    assert {variant.weight for variant in market.variants(product)} == {300}


def test_what_is_wrong_in_the_grid_is_said_at_its_cell(market: Market, owner: Any) -> None:
    product = market.product()
    key = market.variants(product)[0].public_id
    answer = send(
        owner, f"{HOME}/{product.public_id}/variants", **{f"{key}-price": "a lot", f"{key}-sku": "Z"}
    )
    assert answer.status_code == 422
    assert f'<a href="#{key}-price">' in answer.text
    assert re.search(rf'<input[^>]*id="{key}-price"[^>]*value="a lot"', answer.text)
    assert market.again(product).lowest == 4200


def test_a_grid_from_an_old_page_shows_both_versions_cell_by_cell(market: Market, owner: Any) -> None:
    product = market.product()
    key = market.variants(product)[0].public_id
    address = f"{HOME}/{product.public_id}/variants"
    old = owner.get(address).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', old)
    assert version is not None
    send(owner, address, **{f"{key}-price": "1"})
    answer = send(owner, address, **{f"{key}-price": "2", "version": version[1]})
    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text
    compared = re.search(r'<table class="compare">(.*?)</table>', answer.text, re.DOTALL)
    assert compared is not None
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', compared[1])
    assert rows == [("Price", "€1.00", "€2.00")]
    assert market.again(product).lowest == 100


def test_an_edit_of_an_old_version_shows_both(market: Market, owner: Any) -> None:
    product = market.product("Apron")
    address = f"{HOME}/{product.public_id}/edit"
    send(owner, address, title="Linen apron", tax_class="standard", description="")
    answer = send(owner, address, title="Wool apron", tax_class="standard", version="1")
    assert answer.status_code == 409
    assert "Linen apron" in answer.text and "Wool apron" in answer.text


def test_a_value_is_renamed_in_its_field_and_taken_away_by_emptying_it(market: Market, owner: Any) -> None:
    product = market.product()
    wanted = [WantedOption("Colour", ["Red", "Blue"])]
    market.run(options.set_options, product.public_id, wanted, now=NOW)
    address = f"{HOME}/{product.public_id}/options"
    send(owner, address, option1_value0="Crimson", option1_value1="", option1_values="Green")
    assert market.titles(product) == ["Crimson", "Green"]
    answer = send(owner, address, option1_values="crimson")
    assert answer.status_code == 422
    assert '<a href="#option1_values">' in answer.text


def test_pictures_are_added_described_moved_and_removed_with_one_form(market: Market, owner: Any) -> None:
    product = market.product()
    address = f"{HOME}/{product.public_id}/images"
    send(owner, address, images=[(picture(), "a.png"), (picture(), "b.png")])
    with market.at():
        first, second = session().scalars(select(Image).order_by(Image.position)).all()
    page = send(owner, address, down=first.public_id, **{f"alt-{first.public_id}": "A mug"})
    assert market.again(product).cover == second.key
    assert 'alt="A mug"' in page.text
    gone = send(owner, address, remove=second.public_id)
    undo = re.search(r'action="(/vendor/SHOP/undo/[^"]+)"', gone.text)
    assert undo is not None
    owner.post(undo[1], data={"csrf_token": csrf_token(gone.text)})
    assert market.again(product).cover == second.key


def test_a_file_that_is_no_picture_is_refused_by_name(market: Market, owner: Any) -> None:
    product = market.product()
    file = (picture(format="GIF"), "moving.gif")
    answer = send(owner, f"{HOME}/{product.public_id}/images", images=[file])
    assert answer.status_code == 422
    assert "moving.gif" in answer.text


def test_a_platforms_own_price_is_typed_beside_its_name(market: Market, owner: Any) -> None:
    product = market.product(price=1000)
    key = market.variants(product)[0].public_id
    address = f"{HOME}/{product.public_id}/platforms"
    page = send(owner, address, **{"east-published": "yes", f"east-{key}": "12.5"})
    assert "Shown, with prices of its own" in page.text
    with market.at():
        rows = session().execute(select(Listing.platform_id, Listing.published)).all()
    assert dict(map(tuple, rows)) == {market.platforms["east"]: True, market.platforms["west"]: False}


def test_many_products_are_archived_at_once_and_brought_back(market: Market, owner: Any) -> None:
    _filled(market)
    page = owner.get(HOME)
    rows = re.findall(r'name="row" value="([a-z0-9]{14})"', page.text)
    sent = {"csrf_token": csrf_token(page.text), "action": "archive", "row": rows}
    after = owner.post(HOME, data=sent, follow_redirects=True)
    assert "2 products archived." in after.text
    assert listed(owner) == []
    undo = re.search(r'action="(/vendor/SHOP/undo/[^"]+)"', after.text)
    assert undo is not None
    owner.post(undo[1], data={"csrf_token": csrf_token(after.text)})
    assert listed(owner, status="active") == ["Linen apron"]


def test_a_category_is_made_moved_and_removed(market: Market, owner: Any) -> None:
    send(owner, "/vendor/SHOP/categories/new", name="Kitchen")
    page = owner.get("/vendor/SHOP/categories").text
    [address] = re.findall(r'href="(/vendor/SHOP/categories/[a-z0-9]{14})"', page)
    twice = send(owner, "/vendor/SHOP/categories/new", name="kitchen")
    assert twice.status_code == 422
    send(owner, address, name="Cooking")
    assert "Cooking" in owner.get("/vendor/SHOP/categories").text
    send(owner, f"{address}/remove")
    assert "No categories yet" in owner.get("/vendor/SHOP/categories").text


@pytest.mark.parametrize("page", ["", "/edit", "/variants", "/options", "/images", "/platforms"])
def test_another_vendors_product_is_like_one_that_never_was(market: Market, owner: Any, page: str) -> None:
    theirs = market.product(vendor="RIVAL")
    answers = [owner.get(f"{HOME}/{key}{page}") for key in (theirs.public_id, "neverexisted22")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_list_is_handed_out_as_a_file_of_what_it_shows(market: Market, owner: Any) -> None:
    market.product("=1+1", sku="A-1")
    market.product("Mug", price=None, status="active")
    market.product("Rival's", vendor="RIVAL")
    lines = list(csv.reader(io.StringIO(owner.get(f"{HOME}?export=csv&sort=title").text)))
    at = {name: place for place, name in enumerate(lines[0])}
    assert [[line[at[name]] for name in ("Title", "Status", "Price")] for line in lines[1:]] == [
        ["'=1+1", "draft", "42.00"],
        ["Mug", "active", ""],
    ]
    active = owner.get(f"{HOME}?export=csv&status=active").text
    assert "Mug" in active and "1+1" not in active
