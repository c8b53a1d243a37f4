"""Cells for CSV files that people open in spreadsheets."""

import re

#: What makes a spreadsheet take a cell for a formula.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\0", "'")
_PLAIN_NUMBER = re.compile(r"^[+-]?[0-9]+(?:[.,][0-9]+)*$")


def plain_cell(text: str) -> str:
    """The text that `safe_cell` has written."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_RISKY) else text


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it as a formula.

    Plain numbers stay as they are.
    """
    if text.startswith(_RISKY) and not _PLAIN_NUMBER.match(text):
        return f"'{text}"
    return text
