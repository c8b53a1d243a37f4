"""Addresses are written as in their country."""

import pytest

from modules.customers.countries import address_lines
from modules.customers.models import Address

PLACE = {"line1": "1 Long Street", "postcode": "12345", "city": "Town", "region": "CA"}


@pytest.mark.parametrize(
    "country, lines",
    [
        ("DE", ["1 Long Street", "12345 Town", "CA", "Germany"]),
        ("GB", ["1 Long Street", "Town", "12345", "United Kingdom"]),
        ("US", ["1 Long Street", "Town, CA 12345", "United States"]),
        ("IN", ["1 Long Street", "Town 12345", "CA", "India"]),
        ("IT", ["1 Long Street", "12345 Town CA", "Italy"]),
        ("BR", ["1 Long Street", "Town-CA", "12345", "Brazil"]),
        ("HU", ["Town", "1 Long Street", "12345", "Hungary"]),
        ("JP", ["12345", "CA", "Town", "1 Long Street", "Japan"]),
        ("Elsewhere", ["1 Long Street", "12345 Town", "CA", "Elsewhere"]),
    ],
)
def test_each_part_stands_where_the_country_has_it(country: str, lines: list[str]) -> None:
    assert address_lines(Address(**PLACE, line2="", country=country)) == lines


def test_what_is_not_known_leaves_no_line() -> None:
    nothing = {"line2": "", "postcode": "", "region": ""}
    assert address_lines(Address(**nothing, line1="X", city="Town", country="")) == ["X", "Town"]
    assert address_lines(Address(**nothing, line1="X", city="Town", country="us")) == [
        "X",
        "Town",
        "United States",
    ]
