"""Where products show, and at which price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from modules.catalog.models import Listing, ListingPrice, Product, Variant
from modules.catalog.pricing import in_money, record_prices
from modules.catalog.queries import Offer, offers, variants
from modules.catalog.services import changed, check_version, locked
from orion.contracts.audit import action
from orion.contracts.data import insert_rows, session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.events import emit
from orion.contracts.scope import Scope

PRICED = action("catalog.priced_on_platform", _l("Prices on a platform were changed"))


@dataclass(frozen=True, slots=True)
class WantedOffer:
    """A product on a platform as it shall be. `prices` maps variants (public ids) to their own price there
    in minor units, None for the variant's usual one; variants that aren't named keep what they have."""

    published: bool
    prices: Mapping[str, int | None]


def offer(
    scope: Scope,
    product_id: str,
    wanted: Mapping[str, WantedOffer],
    *,
    version: int | None = None,
    now: datetime,
) -> Product:
    """Publish or withdraw a product on platforms (by code), with prices of their own there.

    `version` is the stamp of the offers that were shown. Raises NotFound for a product, platform or
    variant, Conflict where the offers have another stamp now, and Invalid under `<platform>-<variant>`
    for a price below zero.
    """
    product = locked(scope, product_id)
    there = {one.platform.code: one for one in offers(scope, product)}
    check_version(stamp(there.values()), version)
    _check(wanted)
    selling = variants(scope, product)
    ids = {variant.public_id: variant.id for variant in selling}
    if not wanted.keys() <= there.keys() or any(
        not one.prices.keys() <= ids.keys() for one in wanted.values()
    ):
        raise NotFound()
    platforms = {code: there[code].platform.id for code in wanted}
    _publish(scope, product, {platforms[code]: one.published for code, one in wanted.items()})
    _price(
        scope,
        {
            (platforms[code], ids[key]): price
            for code, one in wanted.items()
            for key, price in one.prices.items()
        },
    )
    _record(scope, product, selling, there, wanted)
    changed(scope, product, now)
    emit(scope, "catalog.published", product_ids=[product.id])
    return product


def _record(
    scope: Scope,
    product: Product,
    selling: Sequence[Variant],
    there: Mapping[str, Offer],
    wanted: Mapping[str, WantedOffer],
) -> None:
    """What variants cost on each platform, where that has changed; without a price there, the usual one."""
    before: dict[str, dict[str, str | None]] = {}
    after: dict[str, dict[str, str | None]] = {}
    for code, one in wanted.items():
        place = there[code].platform.name
        named = [variant for variant in selling if variant.public_id in one.prices]
        own = there[code].prices
        for side, prices in (
            (before, {variant.id: own.get(variant.id) for variant in named}),
            (after, {variant.id: one.prices[variant.public_id] for variant in named}),
        ):
            side[place] = {
                variant.title or product.title: in_money(
                    product, variant.price if prices[variant.id] is None else prices[variant.id]
                )
                for variant in named
            }
    record_prices(scope, PRICED, product, before, after)


def publish(scope: Scope, product_ids: Iterable[int], platform_id: int) -> None:
    """Show products (row ids) of the scope's one vendor on a platform where nothing has been said yet."""
    wanted = set(product_ids)
    said = select(Listing.product_id).where(
        Listing.platform_id == platform_id, Listing.product_id.in_(wanted)
    )
    new = sorted(wanted - set(session().scalars(said)))
    rows = [{"product_id": id_, "platform_id": platform_id, "published": True} for id_ in new]
    insert_rows(scope, Listing, rows)


def stamp(there: Iterable[Offer]) -> int:
    """A number that changes with a product's offers: the version of their form."""
    rows = sorted((one.platform.code, one.published, sorted(one.prices.items())) for one in there)
    return crc32(repr(rows).encode())


def _check(wanted: Mapping[str, WantedOffer]) -> None:
    errors = {
        f"{code}-{key}": [_("This can't be below zero.")]
        for code, one in wanted.items()
        for key, price in one.prices.items()
        if price is not None and not 0 <= price < 2**53
    }
    if errors:
        raise Invalid(errors=errors)


def _publish(scope: Scope, product: Product, wanted: Mapping[int, bool]) -> None:
    """Platform row id → whether the product shows there."""
    mine = delete(Listing).where(Listing.product_id == product.id)
    session().execute(mine.where(Listing.platform_id.in_(wanted)))
    rows = [
        {"vendor_id": product.vendor_id, "product_id": product.id, "platform_id": id_, "published": published}
        for id_, published in sorted(wanted.items())
    ]
    insert_rows(scope, Listing, rows)


def _price(scope: Scope, wanted: Mapping[tuple[int, int], int | None]) -> None:
    """(platform, variant) row ids → the price there, None for none of its own."""
    for platform_id in sorted({platform_id for platform_id, _variant in wanted}):
        named = [variant_id for platform, variant_id in wanted if platform == platform_id]
        there = delete(ListingPrice).where(ListingPrice.platform_id == platform_id)
        session().execute(there.where(ListingPrice.variant_id.in_(named)))
    rows = [
        {"variant_id": variant_id, "platform_id": platform_id, "price": price}
        for (platform_id, variant_id), price in sorted(wanted.items())
        if price is not None
    ]
    insert_rows(scope, ListingPrice, rows)
