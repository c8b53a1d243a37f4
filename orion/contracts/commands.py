"""What the commands of modules share."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from flask import current_app

from orion.contracts.permissions import Place
from orion.contracts.scope import PlatformRef, Scope

#: Exit status of an import: the file was refused as a whole; some of its rows were.
REFUSED, IN_PART = 1, 3
Command = TypeVar("Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)
#: What an import of a table may be told (see Statement), by name, in the order of the help.
_TOLD = {
    "mapping": click.option(
        "--mapping", type=_FILE, help="A YAML file: which column is what, and how values are written."
    ),
    "encoding": click.option(
        "--encoding", help="How the file is written, if not in UTF-8: cp1252, for instance."
    ),
    "delimiter": click.option("--delimiter", help='What parts the cells: ",", ";", "|", "tab" or "fixed".'),
    "dates": click.option("--dates", metavar="ORDER", help="DMY, MDY, YMD, or a format like %d-%m-%y."),
    "decimal": click.option("--decimal", type=click.Choice([".", ","]), help="The decimal sign."),
    "table": click.option("--table", help="Which of several: a sheet, or a file of an archive."),
    "beside": click.option(
        "--with", "beside", type=_FILE, multiple=True, help="Another file of the same export. Repeatable."
    ),
    "rejected": click.option(
        "--rejected", type=_FILE, help="Write the rows that were not taken into this CSV file."
    ),
    "at_once": click.option("--wait", is_flag=True, help="Wait until it is done (it always does)."),
    "as_json": click.option("--json", "as_json", is_flag=True, help="The report as JSON."),
}
_ALWAYS = frozenset({"mapping", "encoding", "delimiter", "table", "as_json"})


def table_options(*more: str) -> Callable[[Command], Command]:
    """Options of a command that imports a table: those of every one, and `more` of `dates`, `decimal`,
    `beside` (`--with`), `rejected` and `at_once` (`--wait`, where nothing is ever left to a worker)."""

    def told(command: Command) -> Command:
        for name, option in reversed(_TOLD.items()):
            if name in _ALWAYS or name in more:
                command = option(command)
        return command

    return told


def echo_json(told: Mapping[str, Any]) -> None:
    """Print something for programs."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def refuse(message: str, as_json: bool, **more: Any) -> NoReturn:
    """Say why nothing was taken of a file, to programs with `more`, and leave."""
    if as_json:
        echo_json({"refused": message, **more})
    else:
        click.echo(f"Refused: {message}", err=True)
    sys.exit(REFUSED)


def tell_rejected(rows: list[Mapping[str, Any]]) -> None:
    """A line for each row of a report that was not taken."""
    for row in rows:
        click.echo(f'  line {row["line"]}, {row["column"]}: "{row["value"]}" {row["reason"]}', err=True)


def vendor_and_platform(vendor: str, platform: str | None) -> tuple[Scope, PlatformRef | None]:
    """The scope of the vendor with this code, and the platform that is named, else the only one that it is
    on; None where it is on none.

    Raises NotFound for what isn't there, and UsageError where the vendor is on several platforms and none is
    named.
    """
    orion = current_app.extensions["orion"]
    orion.command_scope(vendor=vendor, platform=platform)  # Names what isn't there.
    here = orion.permission_source.everything_at(Place("vendor", vendor, platform)).platforms_here
    if platform is None and len(here) > 1:
        codes = ", ".join(sorted(ref.code for ref in here))
        raise click.UsageError(f"{vendor} is on several platforms: name one of {codes} with --platform.")
    chosen = next((ref for ref in here if platform in (None, ref.code)), None)
    return orion.command_scope(vendor=vendor), chosen
