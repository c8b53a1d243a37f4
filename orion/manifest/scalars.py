"""Plain scalars as YAML 1.2's core schema reads them: nothing is a number by accident."""

import re

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{1,16}([eE][-+]?[0-9]{1,2})?")


def resolved(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar; what is no null, truth value or decimal number is text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
