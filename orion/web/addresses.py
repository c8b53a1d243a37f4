"""Postal addresses as they are written in their country, and countries in the reader's words."""

import re
from collections.abc import Iterable

from orion.web.formats import locale

#: Countries → the lines of an address there: A street and house, C city, S region, Z postcode. What stands
#: between two of them is written where both are known. From the formats that postal services ask for.
_LINES = {
    "A|Z C|S": "",  # Of everybody else.
    "A|C|Z": "GB GG JE IM GI LK KE ZA FK",
    "A|C|S|Z": "IE RU UA EG KR AM",
    "A|C, S Z": "US TW",
    "A|C S Z": "CA AU PR GU VI AS",
    "A|C Z|S": "IN NZ SG SA JO LB BH NP MV BN BM MT IL ID TH NG PE KH",
    "A|C S|Z": "VN",
    "A|C-S|Z": "BR",
    "A|C-Z|S": "PK",
    "A|C - Z|S": "BD",
    "A|Z C, S": "MX",
    "A|Z C S": "IT ES UY LT EE RO",
    "A|Z C/S": "TR",
    "A|C, S, Z": "CO",
    "A|C Z, S": "VE",
    "A|C|S, Z": "CN",
    "A|C, S|Z": "IQ HK MN",
    "A|C, Z|S": "LV MM",
    "A|S, C|Z": "CR",
    "A|C|S": "AE QA PA",
    "A|Z|C|S": "OM EC",
    "C|A|Z": "HU",
    "S|C|A|Z": "IR",
    "Z|S|C|A": "JP KZ",
}
_OF = {country: lines for lines, countries in _LINES.items() for country in countries.split()}
_USUAL = next(iter(_LINES))
_PART = re.compile(r"[ACSZ]")


def country_name(text: str) -> str:
    """The reader's name of a country where the text is an ISO 3166 code, else the text itself."""
    return str(locale().territories.get(text.upper(), text)) if len(text) == 2 else text


def address_lines(
    street: Iterable[str], city: str = "", postcode: str = "", region: str = "", country: str = ""
) -> list[str]:
    """An address as it is written in its country, line by line; what is not known is left out.

    `country` is an ISO 3166 code, and stands at the end in the reader's words; or it is any text.
    """
    parts = {"C": city, "S": region, "Z": postcode}
    lines: list[str] = []
    for line in _OF.get(country.upper(), _USUAL).split("|"):
        lines += street if line == "A" else [_line(line, parts)]
    return [line for line in (*lines, country_name(country)) if line.strip()]


def _line(pattern: str, parts: dict[str, str]) -> str:
    """`C, S Z` with what is known; of a sign between two parts both sides are."""
    text, end = "", 0
    for found in _PART.finditer(pattern):
        if value := parts[found[0]].strip():
            text += (pattern[end : found.start()] if text else "") + value
        end = found.end()
    return text
