"""Finding the variants that rows of tables mean, by whatever they say of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from modules.catalog.imports import OPTIONS
from modules.catalog.models import Product, Variant
from modules.catalog.things import NO_OPTION, handle_of, key_of
from modules.catalog.variants import ANY, said
from orion.contracts.data import session
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.tabular import Row

#: Why no variant is meant.
UNKNOWN, SEVERAL = "unknown", "several"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a row says of a variant: its SKU and barcode, handles that its product may have, values of its
    options, and the product's title."""

    sku: str = ""
    barcode: str = ""
    handles: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class _There:
    """A variant on sale."""

    id: int
    sku: str
    barcode: str
    handle: str
    title: str
    values: tuple[str, ...]


def reference_of(row: Row) -> Reference:
    """What a row of a table of products, or of their stock, says of the variant that it is about."""
    text = {name: str(row.values.get(name) or "").strip() for name in ("sku", "barcode", "handle", "title")}
    key, own = key_of(row), text["handle"].strip("/").casefold()
    values = list(said(str(row.values.get("varies") or "")).values())
    values = values or [str(row.values.get(f"option{n}_value") or "") for n in OPTIONS]
    return Reference(
        sku=text["sku"].removeprefix("'"),
        barcode=text["barcode"].removeprefix("'"),
        handles=tuple(dict.fromkeys(one for one in (handle_of(key) if key else "", own) if one)),
        values=_compared(values),
        title=normalise(text["title"]),
    )


def locate(scope: Scope, wanted: Sequence[Reference]) -> list[int | str]:
    """The row id of the variant on sale that each means; UNKNOWN or SEVERAL where it isn't one.

    A SKU says most; where several have it, the product and its options tell them apart. Without one these
    say it alone, then the barcode, and then a title that one product with one variant has.
    """
    skus = _by(Variant.sku_norm, (normalise(one.sku) for one in wanted), "sku")
    left = [one for one in wanted if not skus.get(normalise(one.sku))]
    handles = _by(Product.handle, (handle for one in left for handle in one.handles), "handle")
    codes = _by(Variant.barcode_norm, (normalise(one.barcode) for one in left), "barcode")
    titles = _by(Product.title_norm, (one.title for one in left), "title")
    return [_meant(one, skus, handles, codes, titles) for one in wanted]


Found = Mapping[str, Sequence[_There]]


def _meant(one: Reference, skus: Found, handles: Found, codes: Found, titles: Found) -> int | str:
    if same := skus.get(normalise(one.sku), ()):
        return _one(same) or _one(_of_options(one, _of_product(one, same))) or SEVERAL
    of_product = next((found for handle in one.handles if (found := handles.get(handle))), ())
    exact = _of_options(one, of_product)
    for found in (exact, of_product if not one.values else (), codes.get(normalise(one.barcode), ())):
        if id_ := _one(found):
            return id_
    named = _of_options(one, titles.get(one.title, ())) or titles.get(one.title, ())
    return _one(named) or (SEVERAL if exact or named else UNKNOWN)


def _one(found: Sequence[_There]) -> int:
    return found[0].id if len(found) == 1 else 0


def _of_product(one: Reference, found: Sequence[_There]) -> Sequence[_There]:
    return [there for there in found if there.handle in one.handles] or found


def _of_options(one: Reference, found: Sequence[_There]) -> Sequence[_There]:
    return [there for there in found if there.values == one.values]


def _by(column: Any, keys: Iterable[str], name: str) -> dict[str, list[_There]]:
    """Variants on sale by one of the things that are known of them."""
    wanted = {key for key in keys if key}
    found: dict[str, list[_There]] = defaultdict(list)
    if not wanted:
        return found
    of_product: ColumnElement[bool] = and_(
        Product.vendor_id == Variant.vendor_id, Product.id == Variant.product_id
    )
    asked = (
        select(Variant, Product.handle, Product.title_norm)
        .join(Product, of_product)
        .where(Variant.retired_at.is_(None), Product.status != "archived", column.in_(wanted))
    )
    for variant, handle, title in session().execute(asked):
        there = _There(
            variant.id, variant.sku_norm, variant.barcode_norm, handle, title, _compared(variant.values)
        )
        found[getattr(there, name)].append(there)
    return found


def _compared(values: Iterable[str]) -> tuple[str, ...]:
    """Values of options as they are compared: whatever their order, without what says nothing."""
    return tuple(sorted(normalise(one) for one in values if one.strip() not in ("", ANY, NO_OPTION[1])))
