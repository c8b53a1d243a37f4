"""Postal addresses as they are written in their country, and countries in the reader's words."""

from orion.web.addresses import address_lines, country_name

__all__ = ["address_lines", "country_name"]
