"""Fields for numbers: pieces, amounts of money, anything measured."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _

from orion.contracts.errors import Invalid
from orion.contracts.money import Money, exponent
from orion.web.formats import locale, money, number
from orion.web.forms.fields import TypedField
from orion.web.forms.typed import check_places, check_range, decimal_of, plain_decimal

#: The largest whole number that the database keeps.
LARGEST = 2**63 - 1
NUMERIC: Mapping[str, str] = {"inputmode": "numeric", "autocomplete": "off"}
DECIMAL: Mapping[str, str] = {"inputmode": "decimal", "autocomplete": "off"}


class QuantityField(TypedField):
    """A whole number as the reader writes it, from `least` to `most`."""

    attributes = NUMERIC

    def __init__(self, label: object = None, *, least: int = 0, most: int = LARGEST, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        value = decimal_of(text)
        if value != value.to_integral_value():
            raise Invalid(_("Enter a whole number, such as %(example)s.", example=number(12)))
        check_range(value, self.least, self.most, lambda bound: number(int(bound)))
        return int(value)

    def written(self, value: Any) -> str:
        return str(format_decimal(value, locale=locale(), group_separator=False))


class DecimalField(TypedField):
    """A number with at most `places` decimals, exact, as the reader writes it."""

    attributes = DECIMAL

    def __init__(
        self,
        label: object = None,
        *,
        least: Decimal = Decimal(0),
        most: Decimal = Decimal(10**12),
        places: int = 3,
        **kw: Any,
    ) -> None:
        super().__init__(label, **kw)
        self.least, self.most, self.places = least, most, places

    def read(self, text: str) -> Decimal:
        value = decimal_of(text)
        check_places(value, self.places)
        check_range(value, self.least, self.most, number)
        return value

    def written(self, value: Any) -> str:
        return plain_decimal(value)


class MoneyField(TypedField):
    """An amount in the currency of the form (see Form) as minor units; `negative` allows those below 0."""

    attributes = DECIMAL

    def __init__(self, label: object = None, *, negative: bool = False, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.negative = negative

    @property
    def currency(self) -> str:
        """The ISO code of the amount's currency."""
        currency: str = self._form.money_in
        return currency

    @property
    def unit(self) -> str:
        """What stands beside the field."""
        return self.currency

    def read(self, text: str) -> int:
        value = decimal_of(text)
        check_places(value, exponent(self.currency))
        minor = value.scaleb(exponent(self.currency))
        largest = LARGEST // 1000
        check_range(
            minor, -largest if self.negative else 0, largest, lambda m: money(Money(int(m), self.currency))
        )
        return int(minor)

    def written(self, value: Any) -> str:
        return plain_decimal(Money(value, self.currency).amount, exponent(self.currency))

    def shown(self) -> str:
        return "" if self.data is None else money(Money(self.data, self.currency))
