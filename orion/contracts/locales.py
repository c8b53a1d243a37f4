"""The languages of this installation."""

from flask import current_app


def locales() -> list[str]:
    """The locales that there are catalogs for, English among them."""
    return list(current_app.extensions["orion_catalogs"].locales())
