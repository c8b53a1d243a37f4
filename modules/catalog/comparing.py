"""Products of a table against those that are there."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from modules.catalog.models import Product, Variant
from modules.catalog.originals import Texts
from modules.catalog.stored import Stored, read
from orion.contracts.data import session
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.tabular import CHANGED, NEW, UNCHANGED, Change, Thing, Verdict
from orion.contracts.texts import language_name, translated_into

FACTS = ("title", "description", "brand", "type", "status")
OF_VARIANT = ("sku", "barcode", "price", "compare_at", "cost", "weight")


def find(scope: Scope, things: Sequence[Thing], *, pictures: bool = False) -> list[Stored | None]:
    """The product that each thing is about, if it is there: of its handle, or with a variant of its SKU."""
    handles = {thing.data["handle"] for thing in things}
    known = select(Product.handle, Product.id).where(Product.handle.in_(handles))
    by_handle = {handle: id_ for handle, id_ in session().execute(known)}
    skus = {normalise(thing.data["sku"]) for thing in things if thing.data["sku"]}
    by_sku: dict[str, int] = {}
    if skus:
        on_sale = (
            select(Variant.sku_norm, Variant.product_id)
            .where(Variant.sku_norm.in_(skus), Variant.retired_at.is_(None))
            .order_by(Variant.id.desc())
        )
        by_sku = {sku: id_ for sku, id_ in session().execute(on_sale)}
    ids = [by_sku.get(normalise(t.data["sku"])) or by_handle.get(t.data["handle"]) for t in things]
    texts = any("texts" in thing.data for thing in things)
    there = read((id_ for id_ in ids if id_ is not None), texts=texts, pictures=pictures)
    return [there.get(id_) if id_ is not None else None for id_ in ids]


def compare(scope: Scope, things: Sequence[Thing]) -> list[Verdict]:
    """Each thing against what is there."""
    found = find(scope, things)
    return [verdict(scope, thing, stored) for thing, stored in zip(things, found, strict=True)]


def verdict(scope: Scope, thing: Thing, stored: Stored | None) -> Verdict:
    """A thing against its product."""
    if stored is None:
        return Verdict(NEW)
    if stored.product.currency != scope.currency:
        reason = _l("the product is priced in another currency")
        return Verdict(CHANGED, problem="currency", reason=reason)
    changes = tuple(_changes(scope, thing.data, stored))
    return Verdict(CHANGED if changes else UNCHANGED, changes)


def is_one_of_many(data: dict[str, Any], stored: Stored) -> bool:
    """Whether the thing is but one variant of a product: known by its SKU, and not the only one."""
    return bool(data["sku"]) and len(stored.live) > 1


def matched(data: dict[str, Any], stored: Stored) -> list[tuple[dict[str, Any], Variant | None]]:
    """The thing's variants, each with the one that is there."""
    live = stored.live
    if data["sku"] and len(data["variants"]) == 1:
        mine = [v for v in live if v.sku_norm == normalise(data["sku"])]
        if mine:
            return [(data["variants"][0], mine[0])]
    if not data.get("options") and len(data["variants"]) == 1 and len(live) == 1:
        return [(data["variants"][0], live[0])]
    by_values = {variant.values: variant for variant in live}
    return [(one, by_values.get(padded(one["values"]))) for one in data["variants"]]


def padded(values: Sequence[str]) -> tuple[str, str, str]:
    """Values of all three options."""
    one, two, three = (*values, "", "", "")[:3]
    return one, two, three


def options_of(data: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Options with their values in the order in which the table has them."""
    return [
        (name, list(dict.fromkeys(variant["values"][n] for variant in data["variants"])))
        for n, name in enumerate(data.get("options", ()))
    ]


def facts_of(data: dict[str, Any]) -> list[str]:
    """What the table says of the product itself; a number that stands for a title is none."""
    return [name for name in FACTS if name in data and not (name == "title" and data.get("untitled"))]


def translations_of(
    scope: Scope, data: dict[str, Any], texts: Mapping[str, Texts]
) -> list[tuple[str, str, str]]:
    """What the table says in the vendor's languages and `texts` don't: (language, key, text)."""
    return [
        (language, key, text)
        for language in translated_into(scope)
        for key, text in data.get("texts", {}).get(language, {}).items()
        if texts.get(language, {}).get(key, ("",))[0] != text
    ]


def _changes(scope: Scope, data: dict[str, Any], stored: Stored) -> list[Change]:
    product, changes = stored.product, []
    pairs = matched(data, stored)
    if not is_one_of_many(data, stored):
        for name in facts_of(data):
            if data[name] != getattr(product, name):
                changes.append(Change(name, "", getattr(product, name), data[name]))
        if "tags" in data and {normalise(t) for t in data["tags"]} != {normalise(t) for t in stored.tags}:
            changes.append(Change("tags", "", stored.tags, data["tags"]))
        for language, key, text in translations_of(scope, data, stored.texts):
            before = stored.texts.get(language, {}).get(key, ("",))[0]
            changes.append(Change(key.partition(":")[0], language_name(language), before, text))
        if data["images"] and data["images"] != stored.links:
            before, after = ([one["url"] for one in links] for links in (stored.links, data["images"]))
            changes.append(Change("images", "", before, after))
        if "options" in data:
            now = [name for name, _values in stored.options]
            if data["options"] != now:
                changes.append(Change("options", "", now, data["options"]))
            kept = {variant.id for _one, variant in pairs if variant is not None}
            for variant in stored.live:
                if variant.id not in kept:
                    changes.append(Change("variant", variant.title, True, False))
    for one, variant in pairs:
        title = " / ".join(one["values"])
        if variant is None:
            changes.append(Change("variant", title, False, True))
            continue
        for name in OF_VARIANT:
            if name in one and one[name] != getattr(variant, name):
                changes.append(Change(name, title, getattr(variant, name), one[name]))
    return changes
