"""The forms that a product's variants, offers and pictures are changed in: one field a cell."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from modules.catalog import grid, listings
from modules.catalog.images import LONGEST_ALT
from modules.catalog.listings import WantedOffer
from modules.catalog.models import Image, Product, Variant
from modules.catalog.queries import Offer
from modules.catalog.services import VariantFacts
from orion.contracts.forms import (
    FlagField,
    Form,
    FormField,
    MoneyField,
    Part,
    QuantityField,
    TextField,
    VersionField,
)

#: What can be written once for all variants.
FOR_ALL = ("price", "compare_at", "cost", "weight")


class AllPart(Part):
    """What holds for every variant."""

    price = MoneyField(_l("Price"))
    compare_at = MoneyField(_l("Compare at"))
    cost = MoneyField(_l("Cost"))
    weight = QuantityField(_l("Weight (g)"))


class VariantPart(AllPart):
    """A row of the grid."""

    sku = TextField(_l("SKU"), most=120)
    barcode = TextField(_l("Barcode"), most=40)


def grid_form(product: Product, variants: Sequence[Variant]) -> Form:
    """A group of fields for each variant by its public id, and `all` for what is to be set in each."""
    parts: dict[str, Any] = {v.public_id: FormField(VariantPart, label=v.title) for v in variants}
    filled = {variant.public_id: variant for variant in variants}
    form: Form = type(
        "GridForm",
        (Form,),
        {"version": VersionField(), "all": FormField(AllPart, label=_("Set for all")), **parts},
    )(obj=SimpleNamespace(version=grid.stamp(variants), currency=product.currency, **filled))
    return form


def wanted_variants(form: Form, variants: Sequence[Variant]) -> dict[str, VariantFacts]:
    """What was typed, by public id; what was typed for all stands in each."""
    every = {name: value for name, value in form["all"].data.items() if value is not None}
    return {
        variant.public_id: VariantFacts(**{**form[variant.public_id].data, **every}) for variant in variants
    }


# -- platforms ------------------------------------------------------------------------------------


def offers_form(product: Product, variants: Sequence[Variant], offers: Sequence[Offer], prices: bool) -> Form:
    """A group of fields for each platform by its code: whether it shows there, and where `prices` are
    wanted the price of each variant."""
    fields = {v.public_id: MoneyField(v.title or _("Price there")) for v in variants} if prices else {}
    parts: dict[str, Any] = {"version": VersionField()}
    filled: dict[str, Any] = {"version": listings.stamp(offers), "currency": product.currency}
    for one in offers:
        shown = {"published": FlagField(_("Shown on %(platform)s", platform=one.platform.name))}
        part = type("PlatformPart", (Part,), {**shown, **fields})
        parts[one.platform.code] = FormField(part, label=one.platform.name)
        own = {variant.public_id: one.prices.get(variant.id) for variant in variants}
        filled[one.platform.code] = SimpleNamespace(published=one.published, **own)
    form: Form = type("OffersForm", (Form,), parts)(obj=SimpleNamespace(**filled))
    return form


def wanted_offers(form: Form, offers: Sequence[Offer]) -> dict[str, WantedOffer]:
    """What was typed, by platform."""
    given = {one.platform.code: dict(form[one.platform.code].data) for one in offers}
    return {code: WantedOffer(data.pop("published"), data) for code, data in given.items()}


# -- pictures -------------------------------------------------------------------------------------


def images_form(images: Sequence[Image]) -> Form:
    """A text for each picture by its public id, and a field for new ones."""
    label = _("What it shows")
    texts: dict[str, Any] = {f"alt-{one.public_id}": TextField(label, most=LONGEST_ALT) for one in images}
    upload = MultipleFileField(_("Add images"), render_kw={"accept": "image/png,image/jpeg,image/webp"})
    form: Form = type("ImagesForm", (Form,), {**texts, "images": upload})(
        data={f"alt-{one.public_id}": one.alt for one in images}
    )
    return form


def described(form: Form, images: Sequence[Image]) -> dict[str, str]:
    """What was typed, by public id."""
    return {one.public_id: form[f"alt-{one.public_id}"].data for one in images}


def uploads(form: Form) -> list[Any]:
    """The files that were chosen."""
    return [one for one in form["images"].data or () if getattr(one, "filename", "")]
