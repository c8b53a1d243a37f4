"""Products as a table: a row for each variant, written so that an import reads it back exactly."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from modules.catalog.models import Product
from modules.catalog.originals import Texts
from modules.catalog.stored import Stored, read
from orion.contracts.lists import Sheet, entity
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.contracts.texts import translated_into

PRODUCT = ("Handle", "Title", "Description (Markdown)", "Brand", "Type", "Status", "Tags")
OPTIONS = tuple(f"Option{n} {part}" for n in (1, 2, 3) for part in ("Name", "Value"))
VARIANT = ("SKU", "Barcode", "Price", "Price before", "Cost", "Weight in grams", "Currency")
IMAGE = ("Image", "Image text")
COLUMNS = (*PRODUCT, *OPTIONS, *VARIANT, *IMAGE)
#: What stands in each language that the vendor translates into, as in `Title (fr)`.
SPOKEN = ("Title", "Description (Markdown)", "Type", *OPTIONS)


def sheet(everywhere: bool) -> Sheet:
    """The sheet of the list of products, which names the vendor where there are several."""
    if not everywhere:
        return Sheet(lambda scope: (*COLUMNS, *_spoken(scope)), lambda scope, rows: _lines(scope, rows))
    return Sheet(("Vendor", *COLUMNS), _with_vendors)


def _spoken(scope: Scope) -> list[str]:
    return [f"{name} ({language})" for language in translated_into(scope) for name in SPOKEN]


def _with_vendors(scope: Scope, rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    names = {entity(row, Product).id: row.Vendor.code if row.Vendor else "" for row in rows}
    for id_, lines in _by_product(rows, ()):
        for line in lines:
            yield (names[id_], *line)


def _lines(scope: Scope, rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for _id, lines in _by_product(rows, translated_into(scope)):
        yield from lines


def _by_product(
    rows: Sequence[Any], languages: Sequence[str]
) -> Iterator[tuple[int, Iterator[Sequence[Any]]]]:
    ids = [entity(row, Product).id for row in rows]
    there = read(ids, lock=False, texts=bool(languages))
    for id_ in ids:
        yield id_, _of(there[id_], languages)


def _of(stored: Stored, languages: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of a product: one a variant or image, whatever is more; the first says what it is."""
    product = stored.product
    facts = (product.description, product.brand, product.type, product.status, ", ".join(stored.tags))
    names = [name for name, _values in stored.options]
    for place, (variant, link) in enumerate(zip_longest(stored.live, stored.links)):
        first = place == 0
        own = (product.handle, product.title, *facts) if first else (product.handle, *[""] * 6)
        image = (link["url"], link["alt"]) if link else ("", "")
        options = _options(names, variant, first)
        said = [text for tag in languages for text in _said(stored.texts.get(tag, {}), options, first)]
        yield (*own, *options, *_variant(variant, product.currency), *image, *said)


def _said(texts: Texts, options: Sequence[str], first: bool) -> list[str]:
    """What a row says in another language: of its product where it is the first, and of its options."""
    own = [f"{kind}:{text}" for kind, text in zip(("option", "value") * 3, options, strict=True)]
    keys = [*(("title", "description", "type") if first else ("",) * 3), *own]
    return [texts.get(key, ("",))[0] for key in keys]


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
