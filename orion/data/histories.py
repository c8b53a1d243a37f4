"""Migration histories: which revisions the files have, and which one the database is at."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Table, inspect, text

from orion.data.tables import metadata
from orion.files import per_file

ENGINE = "orion"
ENGINE_FOLDER = Path(__file__).parent / "migrations" / "versions"


@dataclass(frozen=True, slots=True)
class History:
    """The linear history of the engine (`orion`) or of a module, in a folder of flat files."""

    code: str
    folder: Path
    requires: tuple[str, ...] = ()

    @property
    def version_table(self) -> str:
        """Where the database says at which revision this history is."""
        return f"alembic_version_{self.code}"

    @property
    def revisions(self) -> tuple[str, ...]:
        """Revision ids from the first to the newest. Raises ValueError when they aren't one line."""
        follows = dict(_header(file) for file in sorted(self.folder.glob("*.py")))
        line: list[str] = []
        at: str | None = None
        while (after := [r for r, before in follows.items() if before == at]) and len(line) < len(follows):
            if len(after) > 1:
                raise ValueError(f"migrations of {self.code}: {' and '.join(sorted(after))} both follow {at}")
            at = after[0]
            line.append(at)
        if len(line) < len(follows):
            raise ValueError(
                f"migrations of {self.code}: {sorted(set(follows) - set(line))[0]} follows nothing"
            )
        return tuple(line)

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that the models of this history have."""
        return frozenset(t.name for t in metadata.tables.values() if _owner(t) == self.code)


def engine_history() -> History:
    """The engine's own history, which runs first."""
    return History(ENGINE, ENGINE_FOLDER)


def module_history(code: str, folder: Path, requires: Iterable[str] = ()) -> History:
    """The history of the module in `folder`."""
    return History(code, folder / "migrations", tuple(requires))


def histories(app: Flask) -> list[History]:
    """The engine's history, then those of the modules that have a manifest, in `requires` order."""
    installation = app.extensions.get("orion")
    found = [engine_history()]
    if installation is not None:
        for code, manifest in installation.registry.manifests.items():
            if code in installation.modules:
                found.append(module_history(code, installation.modules[code].folder, manifest.requires))
    return found


def current(connection: Connection, of: Iterable[History]) -> Mapping[str, str | None]:
    """Code → the revision that the database is at; None where nothing ran yet."""
    there = set(inspect(connection).get_table_names())
    return {
        history.code: _version(connection, history.version_table) if history.version_table in there else None
        for history in of
    }


def _version(connection: Connection, table: str) -> str | None:
    return connection.execute(text(f'SELECT version_num FROM "{table}"')).scalar()


@per_file
def _header(file: Path) -> tuple[str, str | None]:
    """(revision, down_revision) of a migration file, read without running it."""
    found: dict[str, Any] = {}
    for node in ast.parse(file.read_text(encoding="utf-8"), str(file)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                found[target.id] = value.value
    if not isinstance(found.get("revision"), str):
        raise ValueError(f"{file} states no revision")
    return found["revision"], found.get("down_revision")


def _owner(table: Table) -> str:
    return str(table.info.get("module") or table.name.partition("_")[0])
