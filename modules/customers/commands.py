"""`orion customers …`."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from modules.customers.imports import TARGET
from modules.customers.models import Customer
from modules.customers.services import ensure
from orion.contracts.audit import Subject, action, record
from orion.contracts.commands import IN_PART, echo_json, refuse, table_options, tell_rejected
from orion.contracts.data import entered
from orion.contracts.periods import local_date
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    Rejected,
    Report,
    Row,
    Statement,
    TableError,
    open_import,
    rejected_sheet,
)

#: Customers in one transaction.
CHUNK = 500
IMPORTED = action("customers.imported", _l("Customers were imported"))
_FILE = click.Path(path_type=Path, dir_okay=False)

commands = AppGroup("customers", help="Those who buy.")


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--vendor", required=True, metavar="CODE", help="Whose customers they are.")
@table_options("dates", "rejected", "at_once")
def import_customers(
    file: Path, vendor: str, rejected: Path | None, as_json: bool, wait: bool, **stated: Any
) -> None:
    """Take customers by their number, or else their address. What is known of one stays; what is empty is
    filled.

    Exit 0 when all rows were taken, 3 when some were rejected and the rest is in, 1 when the file
    was refused as a whole.
    """
    scope = current_app.extensions["orion"].command_scope(vendor=vendor)
    try:
        found = open_import(file, TARGET, Statement(**stated), currency=scope.currency)
        with rejected_sheet(rejected) as sheet:
            report = Report(found.plan, sheet)
            new, known = _take(scope, report.taken(_called(found.rows())))
    except TableError as error:
        refuse(error.message, as_json, line=error.line)
    if new:
        with entered(scope, write=True) as session:
            record(scope, IMPORTED, Subject("file", file.name, file.name), after={"new": new})
            session.commit()
    customers = {"read": new + known, "new": new, "known": known}
    _tell({"vendor": vendor, "customers": customers, **report.as_json()}, as_json)
    sys.exit(IN_PART if report.rejected else 0)


def _called(rows: Iterator[Row | Rejected]) -> Iterator[Row | Rejected]:
    """Rows with a reference: the number, or else the address."""
    for row in rows:
        if isinstance(row, Row):
            reference = row.values["reference"] or (row.values["email"] or "").casefold()[:120]
            if not reference:
                reason = _l("says neither a number nor an address")
                yield Rejected(row.line, "", "", "no_key", reason, row.values)
                continue
            row.values["reference"] = reference
        yield row


def _take(scope: Scope, rows: Iterator[Row]) -> tuple[int, int]:
    """Take rows chunk by chunk, each in its own transaction; (new customers, those known before)."""
    new, on = 0, local_date(datetime.now(UTC), scope.zone)
    seen: set[str] = set()
    while part := list(islice(rows, CHUNK)):
        seen.update(row.values["reference"] for row in part)
        with entered(scope, write=True) as session:
            before = session.scalar(select(func.count()).select_from(Customer))
            ensure(scope, [_facts(row, on) for row in part])
            session.flush()
            new += session.scalar(select(func.count()).select_from(Customer)) - before
            session.commit()
    return new, len(seen) - new


def _facts(row: Row, on: date) -> dict[str, Any]:
    """What a row says of a customer, as `ensure` takes it."""
    said = row.values
    both = " ".join(text for key in ("first_name", "last_name") if (text := said[key]))
    texts = {key: said[key] or "" for key in ("email", "phone", "country")}
    return {
        "reference": said["reference"],
        "joined_on": said["joined_on"] or on,
        "name": said["name"] or both,
        **texts,
    }


def _tell(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(result)
        return
    rows, customers = result["rows"], result["customers"]
    click.echo(f"{rows['read']} rows read, {rows['accepted']} taken, {rows['rejected']} rejected")
    click.echo(f"{customers['new']} new customers, {customers['known']} known")
    tell_rejected(result["rejected"])
