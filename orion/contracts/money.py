"""Money in integer minor units, and quantities: exact, never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache

from babel.numbers import get_currency_precision, list_currencies


@lru_cache(maxsize=500)
def exponent(currency: str) -> int:
    """Decimal places of a currency after CLDR: 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


@cache
def known_currencies() -> frozenset[str]:
    """The codes of every currency of CLDR, former ones too; not those that mean none, or a test."""
    return frozenset(list_currencies() - {"XTS", "XXX"})


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency in minor units (cents), with an ISO 4217 code."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """Round an exact decimal amount half to even to the currency's minor units."""
        scaled = amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    @property
    def plain(self) -> str:
        """As programs and the audit log read it: `12.50 EUR`."""
        return f"{self.amount} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)


def allocate(total: int, weights: list[Decimal]) -> list[int]:
    """Split `total` minor units by exact weights (in minor units) so that the parts sum to it.

    Each part is its weight rounded down, and the largest remainders get what is left over
    (Hamilton's method). The weights must sum to within one unit a weight of `total`.
    """
    floors = [int(weight.to_integral_value(rounding="ROUND_FLOOR")) for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (floors[i] - weights[i], i))
    rest = total - sum(floors)
    for i in order[:rest] if rest >= 0 else ():
        floors[i] += 1
    if rest < 0 or rest > len(weights):
        raise ValueError("the weights do not add up to the total")
    return floors
