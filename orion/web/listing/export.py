"""A list as a file: exactly the rows and the order that the page shows, all of them, for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request, stream_with_context
from flask.typing import ResponseReturnValue

from orion.contracts.errors import Forbidden
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.data.database import entered
from orion.tabular.writing import safe_cell
from orion.web import limits
from orion.web.listing import asked as questions
from orion.web.listing import reading
from orion.web.listing.asked import Asked

if TYPE_CHECKING:
    from orion.web.listing.page import Column, ListPage

#: Rows that are read at once; each such part is a transaction of its own, however slowly somebody loads.
PART = 1000


def export_list(page: "ListPage", scope: Scope) -> ResponseReturnValue:
    """The list of this request's address as CSV. Raises Forbidden, Invalid, and TooMany."""
    if not page.export or not scope.allows(page.export):
        raise Forbidden()
    asked = questions.read(page, scope, request.args)  # type: ignore[arg-type]
    limits.spend_here(limits.EXPORT, scope)
    name = f"{page.id.replace('.', '-')}-{datetime.now(UTC):%Y-%m-%d}.csv"
    body = stream_with_context(lines(page, scope, replace(asked, at=None, back=False)))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(body, mimetype="text/csv", headers=headers)


def lines(page: "ListPage", scope: Scope, asked: Asked) -> Iterator[str]:
    """The file in pieces: the columns' names, then a line a row. Excel reads UTF-8 by its first character."""
    yield "\ufeff" + _line([name for column in page.columns for name in _names(column)])
    wide = replace(page, per_page=PART)
    with current_app.app_context():
        while True:
            with entered(scope):
                found = reading.part(wide, scope, asked)
                text = "".join(_line(_cells(page, row)) for row in found.rows)
            yield text
            if not found.more_after:
                return
            asked = replace(asked, at=found.last)


def _names(column: "Column") -> list[str]:
    names = [str(column.label)]
    if column.sub is not None:
        names.append(f"{column.label} (2)")
    return names


def _cells(page: "ListPage", row: Any) -> list[str]:
    cells = []
    for column in page.columns:
        cells.append(plain((column.file or column.value)(row)))
        if column.sub is not None:
            cells.append(plain(column.sub(row)))
    return cells


def plain(value: Any) -> str:
    """A value as programs read it: ISO dates, UTC moments, numbers with a point, money as `12.50 EUR`."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.plain
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()
