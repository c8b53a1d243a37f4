"""What is read of files that seldom change."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

Read = TypeVar("Read")


def per_file(read: Callable[[Path], Read]) -> Callable[[Path], Read]:
    """`read(path)`, done once for each state of a file: it is read anew when its time or its size is another.

    Raises what `read` does, and OSError for a file that is not there.
    """
    known: dict[Path, tuple[tuple[int, int], Read]] = {}

    @wraps(read)
    def reading(path: Path) -> Read:
        found = path.stat()
        state = (found.st_mtime_ns, found.st_size)
        kept = known.get(path)
        if kept is None or kept[0] != state:
            known[path] = kept = (state, read(path))
        return kept[1]

    return reading


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that who reads it meanwhile gets the old one or the new one; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    new.replace(path)
