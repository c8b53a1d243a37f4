"""The tree: paths that sort and filter, moves without circles, and what moves up when a branch goes."""

import pytest
from sqlalchemy import select

from modules.catalog import categories, queries
from modules.catalog.models import Category, ProductCategory
from modules.catalog.tests.conftest import Market
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound


@pytest.fixture
def tree(market: Market) -> dict[str, str]:
    """Kitchen with Glass and its Cups, and Garden; name → public id."""
    ids = {"Kitchen": market.run(categories.add, "Kitchen").public_id}
    ids["Glass"] = market.run(categories.add, "Glass", ids["Kitchen"]).public_id
    ids["Cups"] = market.run(categories.add, "Cups", ids["Glass"]).public_id
    ids["Garden"] = market.run(categories.add, "Garden").public_id
    return ids


def paths(market: Market) -> list[str]:
    with market.at() as scope:
        return [one.path for one in queries.categories(scope)]


def test_the_tree_reads_from_above_to_below(market: Market, tree: dict[str, str]) -> None:
    assert paths(market) == ["garden/", "kitchen/", "kitchen/glass/", "kitchen/glass/cups/"]


def test_a_branch_moves_with_what_is_below_it(market: Market, tree: dict[str, str]) -> None:
    market.run(categories.change, tree["Glass"], "Glassware", tree["Garden"])
    assert paths(market) == ["garden/", "garden/glassware/", "garden/glassware/cups/", "kitchen/"]


def test_a_branch_moves_to_the_root(market: Market, tree: dict[str, str]) -> None:
    market.run(categories.change, tree["Glass"], "Glass")
    assert paths(market) == ["garden/", "glass/", "glass/cups/", "kitchen/"]


@pytest.mark.parametrize("below", ["Glass", "Cups"])
def test_a_branch_cannot_stand_below_itself(market: Market, tree: dict[str, str], below: str) -> None:
    with pytest.raises(Invalid) as refused:
        market.run(categories.change, tree["Glass"], "Glass", tree[below])
    assert list(refused.value.errors) == ["parent"]


@pytest.mark.parametrize(("name", "field"), [("gláss", "name"), (" ", "name"), ("x" * 81, "name")])
def test_a_name_stands_once_in_a_place(market: Market, tree: dict[str, str], name: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        market.run(categories.add, name, tree["Kitchen"])
    assert list(refused.value.errors) == [field]


def test_the_tree_has_six_levels(market: Market) -> None:
    above = ""
    for name in "abcdef":
        above = market.run(categories.add, name, above).public_id
    with pytest.raises(Invalid):
        market.run(categories.add, "g", above)


def test_a_slash_in_a_name_makes_no_level(market: Market) -> None:
    assert market.run(categories.add, "Salt/Pepper").depth == 0


def test_what_stood_in_a_category_moves_up_when_it_goes(market: Market, tree: dict[str, str]) -> None:
    product = market.product(categories=[tree["Glass"]])
    market.run(categories.remove, tree["Glass"])
    assert paths(market) == ["garden/", "kitchen/", "kitchen/cups/"]
    with market.at():
        above = select(Category.public_id).join(ProductCategory, ProductCategory.category_id == Category.id)
        assert session().scalars(above.where(ProductCategory.product_id == product.id)).all() == [
            tree["Kitchen"]
        ]


def test_a_product_of_a_root_category_only_leaves_it(market: Market, tree: dict[str, str]) -> None:
    product = market.product(categories=[tree["Garden"]])
    market.run(categories.remove, tree["Garden"])
    with market.at() as scope:
        assert queries.categories_of(scope, product) == []


def test_another_vendors_category_is_not_there(market: Market, tree: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        market.run(categories.change, tree["Garden"], "Mine", vendor="RIVAL")
    with pytest.raises(NotFound):
        market.run(categories.add, "Mine", tree["Garden"], vendor="RIVAL")
