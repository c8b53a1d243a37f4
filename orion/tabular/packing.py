"""What a file is by its first bytes, and its content unpacked: plain, gzip, or one table of a zip archive."""

import codecs
import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from orion.tabular.errors import SeveralTables, TableError

#: Bytes after decompression, and how many times the packed size they may be.
SIZE_LIMIT = 2 << 30
RATIO_LIMIT = 200
_RATIO_FROM = 32 << 20
#: Files in one archive.
MEMBERS_LIMIT = 1_000
CHUNK = 1 << 16
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
#: How files begin that are sent as tables and are none.
_NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"BM")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Content:
    """A file on disk and how it is packed: `kind` is "text", "xml" or "workbook".

    `packed` is "", "gzip" or "zip", and `member` the name of the table in a zip archive.
    """

    path: Path
    name: str
    kind: str
    packed: str = ""
    member: str = ""

    def open(self) -> BinaryIO:
        """Its bytes unpacked. Reading raises TableError where there are far too many, or they are damaged."""
        if not self.packed:
            return self.path.open("rb")
        return io.BufferedReader(_Bounded(self), CHUNK)  # type: ignore[type-var]

    def head(self, size: int = 4096) -> bytes:
        """The first bytes."""
        try:
            with self.open() as stream:
                return stream.read(size)
        except DAMAGED as error:
            raise damaged(self.name) from error


def content_of(path: Path, name: str = "", table: str = "") -> Content:
    """What a file is. `table` names one of several in an archive; `name` is what people call the file.

    Raises TableError when the file isn't there, is no table, or holds several and none is named.
    """
    name = name or path.name
    try:
        with path.open("rb") as stream:
            first = stream.read(8)
    except OSError as error:
        raise TableError(_("%(file)s cannot be read: %(why)s.", file=name, why=str(error))) from error
    if first.startswith(_OLE):
        return Content(path, name, "workbook")
    if first.startswith(_ZIP):
        return _of_archive(path, name, table)
    packed = "gzip" if first.startswith(_GZIP) else ""
    return _of_bytes(Content(path, name, "text", packed))


def _of_bytes(content: Content) -> Content:
    head = content.head()
    if head.startswith((*_NO_TABLE, _ZIP, _OLE, _GZIP)):
        raise TableError(
            _("%(file)s is not a text table. Save it as CSV or XLSX and try again.", file=content.name)
        )
    kind = "xml" if _is_markup(head) else "text"
    return Content(content.path, content.name, kind, content.packed, content.member)


def _is_markup(head: bytes) -> bool:
    """Whether it begins as XML does, in whichever encoding."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    begin = head.replace(b"\0", b"").lstrip()
    return begin.startswith(b"<") and not begin[:15].lower().startswith((b"<!doctype html", b"<html"))


def _of_archive(path: Path, name: str, table: str) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (*DAMAGED, NotImplementedError, ValueError, OSError) as error:
        raise damaged(name) from error
    names = {one.filename for one in found}
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        _refuse_swollen(path, name, sum(one.file_size for one in found))
        return Content(path, name, "workbook")
    if len(found) > MEMBERS_LIMIT:
        raise TableError(_("%(file)s holds more than 1,000 files.", file=name))
    inside = [one for one in found if not one.is_dir() and not _is_by_the_way(one.filename)]
    chosen = [one for one in inside if table in ("", one.filename, one.filename.rpartition("/")[2])]
    if len(chosen) != 1:
        raise SeveralTables(name, [shown(one.filename) for one in inside[:20]])
    if chosen[0].flag_bits & 1:
        raise TableError(_("%(file)s is locked with a password. Unpack it first.", file=name))
    return _of_bytes(Content(path, name, "text", "zip", chosen[0].filename))


def tables_in(path: Path) -> list[str]:
    """The names of the files in a zip archive that may be tables; none for any other file."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) != _ZIP:
                return []
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (*DAMAGED, NotImplementedError, ValueError, OSError):
        return []
    if {"[Content_Types].xml", "content.xml"} & {one.filename for one in found} or len(found) > MEMBERS_LIMIT:
        return []
    return [one.filename for one in found if not one.is_dir() and not _is_by_the_way(one.filename)]


def _is_by_the_way(name: str) -> bool:
    """Whether a file in an archive is what systems leave there beside what people put in."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def shown(name: str) -> str:
    """A name in an archive as it is said: without its folders, and no control characters."""
    return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:80]


def _refuse_swollen(path: Path, name: str, size: int) -> None:
    if size > max(_RATIO_FROM, min(SIZE_LIMIT, path.stat().st_size * RATIO_LIMIT)):
        raise _too_much(name)


def damaged(name: str) -> TableError:
    """That a packed file can't be unpacked."""
    return TableError(_("%(file)s is damaged: it cannot be unpacked to its end.", file=name))


def _too_much(name: str) -> TableError:
    return TableError(_("%(file)s unpacks to far more than a table would.", file=name))


class _Bounded(io.RawIOBase):
    """A decompressed stream that stops before a small file becomes an endless one."""

    def __init__(self, content: Content) -> None:
        self._name, self._archive = content.name, None
        if content.packed == "gzip":
            self._stream: BinaryIO = gzip.open(content.path, "rb")  # type: ignore[assignment]  # noqa: SIM115
        else:
            self._archive = zipfile.ZipFile(content.path)
            try:
                self._stream = self._archive.open(content.member)  # type: ignore[assignment]
            except (RuntimeError, NotImplementedError) as error:
                raise damaged(content.name) from error
        packed = content.path.stat().st_size
        self._allowed = min(SIZE_LIMIT, max(_RATIO_FROM, packed * RATIO_LIMIT))
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        self._read += count
        if self._read > self._allowed:
            raise _too_much(self._name)
        return int(count)

    def close(self) -> None:
        self._stream.close()
        if self._archive is not None:
            self._archive.close()
        super().close()
