"""Is a pooled connection still good? Asked at every checkout, so it costs no round trip."""

import os
import select
from pathlib import Path
from typing import Any


def inode(file: Path | None) -> tuple[int, int] | None:
    """What tells a database's file from another one of the same name; None while it is away."""
    try:
        stat = os.stat(file or "")
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def is_quiet(connection: Any) -> bool:
    """Whether a resting psycopg connection has nothing to read.

    A server that stopped, or a proxy that cut the line, has left a message or an end of file there.
    """
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    return not poll.poll(0)
