"""`orion inventory …`."""

import json
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
from orion.contracts.data import analyse, entered
from orion.contracts.scope import Scope
from orion.contracts.tabular import Report, Statement, TableError, open_import, rejected_sheet

REFUSED, IN_PART = 1, 3
IMPORTED = action("inventory.imported", _l("Stock was imported"))
_FILE = click.Path(path_type=Path, dir_okay=False)

commands = AppGroup("inventory", help="How much lies where.")


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--vendor", required=True, metavar="CODE", help="Whose stock it is.")
@click.option("--location", default="", help="Where it lies, if the file doesn't say; made if there is none.")
@click.option("--mapping", type=_FILE, help="A YAML file: which column is what, and how values are written.")
@click.option("--encoding", help="How the file is written, if not in UTF-8: cp1252, for instance.")
@click.option("--delimiter", help='What parts the cells: ",", ";", "|", "tab" or "fixed".')
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal sign.")
@click.option("--table", help="Which of several: a sheet, or a file of an archive.")
@click.option(
    "--with", "beside", type=_FILE, multiple=True, help="Another file of the same export. Repeatable."
)
@click.option("--rejected", type=_FILE, help="Write the rows that were not taken into this CSV file.")
@click.option("--wait", is_flag=True, help="Wait until it is done (it always does).")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
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
        _refuse(error, as_json)
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


def _refuse(error: TableError, as_json: bool) -> None:
    """Say why nothing was taken, and leave."""
    if as_json:
        click.echo(json.dumps({"refused": error.message, "line": error.line}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"Refused: {error.message}", err=True)
    sys.exit(REFUSED)


def _tell(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    rows, levels = result["rows"], result["levels"]
    click.echo(f"{rows['read']} rows read, {rows['accepted']} taken, {rows['rejected']} rejected")
    click.echo(f"{levels['changed']} levels changed, {levels['unchanged']} unchanged")
    if result["unnamed"]:
        click.echo(f"{result['unnamed']} rows name no number of pieces")
    for row in result["rejected"]:
        click.echo(f'  line {row["line"]}, {row["column"]}: "{row["value"]}" {row["reason"]}', err=True)
