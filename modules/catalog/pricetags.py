"""From what a row says of prices to what a variant costs, and did before."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from orion.contracts.money import exponent
from orion.contracts.tabular import Row, Rules

MONEY = ("price", "compare_at", "cost")
#: Beyond this no price is meant.
LIMIT = Decimal(10) ** 11
#: Fields that make a price what it is on sale.
SALE = ("sale", "sale_off")
_NOT = {"no", "false", "0", "nein", "non"}


class NoPrice(Exception):
    """An amount can't be: of a field, for a reason (a lazy sentence)."""

    def __init__(self, field: str, reason: Any) -> None:
        super().__init__(field)
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Tag:
    """The amounts of a variant in minor units by field, and what is taken otherwise than written."""

    amounts: dict[str, int | None]
    notes: tuple[Any, ...] = ()


def tag_of(row: Row, whole: Row | None, rules: Rules) -> Tag:
    """What a variant costs: its own price, or that of the whole and a surcharge; on sale less, and what it
    cost before. Raises NoPrice."""
    own, notes = row.values.get("price"), list[Any]()
    of_whole = whole.values if whole is not None else {}
    price = own if own is not None else _with_surcharge(row, of_whole)
    before = row.values.get("compare_at")
    if not before and "compare_at" in of_whole and own is None:
        before = of_whole["compare_at"]
    told = row.values if own is not None or whole is None else {**of_whole, **_given(row)}
    reduced = _reduced(told, price, rules, notes)
    if reduced is not None:
        price, before = reduced, price
    cost = row.values.get("cost")
    given = {"price": price, "compare_at": before or None, "cost": cost or of_whole.get("cost")}
    amounts = {name: _minor(name, given[name], rules, notes) for name in _told(rules.fields)}
    return Tag(amounts, tuple(notes))


def _given(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if value is not None}


@lru_cache(maxsize=100)
def _told(has: frozenset[str]) -> list[str]:
    """The amounts that a table tells of."""
    also = {"price": {"surcharge"}, "compare_at": set(SALE), "cost": set()}
    return [name for name in MONEY if has & {name, *also[name]}]


def _with_surcharge(row: Row, whole: Any) -> Decimal | None:
    base = whole.get("price")
    return None if base is None else base + (row.values.get("surcharge") or 0)


def _reduced(values: Any, price: Decimal | None, rules: Rules, notes: list[Any]) -> Decimal | None:
    """The price on sale, where there is one now."""
    if not values.get("sale") and not values.get("sale_off"):
        return None
    reduced = values.get("sale") or _off(values, price, rules)
    if not reduced or price is None or not 0 < reduced < price:
        return None
    if str(values.get("sale_on") or "").casefold() in _NOT:
        return None
    if until := str(values.get("sale_until") or "").strip():
        notes.append(_l("the sale until %(until)s is not taken: the usual price is", until=until[:40]))
        return None
    return Decimal(reduced)


def _off(values: Any, price: Decimal | None, rules: Rules) -> Decimal | None:
    off = values.get("sale_off")
    if not off or price is None or off < 0:
        return None
    if str(values.get("sale_mode") or "").casefold().startswith("percent"):
        cent = Decimal(1).scaleb(-exponent(rules.currency))
        return (price * (100 - off) / 100).quantize(cent, ROUND_HALF_EVEN)
    return price - off


def _minor(name: str, amount: Decimal | None, rules: Rules, notes: list[Any]) -> int | None:
    """An amount in minor units. Raises NoPrice."""
    if amount is None:
        return None
    if amount < 0:
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        raise NoPrice(name, _l("is below zero"))
    if amount >= LIMIT:
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        raise NoPrice(name, _l("is too large for a price"))
    minor = amount.scaleb(exponent(rules.currency))
    rounded = minor.quantize(Decimal(1), ROUND_HALF_EVEN)
    if minor != rounded:
        if not rules.options.get("rounds"):
            # TRANSLATORS: Follows what stands in the cell: “abc” …
            reason = _l("has more decimal places than %(currency)s has", currency=rules.currency)
            raise NoPrice(name, reason)
        notes.append(_l("%(amount)s is rounded to %(currency)s", amount=amount, currency=rules.currency))
    return int(rounded)
