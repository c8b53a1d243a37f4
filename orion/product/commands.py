"""`orion modules` and `orion features`: what is on, why, and how to change it."""

import getpass
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from orion.contracts.errors import Conflict
from orion.contracts.permissions import Place
from orion.contracts.scope import system_scope
from orion.installation import Installation, at_vendor
from orion.manifest.checks import shown
from orion.manifest.diagnostics import as_text
from orion.product.changes import apply
from orion.product.models import COMMAND
from orion.product.plan import as_text as plan_as_text
from orion.product.switching import Change, NeedsOthers, Switches
from orion.product.why import Decision, decisions, verdict
from orion.product.writing import write
from orion.registry import AtVendor
from orion.settings import Settings

modules = AppGroup("modules", help="What is installed, and what is on.")
features = AppGroup("features", help="The flags of the modules.")

_module = click.argument("module", metavar="ID")
_feature = click.argument("feature", metavar="ID")
_why = click.option("--why", default="", metavar="TEXT", help="For the list of changes and the audit log.")
_on_platform = click.option("--platform", metavar="CODE", help="On this platform alone.")


@modules.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_modules(as_json: bool) -> None:
    """Every module with its state and, where it isn't on, the reason."""
    registry = current_app.extensions["orion"].registry
    rows = [
        {
            "code": code,
            "state": state.state.value,
            "reason": state.reason,
            "version": registry.manifests[code].version if code in registry.manifests else None,
        }
        for code, state in registry.states.items()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['code']:<14} {row['state']:<12} {row['version'] or '-':<8} {row['reason']}")


@modules.command()
@_module
@click.option("--vendor", metavar="CODE", help="At this vendor, on all its platforms.")
@click.option("--platform", metavar="CODE", help="On this platform; with --vendor, that one of the vendor's.")
@click.option("--json", "as_json", is_flag=True)
def why(module: str, vendor: str | None, platform: str | None, as_json: bool) -> None:
    """Which level decided that a module and its features are on or off, and the line that says so."""
    here = _here()
    platforms, at = _places(here, vendor, platform)
    found = decisions(here.registry, module, platforms, at)
    if as_json:
        click.echo(
            json.dumps([_as_json(decided) for decided in found.values()], indent=2, ensure_ascii=False)
        )
        return
    for decided in found.values():
        _print(decided, vendor)


@modules.command("plan", with_appcontext=False)
@click.option(
    "--manifests",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder as it would be; default: the one that is served.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def plan_edit(manifests: Path | None, form: str, as_json: bool) -> None:
    """What edited manifests would change: 0 nothing, 2 changes, 1 there are errors.

    They are held against what was last served; nothing is changed, and nothing is taken over.
    """
    from orion.product.planning import planned

    found, errors = planned(Settings.from_env(watch_every=0, log_level="WARNING"), manifests)
    for error in errors:
        click.echo(as_text(error), err=True)
    if found is None:
        sys.exit(1)
    if as_json or form == "json":
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        for line in plan_as_text(found):
            click.echo(line)
    sys.exit(2 if found.changes else 0)


@modules.command()
@_module
@_on_platform
@click.option("--cascade", is_flag=True, help="What it requires too.")
@_why
def enable(module: str, platform: str | None, cascade: bool, why: str) -> None:
    """Switch a module on, by one line of its manifest or of the platform's file."""
    with _hinted("--cascade switches them on too"):
        changes = _switches(platform).enable(module, cascade)
    _write(changes, why)


@modules.command()
@_module
@_on_platform
@click.option("--cascade", is_flag=True, help="What requires it too.")
@_why
def disable(module: str, platform: str | None, cascade: bool, why: str) -> None:
    """Switch a module off, by one line of its manifest or of the platform's file. Its data stays."""
    with _hinted("--cascade switches them off too"):
        changes = _switches(platform).disable(module, cascade)
    _write(changes, why)


@modules.command()
@_module
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new folder for the export; default: one in the data folder.",
)
@click.option("--yes-delete", metavar="ID", help="The module's id again, instead of typing it when asked.")
@click.option("--json", "as_json", is_flag=True)
def uninstall(module: str, to: Path | None, yes_delete: str | None, as_json: bool) -> None:
    """Export a module's data into a folder, and remove it: tables, files, grants, saved views, jobs.

    The module must be off, and nothing that requires it may have data here. Its code and manifest stay.
    """
    from orion.product import uninstalling

    going = uninstalling.Uninstalling(current_app._get_current_object(), module)  # type: ignore[attr-defined]
    going.refuse()
    typed = yes_delete or click.prompt(
        f"All data of {module} is removed. To be sure, type {module}", err=True
    )
    if typed != module:
        raise Conflict(f"{typed!r} isn't {module!r}: nothing was removed")
    folder = to or _new_folder(module)
    contents = going.uninstall(folder)
    if as_json:
        told = uninstalling.as_json(contents) | {"folder": str(folder)}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for name, kept in contents.tables.items():
        click.echo(f"{name:<40} {kept.rows:>9} rows")
    click.echo(f"exported to {folder}, and removed")
    click.echo(f"to have it again: orion db upgrade, then orion modules reimport {folder}")


@modules.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def reimport(folder: Path) -> None:
    """Put the data of a module back that `orion modules uninstall` has exported into FOLDER.

    The module's tables must be there (orion db upgrade) and empty.
    """
    from orion.product import uninstalling

    code = uninstalling.read_contents(folder).module
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    contents = uninstalling.Uninstalling(app, code).reimport(folder)
    click.echo(f"{code}: {contents.rows} rows are back")
    if _here().registry.state(code) != "on":
        click.echo(f"it is off: orion modules enable {code}")


@modules.command()
@_module
@click.option("--name", default="", metavar="TEXT", help="What people call it; default: the id in words.")
@click.pass_context
def new(context: click.Context, module: str, name: str) -> None:
    """Write a new module that works: manifest, package, pages, a figure, a migration, tests and catalogs."""
    from orion.product.making import Making

    app, root = current_app._get_current_object(), context.find_root()  # type: ignore[attr-defined]
    assert isinstance(root.command, click.Group)
    for file in Making(app, module, name, tuple(root.command.commands)).make():
        click.echo(shown(str(file)))
    click.echo("to have it: orion db upgrade, and restart every process (kill -HUP)")


def _new_folder(module: str) -> Path:
    """A folder in the data folder that nobody else has."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return _here().settings.data / "uninstalled" / f"{module}-{moment}"


@features.command("on")
@_feature
@_on_platform
@_why
def feature_on(feature: str, platform: str | None, why: str) -> None:
    """Switch a feature on (ID: customers.customer_export), by one line."""
    _write(_switches(platform).feature(feature, True), why)


@features.command("off")
@_feature
@_on_platform
@_why
def feature_off(feature: str, platform: str | None, why: str) -> None:
    """Switch a feature off (ID: customers.customer_export), by one line."""
    _write(_switches(platform).feature(feature, False), why)


@features.command("list")
@click.option("--platform", metavar="CODE", help="On this platform; default: the installation's defaults.")
@click.option("--vendor", metavar="CODE", help="At this vendor, on all its platforms or the one named.")
@click.option("--json", "as_json", is_flag=True)
def list_features(platform: str | None, vendor: str | None, as_json: bool) -> None:
    """Every feature, on or off, and what decided it."""
    here = _here()
    codes, at = _places(here, vendor, platform)
    found = [
        decided
        for code in here.registry.manifests
        for name, decided in decisions(here.registry, code, codes, at).items()
        if name != code
    ]
    if as_json:
        click.echo(json.dumps([_as_json(decided) for decided in found], indent=2, ensure_ascii=False))
        return
    for decided in found:
        _print(decided, vendor)


def _switches(platform: str | None) -> Switches:
    """Raises NotFound for a platform that is not there."""
    here = _here()
    _places(here, None, platform)
    return Switches(here.settings, platform)


@contextmanager
def _hinted(hint: str) -> Iterator[None]:
    try:
        yield
    except NeedsOthers as error:
        raise Conflict(f"{error.message} ({hint})") from None


def _write(changes: Sequence[Change], why: str) -> None:
    """Write, and show the lines that differ. Without its database the portal keeps no revision."""
    try:
        apply(system_scope("command"), changes, COMMAND, getpass.getuser(), why)
    except SQLAlchemyError:
        write(changes)
        click.echo("the database can't be asked: this change is in no list of changes", err=True)
    for change in changes:
        click.echo(change.diff())
    if not changes:
        click.echo("nothing to change: it is so already")


def _here() -> Installation:
    here: Installation = current_app.extensions["orion"]
    return here


def _places(
    here: Installation, vendor: str | None, platform: str | None
) -> tuple[list[str], AtVendor | None]:
    """Codes of the platforms that are asked about, and the vendor. Raises NotFound for what is not there."""
    if vendor is None:
        if platform is not None and platform not in here.registry.platforms:
            here.command_scope(platform=platform)
        return ([platform] if platform else []), None
    here.command_scope(vendor=vendor, platform=platform)
    source = here.permission_source
    assert source is not None
    access = source.everything_at(Place("vendor", vendor, platform))
    platforms = [platform] if platform else [one.code for one in access.platforms_here]
    return platforms, at_vendor(access.vendor)


def _print(decided: Sequence[Decision], vendor: str | None) -> None:
    """One line; a vendor on several platforms also sees what each of them says."""
    said = verdict(decided)
    click.echo(_line(said.name, said))
    if vendor and len(decided) > 1 and len(set(decided)) > 1:
        for one in decided:
            click.echo(_line("", one))


def _line(name: str, said: Decision) -> str:
    place = f"  ({said.place})" if said.place else ""
    return f"{name:<34} {'on' if said.on else 'off':<4} {said.level}: {said.reason}{place}"


def _as_json(decided: Sequence[Decision]) -> dict[str, object]:
    """The verdict, and the decision for each platform that was asked about."""
    return {**_fields(verdict(decided)), "decisions": [_fields(one) for one in decided]}


def _fields(said: Decision) -> dict[str, object]:
    return asdict(said) | {"file": said.file or None, "line": said.line or None}
