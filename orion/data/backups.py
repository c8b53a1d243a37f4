"""Copies of an SQLite file, made before its tables change."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from orion.data.engines import sqlite_file

KEPT = 5


def back_up(engine: Engine) -> None:
    """Copy an SQLite file that holds something to `backups/` beside it; the newest few are kept."""
    file = sqlite_file(engine)
    if file is None or not file.stat().st_size:
        return
    folder = file.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{file.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}{file.suffix}"
    with engine.connect() as connection:
        connection.connection.dbapi_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr]
    for old in sorted(folder.glob(f"{file.stem}-*{file.suffix}"))[:-KEPT]:
        old.unlink()
