"""Text as searches and lists compare it, and what is kept of it in columns of `NormText`."""

import logging
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, TableClause, bindparam, cast, delete, func, select, update
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

log = logging.getLogger("orion.migrate")

#: So many values are looked up by one statement.
AT_ONCE = 500
_WITH = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH ")
#: Blocks of Latin letters in which there are some that Unicode doesn't take apart.
_LATIN = ((0x00C0, 0x02B0), (0x1D60, 0x1DA0), (0x1E00, 0x1F00), (0x2C60, 0x2C80), (0xA720, 0xA800))
_OTHERS = {
    **{"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ȷ": "j", "ŋ": "n", "ĸ": "k", "ə": "e"},
    # Letters that are typed one for the other, and the bar that only makes a word longer.
    **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": None},
    **{chr(first + n): str(n) for first in (0x0660, 0x06F0) for n in range(10)},
    # Signs that keyboards put in the place of others.
    **dict.fromkeys("’‘ʼʻ′", "'"),
    **dict.fromkeys("‐‑‒–−", "-"),
}


def _letters() -> dict[int, str | None]:
    """What Unicode doesn't take apart → what people type for it: `ø` is an O WITH STROKE."""
    found: dict[int, str | None] = {}
    for first, end in _LATIN:
        for code in range(first, end):
            of = _WITH.match(unicodedata.name(chr(code), ""))
            if of and len(unicodedata.normalize("NFKD", chr(code))) == 1:
                found[code] = of[1].lower()
    return found | str.maketrans(_OTHERS)


_LETTERS = _letters()


def normalise(text: str | None) -> str:
    """Text as searches compare it: case folded, letters without their marks, spaces collapsed.

    >>> normalise("  Tränen  ÉTÉ ")
    'tranen ete'
    >>> normalise("Łódź, Søren, Œuvre, Ýr Þórsdóttir")
    'lodz, soren, oeuvre, yr thorsdottir'
    """
    text = text or ""
    if text.isascii():  # Most are, and this costs a tenth.
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(refolded(plain.casefold()).split())


def refolded(norm: str) -> str:
    """A text that was normalised when letters without a decomposition stayed as they are, as it is now."""
    return norm.translate(_LETTERS)


def refold(
    connection: Connection,
    name: str,
    *columns: str,
    within: Sequence[str] | None = None,
    drop: bool = False,
) -> None:
    """Normalise anew what columns of `NormText` of a table hold, in a migration.

    `within` are the columns that with each of `columns` find one row, if any do. Rows that would be found as
    one after this are deleted but for the first where `drop` says that they mean the same; else they stay as
    they are, which is logged.
    """
    table = sql_table(name, *(sql_column(one) for one in ("id", *columns, *(within or ()))))
    for column in columns:
        changes = _changes(connection, table, column)
        kept = changes if within is None else _apart(connection, table, column, within, changes)
        _write(connection, table, column, kept)
        left = [id_ for id_ in changes if id_ not in kept]
        if left and drop:
            for part in _parts(left):
                connection.execute(delete(table).where(table.c.id.in_(part)))
        elif left:
            log.warning("not folded anew", extra={"table": table.name, "column": column, "rows": len(left)})


def _changes(connection: Connection, table: TableClause, column: str) -> dict[int, str]:
    """Row id → what a column is to hold, of the rows where that is something else."""
    held = table.c[column]
    if connection.dialect.name == "sqlite":
        size = func.length(cast(held, LargeBinary))
    else:
        size = func.octet_length(held)
    rows = connection.execute(select(table.c.id, held).where(size > func.length(held)).order_by(table.c.id))
    return {row.id: new for row in rows if (new := refolded(row[1])) != row[1]}


def _apart(
    connection: Connection, table: TableClause, column: str, within: Sequence[str], changes: Mapping[int, str]
) -> dict[int, str]:
    """The changes after which a row is still the only one of its kind."""
    owners = [table.c[name] for name in within]
    taken: set[tuple[Any, ...]] = set()
    places: dict[int, tuple[Any, ...]] = {}
    for part in _parts(sorted(set(changes.values()))):
        there = select(*owners, table.c[column]).where(table.c[column].in_(part))
        taken.update(tuple(row) for row in connection.execute(there))
    for part in _parts(list(changes)):
        mine = select(table.c.id, *owners).where(table.c.id.in_(part))
        places.update({row.id: tuple(row)[1:] for row in connection.execute(mine)})
    kept: dict[int, str] = {}
    for id_, new in changes.items():
        if (place := (*places[id_], new)) not in taken:
            taken.add(place)
            kept[id_] = new
    return kept


def _write(connection: Connection, table: TableClause, column: str, changes: Mapping[int, str]) -> None:
    if changes:
        one = update(table).where(table.c.id == bindparam("row")).values({column: bindparam("new")})
        connection.execute(one, [{"row": id_, "new": new} for id_, new in changes.items()])


def _parts(values: Collection[Any]) -> Iterable[Sequence[Any]]:
    whole = list(values)
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))
