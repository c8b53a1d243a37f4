"""What a file is by its first bytes, and its content unpacked: plain, gzip, or one table of a zip archive."""

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from flask_babel import gettext as _

from orion.tabular.errors import SeveralTables, TableError

#: Bytes after decompression, and how many times the packed size they may be, at any point on the way.
SIZE_LIMIT = 2 << 30
RATIO_LIMIT = 200
_RATIO_FROM = 8 << 20
#: The same of a workbook, of which much is in memory at once.
BOOK_LIMIT, BOOK_RATIO_LIMIT, _BOOK_FROM = 192 << 20, 50, 32 << 20
#: Files in one archive, bytes of its directory, and parts of a gzip file.
MEMBERS_LIMIT = 1_000
_DIRECTORY_LIMIT = 1 << 20
_PARTS_LIMIT = 100_000
CHUNK = 1 << 16
#: Bytes or characters of a file that are looked at to see what it holds, before all of it is read.
BEGINNING = 1 << 20
ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
#: How files begin that are sent as tables and are none.
_NO_TABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"BM")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)
#: How an archive may pack its files: others unpack by code that takes memory as the file says.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (EOFError, zlib.error, zipfile.BadZipFile)


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
    if first.startswith(ZIP):
        return _of_archive(path, name, table)
    packed = "gzip" if first.startswith(_GZIP) else ""
    return _of_bytes(Content(path, name, "text", packed))


def _of_bytes(content: Content) -> Content:
    head = content.head()
    if head.startswith((*_NO_TABLE, ZIP, _OLE, _GZIP)):
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
    with archive_of(path, name) as archive:
        found = archive.infolist()
    names = {one.filename for one in found}
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        for one in found:
            _refuse_closed(one, name)
        _refuse_swollen(path, name, sum(one.file_size for one in found))
        return Content(path, name, "workbook")
    if len(found) > MEMBERS_LIMIT:
        raise TableError(_("%(file)s holds more than 1,000 files.", file=name))
    inside = [one for one in found if not one.is_dir() and not _is_by_the_way(one.filename)]
    chosen = [one for one in inside if table in ("", one.filename, one.filename.rpartition("/")[2])]
    if len(chosen) != 1:
        raise SeveralTables(name, [shown(one.filename) for one in inside[:20]])
    _refuse_closed(chosen[0], name)
    return _of_bytes(Content(path, name, "text", "zip", chosen[0].filename))


def tables_in(path: Path) -> list[str]:
    """The names of the files in a zip archive that may be tables; none for any other file."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) != ZIP:
                return []
        with archive_of(path, path.name) as archive:
            found = archive.infolist()
    except (TableError, OSError):
        return []
    if {"[Content_Types].xml", "content.xml"} & {one.filename for one in found} or len(found) > MEMBERS_LIMIT:
        return []
    return [one.filename for one in found if not one.is_dir() and not _is_by_the_way(one.filename)]


@contextmanager
def archive_of(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """A zip archive; `name` is what people call it. Raises TableError where it is damaged, within
    too."""
    try:
        with _Sparing(path) as stream, zipfile.ZipFile(stream) as archive:
            yield archive
    except _Crowded:
        raise TableError(_("%(file)s holds more than 1,000 files.", file=name)) from None
    except (*DAMAGED, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise damaged(name) from error


class _Crowded(Exception):
    """The directory of an archive is longer than of as many files as are looked at."""


class _Sparing(io.FileIO):
    """A file that is read piece by piece, as all of an archive is but its directory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_LIMIT:
            raise _Crowded
        return super().read(-1 if size is None else size)


def _refuse_closed(one: zipfile.ZipInfo, name: str) -> None:
    if one.flag_bits & 1:
        raise TableError(_("%(file)s is locked with a password. Unpack it first.", file=name))
    if one.compress_type not in _METHODS:
        raise TableError(_("%(file)s is packed in a way that is not read. Unpack it first.", file=name))


def _is_by_the_way(name: str) -> bool:
    """Whether a file in an archive is what systems leave there beside what people put in."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def shown(name: str) -> str:
    """A name in an archive as it is said: without its folders, and no control characters."""
    return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:80]


def _refuse_swollen(path: Path, name: str, size: int) -> None:
    if size > max(_BOOK_FROM, min(BOOK_LIMIT, path.stat().st_size * BOOK_RATIO_LIMIT)):
        raise _too_much(name)


def damaged(name: str) -> TableError:
    """That a packed file can't be unpacked."""
    return TableError(_("%(file)s is damaged: it cannot be unpacked to its end.", file=name))


def _too_much(name: str) -> TableError:
    return TableError(_("%(file)s unpacks to far more than a table would.", file=name))


class _Bounded(io.RawIOBase):
    """A decompressed stream that stops before a small file becomes an endless one."""

    def __init__(self, content: Content) -> None:
        self._name, self._archive, self._begin = content.name, None, 0
        self._file = _Sparing(content.path)
        if content.packed == "gzip":
            self._stream: io.RawIOBase | IO[bytes] = _Gunzipped(self._file)
        else:
            try:
                self._archive = zipfile.ZipFile(self._file)
                self._begin = self._archive.getinfo(content.member).header_offset
                self._stream = self._archive.open(content.member)
            except (*DAMAGED, RuntimeError, NotImplementedError, KeyError) as error:
                self._file.close()
                raise damaged(content.name) from error
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = self._stream.readinto(buffer)  # type: ignore[union-attr]
        self._read += count
        allowed = max(_RATIO_FROM, (self._file.tell() - self._begin) * RATIO_LIMIT)
        if self._read > min(SIZE_LIMIT, allowed):
            raise _too_much(self._name)
        return int(count)

    def close(self) -> None:
        if not self._file.closed:
            self._stream.close()
            if self._archive is not None:
                self._archive.close()
            self._file.close()
        super().close()


class _Gunzipped(io.RawIOBase):
    """What a gzip file holds. zlib itself reads the headers: whatever stands in them costs nothing."""

    _PIECE = 1 << 13

    def __init__(self, stream: BinaryIO | io.FileIO) -> None:
        self._stream, self._packed, self._parts = stream, b"", 0
        self._part: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while True:
            self._packed = self._packed or self._stream.read(self._PIECE)
            if not self._packed:
                if self._part is not None:
                    raise EOFError
                return 0
            self._part = self._part or self._next()
            data = self._part.decompress(self._packed, len(buffer))
            self._packed = self._part.unconsumed_tail
            if self._part.eof:
                self._packed, self._part = self._part.unused_data.lstrip(b"\0"), None
            if data:
                buffer[: len(data)] = data
                return len(data)

    def _next(self) -> Any:
        self._parts += 1
        if self._parts > _PARTS_LIMIT:
            raise EOFError
        return zlib.decompressobj(wbits=31)
