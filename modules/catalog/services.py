"""Writes: creating, changing, duplicating, archiving and restoring products, one or many at a time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from modules.catalog.models import (
    STATES,
    TAX_CLASSES,
    Category,
    Product,
    ProductCategory,
    Tag,
    Variant,
)
from modules.catalog.summary import CHUNK, refresh
from orion.contracts.data import insert_rows, session
from orion.contracts.errors import Changed, Invalid, NotFound
from orion.contracts.events import emit
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Scope

HANDLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_TAGS, LONGEST_TAG, LONGEST_DESCRIPTION = 30, 60, 20_000
_LENGTHS = {"title": 200, "handle": 120, "brand": 120, "type": 120}


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What a product says of itself. `categories` are public ids; an empty handle is made from the title."""

    title: str
    handle: str = ""
    description: str = ""
    brand: str = ""
    type: str = ""
    tax_class: str = "standard"
    tags: Sequence[str] = ()
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What a variant says of itself; amounts in minor units of the product's currency, weight in grams."""

    sku: str = ""
    barcode: str = ""
    price: int | None = None
    compare_at: int | None = None
    cost: int | None = None
    weight: int | None = None


def create(
    scope: Scope, facts: ProductFacts, variant: VariantFacts, *, now: datetime, status: str = "draft"
) -> Product:
    """A new product of the scope's one vendor with one variant. Raises Invalid."""
    vendor = vendor_of(scope)
    _check(facts, status)
    product = Product(
        vendor_id=vendor,
        status=status,
        currency=scope.currency,
        created_at=now,
        updated_at=now,
        handle=free_handle(facts, None),
    )
    _write(product, facts)
    session().add(product)
    session().flush()
    session().add(Variant(vendor_id=vendor, product_id=product.id, position=1, **as_columns(variant)))
    _mark(scope, product, facts)
    refresh(scope, [product.id])
    emit(scope, "catalog.created", product_ids=[product.id])
    return product


def edit(
    scope: Scope, product_id: str, facts: ProductFacts, *, version: int | None = None, now: datetime
) -> Product:
    """Change what a product says of itself. Raises NotFound, Invalid, and Changed for an old version."""
    product = locked(scope, product_id)
    check_version(product.version, version)
    _check(facts, product.status)
    product.handle = free_handle(facts, product)
    _write(product, facts)
    _mark(scope, product, facts)
    product.version += 1
    changed(scope, product, now)
    return product


def set_status(scope: Scope, ids: Iterable[int], status: str, *, now: datetime) -> dict[int, str]:
    """Draft, activate or archive products (row ids); those that are so already are left alone.

    Gives the status that each had which it changed. Raises Invalid for a status that doesn't exist.
    """
    return move(scope, dict.fromkeys(ids, status), now=now)


def restore(scope: Scope, ids: Iterable[int], *, now: datetime) -> dict[int, str]:
    """Take products out of the archive, back to what they were before."""
    archived = [product for product in _all_locked(ids) if product.status == "archived"]
    return move(scope, {product.id: product.archived_from or "draft" for product in archived}, now=now)


def move(scope: Scope, wanted: Mapping[int, str], *, now: datetime) -> dict[int, str]:
    """Give each product (row id) a status of its own; the statuses before, as `set_status` gives them."""
    if not set(wanted.values()) <= set(STATES):
        raise Invalid(_("A product is a draft, active or archived."))
    before: dict[int, str] = {}
    told: dict[str, list[int]] = {}
    for product in _all_locked(wanted):
        status = wanted[product.id]
        if product.status == status:
            continue
        before[product.id] = product.status
        event = {"archived": "archived"}.get(
            status, "restored" if product.status == "archived" else "changed"
        )
        told.setdefault(event, []).append(product.id)
        product.archived_from = product.status if status == "archived" else ""
        product.status, product.updated_at = status, now
    for event, ids in told.items():
        emit(scope, f"catalog.{event}", product_ids=ids)
    return before


def categorise(scope: Scope, ids: Iterable[int], category: str, *, now: datetime) -> list[int]:
    """Put products (row ids) into a category (public id) beside those that they are in.

    Gives those that were not in it. Raises NotFound for the category.
    """
    [place] = _categories([category])
    inside = select(ProductCategory.product_id).where(ProductCategory.category_id == place.id)
    there = set(session().scalars(inside))
    new = [product for product in _all_locked(ids) if product.id not in there]
    rows = [{"product_id": product.id, "category_id": place.id} for product in new]
    insert_rows(scope, ProductCategory, rows)
    _touched(scope, new, now)
    return [product.id for product in new]


def uncategorise(scope: Scope, ids: Iterable[int], category: str, *, now: datetime) -> None:
    """Take products (row ids) out of a category (public id). Raises NotFound for the category."""
    [place] = _categories([category])
    products = _all_locked(ids)
    session().execute(
        delete(ProductCategory).where(
            ProductCategory.category_id == place.id,
            ProductCategory.product_id.in_([product.id for product in products]),
        )
    )
    _touched(scope, products, now)


# -- what the other services of this module share -------------------------------------------------


def vendor_of(scope: Scope) -> int:
    """The row id of the scope's one vendor."""
    if scope.vendor is None:
        raise ValueError("products are written for one vendor at a time")
    return scope.vendor.id


def locked(scope: Scope, product_id: str) -> Product:
    """A product for this transaction alone. Raises NotFound."""
    product = session().scalar(
        select(Product)
        .where(Product.public_id == product_id)
        .with_for_update(of=Product)
        .execution_options(populate_existing=True)
    )
    if product is None:
        raise NotFound()
    return product


def check_version(now: int, wanted: int | None) -> None:
    """Raise Changed where what somebody began to change has changed since; None is never too old."""
    if wanted is not None and now != wanted:
        raise Changed(_("Somebody else has changed this product in the meantime."))


def changed(scope: Scope, product: Product, now: datetime) -> None:
    """A product or what belongs to it has changed: sum it up anew, and tell the others."""
    product.updated_at = now
    refresh(scope, [product.id])
    emit(scope, "catalog.changed", product_ids=[product.id])


def as_columns(facts: VariantFacts) -> dict[str, object]:
    """A variant's facts by column, its texts cut to what is kept."""
    texts = {"sku": facts.sku.strip()[:120], "barcode": facts.barcode.strip()[:40]}
    return {**texts, **{name: getattr(facts, name) for name in ("price", "compare_at", "cost", "weight")}}


# -- the parts of a product -----------------------------------------------------------------------


def _check(facts: ProductFacts, status: str) -> None:
    errors: dict[str, list[str]] = {}
    if not facts.title.strip():
        errors["title"] = [_("Give the product a title.")]
    for name, most in _LENGTHS.items():
        if len(getattr(facts, name)) > most:
            errors[name] = [_("Use at most %(num)s characters.", num=most)]
    if facts.handle and not HANDLE.fullmatch(facts.handle):
        errors["handle"] = [_("Use small letters, digits and single hyphens, as in linen-apron.")]
    if len(facts.description) > LONGEST_DESCRIPTION:
        errors["description"] = [_("Use at most %(num)s characters.", num=LONGEST_DESCRIPTION)]
    if facts.tax_class not in TAX_CLASSES or status not in STATES:
        errors["tax_class"] = [_("Choose one of the tax classes.")]
    if len(facts.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in facts.tags):
        errors["tags"] = [
            _("Use at most %(num)s tags of %(long)s characters.", num=MOST_TAGS, long=LONGEST_TAG)
        ]
    if errors:
        raise Invalid(errors=errors)


def _write(product: Product, facts: ProductFacts) -> None:
    for name in ("title", "description", "brand", "type", "tax_class"):
        setattr(product, name, getattr(facts, name).strip())


def free_handle(facts: ProductFacts, product: Product | None) -> str:
    """The wanted handle, or one made from the title that no other product has. Raises Invalid."""
    wanted = facts.handle or (product.handle if product else "")
    stem = (
        wanted or "-".join(re.findall(r"[a-z0-9]+", normalise(facts.title)))[:100].strip("-") or public_id()
    )
    taken = set(
        session().scalars(
            select(Product.handle).where(Product.handle >= stem, Product.handle < stem + "\U0010ffff")
        )
    ) - {product.handle if product else None}
    if stem not in taken:
        return stem
    if facts.handle:
        raise Invalid(errors={"handle": [_("Another product has this handle already.")]})
    return next(name for n in range(2, len(taken) + 3) if (name := f"{stem}-{n}") not in taken)


def _mark(scope: Scope, product: Product, facts: ProductFacts) -> None:
    """Tags and categories as the facts say."""
    mine = {"vendor_id": product.vendor_id, "product_id": product.id}
    session().execute(delete(Tag).where(Tag.product_id == product.id))
    tags = {normalise(tag): " ".join(tag.split()) for tag in facts.tags if normalise(tag)}
    insert_rows(scope, Tag, [{**mine, "text": text, "text_norm": norm} for norm, text in tags.items()])
    places = _categories(facts.categories)
    session().execute(delete(ProductCategory).where(ProductCategory.product_id == product.id))
    insert_rows(scope, ProductCategory, [{**mine, "category_id": place.id} for place in places])


def _categories(wanted: Sequence[str]) -> list[Category]:
    found = session().scalars(select(Category).where(Category.public_id.in_(set(wanted)))).all()
    if len(found) < len(set(wanted)):
        raise NotFound()
    return list(found)


def _all_locked(ids: Iterable[int]) -> list[Product]:
    """Products for this transaction alone, always in the same order; ids that aren't there are left out."""
    wanted, found = sorted(set(ids)), []
    for start in range(0, len(wanted), CHUNK):
        among = select(Product).where(Product.id.in_(wanted[start : start + CHUNK]))
        found += session().scalars(among.order_by(Product.id).with_for_update(of=Product)).all()
    return found


def _touched(scope: Scope, products: Sequence[Product], now: datetime) -> None:
    for product in products:
        product.updated_at = now
    if products:
        emit(scope, "catalog.changed", product_ids=[product.id for product in products])
