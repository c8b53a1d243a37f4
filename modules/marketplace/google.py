"""What a vendor shows on a platform, as Google Merchant and those who read the same format want it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import current_app

from modules.catalog.api import Stored, is_gtin, prices_on, shown_on
from modules.marketplace.models import Outlet
from modules.marketplace.outlets import HANDLE
from orion.contracts.data import entered
from orion.contracts.markdown import markdown
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.contracts.supply import available
from orion.contracts.texts import own_language

#: Products that are read at once; each such part is a transaction of its own.
PART = 200
#: The most characters of a title and a description, and the most further images, that are read there.
TITLE, DESCRIPTION, IMAGES = 150, 5_000, 10
NAMESPACE = "http://base.google.com/ns/1.0"


def feed(scope: Scope, outlet: Outlet, language: str = "") -> Iterator[str]:
    """RSS 2.0 in pieces: an item for each variant that has a price, in a language as far as its product is
    translated into it."""
    name = escape(scope.vendor.name) if scope.vendor else ""
    link = escape(outlet.link.partition(HANDLE)[0])
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<rss version="2.0" xmlns:g="{NAMESPACE}"><channel><title>{name}</title>'
    yield f"<link>{link}</link><description>{name}</description>"
    yield f"<language>{language or own_language(scope)}</language>\n"
    after, platform_id, template = 0, outlet.platform_id, outlet.link
    with current_app.app_context():
        while True:
            with entered(scope):
                part = shown_on(scope, platform_id, after, PART, texts=bool(language))
                text = "".join(_items(scope, part, platform_id, template, language))
            yield text
            if len(part) < PART:
                break
            after = part[-1].product.id
    yield "</channel></rss>\n"


def _items(scope: Scope, part: Any, platform_id: int, link: str, language: str) -> Iterator[str]:
    ids = [variant.id for stored in part for variant in stored.live]
    prices, pieces = prices_on(scope, platform_id, ids), available(scope, ids)
    for stored in part:
        common = _common(stored, link, language)
        for variant in stored.live:
            if variant.id in prices:
                own = _own(stored, variant, prices[variant.id], pieces, language)
                yield "<item>" + "".join(_written({**own, **common})) + "</item>\n"


def _written(facts: Mapping[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        for text in value if isinstance(value, list) else [value]:
            if text:
                yield f"<g:{name}>{_clean(text)}</g:{name}>"


def _common(stored: Stored, link: str, language: str) -> dict[str, Any]:
    """What the variants of a product share."""
    product = stored.product
    description = stored.said("description", product.description, language)
    images = [one["url"] for one in stored.links]
    return {
        "description": str(markdown(description).striptags())[:DESCRIPTION]
        or stored.said("title", product.title, language),
        "link": link.replace(HANDLE, quote(product.handle)),
        "image_link": images[0] if images else "",
        "additional_image_link": images[1 : IMAGES + 1],
        "brand": product.brand,
        "product_type": stored.said("type", product.type, language),
        "condition": "new",
        "item_group_id": product.handle if len(stored.live) > 1 else "",
    }


def _own(
    stored: Stored, variant: Any, price: Money, pieces: Mapping[int, int], language: str
) -> dict[str, Any]:
    """What a variant has of its own. A price before that is higher is the usual one."""
    product, title = stored.product, stored.said("title", stored.product.title, language)
    names = [stored.said(f"value:{value}", value, language) for value in variant.values if value]
    before = variant.compare_at
    reduced = before is not None and before > price.minor and product.currency == price.currency
    usual = Money(before, price.currency) if reduced else price
    # A number whose check digit is wrong is one for which there the whole item is turned down.
    gtin = variant.barcode if is_gtin(variant.barcode) else ""
    return {
        "id": variant.sku[:50] or variant.public_id,
        "title": " – ".join([title, " / ".join(names)] if names else [title])[:TITLE],
        "price": usual.plain,
        "sale_price": price.plain if reduced else "",
        "availability": "in_stock" if pieces.get(variant.id, 1) > 0 else "out_of_stock",
        "gtin": gtin,
        "mpn": variant.sku,
        "identifier_exists": "" if gtin or (product.brand and variant.sku) else "no",
        "shipping_weight": f"{variant.weight} g" if variant.weight else "",
    }


def _clean(text: str) -> str:
    """A text for XML, without characters that XML has no place for."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n"))
