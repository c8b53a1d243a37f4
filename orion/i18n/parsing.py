"""Reading a catalog's file: whatever it contains is told, with its place, and never raised."""

import codecs
import re
from dataclasses import replace

from orion.i18n.po import ESCAPE, KEYWORD, PLAIN, STRING, Entry, File, Words, places_in, unescaped
from orion.manifest.diagnostics import ERROR, WARNING

_CHARSET = re.compile(rb"charset=([^\s\\\"]+)")
_LINE_ENDS = re.compile(r"\r\n|\n|\r")


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
            entry.places += places_in(said)
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
        found = KEYWORD.match(text)
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
            found = STRING.match(text, at)
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
        for found in ESCAPE.finditer(raw):
            if len(found[1]) == 1 and found[1] not in PLAIN and not found[1].isdigit():
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
