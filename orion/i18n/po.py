"""Catalog files as text: every entry with its place, its comments and the very lines that it was written in.

Babel's reader gives messages. This one gives what a check and a merge need besides: where each word
stands, what is wrong in a file that can't be read, and lines that are written back as they were.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from orion.manifest.diagnostics import ERROR, Diagnostic

KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(\[\s*(\d+)\s*\])?(?![\w\[])")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)
PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
EMPTY = '""'

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
                found = ESCAPE.match(raw, at)
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
            found = KEYWORD.match(text)
            keyword = found[1] if found else keyword
            said[keyword] = said.get(keyword, "") + "".join(unescaped(raw) for raw in STRING.findall(text))
        return said.get("msgctxt"), said.get("msgid", ""), said.get("msgid_plural")

    def lines(self) -> Iterator[str]:
        """The entry as it is written."""
        mark = "#~ " if self.obsolete else ""
        yield from self.comments
        yield from (f"#. {text}".rstrip() for text in self.extracted)
        as_read = [place for line in self.place_lines for place in places_in(line[2:])]
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


def places_in(said: str) -> list[str]:
    """The places of a `#:` line; one with blanks in its name stands between U+2068 and U+2069."""
    return re.findall("\u2068[^\u2069]*\u2069(?::\\d+)?|\\S+", said)


def unescaped(raw: str) -> str:
    """What stands between quotes, as the text that it means."""
    return ESCAPE.sub(_meant, raw) if "\\" in raw else raw


def _meant(found: re.Match[str]) -> str:
    said = found[1]
    if said[0].isdigit() and said[0] in "01234567":
        return chr(int(said, 8))
    if said[0] == "x" and len(said) > 1:
        return chr(int(said[1:], 16))
    return PLAIN.get(said, "\\" + said)


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
