"""What products show on other modules' pages."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from modules.catalog.api import Found, find_variants, prices_on
from modules.tenancy.api import Platform
from orion.contracts.data import session
from orion.contracts.money import Money
from orion.contracts.scope import Scope

#: Products that one search offers.
OFFERED = 8


def picker(
    scope: Scope, q: str = "", platform: str | None = None, currency: str = ""
) -> tuple[str, dict[str, Any]]:
    """Products that `q` finds, each with the button `pick` whose value an order takes: JSON of `sku`, `title`
    and `unit_price` (minor units; only where the price is in `currency`), at the platform's price."""
    found = find_variants(scope, q, OFFERED)
    prices = _prices(scope, platform, found)
    rows = [(one, price := prices[one.variant.id], _value(one, price, currency)) for one in found]
    return "catalog/_picker.html", {"q": q, "rows": rows}


def _prices(scope: Scope, platform: str | None, found: Sequence[Found]) -> dict[int, Money | None]:
    usual = {one.variant.id: one.price for one in found}
    row = (
        session().scalar(select(Platform.id).where(Platform.code == platform)) if found and platform else None
    )
    return usual | dict(prices_on(scope, row, usual)) if row is not None else usual


def _value(one: Found, price: Money | None, currency: str) -> str:
    amount = price.minor if price is not None and price.currency == currency else None
    return json.dumps({"sku": one.variant.sku, "title": one.title, "unit_price": amount})
