"""The `orion` command. What a command needs is imported when it is called: `orion serve` keeps little in
memory beside the process that answers."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo, with_appcontext

from orion.contracts.errors import OrionError
from orion.settings import Settings, SettingsError

if TYPE_CHECKING:
    from flask import Flask

#: Commands that live beside what they command: name → module and attribute.
ELSEWHERE: Mapping[str, str] = {
    "users": "orion.identity.commands:users",
    "metrics": "orion.metrics.commands:metrics",
    "modules": "orion.product.commands:modules",
    "features": "orion.product.commands:features",
    "i18n": "orion.i18n.commands:i18n",
    "verify-isolation": "orion.isolation.commands:verify_isolation",
}


class OrionGroup(AppGroup):
    """The engine's commands, and `orion <id> …` from each module's commands.py."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *ELSEWHERE, *self._of_modules()})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return super().get_command(ctx, name) or _elsewhere(name) or self._of_modules().get(name)

    def _of_modules(self) -> dict[str, click.Group]:
        from orion.loader import load_commands

        return load_commands(Settings.from_env())


def _elsewhere(name: str) -> click.Command | None:
    module, _, attribute = ELSEWHERE.get(name, "").partition(":")
    found: click.Command | None = getattr(import_module(module), attribute) if module else None
    return found


@click.group(cls=OrionGroup)
@click.version_option(package_name="orion")
def orion() -> None:
    """Orion: a modular portal for commerce platforms with many vendors."""


def main() -> None:
    """Entry point: an expected error is one line on standard error, and exit status 2."""
    try:
        _run()
    except (OrionError, SettingsError) as error:
        _give_up(str(error) or type(error).__name__)
    except Exception as error:
        if not _is_without_tables(error):
            raise
        _give_up("the database can't be asked, or has no tables yet: `orion db upgrade` makes them")


def _is_without_tables(error: Exception) -> bool:
    from sqlalchemy.exc import SQLAlchemyError

    from orion.data import faults

    if not isinstance(error, SQLAlchemyError):
        return False
    return isinstance(error, faults.DatabaseGone) or faults.is_table_missing(error)


def _give_up(why: str) -> NoReturn:
    click.echo(f"orion: {why}", err=True)
    sys.exit(2)


def _run() -> None:
    settings = Settings.from_env(watch_every=0, log_level=os.environ.get("ORION_LOG_LEVEL", "WARNING"))
    orion(obj=ScriptInfo(create_app=lambda: _app(settings), set_debug_flag=False))


def _app(settings: Settings) -> "Flask":
    from orion.app import create_app

    return create_app(settings)


@orion.command(with_appcontext=False)
@click.option(
    "--manifests", type=click.Path(path_type=Path, file_okay=False), help="Another folder to check."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(manifests: Path | None, form: str, as_json: bool) -> None:
    """Check all manifests, imports, routes and permissions. Exit 1 when there is an error."""
    from orion.checking import check_installation
    from orion.manifest.diagnostics import as_github, as_text
    from orion.manifest.diagnostics import as_json as to_json

    settings = Settings.from_env()
    found = check_installation(settings, manifests)
    form = "json" if as_json else form
    if form == "json":
        click.echo(json.dumps(to_json(found), indent=2, ensure_ascii=False))
    else:
        render = as_text if form == "text" else as_github
        for diagnostic in found:
            click.echo(render(diagnostic))
        errors = sum(d.severity == "error" for d in found)
        if form == "text":
            counts = f"{_counted(errors, 'error')}, {_counted(len(found) - errors, 'warning')}"
            click.echo(counts, err=True)
    sys.exit(1 if any(d.severity == "error" for d in found) else 0)


def _counted(number: int, word: str) -> str:
    """In English, as everything that commands say."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@orion.group(cls=AppGroup)
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Run the migrations that are pending: the engine's first, then each module's."""
    from orion.data import migrate

    for line in migrate.upgrade(current_app):
        click.echo(line)


@db.command()
@click.argument("module")
@click.option("-m", "--message", required=True, help="What the revision does.")
def revision(module: str, message: str) -> None:
    """Write a new revision of MODULE (or `orion`) from the difference between models and tables."""
    from orion.data import migrate

    click.echo(migrate.revision(current_app, module, message))


@orion.command(with_appcontext=False)
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--listen-fd", type=int, hidden=True)
@click.option("--ready-fd", type=int, hidden=True)
def serve(port: int, host: str, listen_fd: int | None, ready_fd: int | None) -> None:
    """Serve the portal. SIGHUP lets another process take over, with the Python of now."""
    if listen_fd is not None and ready_fd is not None:
        from orion.serving import serve_for_parent

        serve_for_parent(Settings.from_env(), listen_fd, ready_fd)
    else:
        from orion.supervising import supervise

        supervise(Settings.from_env(), host, port)


@orion.command(with_appcontext=False)
@click.option("--threads", default=2, show_default=True, help="Jobs at a time.")
@click.option("--with-parent", is_flag=True, help="End when standard input ends.")
def worker(threads: int, with_parent: bool) -> None:
    """Do background jobs until told to stop. `orion serve` has one beside it."""
    from orion.jobs.worker import work

    work(Settings.from_env(), threads, with_parent)


@orion.command(with_appcontext=False)
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the data; default: ORION_DATA.",
)
@click.option("--size", type=click.Choice(["small", "large"]), help="Of new data; default: small.")
@click.option("--no-serve", is_flag=True, help="Make the data and stop.")
def demo(port: int, host: str, data: Path | None, size: str | None, no_serve: bool) -> None:
    """A portal with sample data: database, migrations, data, server; prints the logins."""
    from orion.serving import prepare_demo
    from orion.supervising import supervise

    settings = Settings.from_env(demo=True)
    settings = replace(settings, data=(data or settings.data).absolute())
    settings = prepare_demo(settings, size, click.echo)
    if not no_serve:
        supervise(settings, host, port)


@orion.command()
@click.option("--vendors", type=int, default=10, show_default=True)
@click.option("--orders", type=int, default=10_000, show_default=True)
@with_appcontext
def seed(vendors: int, orders: int) -> None:
    """Add made-up vendors and orders, for trying out and for measuring."""
    from orion.seeding import seed as run

    run(current_app._get_current_object(), vendors=vendors, orders=orders)  # type: ignore[attr-defined]


@orion.group()
def schema() -> None:
    """JSON Schemas for editors."""


@schema.command("write")
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), help="Folder; default: the manifests' .schemas."
)
@with_appcontext
def write_schema(to: Path | None) -> None:
    """Write the schemas with this installation's icons, pages, permissions, figures, modules and labels."""
    from orion.product.schemas import schemas

    here = current_app.extensions["orion"]
    folder = to or here.settings.manifests / ".schemas"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas(here).items():
        file = folder / f"{name}-1.json"
        file.write_text(json.dumps(text, indent=2, ensure_ascii=False) + "\n")
        click.echo(str(file))
