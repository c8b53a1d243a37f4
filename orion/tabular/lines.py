"""From bytes to physical lines: compression, byte order marks, encodings, limits."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from orion.tabular.errors import TableError
from orion.tabular.guessing import guess_encoding, readable
from orion.tabular.packing import CHUNK, DAMAGED, Content, content_of, damaged

#: Characters in one physical line.
LINE_LIMIT = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of text with the encoding that was stated or proved.

    `stated` is whether somebody said so: then bytes that aren't text of the encoding are no reason to refuse
    the file, and come as lone surrogates.
    """

    content: Content
    encoding: str
    stated: bool = False

    @property
    def name(self) -> str:
        """What people call the file."""
        return self.content.name

    def lines(self) -> Iterator[str]:
        """Physical lines, each ending in one newline however the file ends them.

        Raises TableError for bytes that aren't text of the encoding, NUL characters, and what
        passes the limits.
        """
        errors = "surrogateescape" if self.stated else "strict"
        try:
            with io.TextIOWrapper(self.content.open(), self.encoding, errors) as stream:
                yield from _checked(stream)
        except UnicodeDecodeError as error:
            raise self._undecodable() from error
        except UnicodeError as error:
            raise TableError(_("%(file)s is not %(encoding)s text.", **self._names)) from error
        except DAMAGED as error:
            raise damaged(self.name) from error

    @property
    def _names(self) -> dict[str, str]:
        return {"file": self.name, "encoding": self.encoding}

    def _undecodable(self) -> TableError:
        """The first byte that isn't text, found by decoding once more."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line, at = 1, 0
        with self.content.open() as stream:
            while chunk := stream.read(CHUNK):
                pending = len(decoder.getstate()[0])
                try:
                    line += _line_ends(decoder.decode(chunk))
                except UnicodeDecodeError as error:
                    line += _line_ends(error.object[: error.start].decode(self.encoding, "replace"))
                    rest = error.object[error.start :] + stream.read(CHUNK)
                    return self._wrong_byte(line, at - pending + error.start, rest)
                at += len(chunk)
        return self._wrong_byte(line, at, b"")

    def _wrong_byte(self, line: int, at: int, rest: bytes) -> "Undecodable":
        shown = f"0x{rest[0]:02X}" if rest else _("the end of the file")
        message = _(
            "%(file)s, line %(line)s: byte %(at)s (%(byte)s) is not %(encoding)s. State how the file is "
            "written, with `encoding: cp1252` in a mapping file or --encoding cp1252, for instance.",
            line=line,
            at=at + 1,
            byte=shown,
            **self._names,
        )
        guess = guess_encoding(rest)
        if guess is not None:
            word = readable(rest.decode(guess, "replace").splitlines())
            looks = _("It looks like %(guess)s, in which it reads “%(word)s”.", guess=guess, word=word)
            message = f"{message} {looks}"
        return Undecodable(message, line=line, guess=guess)


class Undecodable(TableError):
    """The bytes aren't text of the encoding; `guess` is one that they would make sense in."""

    def __init__(self, message: str, *, line: int, guess: str | None) -> None:
        super().__init__(message, line=line)
        self.guess = guess


def source_of(content: Content, encoding: str | None = None) -> Source:
    """A file as text: its byte order mark, else what is stated, else what its NULs prove, else UTF-8.

    Raises TableError when its mark contradicts the statement.
    """
    stated = codec(encoding) if encoding else None
    head = content.head()
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if marked and stated and not marked.startswith(stated.split("-le")[0].split("-be")[0]):
        names = {"file": content.name, "marked": marked, "stated": stated}
        raise TableError(
            _("%(file)s carries a mark that says %(marked)s, and %(stated)s was stated.", **names)
        )
    return Source(content, marked or stated or _wide(head) or "utf-8", stated is not None)


def open_source(path: Path, encoding: str | None = None, name: str = "") -> Source:
    """The same for a file on disk. Raises TableError when it isn't there, or is none of text."""
    return source_of(content_of(path, name), encoding)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is NUL, as of text that is mostly ASCII."""
    even, odd = head[0:1024:2], head[1:1024:2]
    if len(head) < 8 or b"\0" not in head:
        return None
    if even.count(0) == 0 and odd.count(0) > len(odd) * 0.7:
        return "utf-16-le"
    return "utf-16-be" if odd.count(0) == 0 and even.count(0) > len(even) * 0.7 else None


def codec(name: str) -> str:
    """The name of a text encoding. Raises TableError for anything else."""
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
