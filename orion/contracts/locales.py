"""The languages of this installation."""

from contextlib import AbstractContextManager, nullcontext

from babel import UnknownLocaleError
from flask import current_app

from orion.i18n import direction, language_tag, wishes
from orion.i18n import speaking as said_in

__all__ = ["direction", "language_tag", "locales", "speaking", "wishes"]


def speaking(name: str) -> AbstractContextManager[None]:
    """What is said within is said in a language, whoever reads; one that isn't known is the reader's."""
    try:
        return said_in(name) if name else nullcontext()
    except (UnknownLocaleError, ValueError):
        return nullcontext()


def locales() -> list[str]:
    """The locales that there are catalogs for, English among them."""
    return list(current_app.extensions["orion_catalogs"].locales())
