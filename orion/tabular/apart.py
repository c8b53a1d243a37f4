"""Reading workbooks in a process of its own: a file that kills the reader, or makes it grow without end,
kills nothing else. Run as a script, with nothing of Orion; it says JSON, a line for each sheet or row.

    apart.py look FILE          [name, whether it is shown, its first rows]; long texts are cut
    apart.py rows FILE SHEET    the texts of each row, or null for one that is too long
"""

import json
import re
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

#: Bytes of memory and seconds of processor time that a workbook may take.
MEMORY, SECONDS = 640 << 20, 30
#: Rows among which a header is looked for, and characters of their cells.
BEGINNING, CHARACTERS = 50, 300
#: Characters of a cell, one more than are taken, and of a row: one text may stand in very many cells.
CELL, ROW = 32_769, 1 << 20


def text_of(value: Any) -> str:
    """A value of a cell as a text that reads back as the same value, whatever the table's conventions.

    >>> text_of(12.0), text_of(1.125), text_of(date(2026, 1, 31))
    ('12', '1.1250', '2026-01-31')
    """
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else ""


def _number(value: float) -> str:
    """Three decimal places would read as thousands to some: a fourth says that they are none."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(Decimal(repr(value)), "f")
    return f"{text}0" if re.fullmatch(r"-?[0-9]+\.[0-9]{3}", text) else text


def texts_of(values: list[Any], longest: int) -> list[str]:
    """The texts of a row, cut where they are longer."""
    return [text_of(value)[:longest] for value in values]


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(what: str, path: str, *sheet: str) -> None:
    """Say what a workbook holds."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    _limit()
    book = CalamineWorkbook.from_path(path)
    if what == "rows":
        for values in book.get_sheet_by_name(sheet[0]).iter_rows():
            whole = texts_of(values, CELL)
            print(json.dumps(whole if sum(map(len, whole)) <= ROW else None))
        return
    for one in book.sheets_metadata:
        rows = islice(book.get_sheet_by_name(one.name).iter_rows(), BEGINNING)
        texts = [texts_of(values, CHARACTERS) for values in rows]
        print(json.dumps([one.name, one.visible == SheetVisibleEnum.Visible, texts]))


if __name__ == "__main__":
    main(*sys.argv[1:])
