"""On which page a message was seen: noted when translators look at pages, and kept in the data folder."""

import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock

#: Seconds between two writings of the file.
SELDOM = 2.0


class Seen:
    """Message → the path of a page that said it, the first that anybody saw. All processes share the file."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, Lock()
        self._pages: dict[str, str] = {}
        self._read_at, self._written_at = 0, 0.0

    def note(self, keys: Iterable[str], path: str) -> None:
        """These messages were said on the page at a path."""
        new = {key: path for key in keys if key not in self._pages}
        if not new:
            return
        with self._lock:
            self._pages = new | self._pages
            if time.monotonic() - self._written_at > SELDOM:
                self._write()

    def pages(self) -> dict[str, str]:
        """Key (see `Words`) → path."""
        with self._lock:
            self._read()
            return self._pages

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            at = self._file.stat().st_mtime_ns
            if at != self._read_at:
                kept = json.loads(self._file.read_text(encoding="utf-8"))
                self._read_at = at
                self._pages = {str(key): str(path) for key, path in dict(kept).items()} | self._pages

    def _write(self) -> None:
        self._read()
        self._written_at = time.monotonic()
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part = self._file.with_name(f"{self._file.name}.{os.getpid()}")
            part.write_text(json.dumps(self._pages, ensure_ascii=False), encoding="utf-8")
            part.replace(self._file)
