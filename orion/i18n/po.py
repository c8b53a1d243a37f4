"""Catalog files as text: every entry with its place, its comments and the very lines that it was written in.

Babel's reader gives messages. This one gives what a check and a merge need besides: where each word
stands, what is wrong in a file that can't be read, and lines that are written back as they were.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from orion.manifest.diagnostics import ERROR, WARNING, Diagnostic

_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(\[\s*(\d+)\s*\])?(?![\w\[])")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CHARSET = re.compile(rb"charset=([^\s\\\"]+)")
EMPTY = '""'
_LINE_ENDS = re.compile(r"\r\n|\n|\r")

#: Context and message: what a catalog may hold once.
Key = tuple[str | None, str]


@dataclass(slots=True)
class Words:
    """One string of an entry. `line` and `column` are those of its keyword, `pieces` the quoted parts: line,
    column of the first character, and what stands between the quotes."""

    line: int
    column: int
    text: str = ""
    pieces: list[tuple[int, int, str]] = field(default_factory=list)

    def place(self, index: int = 0) -> tuple[int, int]:
        """Line and column of a character of `text`; of the end, for one behind the last."""
        for line, column, raw in self.pieces:
            at = 0
            while at < len(raw):
                if index == 0:
                    return line, column + at
                found = _ESCAPE.match(raw, at)
                at = found.end() if found else at + 1
                index -= 1
        if not self.pieces:
            return self.line, self.column
        line, column, raw = self.pieces[-1]
        return line, column + len(raw)


@dataclass(slots=True)
class Entry:
    """A message of a catalog. `strings` are by number, 0 alone where there is no plural.

    `comments` are a translator's lines with their `#`; `extracted` (`#.`), `places` (`#:`) and `flags` (`#,`)
    come from the source, `previous` (`#|`) is what the message was, `body` the lines of the message itself.
    """

    line: int
    comments: list[str] = field(default_factory=list)
    extracted: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    #: The lines that the places were read from; other tools put several on one.
    place_lines: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    previous: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    obsolete: bool = False
    #: Whether a part of it can't be read.
    damaged: bool = False
    context: Words | None = None
    id: Words | None = None
    plural: Words | None = None
    strings: dict[int, Words] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What makes it the one that it is."""
        return (self.context.text if self.context else None, self.id.text if self.id else "")

    @property
    def is_header(self) -> bool:
        """Whether it says something of the file, and is no message."""
        return self.key == (None, "") and not self.obsolete

    @property
    def fuzzy(self) -> bool:
        """Whether a person has yet to look at the translation."""
        return "fuzzy" in self.flags

    @property
    def texts(self) -> list[str]:
        """The translations by number."""
        return [self.strings[number].text for number in sorted(self.strings)]

    @property
    def translated(self) -> bool:
        """Whether every form has its words; fuzzy ones count as translated here."""
        return bool(self.strings) and all(self.texts)

    @property
    def label(self) -> bool:
        """Whether it is a manifest's label, which is looked up by its context alone."""
        return self.context is not None and any(
            place.split(":")[0].endswith(".yaml") for place in self.places
        )

    @property
    def renamed(self) -> bool:
        """Whether it is fuzzy because the English of the same context was another before.

        As long as its context is a label's, such a translation is shown until somebody has looked at it.
        """
        context, text, _ = self.before
        return self.fuzzy and bool(text) and context in (None, self.key[0])

    @property
    def plural_text(self) -> str | None:
        """The English plural, None where there is none."""
        return self.plural.text if self.plural is not None else None

    @property
    def line_of_id(self) -> int:
        """The line of its `msgid`."""
        return self.id.line if self.id is not None else self.line

    @property
    def before(self) -> tuple[str | None, str, str | None]:
        """Context, message and plural of the previous text; the message is "" where none is kept."""
        said: dict[str, str] = {}
        keyword = ""
        for line in self.previous:
            text = line.removeprefix("#~").removeprefix("#").removeprefix("|").strip()
            found = _KEYWORD.match(text)
            keyword = found[1] if found else keyword
            said[keyword] = said.get(keyword, "") + "".join(unescaped(raw) for raw in _STRING.findall(text))
        return said.get("msgctxt"), said.get("msgid", ""), said.get("msgid_plural")

    def lines(self) -> Iterator[str]:
        """The entry as it is written."""
        mark = "#~ " if self.obsolete else ""
        yield from self.comments
        yield from (f"#. {text}".rstrip() for text in self.extracted)
        as_read = [place for line in self.place_lines for place in _places(line[2:])]
        yield from (self.place_lines if as_read == self.places else (f"#: {one}" for one in self.places))
        if self.flags:
            yield f"#, {', '.join(self.flags)}"
        yield from self.previous
        yield from (f"{mark}{line}" for line in self.body)


@dataclass(slots=True)
class File:
    """A catalog as it stands. `problems` are what keeps it, or a part of it, from being read."""

    name: str
    lines: tuple[str, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    #: Comments behind the last entry.
    rest: list[str] = field(default_factory=list)

    @property
    def header(self) -> Entry | None:
        """The entry that says what the file is, None where there is none."""
        return next((entry for entry in self.entries if entry.is_header), None)

    @property
    def fields(self) -> dict[str, str]:
        """The header's fields by their names in lower case."""
        text = self.header.texts[0] if self.header and self.header.strings else ""
        pairs = (line.partition(":") for line in text.split("\n"))
        return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}

    @property
    def messages(self) -> list[Entry]:
        """What is in use."""
        return [entry for entry in self.entries if not entry.obsolete and not entry.is_header]

    def source(self, line: int) -> str:
        """The text of a 1-based line, "" beyond the file."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def diagnostic(
        self, place: tuple[int, int], code: str, message: str, hint: str = "", severity: str = ERROR
    ) -> Diagnostic:
        """A finding at a line and column."""
        return Diagnostic(self.name, *place, code, severity, message, self.source(place[0]), hint)

    def text(self) -> str:
        """The file as it is written."""
        blocks = ["\n".join(entry.lines()) for entry in self.entries]
        return "\n\n".join([*blocks, *(["\n".join(self.rest)] if self.rest else [])]) + "\n"


def read(data: bytes, name: str) -> File:
    """A catalog's file, whatever it contains: never raises."""
    file = File(name)
    text = _decoded(data, file)
    if text is None:
        return file
    file.lines = tuple(_LINE_ENDS.split(text))
    if not text.strip():
        file.problems.append(file.diagnostic((1, 1), "ORN403", "the file is empty"))
        return file
    file.problems = [replace(one, source=file.source(one.line)) for one in file.problems]
    _Parser(file).parse()
    return file


def _decoded(data: bytes, file: File) -> str | None:
    """The file's text, with what is wrong in its bytes. None where no byte can be trusted."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        file.problems.append(file.diagnostic((1, 1), "ORN401", "the file is UTF-16", "save it as UTF-8"))
        return None
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        file.problems.append(
            file.diagnostic(
                (1, 1),
                "ORN401",
                "the file begins with a byte order mark",
                "save it as UTF-8 without one",
                WARNING,
            )
        )
    return _as_declared(data, file)


def _as_declared(data: bytes, file: File) -> str:
    found = _CHARSET.search(data[:20_000])
    declared = found[1].decode("ascii", "replace") if found else ""
    try:
        codec = codecs.lookup(declared).name if declared and declared != "CHARSET" else ""
        b"a".decode(codec or "utf-8", "replace")
    except (LookupError, ValueError):
        _complain(file, data, found, f'there is no encoding "{declared}"')
        codec = ""
    if not codec and not data.isascii() and declared in ("", "CHARSET"):
        place = _place_of(data, next(i for i, byte in enumerate(data) if byte > 127))
        hint = 'the header needs "Content-Type: text/plain; charset=UTF-8\\n"'
        file.problems.append(
            file.diagnostic(place, "ORN401", "the file doesn't say which encoding it has", hint)
        )
    try:
        text = data.decode(codec or "utf-8")
    except UnicodeError as error:
        place = _place_of(data, getattr(error, "start", 0))
        named = declared or "UTF-8"
        hint = "save the file as UTF-8" if codec == "utf-8" else "write charset=UTF-8 and save the file so"
        file.problems.append(
            file.diagnostic(place, "ORN401", f"this is not {named}, as the header says", hint)
        )
        return data.decode("utf-8", "replace")
    if codec not in ("", "utf-8", "ascii"):
        _doubt(file, data, found, declared)
    return text


def _doubt(file: File, data: bytes, found: re.Match[bytes] | None, declared: str) -> None:
    """Bytes that are UTF-8, in a file that says otherwise, or that could as well be UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        _complain(file, data, found, f"the file is {declared}", "save it as UTF-8, as the others", WARNING)
        return
    if not data.isascii():
        _complain(file, data, found, f"the header says {declared}, and the file is UTF-8")


def _complain(
    file: File,
    data: bytes,
    found: re.Match[bytes] | None,
    message: str,
    hint: str = "write charset=UTF-8 and save it so",
    severity: str = ERROR,
) -> None:
    place = _place_of(data, found.start(1)) if found else (1, 1)
    file.problems.append(file.diagnostic(place, "ORN401", message, hint, severity))


def _place_of(data: bytes, index: int) -> tuple[int, int]:
    before = data[:index].decode("utf-8", "replace")
    ends = list(_LINE_ENDS.finditer(before))
    return len(ends) + 1, len(before) - (ends[-1].end() if ends else 0) + 1


class _Parser:
    """Takes a file line by line. What it doesn't understand becomes a problem, and it goes on."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.entry: Entry | None = None
        self.words: Words | None = None

    def parse(self) -> None:
        for number, line in enumerate(self.file.lines, start=1):
            self._take(number, line)
        self._finish()

    def _take(self, number: int, line: str) -> None:
        text = line.strip()
        if not text:
            return
        if text.startswith("#~") and not text.startswith("#~|"):
            self._message(number, line, text[2:], line.index("#~") + 3, obsolete=True)
        elif text.startswith("#"):
            self._comment(number, text)
        else:
            self._message(number, line, line, 1, obsolete=False)

    def _comment(self, number: int, text: str) -> None:
        if self.entry is not None and self.entry.body:
            self._finish()
        entry = self.entry = self.entry or Entry(number)
        kind, said = text[1:2], text[2:].strip()
        if kind == ".":
            entry.extracted.append(said)
        elif kind == ":":
            entry.places += _places(said)
            entry.place_lines.append(text)
        elif kind == ",":
            entry.flags += [flag.strip() for flag in said.split(",") if flag.strip()]
        elif kind == "|" or text.startswith("#~|"):
            entry.previous.append(text)
        else:
            entry.comments.append(text)

    def _message(self, number: int, line: str, text: str, column: int, obsolete: bool) -> None:
        column += len(text) - len(text.lstrip())
        text = text.strip()
        found = _KEYWORD.match(text)
        if found:
            self._keyword(number, column, found, obsolete)
            rest = text[found.end() :]
            column += found.end() + len(rest) - len(rest.lstrip())
            text = rest.strip()
            if not text:
                self._error(number, column, "a text in quotes is missing here")
        elif self.words is None or not text.startswith('"'):
            self._unknown(number, column, text)
            return
        assert self.entry is not None
        self.entry.body.append(line.strip().removeprefix("#~").strip() if obsolete else line.rstrip())
        self._strings(number, column, text)

    def _keyword(self, number: int, column: int, found: re.Match[str], obsolete: bool) -> None:
        keyword, index = found[1], found[3]
        if self._begins(keyword, obsolete):
            self._finish()
        if self.entry is None:
            self.entry = Entry(number)
        entry = self.entry
        entry.obsolete = obsolete
        self.words = words = Words(number, column)
        match keyword:
            case "msgctxt":
                entry.context = words
            case "msgid":
                entry.id = words
            case "msgid_plural":
                if entry.plural is not None or entry.strings:
                    self._error(number, column, "msgid_plural comes once, behind msgid")
                entry.plural = words
            case "msgstr":
                self._string(number, column, int(index) if index else None, words)
        if keyword not in ("msgctxt", "msgid") and entry.id is None:
            self._error(number, column, f"{keyword} without a msgid before it")

    def _begins(self, keyword: str, obsolete: bool) -> bool:
        """Whether a keyword is the first of another entry."""
        entry = self.entry
        if entry is None or not entry.body:
            return False
        if entry.obsolete != obsolete or keyword == "msgctxt":
            return True
        return keyword == "msgid" and (entry.id is not None or bool(entry.strings))

    def _string(self, number: int, column: int, index: int | None, words: Words) -> None:
        assert self.entry is not None
        entry = self.entry
        if index is None and entry.plural is not None:
            self._error(number, column, "a message with a plural has msgstr[0], msgstr[1] …")
        elif index is not None and entry.plural is None:
            self._error(number, column, f"msgstr[{index}] without a msgid_plural", "write msgstr")
        elif (index or 0) in entry.strings:
            said = "msgstr" if index is None else f"msgstr[{index}]"
            self._error(number, column, f"{said} stands twice in one message")
        elif (index or 0) != len(entry.strings):
            self._error(number, column, f"msgstr[{len(entry.strings)}] is missing before this")
        entry.strings.setdefault(index or 0, words)

    def _strings(self, number: int, column: int, text: str) -> None:
        """The quoted texts of a line."""
        assert self.words is not None
        at = 0
        while at < len(text):
            found = _STRING.match(text, at)
            if found is None:
                self._unquoted(number, column + at, text[at:])
                return
            self._check_escapes(number, column + at + 1, found[1])
            self.words.pieces.append((number, column + at + 1, found[1]))
            self.words.text += unescaped(found[1])
            at = found.end()
            at += len(text[at:]) - len(text[at:].lstrip())

    def _unquoted(self, number: int, column: int, text: str) -> None:
        if text.startswith('"'):
            hint = 'end the line with ", and write \\" for a quote inside'
            self._error(number, column, "this quote is never closed", hint, "ORN403")
        else:
            self._error(number, column, "only texts in quotes may stand here", 'write \\" for a quote inside')

    def _check_escapes(self, number: int, column: int, raw: str) -> None:
        for found in _ESCAPE.finditer(raw):
            if len(found[1]) == 1 and found[1] not in _PLAIN and not found[1].isdigit():
                self._error(
                    number,
                    column + found.start(),
                    f"\\{found[1]} means nothing",
                    "write \\\\ for a backslash",
                )

    def _unknown(self, number: int, column: int, text: str) -> None:
        word = text.split()[0] if text.split() else text
        if text.startswith('"'):
            self._error(number, column, "a text in quotes, and no msgid or msgstr before it")
        else:
            message = f'"{word[:30]}" is neither a keyword nor a comment'
            hint = "a line begins with #, msgctxt, msgid, msgid_plural, msgstr or a quote"
            self._error(number, column, message, hint)

    def _finish(self) -> None:
        entry, self.entry, self.words = self.entry, None, None
        if entry is None or not entry.body:
            if entry is not None and entry.comments:
                self.file.rest = entry.comments
            return
        if entry.id is None:
            self._error(entry.line, 1, "a message without a msgid")
        elif not entry.strings and not entry.obsolete:
            last = entry.plural or entry.id
            message = "a message without a msgstr: the file may have been cut off here"
            self._error(last.line, last.column, message, "", "ORN403")
        self.file.entries.append(entry)

    def _error(self, line: int, column: int, message: str, hint: str = "", code: str = "ORN402") -> None:
        self.file.problems.append(self.file.diagnostic((line, column), code, message, hint))
        if self.entry is not None:
            self.entry.damaged = True


def _places(said: str) -> list[str]:
    """The places of a `#:` line; one with blanks in its name stands between U+2068 and U+2069."""
    return re.findall("\u2068[^\u2069]*\u2069(?::\\d+)?|\\S+", said)


def unescaped(raw: str) -> str:
    """What stands between quotes, as the text that it means."""
    return _ESCAPE.sub(_meant, raw) if "\\" in raw else raw


def _meant(found: re.Match[str]) -> str:
    said = found[1]
    if said[0].isdigit() and said[0] in "01234567":
        return chr(int(said, 8))
    if said[0] == "x" and len(said) > 1:
        return chr(int(said[1:], 16))
    return _PLAIN.get(said, "\\" + said)


def written(keyword: str, text: str) -> list[str]:
    """A keyword and its text as lines of a catalog: one a line of the text, and never wrapped."""
    lines = text.split("\n")
    parts = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    quoted = [f'"{_escaped(part)}"' for part in parts]
    if len(quoted) < 2:
        return [f"{keyword} {''.join(quoted) or EMPTY}"]
    return [f"{keyword} {EMPTY}", *quoted]


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    for sign, letter in (("\n", "n"), ("\t", "t"), ("\r", "r")):
        text = text.replace(sign, f"\\{letter}")
    return text


def body_of(key: Key, plural: str | None, texts: Iterable[str]) -> list[str]:
    """The lines of a message."""
    context, text = key
    lines = written("msgctxt", context) if context is not None else []
    lines += written("msgid", text)
    if plural is None:
        return lines + written("msgstr", next(iter(texts), ""))
    lines += written("msgid_plural", plural)
    for number, one in enumerate(texts):
        lines += written(f"msgstr[{number}]", one)
    return lines
