"""Fresh databases for tests, cheaply: a file is copied, a server's database is put back as it was."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    import psycopg

SERVER = os.environ.get("ORION_TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
#: A template's key, and what makes it.
Base = tuple[str, Callable[[str], None]]
#: Schema with a copy of every row of the template.
PRISTINE = "pristine"
#: A file system without a disk, and the bytes that tests may want of it.
MEMORY, ROOM = Path("/dev/shm"), 2_000_000_000


def postgresql_answers() -> bool:
    """Whether there is a server for tests."""
    engine = create_engine(SERVER, connect_args={"connect_timeout": 3})
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


@contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """A folder for databases that nobody misses after a power failure: none of their commits waits for the
    disk, where the machine has room for that."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        with tempfile.TemporaryDirectory(prefix="orion-tests-", dir=MEMORY) as name:
            yield Path(name)
    else:
        yield otherwise


@dataclass
class Pristine:
    """What a template's rows are like. A row that was written since has a later transaction's number."""

    shape: str
    numbers: dict[str, int | None]
    states: str
    counts: dict[str, int]
    written: int


@dataclass
class Databases:
    """Databases of one kind. `lease` gives one that is like a template, `give_back` takes it again."""

    kind: str
    folder: Path
    #: Where files that go with a template lie: beside those of the tests, which are links to them.
    files: Path
    made: list[str] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    rested: dict[str, list[str]] = field(default_factory=dict)
    pristine: dict[str, Pristine] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)

    def lease(self, key: str, fill: Callable[[str], None], base: "Base | None" = None) -> str:
        """The URL of a database like the template `key`, which `fill(url)` makes at first use, of an empty
        database or of another template."""
        template = self._template(key, fill, base)
        rested = self.rested.get(key)
        return rested.pop() if rested else self.new(template)

    def give_back(self, key: str, url: str) -> None:
        """Take a database back. PostgreSQL's is put back as it was: making another takes a second."""
        if self.put_back(key, url):
            self.rested.setdefault(key, []).append(url)
        else:
            self.drop(url)

    def put_back(self, key: str, url: str) -> bool:
        """Make a server's database again like the template `key`, of which it was made; whether that was
        possible."""
        pristine = self.pristine.get(key)
        written = put_back(url, pristine, self.written.get(url, pristine.written)) if pristine else None
        if written is not None:
            self.written[url] = written
        return written is not None

    def new(self, template: str | None = None) -> str:
        """The URL of a new database, empty or like the template at that URL."""
        name = f"orion_test_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        if self.kind == "sqlite":
            file = self.folder / f"{name}.db"
            if template is not None:
                shutil.copyfile(make_url(template).database or "", file)
            return f"sqlite:///{file}"
        source = f' TEMPLATE "{make_url(template).database}"' if template else ""
        _on_server(f'CREATE DATABASE "{name}"{source}')
        self.made.append(name)
        # Nobody misses a test's rows after a power failure: no commit waits for the disk.
        _on_server(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        return make_url(SERVER).set(database=name).render_as_string(hide_password=False)

    def harden(self, url: str) -> None:
        """Make a server's database like one that people use, where the server crashes on purpose.

        Commits wait for the disk, and sequences that were copied with the template are behind a checkpoint:
        without one PostgreSQL doesn't log their next numbers, and gives them again after a crash.
        """
        _on_server(f'ALTER DATABASE "{make_url(url).database}" RESET synchronous_commit')
        _on_server("CHECKPOINT")

    def drop(self, url: str) -> None:
        """Drop a database that is done with; a server's at the end, where many cost as little as one."""
        if self.kind == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path((make_url(url).database or "") + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Drop all of a server's databases."""
        for name in self.made:
            _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self, key: str, fill: Callable[[str], None], base: "Base | None" = None) -> str:
        if key not in self.templates:
            url = self.new(self._template(*base) if base else None)
            fill(url)
            if self.kind == "postgresql":
                self.pristine[key] = keep_a_copy(url)
            self.templates[key] = url
        return self.templates[key]


def _on_server(statement: str) -> None:
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


# -- putting a PostgreSQL database back -----------------------------------------------------------

#: What was made of a database's tables, as one text: it changes with any table or column.
_SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', attrelid, attname, atttypid), ',' ORDER BY attrelid, attnum))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


def keep_a_copy(url: str) -> Pristine:
    """Copy every row of a database to a schema of its own, for `put_back` in databases made of it."""
    with _owner(url) as connection:
        tables = [table for (table,) in connection.execute(_TABLES)]
        # Its base may have had one.
        connection.execute(f"DROP SCHEMA IF EXISTS {PRISTINE} CASCADE; CREATE SCHEMA {PRISTINE}")
        for table in tables:
            connection.execute(f'CREATE TABLE {PRISTINE}."{table}" AS TABLE public."{table}"')
        states = " UNION ALL ".join(
            f"SELECT '{table}', count(*), coalesce(max(xmin::text::bigint), 0) FROM public.\"{table}\""
            for table in tables
        )
        counts = {table: count for table, count, _last in connection.execute(states)}
        [(shape,)] = connection.execute(_SHAPE).fetchall()
        numbers = dict(connection.execute(_SEQUENCES).fetchall())
        return Pristine(shape, numbers, states, counts, _transaction(connection))


def put_back(url: str, pristine: Pristine, written: int) -> int | None:
    """Make the rows what they were in the template; they were that until the transaction `written`.

    The number of the transaction that did it, None where it can't be done.
    """
    import psycopg

    try:
        with _owner(url) as connection:
            # No foreign keys and no waiting: this is one transaction of the server's owner.
            connection.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '3s'")
            if connection.execute(_SHAPE).fetchone() != (pristine.shape,):
                return None
            for table, count, last in connection.execute(pristine.states).fetchall():
                if last > written or count != pristine.counts[table]:
                    connection.execute(f'DELETE FROM public."{table}"')
                    connection.execute(f'INSERT INTO public."{table}" TABLE {PRISTINE}."{table}"')
            for name, last in connection.execute(_SEQUENCES).fetchall():
                if last != pristine.numbers[name]:
                    _set_sequence(connection, name, pristine.numbers[name])
            return _transaction(connection)
    except psycopg.Error:
        return None


def _owner(url: str) -> "psycopg.Connection[Any]":
    import psycopg

    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def _transaction(connection: "psycopg.Connection[Any]") -> int:
    [(number,)] = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchall()
    return int(number)


def _set_sequence(connection: "psycopg.Connection[Any]", name: str, last: int | None) -> None:
    """The next number is the template's next, also where it never gave one."""
    connection.execute("SELECT setval(%s, %s, %s)", (f'public."{name}"', last or 1, last is not None))
