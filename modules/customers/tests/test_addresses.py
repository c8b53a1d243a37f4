"""Addresses are written as in their country."""

import pytest

from modules.customers.countries import address_lines
from modules.customers.models import Address

PLACE = {"line1": "1 Long Street", "postcode": "12345", "city": "Town", "region": "CA"}


@pytest.mark.parametrize(
    "country, lines",
    [
        ("DE", ["12345 Town", "CA", "DE"]),
        ("GB", ["Town", "CA", "12345", "GB"]),
        ("US", ["Town CA 12345", "US"]),
        ("IN", ["Town 12345", "CA", "IN"]),
        ("Elsewhere", ["12345 Town", "CA", "Elsewhere"]),
    ],
)
def test_the_postcode_stands_where_the_country_has_it(country: str, lines: list[str]) -> None:
    assert address_lines(Address(**PLACE, line2="", country=country)) == ["1 Long Street", *lines]


def test_what_is_not_known_leaves_no_line() -> None:
    nothing = {"line2": "", "postcode": "", "region": ""}
    assert address_lines(Address(**nothing, line1="X", city="Town", country="")) == ["X", "Town"]
