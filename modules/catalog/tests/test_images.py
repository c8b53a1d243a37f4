"""Pictures of products: what is taken, in which order they stand, and who may see their files."""

import io

import pytest

from modules.catalog import images, queries
from modules.catalog.models import Image, Product
from modules.catalog.tests.conftest import NOW, Market, picture
from orion.contracts.errors import Invalid, NotFound

pytestmark = pytest.mark.by_turns


@pytest.fixture
def mug(market: Market) -> Product:
    """A product with three pictures."""
    product = market.product("Mug")
    market.run(images.add, product.public_id, [picture() for _n in range(3)], now=NOW)
    return product


def there(market: Market, product: Product) -> list[Image]:
    with market.at() as scope:
        return list(queries.images(scope, product))


def test_the_first_picture_is_the_cover(market: Market, mug: Product) -> None:
    first, second, _third = there(market, mug)
    assert market.again(mug).cover == first.key
    market.run(images.move, mug.public_id, first.public_id, 1, now=NOW)
    assert market.again(mug).cover == second.key


@pytest.mark.parametrize(
    ("place", "by", "order"), [(0, 1, "102"), (2, -1, "021"), (0, -1, "012"), (0, 9, "120")]
)
def test_pictures_change_places(market: Market, mug: Product, place: int, by: int, order: str) -> None:
    before = there(market, mug)
    market.run(images.move, mug.public_id, before[place].public_id, by, now=NOW)
    assert [one.id for one in there(market, mug)] == [before[int(n)].id for n in order]


def test_a_removed_picture_comes_back_to_its_place(market: Market, mug: Product) -> None:
    before = [one.key for one in there(market, mug)]
    gone = market.run(images.remove, mug.public_id, there(market, mug)[1].public_id, now=NOW)
    assert len(there(market, mug)) == 2
    market.run(images.put_back, gone, now=NOW)
    assert [one.key for one in there(market, mug)] == before


def test_without_pictures_a_product_is_incomplete(market: Market, mug: Product) -> None:
    for one in there(market, mug):
        market.run(images.remove, mug.public_id, one.public_id, now=NOW)
    found = market.again(mug)
    assert (found.cover, found.incomplete) == ("", True)


def test_what_is_no_picture_is_named(market: Market, mug: Product) -> None:
    file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    file.filename = "logo.svg"  # type: ignore[attr-defined]
    with pytest.raises(Invalid) as refused:
        market.run(images.add, mug.public_id, [file], now=NOW)
    assert refused.value.errors["images"][0].startswith("logo.svg: ")
    assert len(there(market, mug)) == 3


def test_a_product_has_at_most_twenty_pictures(market: Market, mug: Product) -> None:
    with pytest.raises(Invalid):
        market.run(images.add, mug.public_id, [picture() for _n in range(18)], now=NOW)


def test_texts_of_pictures_are_kept(market: Market, mug: Product) -> None:
    first = there(market, mug)[0]
    market.run(images.describe, mug.public_id, {first.public_id: "  A blue\nmug "}, now=NOW)
    assert [one.alt for one in there(market, mug)] == ["A blue mug", "", ""]


def test_another_vendors_pictures_are_not_there(market: Market, mug: Product) -> None:
    key = there(market, mug)[0]
    with pytest.raises(NotFound):
        market.run(images.move, mug.public_id, key.public_id, 1, now=NOW, vendor="RIVAL")
    with market.at("RIVAL") as scope, pytest.raises(NotFound):
        queries.image(scope, key.key)
    other = market.product("Cup")
    with pytest.raises(NotFound):
        market.run(images.remove, other.public_id, key.public_id, now=NOW)


def test_files_are_for_those_who_may_see_the_product(market: Market, mug: Product, owner, sign_in) -> None:
    key = there(market, mug)[0].key
    answer = owner.get(f"/vendor/SHOP/products/images/{key}/160")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert owner.get(f"/vendor/SHOP/products/images/{key}/161").status_code == 404
    rival = sign_in(market.person("rival@x.example", "vendor", "RIVAL"), app=market.app)
    assert rival.get(f"/vendor/RIVAL/products/images/{key}/160").status_code == 404
    assert market.app.test_client().get(f"/vendor/SHOP/products/images/{key}/160").status_code in (302, 303)
