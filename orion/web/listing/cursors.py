"""Cursors: where a page begins or ends, signed so that nobody can make one up."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from orion.contracts.errors import Invalid

#: Type's letter → how a value of it comes back from its text.
_READ: dict[str, Callable[[Any], Any]] = {
    "d": date.fromisoformat,
    "m": datetime.fromisoformat,
    "n": Decimal,
    "p": lambda value: value,
}


def seal(of: Sequence[Any], value: Any, key: Any) -> str:
    """A cursor at the row with this sort value and key. `of` is the question that it belongs to."""
    return _serializer(of).dumps([_letter(value), value if _plain(value) else str(value), key])


def open_(of: Sequence[Any], cursor: str) -> tuple[Any, Any]:
    """(sort value, key) of a cursor. Raises Invalid for a forged one and for another question's."""
    try:
        letter, value, key = _serializer(of).loads(cursor)
        return _READ[letter](value), key
    except (BadData, ValueError, KeyError, TypeError):
        raise Invalid(gone()) from None


def gone() -> str:
    """What is said of a cursor that leads nowhere."""
    return _("This page of the list is no longer there. Start again from its first page.")


def _serializer(of: Sequence[Any]) -> URLSafeSerializer:
    # The question is part of the signature and not of the text: cursors stay short.
    return URLSafeSerializer(current_app.secret_key, salt=f"orion.list {of!r}")  # type: ignore[arg-type]


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _letter(value: Any) -> str:
    if isinstance(value, datetime):
        return "m"
    if isinstance(value, date):
        return "d"
    return "n" if isinstance(value, Decimal) else "p"
