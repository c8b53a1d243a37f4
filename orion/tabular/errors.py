"""Why a table is refused as a whole."""

from orion.contracts.errors import Invalid


class TableError(Invalid):
    """The table can't be read at all. `message` says where, and what to do; nothing was taken.

    `line` is the physical line (1-based) where there is one.
    """

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Unreadable(ValueError):
    """A value that can't be read as what its column holds.

    `code` is a short name to count by, `reason` a lazy sentence for the person.
    """

    def __init__(self, code: str, reason: object) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
