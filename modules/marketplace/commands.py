"""`orion marketplace …`."""

import sys
import time
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Dict
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from modules.catalog.api import PRODUCTS
from modules.marketplace import files, queries, services, targets
from modules.marketplace.models import Import, Staged
from modules.marketplace.words import DECISIONS
from orion.contracts.commands import (
    IN_PART,
    REFUSED,
    echo_json,
    refuse,
    table_options,
    tell_rejected,
    vendor_and_platform,
)
from orion.contracts.data import DatabaseGone, analyse, entered
from orion.contracts.jobs import Job, run
from orion.contracts.locales import said_again
from orion.contracts.scope import Scope
from orion.contracts.tabular import Destination, Mapping, TableError, read_mapping

#: Rejected rows that a report names, and seconds between two looks at a job that somebody else does.
SHOWN, PAUSE = 100, 0.2
#: Seconds for which a database may be away or held by others.
PATIENCE = 120.0

_Answer = TypeVar("_Answer")
_FILE = click.Path(path_type=Path, dir_okay=False)

commands = AppGroup("marketplace", help="Files of other shop systems.")


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--vendor", required=True, metavar="CODE", help="Whose products they are.")
@click.option(
    "--as",
    "kind",
    default="products",
    metavar="KIND",
    help="What the file is a table of: products (the default), stock, orders, customers.",
)
@click.option(
    "--platform",
    metavar="CODE",
    help="Where new products show, or orders were placed; needed where the vendor is on several.",
)
@click.option("--stage-only", is_flag=True, help="Stage, and leave publishing to people.")
@click.option("--wait", is_flag=True, help="Do it here, with a bar, and report; else a worker does it.")
@table_options("dates", "decimal", "beside")
def import_file(
    file: Path,
    vendor: str,
    kind: str,
    platform: str | None,
    stage_only: bool,
    wait: bool,
    mapping: Path | None,
    as_json: bool,
    beside: tuple[Path, ...],
    **stated: Any,
) -> None:
    """Stage a file, then publish every row without an error. The same file twice changes nothing.

    Exit 0 when all rows were taken, 3 when some were rejected, 1 when the file was refused as a whole.
    """
    scope, shown_on = vendor_and_platform(vendor, platform)
    show_on = shown_on.code if shown_on else ""
    there = _kinds(scope)
    if kind not in there:
        raise click.UsageError(f"There is no {kind!r} here: say one of {', '.join(there)} with --as.")
    destination = there[kind]
    if beside and destination is not PRODUCTS:
        raise click.UsageError(
            "Further files are taken with products alone; `orion orders import` joins them."
        )
    if destination.on_platform and not show_on:
        raise click.UsageError(f"{vendor} is on no platform: {kind} need one.")
    try:
        with _together(file, beside) as whole:
            said = _stated(mapping, stated, destination)
            found = _bring(scope, whole, file.name, said, show_on, destination, not stage_only)
    except (TableError, OSError) as error:
        refuse(getattr(error, "message", "") or f"{file.name}: {error}", as_json)
    if wait:
        _through(scope, found, quiet=as_json or not sys.stderr.isatty())
    result = _report(scope, found, vendor, kind)
    if result["stage"] == "refused" and (other := _likelier(scope, found, destination)):
        result["message"] += f" It looks like a table of {other}: say --as {other}."
    _tell(result, as_json)
    if result["stage"] == "refused" or result["failed"]:
        sys.exit(REFUSED)
    sys.exit(IN_PART if result["rows"]["rejected"] else 0)


def _kinds(scope: Scope) -> Dict[str, Destination]:
    """What a file may be a table of, by the last word of its target's name: "catalog.products", say, but for
    order lines, of which orders are made."""
    words = {name: name.rpartition(".") for name in targets.offered(scope)}
    shown = {name: code if word == "lines" else word for name, (code, _dot, word) in words.items()}
    return {shown[name]: one for name, one in targets.offered(scope).items()}


def _likelier(scope: Scope, found: Import, tried: Destination) -> str:
    """What else a refused file may be a table of; empty for nothing, or where it wants more than that."""
    with entered(scope):
        seen = {name: (one, files.look_as(scope, found, one)) for name, one in targets.offered(scope).items()}
    if seen[tried.target.name][1].complete:
        return ""
    best = seen[targets.likeliest(seen)]
    return next((word for word, one in _kinds(scope).items() if one is best[0] and best[1].complete), "")


def _stated(mapping: Path | None, stated: Dict[str, str | None], destination: Destination) -> Mapping:
    """What the mapping file and the options say; options win."""
    known = read_mapping(mapping, destination.target) if mapping else Mapping()
    return replace(known, **{name: value for name, value in stated.items() if value is not None})


@contextmanager
def _together(file: Path, beside: tuple[Path, ...]) -> Iterator[Path]:
    """One file of all that were given: an archive where they are several."""
    if not beside:
        yield file
        return
    with NamedTemporaryFile(suffix=".zip") as packed:
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for number, one in enumerate((file, *beside)):
                archive.write(one, f"{number}/{one.name}")
        packed.flush()
        yield Path(packed.name)


def _bring(
    scope: Scope,
    file: Path,
    name: str,
    mapping: Mapping,
    show_on: str,
    destination: Destination,
    at_once: bool,
) -> Import:
    with file.open("rb") as content, entered(scope, write=True) as writing:
        found = services.bring(
            scope,
            content,
            name,
            size=file.stat().st_size,
            show_on=show_on,
            target=destination.target.name,
            mapping=mapping,
            at_once=at_once,
            now=datetime.now(UTC),
        )
        services.read(scope, found)
        writing.commit()
        return found


def _through(scope: Scope, found: Import, quiet: bool) -> None:
    """Do the jobs of an import, or wait for the worker that has them on; a bar for each."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    while (ahead := _insist(partial(_open, scope, found))) is not None:
        label = f"{found.name}: {ahead.name.rpartition('.')[2]}"
        with click.progressbar(length=100, label=label, file=sys.stderr, hidden=quiet) as bar:

            def told(done: int, total: int, bar: Any = bar) -> None:
                bar.update(done * 100 // total - bar.pos if total else 0)

            while (now := _insist(partial(_open, scope, found))) is not None and now.id == ahead.id:
                told(now.done, now.total)
                if not _insist(partial(run, app, now.id, told)):
                    time.sleep(PAUSE)
    analyse()


def _insist(ask: Callable[[], _Answer]) -> _Answer:
    """The answer, also of a database that others hold or that starts anew: the job is there still. Raises
    DatabaseGone where that lasts."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except DatabaseGone:
            if time.monotonic() > until:
                raise
        time.sleep(PAUSE)


def _open(scope: Scope, found: Import) -> Job | None:
    """The job of an import that isn't over."""
    with entered(scope):
        made = queries.publications(scope, found)
        return next((job for job in queries.jobs_of(scope, found, made) if job.is_open), None)


def _report(scope: Scope, found: Import, vendor: str, kind: str) -> dict[str, Any]:
    with entered(scope) as reading:
        found = services.by_id(found.id)
        counted = queries.counted(scope, found)
        made = queries.publications(scope, found)
        failed = [j for j in queries.jobs_of(scope, found, made) if j.state in ("failed", "parked")]
        parts = reading.scalar(
            select(func.sum(Staged.parts)).where(Staged.import_id == found.id, Staged.state != "rejected")
        )
        settled = files.settled(found)
        rejected = counted.rows(("rejected",))
        return {
            "vendor": vendor,
            "kind": kind,
            "import": found.public_id,
            "stage": found.stage,
            "message": found.message,
            "failed": [job.message for job in failed],
            "format": settled.get("format"),
            "columns": settled.get("columns", {}),
            "proofs": settled.get("proofs", []),
            "rows": {"read": found.rows, "accepted": counted.rows() - rejected, "rejected": rejected},
            kind: {state: counted.number((state,)) for state in ("new", "changed", "unchanged")},
            "gone": counted.number(("gone",)),
            "variants" if found.target == PRODUCTS.target.name else "parts": int(parts or 0),
            "published": sum(one.done for one in made if one.state in ("done", "running")),
            "decisions": {decision: counted.number((), (decision,)) for decision in DECISIONS},
            "rejected": _rejected(reading, found, settled),
        }


def _rejected(reading: Any, found: Import, settled: Dict[str, Any]) -> list[dict[str, Any]]:
    asked = select(Staged).where(Staged.import_id == found.id, Staged.state == "rejected")
    columns = settled.get("columns", {})
    return [
        {
            "line": one.line,
            "column": columns.get(one.field, one.field),
            "value": one.value,
            "code": one.code,
            "reason": said_again(one.reason),
        }
        for one in reading.scalars(asked.order_by(Staged.line, Staged.id).limit(SHOWN))
    ]


def _tell(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        refused = {"refused": result["message"]} if result["stage"] == "refused" else {}
        echo_json({**refused, **result})
        return
    for message in [*([result["message"]] if result["stage"] == "refused" else []), *result["failed"]]:
        click.echo(f"Refused: {message}", err=True)
    if result["stage"] in ("uploaded", "reading"):
        click.echo(f"{result['import']}: a worker reads it")
        return
    rows, kind = result["rows"], result["kind"]
    things = result[kind]
    click.echo(f"{rows['read']} rows read, {rows['accepted']} in {kind}, {rows['rejected']} rejected")
    counts = ", ".join(f"{things[state]} {state}" for state in ("new", "changed", "unchanged"))
    made_of = f" with {result['variants']} variants" if "variants" in result else ""
    click.echo(f"{sum(things.values())} {kind}{made_of}: {counts}")
    click.echo(f"{result['published']} published")
    if result["gone"]:
        click.echo(f"{result['gone']} gone from the file, and left as they are")
    tell_rejected(result["rejected"])
