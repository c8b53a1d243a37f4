"""The languages of this installation, and texts that rows keep for readers of all of them."""

from contextlib import AbstractContextManager, nullcontext

from babel import UnknownLocaleError
from flask import current_app

from orion.i18n import direction, language_tag, nearest, wishes
from orion.i18n import speaking as said_in
from orion.i18n.kept import Kept, kept, said_again

__all__ = ["Kept", "direction", "kept", "language_tag", "locales", "said_again", "speaking", "wishes"]


def speaking(*names: str) -> AbstractContextManager[None]:
    """What is said within is said in the first of these languages that there are catalogs for, whoever
    reads; where there is none, in the reader's."""
    there = locales()
    found = next((name for name in names if nearest(name, there)), "")
    try:
        return said_in(found) if found else nullcontext()
    except (UnknownLocaleError, ValueError):
        return nullcontext()


def locales() -> list[str]:
    """The locales that there are catalogs for, English among them."""
    return list(current_app.extensions["orion_catalogs"].locales())
