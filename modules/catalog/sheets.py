"""Products as a table: a row for each variant, written so that an import reads it back exactly."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from modules.catalog.models import Product
from modules.catalog.stored import Stored, read
from orion.contracts.lists import Sheet, entity
from orion.contracts.money import Money
from orion.contracts.scope import Scope

PRODUCT = ("Handle", "Title", "Description (Markdown)", "Brand", "Type", "Status", "Tags")
OPTIONS = tuple(f"Option{n} {part}" for n in (1, 2, 3) for part in ("Name", "Value"))
VARIANT = ("SKU", "Barcode", "Price", "Price before", "Cost", "Weight in grams", "Currency")
IMAGE = ("Image", "Image text")
COLUMNS = (*PRODUCT, *OPTIONS, *VARIANT, *IMAGE)


def sheet(everywhere: bool) -> Sheet:
    """The sheet of the list of products, which names the vendor where there are several."""
    if not everywhere:
        return Sheet(COLUMNS, lambda scope, rows: _lines(scope, rows))
    return Sheet(("Vendor", *COLUMNS), _with_vendors)


def _with_vendors(scope: Scope, rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    names = {entity(row, Product).id: row.Vendor.code if row.Vendor else "" for row in rows}
    for id_, lines in _by_product(rows):
        for line in lines:
            yield (names[id_], *line)


def _lines(scope: Scope, rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for _id, lines in _by_product(rows):
        yield from lines


def _by_product(rows: Sequence[Any]) -> Iterator[tuple[int, Iterator[Sequence[Any]]]]:
    ids = [entity(row, Product).id for row in rows]
    there = read(ids, lock=False)
    for id_ in ids:
        yield id_, _of(there[id_])


def _of(stored: Stored) -> Iterator[Sequence[Any]]:
    """The rows of a product: one a variant or image, whatever is more; the first says what it is."""
    product = stored.product
    facts = (product.description, product.brand, product.type, product.status, ", ".join(stored.tags))
    names = [name for name, _values in stored.options]
    for place, (variant, link) in enumerate(zip_longest(stored.live, stored.links)):
        first = place == 0
        own = (product.handle, product.title, *facts) if first else (product.handle, *[""] * 6)
        image = (link["url"], link["alt"]) if link else ("", "")
        yield (*own, *_options(names, variant, first), *_variant(variant, product.currency), *image)


def _options(names: Sequence[str], variant: Any, first: bool) -> list[str]:
    cells = []
    for place in range(3):
        named = place < len(names)
        cells += [names[place] if named and first else "", variant.values[place] if variant and named else ""]
    return cells


def _variant(variant: Any, currency: str) -> Sequence[Any]:
    if variant is None:
        return [""] * len(VARIANT)
    amounts = (variant.price, variant.compare_at, variant.cost)
    prices = [None if amount is None else Money(amount, currency).amount for amount in amounts]
    return (variant.sku, variant.barcode, *prices, variant.weight, currency)
