"""Why a table is refused as a whole."""

from collections.abc import Sequence

from flask_babel import gettext as _

from orion.contracts.errors import Invalid


class TableError(Invalid):
    """The table can't be read at all. `message` says where, and what to do; nothing was taken.

    `line` is the physical line (1-based) where there is one.
    """

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class SeveralTables(TableError):
    """The file holds several tables, and none was named: `tables` are their names."""

    def __init__(self, file: str, tables: Sequence[str]) -> None:
        message = _(
            "%(file)s holds several tables, or none of that name: %(tables)s. State which, with "
            "`table: NAME` in a mapping file or --table.",
            file=file,
            tables=", ".join(tables) or "–",
        )
        super().__init__(message)
        self.tables = tuple(tables)


class Unreadable(ValueError):
    """A value that can't be read as what its column holds.

    `code` is a short name to count by, `reason` a lazy sentence for the person.
    """

    def __init__(self, code: str, reason: object) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
