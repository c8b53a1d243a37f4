"""Countries as people read them."""

from flask_babel import get_locale

from modules.customers.models import Address

#: Where the postcode has a line of its own below the city, stands behind it, or behind city and region.
_BELOW = frozenset({"GB", "IE", "GG", "JE", "IM", "GI", "MT", "LK", "KE"})
_BEHIND = frozenset({"IN", "NZ", "SG", "TH", "ID", "PK", "SA", "JO", "LB", "BH", "KW", "EG", "IQ", "ZA"})
_WITH_REGION = frozenset({"US", "CA", "AU", "PR"})


def country_name(text: str) -> str:
    """The reader's name of a country where the text is an ISO 3166 code, else the text itself."""
    locale = get_locale()
    if locale is None or len(text) != 2:
        return text
    return str(locale.territories.get(text.upper(), text))


def address_lines(address: Address) -> list[str]:
    """An address as it is written in its country, line by line; what is not known is left out."""
    code, city, postcode, region = address.country.upper(), address.city, address.postcode, address.region
    if code in _BELOW:
        place = [city, region, postcode]
    elif code in _BEHIND:
        place = [_joined(city, postcode), region]
    elif code in _WITH_REGION:
        place = [_joined(city, region, postcode)]
    else:
        place = [_joined(postcode, city), region]
    lines = [address.line1, address.line2, *place, country_name(address.country)]
    return [line for line in lines if line.strip()]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
