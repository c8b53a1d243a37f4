"""Options make variants; what stays keeps its variants."""

import pytest

from modules.catalog.grid import edit_variants, stamp
from modules.catalog.models import Product
from modules.catalog.options import WantedOption, set_options
from modules.catalog.services import VariantFacts
from modules.catalog.tests.conftest import NOW, Market
from orion.contracts.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.by_turns

COLOUR = WantedOption("Colour", ["Red", "Blue"])
SIZE = WantedOption("Size", ["S", "M", "L"])


@pytest.fixture
def shirt(market: Market) -> Product:
    """A product in two colours and three sizes, each with an SKU of its own."""
    product = market.product("Shirt", price=1500)
    market.run(set_options, product.public_id, [COLOUR, SIZE], now=NOW)
    skus = {v.public_id: VariantFacts(sku=v.title, price=1500) for v in market.variants(product)}
    market.run(edit_variants, product.public_id, skus, now=NOW)
    return product


def change(market: Market, product: Product, *wanted: WantedOption) -> None:
    market.run(set_options, product.public_id, wanted, now=NOW)


def ids(market: Market, product: Product) -> dict[str, int]:
    return {v.title: v.id for v in market.variants(product) if v.retired_at is None}


def test_every_combination_is_a_variant(market: Market, shirt: Product) -> None:
    assert market.titles(shirt) == ["Red / S", "Red / M", "Red / L", "Blue / S", "Blue / M", "Blue / L"]
    assert market.again(shirt).variants == 6


def test_new_variants_take_over_the_first_ones_price(market: Market, shirt: Product) -> None:
    assert {v.price for v in market.variants(shirt)} == {1500}


def test_another_value_keeps_all_variants(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    change(
        market,
        shirt,
        WantedOption("Colour", ["Red", "Blue", "Green"], 1),
        WantedOption("Size", ["S", "M", "L"], 2),
    )
    after = ids(market, shirt)
    assert len(after) == 9
    assert before.items() <= after.items()


def test_a_value_that_comes_back_brings_its_variants_back(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    change(market, shirt, WantedOption("Colour", ["Blue"], 1), WantedOption("Size", ["S", "M", "L"], 2))
    assert market.titles(shirt) == ["Blue / S", "Blue / M", "Blue / L"]
    change(
        market, shirt, WantedOption("Colour", ["Blue", "Red"], 1), WantedOption("Size", ["S", "M", "L"], 2)
    )
    assert ids(market, shirt) == before
    assert {v.title: v.sku for v in market.variants(shirt)} == {title: title for title in before}


def test_values_that_change_places_are_the_same_variants(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    swapped = WantedOption("Colour", ["Blue", "Red"], 1, {"Red": "Blue", "Blue": "Red"})
    change(market, shirt, swapped, WantedOption("Size", ["S", "M", "L"], 2))
    after = ids(market, shirt)
    assert after["Blue / S"] == before["Red / S"]
    assert after["Red / S"] == before["Blue / S"]


def test_a_renamed_value_renames_its_variants(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    renamed = WantedOption("Colour", ["Crimson", "Blue"], 1, {"Red": "Crimson", "Blue": "Blue"})
    change(market, shirt, renamed, WantedOption("Size", ["S", "M", "L"], 2))
    assert ids(market, shirt)["Crimson / M"] == before["Red / M"]


def test_options_may_change_places(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    change(
        market, shirt, WantedOption("Size", ["S", "M", "L"], 2), WantedOption("Colour", ["Red", "Blue"], 1)
    )
    assert ids(market, shirt)["M / Red"] == before["Red / M"]


def test_without_an_option_the_first_of_its_variants_stay(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    change(market, shirt, WantedOption("Colour", ["Red", "Blue"], 1))
    assert ids(market, shirt) == {"Red": before["Red / S"], "Blue": before["Blue / S"]}


def test_without_any_option_one_variant_stays(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    change(market, shirt)
    assert ids(market, shirt) == {"": before["Red / S"]}


def test_a_new_option_gives_its_first_value_to_what_is_there(market: Market, shirt: Product) -> None:
    before = ids(market, shirt)
    change(
        market,
        shirt,
        WantedOption("Colour", ["Red", "Blue"], 1),
        WantedOption("Size", ["S", "M", "L"], 2),
        WantedOption("Fit", ["Slim", "Wide"]),
    )
    after = ids(market, shirt)
    assert len(after) == 12
    assert after["Red / S / Slim"] == before["Red / S"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ([WantedOption("", ["Red"])], "option1"),
        ([COLOUR, WantedOption("colour", ["Red"])], "option2"),
        ([WantedOption("Colour", [])], "option1_values"),
        ([WantedOption("Colour", ["Red", "RED"])], "option1_values"),
        ([COLOUR, WantedOption("Size", ["x" * 81])], "option2_values"),
    ],
)
def test_a_wrong_option_is_said_at_its_field(market: Market, wanted: list[WantedOption], field: str) -> None:
    product = market.product()
    with pytest.raises(Invalid) as refused:
        change(market, product, *wanted)
    assert list(refused.value.errors) == [field]


def test_there_are_at_most_two_hundred_and_fifty_variants(market: Market) -> None:
    product = market.product()
    many = [WantedOption(name, [str(n) for n in range(16)]) for name in ("A", "B")]
    with pytest.raises(Invalid):
        change(market, product, *many)
    assert market.titles(product) == [""]


def test_options_of_another_vendors_product_are_not_there(market: Market) -> None:
    theirs = market.product(vendor="RIVAL")
    with pytest.raises(NotFound):
        change(market, theirs, COLOUR)


# -- the grid -------------------------------------------------------------------------------------


def test_a_grid_that_somebody_else_has_changed_is_refused(market: Market, shirt: Product) -> None:
    variants = market.variants(shirt)
    old = stamp(variants)
    wanted = {variants[0].public_id: VariantFacts(price=99)}
    market.run(edit_variants, shirt.public_id, wanted, version=old, now=NOW)
    with pytest.raises(Conflict):
        market.run(edit_variants, shirt.public_id, wanted, version=old, now=NOW)
    assert market.again(shirt).lowest == 99


def test_a_wrong_amount_is_said_at_its_cell(market: Market, shirt: Product) -> None:
    key = market.variants(shirt)[0].public_id
    with pytest.raises(Invalid) as refused:
        market.run(edit_variants, shirt.public_id, {key: VariantFacts(price=500, compare_at=400)}, now=NOW)
    assert list(refused.value.errors) == [f"{key}-compare_at"]


def test_a_variant_of_another_product_is_left_alone(market: Market, shirt: Product) -> None:
    other = market.variants(market.product("Other", price=700))[0]
    market.run(edit_variants, shirt.public_id, {other.public_id: VariantFacts(price=1)}, now=NOW)
    assert market.variants(market.again(shirt))[0].price == 1500
