"""Migrations: one linear history and one version table for the engine and for each module.

Every revision runs in a transaction of its own, on both databases: one that fails half-way leaves nothing.
A module's folder may go at any time: its tables and its version row stay, and wait for it.
"""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from orion.data import laying, revisions
from orion.data.backups import back_up
from orion.data.database import db
from orion.data.engines import DatabaseGone, sqlite_file
from orion.data.histories import ENGINE, History, current, engine_history, histories, module_history

log = logging.getLogger("orion.migrate")


class MigrationFailed(RuntimeError):
    """One or more histories stopped; the message names each with its error. The rest ran."""


def upgrade(app: Flask, only: list[History] | None = None) -> list[str]:
    """Run what is pending, the engine's first. Gives a line for each revision that ran.

    A history that fails, and those that require it, stop where they are; then MigrationFailed is raised
    after the others ran. An existing SQLite file is backed up beside itself first.
    """
    lines: list[str] = []
    failed: dict[str, str] = {}
    with app.app_context():
        engine = db.engines["write"]
        _prepare_file(engine)
        todo = histories(app) if only is None else only
        if _behind(engine, todo):
            back_up(engine)
        for history in todo:
            try:
                lines += _run(app, engine, history, failed)
            except Exception as error:
                log.exception("migration failed", extra={"history": history.code})
                failed[history.code] = f"{type(error).__name__}: {error}"
    if failed:
        raise MigrationFailed("; ".join(f"{code}: {reason}" for code, reason in failed.items()))
    return lines


def downgrade(app: Flask, history: History, to: str = "base") -> None:
    """Take a history back to a revision, or to nothing. Its data goes with it."""
    with app.app_context(), revisions.transaction(db.engines["write"]) as connection:
        laying.take_down(connection, history.tables)
        revisions.command(app, history, connection, "downgrade", to)


def behind(app: Flask, modules: Mapping[str, Any]) -> frozenset[str]:
    """Codes of the engine (`orion`) and modules whose tables aren't at their newest revision.

    `modules` maps a code to anything with a `folder`. A server that can't be reached is behind in nothing:
    what is known then is that it is away. A file that isn't there yet is behind in all, and so is a broken
    history.
    """
    known = [engine_history(), *(module_history(code, module.folder) for code, module in modules.items())]
    with app.app_context():
        engine = db.engines[None]
        try:
            return _behind(engine, known)
        except DatabaseGone:
            file = sqlite_file(engine)
            missing = file is not None and not file.exists()
            return frozenset(history.code for history in known) if missing else frozenset()


def pending(app: Flask, code: str, folder: Path) -> bool:
    """Whether the module in `folder` has revisions that have not run."""
    with app.app_context():
        return bool(_pending(db.engines["write"], module_history(code, folder)))


def revision(app: Flask, code: str, message: str) -> str:
    """Write the next revision of a module (or of `orion`) from models and tables; gives its path.

    Raises ValueError for an unknown code, and Alembic's CommandError when pending revisions have not run yet.
    """
    with app.app_context(), revisions.transaction(db.engines["write"]) as connection:
        history = next((found for found in histories(app) if found.code == code), None)
        if history is None:
            raise ValueError(f"there is no module {code!r}")
        history.folder.mkdir(parents=True, exist_ok=True)
        options = {
            "message": message,
            "autogenerate": True,
            "rev_id": f"{code}_{len(history.revisions) + 1:04}",
        }
        return str(revisions.command(app, history, connection, "revision", **options).path)


def differences(app: Flask, history: History) -> list[Any]:
    """What differs between a history's models and its tables: an empty list after `upgrade`."""
    with app.app_context(), revisions.transaction(db.engines["write"]) as connection:
        return revisions.differences(history, connection)


def _run(app: Flask, engine: Engine, history: History, failed: Mapping[str, str]) -> Iterator[str]:
    needs = next((code for code in (ENGINE, *history.requires) if code in failed), None)
    if needs:
        raise RuntimeError(f"it requires {needs}")
    for step in _pending(engine, history):
        with revisions.transaction(engine) as connection:
            # Another process may have run it while this one waited.
            if current(connection, [history])[history.code] == _before(history, step):
                revisions.command(app, history, connection, "upgrade", step)
                yield f"{history.code}: {step}"
    if engine.dialect.name == "postgresql":
        with revisions.transaction(engine) as connection:
            laying.lay(connection, history.tables, only_read=[history.version_table])


def _pending(engine: Engine, history: History) -> tuple[str, ...]:
    """Revisions after the one that the database is at. Raises ValueError when it is at an unknown one."""
    with revisions.owned(engine) as connection:
        at = current(connection, [history])[history.code]
    line = history.revisions
    if at is None:
        return line
    if at not in line:
        raise ValueError(f"the database is at revision {at}, which {history.folder} does not have")
    return line[line.index(at) + 1 :]


def _behind(engine: Engine, known: list[History]) -> frozenset[str]:
    with revisions.owned(engine) as connection:
        at = current(connection, known)
    return frozenset(history.code for history in known if not _at_head(history, at[history.code]))


def _before(history: History, step: str) -> str | None:
    place = history.revisions.index(step)
    return history.revisions[place - 1] if place else None


def _at_head(history: History, at: str | None) -> bool:
    try:
        line = history.revisions
    except (ValueError, SyntaxError):
        return False
    return (line[-1] if line else None) == at


def _prepare_file(engine: Engine) -> None:
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
