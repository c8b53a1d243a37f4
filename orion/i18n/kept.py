"""Lazy texts that rows keep, and that are said in the language of whoever reads them later."""

import json
from typing import Any

import flask_babel
from flask_babel.speaklater import LazyString

_BEGIN = '{"say": '
_WAYS = {name: getattr(flask_babel, name) for name in ("gettext", "ngettext", "pgettext", "npgettext")}


class Kept(str):
    """A text as a row has it."""


def kept(text: object, most: int = 500) -> Kept:
    """A text as a row keeps it, in at most so many characters: of a lazy one its message and its values.

    What is no lazy text, or doesn't fit so, is kept as it reads now.
    """
    if isinstance(text, Kept):
        return text
    if isinstance(text, LazyString):
        whole = f"{_BEGIN}{json.dumps(_parts(text), ensure_ascii=False)}}}"
        if len(whole) <= most:
            return Kept(whole)
    said = str(text)[:most]
    return Kept(f" {said}"[:most] if said.startswith(_BEGIN) else said)


def said_again(text: str) -> str:
    """What was kept, in the reader's language."""
    if not text.startswith(_BEGIN):
        return text
    try:
        return _said(json.loads(text)["say"])
    except (ValueError, KeyError, TypeError):
        return text


def _parts(text: Any) -> list[Any]:
    values = {name: _value(one) for name, one in text._kwargs.items()}
    return [text._func.__name__, [_value(one) for one in text._args], values]


def _value(value: Any) -> Any:
    if isinstance(value, LazyString):
        return {"say": _parts(value)}
    return value if isinstance(value, str | int | float) else str(value)


def _said(parts: list[Any]) -> str:
    way, given, values = parts
    words = {name: _said(one["say"]) if isinstance(one, dict) else one for name, one in values.items()}
    return str(_WAYS[way](*given, **words))
