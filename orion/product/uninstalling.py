"""Taking a module's data out of an installation, into a folder, and back in."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Table, inspect, select

import orion
from orion.contracts.audit import Subject, action, record
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.scope import system_scope
from orion.data import archives, laying, revisions
from orion.data.archives import Kept
from orion.data.database import db, entered
from orion.data.histories import History, current, module_history
from orion.data.tables import metadata
from orion.data.versions import NO_VENDOR, raise_versions
from orion.installation import Installation
from orion.manifest.diagnostics import none_such
from orion.product.beside import Beside
from orion.registry import State

FORMAT, CONTENTS = 1, "contents.json"
UNINSTALLED = action("orion.module_uninstalled", _l("A module was uninstalled"))
REIMPORTED = action("orion.module_reimported", _l("A module's data was put back"))


@dataclass(frozen=True, slots=True)
class Contents:
    """What an export holds: `contents.json` in its folder.

    `tables` are the module's own, `beside` what the engine keeps of it; `grants` are its permissions by role,
    `media` the files' digests by path.
    """

    module: str
    version: str
    revision: str
    orion: str
    at: str
    tables: dict[str, Kept]
    beside: dict[str, int] = field(default_factory=dict)
    grants: dict[str, list[str]] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """All rows of the module's own tables."""
        return sum(kept.rows for kept in self.tables.values())


class Uninstalling:
    """A module that goes, or comes back. Raises NotFound for one that isn't in this checkout, and Conflict
    for one that can't be imported: what its tables are is said by its models."""

    def __init__(self, app: Flask, code: str) -> None:
        self.app, self.code = app, code
        self.here: Installation = app.extensions["orion"]
        module = self.here.modules.get(code)
        if module is None:
            raise NotFound(none_such("module", code, self.here.modules))
        if module.error:
            raise Conflict(f"{code} can't be imported, so nobody knows its tables: {module.error}")
        self.history: History = module_history(code, module.folder)
        self.tables: list[Table] = archives.tables_of(code)
        self.media: Path = self.here.settings.data / "media"
        self.beside = Beside(code)

    # -- going --------------------------------------------------------------------------------

    def refuse(self) -> None:
        """Raise Conflict where the module can't be taken out now, with what would have to be done."""
        registry, code = self.here.registry, self.code
        manifest = registry.manifests.get(code)
        if manifest is not None and manifest.core:
            raise Conflict(f"{code} is a core module and stays")
        if registry.state(code) == State.ON.value or (manifest and manifest.enabled):
            raise Conflict(f"{code} is on: first run orion modules disable {code}")
        there = _tables_there()
        needing = [c for c in _dependants(self.here, code) if f"alembic_version_{c}" in there]
        if needing:
            raise Conflict(
                f"{code} is required by {', '.join(needing)}, whose data is here: uninstall that first"
            )
        if f"alembic_version_{code}" in there and code in self.here.behind:
            raise Conflict(f"{code}'s tables are behind its migrations: first run orion db upgrade")

    def uninstall(self, folder: Path) -> Contents:
        """Export everything into a new folder, and then remove it, in one transaction.

        Raises Conflict as `refuse` does, and where the folder is there already.
        """
        self.refuse()
        if folder.exists():
            raise Conflict(f"{folder} is there already: name a new folder")
        grants = self._grants()
        with revisions.transaction(db.engines["write"]) as connection:
            contents = self._export(connection, folder, grants)
            self._remove(connection)
        self._forget(contents)
        return contents

    def _export(self, connection: Connection, folder: Path, grants: dict[str, list[str]]) -> Contents:
        there = set(inspect(connection).get_table_names())
        tables = [table for table in self.tables if table.name in there]
        (folder / "tables").mkdir(parents=True, mode=0o700)
        if tables:
            archives.lock(connection, tables)
        manifest = self.here.registry.manifests.get(self.code)
        contents = Contents(
            module=self.code,
            version=manifest.version if manifest else "",
            revision=current(connection, [self.history])[self.code] or "",
            orion=orion.__version__,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            tables={table.name: archives.write(connection, table, folder / "tables") for table in tables},
            beside=self.beside.write(connection, folder),
            grants=grants,
            media=dict(_copied(self.media, self.code, folder / "media")),
        )
        _write(folder / CONTENTS, contents)
        return contents

    def _remove(self, connection: Connection) -> None:
        """Rows first, so that the module's own way down finds nothing that it would have to keep."""
        there = set(inspect(connection).get_table_names())
        mine = [table for table in self.tables if table.name in there]
        if mine:
            archives.empty(connection, mine)
        if self.history.version_table in there:
            laying.take_down(connection, self.history.tables)
            revisions.command(self.app, self.history, connection, "downgrade", "base")
            connection.exec_driver_sql(f'DROP TABLE "{self.history.version_table}"')
        left = set(inspect(connection).get_table_names())
        metadata.drop_all(connection, [table for table in mine if table.name in left])
        self.beside.remove(connection)
        raise_versions(connection, [(NO_VENDOR, self.code)])

    def _forget(self, contents: Contents) -> None:
        """What isn't in the module's tables: grants, files, and that it was done."""
        scope = system_scope("command")
        with entered(scope, write=True) as writing:
            if self.here.permission_source is not None:
                self.here.permission_source.set_grants(self.code, {})
            about = Subject("module", self.code, contents.version)
            record(scope, UNINSTALLED, about, {"rows": contents.rows, "grants": contents.grants}, {"rows": 0})
            writing.commit()
        for vendor in _media_folders(self.media, self.code):
            shutil.rmtree(vendor)

    def _grants(self) -> dict[str, list[str]]:
        source = self.here.permission_source
        return {role: list(held) for role, held in source.grants(self.code).items()} if source else {}

    # -- coming back --------------------------------------------------------------------------

    def reimport(self, folder: Path) -> Contents:
        """Put an export back into the module's tables, which must be there and empty.

        Raises Invalid for an export that isn't whole, and Conflict where the tables aren't those it was made
        of, or hold rows.
        """
        contents = read_contents(folder)
        _check_whole(folder, contents)
        with revisions.transaction(db.engines["write"]) as connection:
            self._refuse_back(connection, contents)
            archives.read(connection, self.tables, folder / "tables")
            for table in self.tables:
                kept = contents.tables[table.name]
                found = archives.seen(connection, table)
                if (found.rows, found.sha256) != (kept.rows, kept.sha256):
                    raise Conflict(f"{table.name} would not be what it was: nothing was put back")
                archives.number_on(connection, table, kept.last)
            self.beside.read(connection, folder)
            raise_versions(connection, [(NO_VENDOR, self.code)])
        self._remember(folder, contents)
        return contents

    def _refuse_back(self, connection: Connection, contents: Contents) -> None:
        code, at = self.code, current(connection, [self.history])[self.code]
        if at is None:
            raise Conflict(f"{code} has no tables here: first run orion db upgrade")
        if at != contents.revision or contents.tables.keys() != {table.name for table in self.tables}:
            raise Conflict(
                f"the export was made at revision {contents.revision} of {code}, and this is {at}:"
                " put it back with the code of that time, and upgrade then"
            )
        for table in self.tables:
            if connection.execute(select(table.primary_key.columns[0]).limit(1)).first() is not None:
                raise Conflict(f"{table.name} holds rows: an export is put back into empty tables alone")

    def _remember(self, folder: Path, contents: Contents) -> None:
        for path in contents.media:
            file = self.media / path
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / "media" / path, file)
        scope = system_scope("command")
        with entered(scope, write=True) as writing:
            if self.here.permission_source is not None:
                self.here.permission_source.set_grants(self.code, contents.grants)
            about = Subject("module", self.code, contents.version)
            record(scope, REIMPORTED, about, {"rows": 0}, {"rows": contents.rows, "grants": contents.grants})
            writing.commit()


# -- files ----------------------------------------------------------------------------------------


def read_contents(folder: Path) -> Contents:
    """What an export says of itself. Raises Invalid where it is none."""
    try:
        said = json.loads((folder / CONTENTS).read_text("utf-8"))
        tables = {name: Kept(**kept) for name, kept in said.pop("tables").items()}
        contents = Contents(**said, tables=tables)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(f"{folder} holds no export of a module ({CONTENTS}: {error})") from None
    if contents.format != FORMAT:
        raise Invalid(f"{folder} is of the format {contents.format}, and this Orion reads {FORMAT}")
    return contents


def _check_whole(folder: Path, contents: Contents) -> None:
    files = {f"tables/{name}.jsonl": kept.sha256 for name, kept in contents.tables.items()}
    files |= {f"media/{path}": digest for path, digest in contents.media.items()}
    for name, digest in files.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise Invalid(f"{folder / name} is missing, or isn't what was exported: nothing was put back")


def _write(file: Path, contents: Contents) -> None:
    file.write_text(json.dumps(asdict(contents), indent=2, ensure_ascii=False) + "\n", "utf-8")


def _copied(media: Path, code: str, to: Path) -> Iterator[tuple[str, str]]:
    """Copy a module's files of all vendors, as (path, digest)."""
    for folder in _media_folders(media, code):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = file.relative_to(media)
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, to / path)
            yield path.as_posix(), _digest(to / path)


def _media_folders(media: Path, code: str) -> Sequence[Path]:
    return sorted(path for path in media.glob(f"*/{code}") if path.is_dir())


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        digest = sha256()
        while part := content.read(1 << 20):
            digest.update(part)
        return digest.hexdigest()


def _tables_there() -> set[str]:
    with revisions.owned(db.engines["write"]) as connection:
        return set(inspect(connection).get_table_names())


def _dependants(here: Installation, code: str) -> list[str]:
    """Modules that require this one, however indirectly."""
    manifests = here.registry.manifests
    found: set[str] = set()
    while more := {c for c, m in manifests.items() if {code, *found} & set(m.requires)} - found:
        found |= more
    return sorted(found)


def as_json(contents: Contents) -> dict[str, Any]:
    """The contents for programs."""
    return asdict(contents) | {"rows": contents.rows}
