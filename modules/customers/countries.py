"""Countries as people read them."""

from flask_babel import get_locale


def country_name(text: str) -> str:
    """The reader's name of a country where the text is an ISO 3166 code, else the text itself."""
    locale = get_locale()
    if locale is None or len(text) != 2:
        return text
    return str(locale.territories.get(text.upper(), text))
