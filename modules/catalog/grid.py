"""Changing all variants of a product at once."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from zlib import crc32

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from modules.catalog.models import Product, Variant
from modules.catalog.pricing import in_money, record_prices
from modules.catalog.services import VariantFacts, as_columns, changed, check_version, locked
from orion.contracts.audit import action
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.scope import Scope

PRICED = action("catalog.priced", _l("Prices were changed"))
#: The names of a variant's facts, in the order of the grid.
FACTS = tuple(one.name for one in fields(VariantFacts))


def stamp(variants: Iterable[Variant]) -> int:
    """A number that changes with what variants say of themselves: the version of their grid."""
    rows = sorted((variant.id, *(getattr(variant, name) for name in FACTS)) for variant in variants)
    return crc32(repr(rows).encode())


def edit_variants(
    scope: Scope,
    product_id: str,
    wanted: Mapping[str, VariantFacts],
    *,
    version: int | None = None,
    now: datetime,
) -> Product:
    """Write the facts of variants, given by their public ids; others stay as they are.

    `version` is the stamp of the variants that were shown. Raises NotFound, Conflict where
    they have another one now, and Invalid with its errors under `<public id>-<fact>`.
    """
    product = locked(scope, product_id)
    live = select(Variant).where(Variant.product_id == product.id, Variant.retired_at.is_(None))
    variants = session().scalars(live.execution_options(populate_existing=True)).all()
    check_version(stamp(variants), version)
    _check(wanted)
    before = _amounts(product, variants)
    for variant in variants:
        if variant.public_id not in wanted:
            continue
        for name, value in as_columns(wanted[variant.public_id]).items():
            setattr(variant, name, value)
    record_prices(scope, PRICED, product, before, _amounts(product, variants))
    changed(scope, product, now)
    return product


def _amounts(product: Product, variants: Iterable[Variant]) -> dict[str, dict[str, str | None]]:
    """Variant → what it costs, to compare with, and in buying, for the audit log."""
    return {
        variant.title or product.title: {
            name: in_money(product, getattr(variant, name)) for name in ("price", "compare_at", "cost")
        }
        for variant in variants
    }


def _check(wanted: Mapping[str, VariantFacts]) -> None:
    errors: dict[str, list[str]] = {}
    for key, facts in wanted.items():
        for name in ("price", "compare_at", "cost", "weight"):
            amount = getattr(facts, name)
            if amount is not None and not 0 <= amount < 2**53:
                errors[f"{key}-{name}"] = [_("This can't be below zero.")]
        if facts.compare_at is not None and facts.compare_at <= (facts.price or 0):
            errors.setdefault(f"{key}-compare_at", [_("A price to compare with is higher than the price.")])
        for name, most in (("sku", 120), ("barcode", 40)):
            if len(getattr(facts, name)) > most:
                errors[f"{key}-{name}"] = [_("Use at most %(num)s characters.", num=most)]
    if errors:
        raise Invalid(errors=errors)
