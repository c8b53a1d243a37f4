"""`orion orders …`."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.orders import notices
from modules.orders.documents import Document, Taken
from modules.orders.histories import History, Rules
from modules.orders.imports import TARGET
from modules.orders.services import take
from orion.contracts.audit import Subject, action, record
from orion.contracts.commands import (
    IN_PART,
    echo_json,
    refuse,
    table_options,
    tell_rejected,
    vendor_and_platform,
)
from orion.contracts.data import analyse, entered
from orion.contracts.errors import Conflict
from orion.contracts.notices import tell
from orion.contracts.scope import Scope
from orion.contracts.tabular import Report, Statement, TableError, open_import, rejected_sheet

#: Documents in one transaction.
CHUNK = 400
IMPORTED = action("orders.imported", _l("Orders imported"))
_FILE = click.Path(path_type=Path, dir_okay=False)

commands = AppGroup("orders", help="Orders and refunds.")


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--vendor", required=True, metavar="CODE", help="Whose orders they are.")
@click.option(
    "--platform", metavar="CODE", help="Where they were placed; needed where the vendor is on several."
)
@click.option("--currency", metavar="CODE", help="Of amounts that name none; the vendor's own by default.")
@table_options("dates", "decimal", "beside", "rejected", "at_once")
def import_orders(
    file: Path,
    vendor: str,
    platform: str | None,
    rejected: Path | None,
    as_json: bool,
    wait: bool,
    **stated: Any,
) -> None:
    """Take an order history, line by line. The same file twice changes nothing.

    Exit 0 when all rows were taken, 3 when some were rejected and the rest is in, 1 when the file
    was refused as a whole.
    """
    scope = _place(vendor, platform)
    if not scope.has("orders.order_import"):
        raise Conflict(_("Importing order histories is switched off here."))
    try:
        found = open_import(file, TARGET, Statement(**stated), currency=scope.currency)
        with rejected_sheet(rejected) as sheet:
            history = History(found, Rules.of(found, scope.zone), Report(found.plan, sheet))
            taken = _take(scope, history)
            _note(scope, file, taken, history.report.rejected)
    except TableError as error:
        refuse(error.message, as_json, line=error.line)
    _tell({"vendor": vendor, **_result(history, taken)}, as_json)
    sys.exit(IN_PART if history.report.rejected else 0)


def _place(vendor: str, platform: str | None) -> Scope:
    """One vendor on one platform. Raises UsageError where the vendor is on several and none is named."""
    scope, chosen = vendor_and_platform(vendor, platform)
    if chosen is None:
        raise click.UsageError(f"{vendor} is on no platform: orders need one.")
    # Of the vendor and not of the platform: who bought elsewhere before is no new customer.
    return replace(scope, platforms=frozenset({chosen.id}), platform=chosen)


def _take(scope: Scope, history: History) -> Taken:
    """Take the documents chunk by chunk, each in its own transaction."""
    taken = Taken()
    for chunk in _chunks(history.documents()):
        with entered(scope, write=True) as session:
            taken += take(scope, chunk)
            session.commit()
    analyse()
    return taken


def _note(scope: Scope, file: Path, taken: Taken, rejected: int) -> None:
    """Write into the audit log what the file has changed, if anything, and tell those who import."""
    facts = {"new": taken.new, "changed": taken.changed}
    with entered(scope, write=True) as session:
        if taken.new or taken.changed:
            record(scope, IMPORTED, Subject("file", file.name, file.name), after=facts)
        tell(scope, notices.IMPORTED, **facts, rejected=rejected)
        session.commit()


def _chunks(found: Iterable[Document]) -> Iterator[list[Document]]:
    stream = iter(found)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _result(history: History, taken: Taken) -> dict[str, Any]:
    counts = {"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged}
    return {
        "currency": history.rules.currency,
        "documents": {"read": sum(counts.values()), **counts},
        "incomplete": history.incomplete,
        **history.report.as_json(),
    }


def _tell(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(result)
        return
    rows, orders = result["rows"], result["documents"]
    click.echo(f"{rows['read']} rows read, {rows['accepted']} taken, {rows['rejected']} rejected")
    counts = ", ".join(f"{orders[name]} {name}" for name in ("new", "changed", "unchanged"))
    click.echo(f"{orders['read']} orders: {counts}")
    for proof in result["proofs"]:
        click.echo(
            f"  {proof['column']} is read as {proof['reading']}: "
            f'"{proof["value"]}" in line {proof["line"]} proves it'
        )
    tell_rejected(result["rejected"])
    if result["incomplete"]:
        numbers = ", ".join(result["incomplete"][:20])
        click.echo(
            f"  {len(result['incomplete'])} orders are in without all their lines: {numbers}", err=True
        )
