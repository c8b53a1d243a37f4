"""What the product pages of both frontends share."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from modules.catalog import queries
from modules.catalog.elsewhere import still_elsewhere
from modules.catalog.images import MOST_IMAGES, WIDTHS, file_name
from modules.catalog.models import ImageLink, Product, Variant
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.formats import money
from orion.contracts.locales import said_again
from orion.contracts.markdown import markdown
from orion.contracts.media import MIMETYPE, send_media
from orion.contracts.money import Money
from orion.contracts.outside import check_address, fetched_hosts
from orion.contracts.scope import Scope
from orion.contracts.texts import Tongue, own_language, tongues, translated_into

#: Status → label, tone.
STATES = {
    "active": (lazy_pgettext("product", "Active"), "success"),
    "draft": (lazy_pgettext("product", "Draft"), "info"),
    "archived": (lazy_pgettext("product", "Archived"), "neutral"),
}
TAX_CLASSES = {
    "standard": _l("Standard rate"),
    "reduced": _l("Reduced rate"),
    "super_reduced": _l("Super-reduced rate"),
    "zero": _l("Zero rate"),
    "exempt": _l("Exempt"),
}


def image_url(frontend: str, key: str, width: int) -> str:
    """Where a picture is, in one of WIDTHS."""
    return url_for(f"catalog_{frontend}.image", key=key, width=width)


def thumbnail(product: Product, frontend: str) -> str:
    """Where a product's first picture is, small; empty without one."""
    return image_url(frontend, product.cover, WIDTHS[0]) if product.cover else ""


def send_image(scope: Scope, key: str, width: str) -> Response:
    """A picture's file. Raises NotFound."""
    if width not in map(str, WIDTHS):
        raise NotFound()
    image = queries.image(scope, key)
    return send_media(scope, "catalog", image.vendor_id, file_name(image.key, int(width)), MIMETYPE)


def price(product: Product, variant: Variant) -> Money | None:
    """A variant's usual price."""
    return None if variant.price is None else Money(variant.price, product.currency)


def usual_price(product: Product, variant: Variant) -> str:
    """What a variant costs where no platform says otherwise, in words."""
    usual = price(product, variant)
    return _("Usually %(price)s.", price=money(usual)) if usual else ""


def price_range(product: Product) -> str:
    """`€12.00 – €18.00`, or the one price, or nothing."""
    if product.lowest < 0:
        return ""
    lowest, highest = (Money(minor, product.currency) for minor in (product.lowest, product.highest))
    if lowest == highest:
        return money(lowest)
    return _("%(lowest)s – %(highest)s", lowest=money(lowest), highest=money(highest))


def plain_range(product: Product) -> Money | str:
    """The same for programs: the one price, or `12.00 EUR - 18.00 EUR`, or nothing."""
    if product.lowest < 0:
        return ""
    lowest, highest = (Money(minor, product.currency) for minor in (product.lowest, product.highest))
    return lowest if lowest == highest else f"{lowest.plain} - {highest.plain}"


def languages_of(
    scope: Scope, public_id: str, lacking: Mapping[str, tuple[int, int]], chosen: str = ""
) -> list[Tongue]:
    """The languages of a product's texts; `lacking` as `queries.Shown.translations` has it."""
    at = partial(url_for, "catalog_vendor.edit", public_id=public_id)
    url: Callable[[str], str] = lambda tag: at(translation=tag or None)  # noqa: E731
    return tongues(own_language(scope), translated_into(scope), lacking, chosen, url)


def about(scope: Scope, public_id: str, frontend: str) -> dict[str, Any]:
    """What a product's page says in both frontends. Raises NotFound."""
    shown = queries.shown(scope, public_id)
    product = shown.product
    return {
        "product": product,
        "vendor": shown.vendor if frontend == "admin" else None,
        "may": scope.allows,
        "frontend": frontend,
        "state": STATES[product.status],
        "tax_class": TAX_CLASSES[product.tax_class],
        "description": markdown(product.description, below=2) if product.description.strip() else "",
        "variants": [(variant, price(product, variant)) for variant in queries.variants(scope, product)],
        "images": [
            (image, *(image_url(frontend, image.key, width) for width in WIDTHS))
            for image in queries.images(scope, product)
        ],
        "categories": shown.categories,
        "tags": shown.tags,
        "offers": queries.offers(scope, product),
        "range": price_range(product),
        "tongues": _tongues(scope, shown) if frontend == "vendor" else [],
    }


def _tongues(scope: Scope, shown: queries.Shown) -> list[Tongue]:
    """The languages that a product can be translated into, for those who may."""
    if not scope.allows("catalog.edit") or not translated_into(scope):
        return []
    return languages_of(scope, shown.product.public_id, shown.translations)


def elsewhere(scope: Scope, product: Product, pictures: int) -> list[tuple[ImageLink, str]]:
    """The addresses of a product's pictures of which none was made, each with why, where there is more to say
    than that nothing is fetched here; it has so many `pictures`."""
    return [
        (link, _why(scope, link, pictures) or said_again(reason))
        for link, reason in still_elsewhere(scope, product)
    ]


def _why(scope: Scope, link: ImageLink, pictures: int) -> str:
    """Why an address would not be asked now."""
    if not fetched_hosts():
        return ""
    try:
        check_address(scope, link.url)
    except Invalid as error:
        return error.message
    return _("A product has at most %(num)s images.", num=MOST_IMAGES) if pictures >= MOST_IMAGES else ""
