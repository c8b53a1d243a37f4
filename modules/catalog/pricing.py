"""Prices in the audit log: one entry a change, however many variants it is of."""

from collections.abc import Mapping

from modules.catalog.models import Product
from orion.contracts.audit import Action, Subject, record
from orion.contracts.money import Money
from orion.contracts.scope import Scope

#: What changes together (a variant, a platform) → name → an amount as text, None for none.
Amounts = Mapping[str, Mapping[str, str | None]]


def in_money(product: Product, minor: int | None) -> str | None:
    """An amount of the product's currency in minor units, as `12.00 EUR`."""
    return None if minor is None else Money(minor, product.currency).plain


def record_prices(scope: Scope, what: Action, product: Product, before: Amounts, after: Amounts) -> None:
    """Write down which amounts of a product have changed, if any."""
    old, new = _without_same(before, after), _without_same(after, before)
    if old or new:
        record(scope, what, Subject("product", product.public_id, product.title), old, new)


def _without_same(side: Amounts, other: Amounts) -> dict[str, dict[str, str | None]]:
    differing = {
        group: {name: text for name, text in amounts.items() if other.get(group, {}).get(name) != text}
        for group, amounts in side.items()
    }
    return {group: amounts for group, amounts in differing.items() if amounts}
