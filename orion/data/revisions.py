"""Alembic, told to see one history at a time, in a transaction of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, Integer, text
from sqlalchemy.exc import SQLAlchemyError

from orion.data.database import db
from orion.data.histories import History
from orion.data.rules import AS_OWNER

#: PostgreSQL's advisory lock that lets one process migrate at a time.
LOCK = 0x6F72696F


def owned(engine: Engine) -> Connection:
    """A connection that works on the tables themselves, with the rights of the database URL's user."""
    return engine.connect().execution_options(**AS_OWNER)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction for changes of tables: one process at a time, and nothing of it stays when it fails."""
    with owned(engine) as connection:
        driver: Any = connection.connection.dbapi_connection
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Else dropping the old form of a rebuilt table would cascade into others. Must come before BEGIN.
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
                yield connection
                if sqlite and (wrong := driver.execute("PRAGMA foreign_key_check").fetchall()):
                    raise SQLAlchemyError(f"{len(wrong)} rows of {wrong[0][0]} would point to nothing")
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def command(
    app: Flask, history: History, connection: Connection, name: str, *args: Any, **options: Any
) -> Any:
    """One of Alembic's commands (upgrade, downgrade, revision) for one history, on a begun connection."""
    # Not at the start: whoever serves needs none of it.
    from alembic import command as commands
    from flask_migrate import Migrate

    migrations = Migrate(db=db, directory=str(Path(__file__).parent / "migrations"), command="alembic")
    if "migrate" not in app.extensions:
        migrations.init_app(app)
    config = migrations.get_config(opts=["quiet"])
    config.set_main_option("version_locations", str(history.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["orion"] = {
        "connection": connection,
        "version_table": history.version_table,
        "render_item": _render_type,
        "process_revision_directives": _without_marks,
        **_limits(history),
    }
    return getattr(commands, name)(config, *args, **options)


def differences(history: History, connection: Connection) -> list[Any]:
    """What differs between a history's models and its tables, as Alembic says it."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts=_limits(history))
    found: list[Any] = compare_metadata(context, db.metadata)
    return found


def _limits(history: History) -> dict[str, Any]:
    """Let Alembic's comparison see this history's tables alone, in the database and in the models."""

    def compare_type(context: Any, _there: Any, _here: Any, there: Any, here: Any) -> bool | None:
        same = context.dialect.name == "sqlite" and isinstance(there, Integer) and isinstance(here, Integer)
        return False if same else None  # SQLite has one integer, of eight bytes.

    def include_name(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or name in history.tables

    def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return kind != "table" or name in history.tables

    return {"include_name": include_name, "include_object": include_object, "compare_type": compare_type}


def _render_type(kind: str, item: Any, context: Any) -> str | bool:
    """Write our own column types into revisions by their names, and all others as Alembic does."""
    if kind == "type" and type(item).__module__ == "orion.data.tables":
        context.imports.add("from orion.data import tables")
        return f"tables.{type(item).__name__}({getattr(item.impl, 'length', None) or ''})"
    return False


def _without_marks(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """A table's wall is said by its model alone, and not again by the revision that makes it."""
    for operation in directives[0].upgrade_ops.ops if directives else ():
        if hasattr(operation, "info"):
            operation.info = {}
