"""What the engine keeps of a module beside the module's own tables: saved views, notices, jobs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, select

from orion.data import archives
from orion.data.engine_tables import metric_state, undo
from orion.data.tables import metadata

FOLDER = "beside"


class Beside:
    """The engine's rows about one module. Those that are only of use for a while are not kept."""

    def __init__(self, code: str) -> None:
        tables = metadata.tables
        kept, notice, job = (tables[f"orion_{name}"] for name in ("kept", "notice", "job"))
        self.exported: dict[Table, ColumnElement[bool]] = {
            kept: kept.c.what.startswith(f"view/{code}.", autoescape=True),
            notice: notice.c.kind.startswith(f"{code}.", autoescape=True),
            job: job.c.module_code == code,
        }
        self.passing: dict[Table, ColumnElement[bool]] = {
            undo: undo.c.name.startswith(f"{code}.", autoescape=True),
            metric_state: metric_state.c.key.contains(f":{code}.", autoescape=True),
        }

    def write(self, connection: Connection, folder: Path) -> dict[str, int]:
        """Write what comes back with the module, as JSON lines; table → number of rows."""
        (folder / FOLDER).mkdir()
        counts = {}
        for table, mine in self.exported.items():
            rows = [dict(row) for row in archives.rows_where(connection, table, mine)]
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (folder / FOLDER / f"{table.name}.jsonl").write_text(text, "utf-8")
            counts[table.name] = len(rows)
        return counts

    def remove(self, connection: Connection) -> None:
        """Delete all of it."""
        for table, mine in (self.exported | self.passing).items():
            connection.execute(delete(table).where(mine))

    def read(self, connection: Connection, folder: Path) -> None:
        """Put back what was exported, as new rows: without what is here again, or whose person is gone."""
        people = set(connection.scalars(select(metadata.tables["orion_user"].c.id)))
        for table in self.exported:
            file = folder / FOLDER / f"{table.name}.jsonl"
            here = set(connection.scalars(select(table.c.public_id)))
            rows = _welcome(archives.lines(file), here, people) if file.is_file() else ()
            archives.put(connection, table, rows, without=("id",))


def _welcome(rows: Iterator[dict[str, Any]], here: set[str], people: set[int]) -> Iterator[dict[str, Any]]:
    for row in rows:
        of = {row[name] for name in ("user_id", "actor_id") if row.get(name) is not None}
        if row["public_id"] not in here and of <= people:
            yield row
