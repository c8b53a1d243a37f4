"""Addresses of customers as people read them."""

from modules.customers.models import Address
from orion.contracts import addresses


def address_lines(address: Address) -> list[str]:
    """An address as it is written in its country, line by line; what is not known is left out."""
    street = (address.line1, address.line2)
    return addresses.address_lines(street, address.city, address.postcode, address.region, address.country)
