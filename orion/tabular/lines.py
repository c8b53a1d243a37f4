"""From bytes to physical lines: compression, byte order marks, encodings, limits."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from orion.tabular.errors import TableError

#: Characters in one physical line.
LINE_LIMIT = 1 << 20
#: Bytes after decompression, and how many times the packed size they may be.
SIZE_LIMIT = 2 << 30
RATIO_LIMIT = 200
_RATIO_FROM = 32 << 20
_CHUNK = 1 << 16
#: How files begin that are sent as CSV and are none: workbooks old and new, archives, PDF.
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of text on disk, plain or gzip, with the encoding that was stated or proved."""

    path: Path
    encoding: str
    packed: bool
    name: str

    def lines(self) -> Iterator[str]:
        """Physical lines, each ending in one newline however the file ends them.

        Raises TableError for bytes that aren't text of the encoding, NUL characters, and what
        passes the limits.
        """
        try:
            with io.TextIOWrapper(_open(self.path, self.packed), self.encoding) as stream:
                yield from _checked(stream)
        except UnicodeDecodeError as error:
            raise self._undecodable() from error
        except UnicodeError as error:
            raise TableError(_("%(file)s is not %(encoding)s text.", **self._names)) from error
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged(self.name) from error

    @property
    def _names(self) -> dict[str, str]:
        return {"file": self.name, "encoding": self.encoding}

    def _undecodable(self) -> TableError:
        """The first byte that isn't text, found by decoding once more."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line, at = 1, 0
        with _open(self.path, self.packed) as stream:
            while chunk := stream.read(_CHUNK):
                pending = len(decoder.getstate()[0])
                try:
                    line += _line_ends(decoder.decode(chunk))
                except UnicodeDecodeError as error:
                    line += _line_ends(error.object[: error.start].decode(self.encoding, "replace"))
                    return self._wrong_byte(line, at - pending + error.start, error.object[error.start])
                at += len(chunk)
        return self._wrong_byte(line, at, None)

    def _wrong_byte(self, line: int, at: int, byte: int | None) -> TableError:
        shown = _("the end of the file") if byte is None else f"0x{byte:02X}"
        message = _(
            "%(file)s, line %(line)s: byte %(at)s (%(byte)s) is not %(encoding)s. State how the file is "
            "written, with `encoding: cp1252` in a mapping file or --encoding cp1252, for instance.",
            line=line,
            at=at + 1,
            byte=shown,
            **self._names,
        )
        return TableError(message, line=line)


def open_source(path: Path, encoding: str | None = None, name: str = "") -> Source:
    """A file as text: its byte order mark, else what is stated, else UTF-8.

    `name` is what people call it, where that isn't the path's own name.

    Raises TableError when the file isn't there, isn't text, or its mark contradicts the statement.
    """
    stated = _codec(encoding) if encoding else None
    name = name or path.name
    packed, head = _head(path, name)
    if head.startswith(_NO_TEXT):
        raise TableError(_("%(file)s is not a text table. Save it as CSV and try again.", file=name))
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if marked and stated and not marked.startswith(stated.split("-le")[0].split("-be")[0]):
        names = {"file": name, "marked": marked, "stated": stated}
        raise TableError(
            _("%(file)s carries a mark that says %(marked)s, and %(stated)s was stated.", **names)
        )
    return Source(path, marked or stated or "utf-8", packed, name)


def _head(path: Path, name: str) -> tuple[bool, bytes]:
    """Whether a file is packed, and its first bytes unpacked."""
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with _open(path, packed) as stream:
            return packed, stream.read(4)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(name) from error
    except OSError as error:
        raise TableError(_("%(file)s cannot be read: %(why)s.", file=name, why=str(error))) from error


def _damaged(name: str) -> TableError:
    return TableError(_("%(file)s is damaged: its gzip stream breaks off.", file=name))


def _codec(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise TableError(_('There is no encoding "%(name)s". Try utf-8 or cp1252.', name=name)) from error
    if not getattr(info, "_is_text_encoding", True) or info.name in ("utf-7", "idna", "punycode"):
        raise TableError(_('There is no encoding "%(name)s". Try utf-8 or cp1252.', name=name))
    return info.name


def _checked(stream: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := stream.readline(LINE_LIMIT):
        number += 1
        if "\0" in line:
            raise TableError(
                _(
                    "Line %(line)s holds a NUL character: it is not text, or its encoding has to be stated.",
                    line=number,
                ),
                line=number,
            )
        if len(line) >= LINE_LIMIT:
            raise TableError(
                _("Line %(line)s is longer than a million characters.", line=number), line=number
            )
        yield line


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _open(path: Path, packed: bool) -> BinaryIO:
    if not packed:
        return path.open("rb")
    return io.BufferedReader(_Bounded(path), _CHUNK)  # type: ignore[type-var]


class _Bounded(io.RawIOBase):
    """A decompressed stream that stops before a small file becomes an endless one."""

    def __init__(self, path: Path) -> None:
        self._stream = gzip.open(path, "rb")  # noqa: SIM115
        self._allowed = min(SIZE_LIMIT, max(_RATIO_FROM, path.stat().st_size * RATIO_LIMIT))
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = self._stream.readinto(buffer)
        self._read += count
        if self._read > self._allowed:
            raise TableError(_("The file unpacks to far more than a table would."))
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()
