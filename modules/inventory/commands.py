"""`orion inventory …`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import lazy_gettext as _l

from modules.inventory.imports import TARGET
from modules.inventory.stocktaking import Stocktaking, Taken
from orion.contracts.audit import Subject, action, record
from orion.contracts.commands import IN_PART, echo_json, refuse, table_options, tell_rejected
from orion.contracts.data import analyse, entered
from orion.contracts.scope import Scope
from orion.contracts.tabular import Report, Statement, TableError, open_import, rejected_sheet

IMPORTED = action("inventory.imported", _l("Stock was imported"))
_FILE = click.Path(path_type=Path, dir_okay=False)

commands = AppGroup("inventory", help="How much lies where.")


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--vendor", required=True, metavar="CODE", help="Whose stock it is.")
@click.option("--location", default="", help="Where it lies, if the file doesn't say; made if there is none.")
@table_options("decimal", "beside", "rejected", "at_once")
def import_stock(
    file: Path,
    vendor: str,
    location: str,
    rejected: Path | None,
    as_json: bool,
    wait: bool,
    **stated: Any,
) -> None:
    """Take how much there is of each variant, with a movement for each change. The same file twice changes
    nothing.

    Exit 0 when all rows were taken, 3 when some were rejected and the rest is in, 1 when the file
    was refused as a whole.
    """
    scope = current_app.extensions["orion"].command_scope(vendor=vendor)
    taken = Taken()
    try:
        found = open_import(file, TARGET, Statement(**stated), currency=scope.currency)
        with rejected_sheet(rejected) as sheet:
            taking = Stocktaking(found, Report(found.plan, sheet), location)
            _take(scope, taking, taken)
    except TableError as error:
        refuse(error.message, as_json, line=error.line)
    _note(scope, file, taken)
    _tell({"vendor": vendor, **_result(taking.report, taken)}, as_json)
    sys.exit(IN_PART if taking.report.rejected else 0)


def _take(scope: Scope, taking: Stocktaking, taken: Taken) -> None:
    """Take the rows chunk by chunk, each in its own transaction."""
    now = datetime.now(UTC)
    for rows in taking.chunks():
        with entered(scope, write=True) as session:
            taking.take(scope, rows, now=now, taken=taken)
            session.commit()
    analyse()


def _note(scope: Scope, file: Path, taken: Taken) -> None:
    if taken.changed:
        with entered(scope, write=True) as session:
            record(scope, IMPORTED, Subject("file", file.name, file.name), after={"changed": taken.changed})
            session.commit()


def _result(report: Report, taken: Taken) -> dict[str, Any]:
    levels = {"changed": taken.changed, "unchanged": taken.unchanged}
    return {"levels": levels, "pieces": taken.pieces, "unnamed": taken.unnamed, **report.as_json()}


def _tell(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(result)
        return
    rows, levels = result["rows"], result["levels"]
    click.echo(f"{rows['read']} rows read, {rows['accepted']} taken, {rows['rejected']} rejected")
    click.echo(f"{levels['changed']} levels changed, {levels['unchanged']} unchanged")
    if result["unnamed"]:
        click.echo(f"{result['unnamed']} rows name no number of pieces")
    tell_rejected(result["rejected"])
