"""A `.po` file as serving needs it: its entries, and the line and reason where there is nothing to read."""

import gettext
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from babel.messages.plurals import get_plural

from orion.i18n.words import N_, said_of

#: Which of a language's forms a number takes.
Plural = Callable[[int], int]

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CHARSET = re.compile(rb"charset=([\w.:-]+)", re.IGNORECASE)
_RULE = re.compile(r"^Plural-Forms:\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;\n]+)", re.MULTILINE)
#: Where Babel's table has two of the forms the wrong way round.
_RULES = {"ar": "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"}
_NUMBERED = re.compile(r"msgstr\[(\d{1,2})\]")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Unreadable(ValueError):
    """A file is no catalog. `line` counts from 1; `said` is the reason in the reader's language."""

    def __init__(self, line: int, reason: str, **values: str) -> None:
        super().__init__(f"line {line}: {reason % values if values else reason}")
        self.line, self._reason, self._values = line, reason, values

    @property
    def said(self) -> str:
        """Why, translated."""
        return said_of(self._reason, self._values)


class Entry(NamedTuple):
    """A message and its translation.

    `ids` are the text, or singular and plural; `strings` its translation, or one for each form that the file
    has. `line` is that of `msgid`. `doubted` is what translators call fuzzy; `renamed` says that it is fuzzy
    because the English of the same context was another before.
    """

    context: str | None
    ids: tuple[str, ...]
    strings: tuple[str, ...]
    line: int
    doubted: bool = False
    renamed: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether there is a word for every form."""
        return all(self.strings)


def entries(data: bytes) -> Iterator[Entry]:
    """A file's entries in their order, its header (whose id is empty) too; obsolete ones are left out.

    Raises Unreadable for anything that isn't a catalog, once it comes to it: one that was cut off is not.
    """
    text = _decoded(data)
    if not text.strip():
        raise Unreadable(1, N_("the file is empty"))
    return _Reader().read(text)


def rule_of(header: str, locale: str) -> str:
    """The rule for plurals that a header gives, else the language's own. Raises Unreadable."""
    found = _RULE.search(header)
    if found is None:
        parsed = Locale.parse(locale)
        return str(_RULES.get(parsed.language) or get_plural(parsed).plural_expr)
    try:
        plural_of(found[2].strip())
    except ValueError:
        raise Unreadable(1, N_("its Plural-Forms can't be read: %(rule)s"), rule=found[2].strip()) from None
    return found[2].strip()


@lru_cache(maxsize=64)
def plural_of(rule: str) -> Plural:
    """A rule as a function. Raises ValueError."""
    return gettext.c2py(rule)


def _decoded(data: bytes) -> str:
    named = _CHARSET.search(data[:4096])
    charset = named[1].decode() if named else "utf-8"
    if charset.upper() in ("CHARSET", "UTF-8"):
        charset = "utf-8-sig"
    try:
        return data.decode(charset)
    except LookupError:
        line = data.count(b"\n", 0, named.start() if named else 0) + 1
        raise Unreadable(line, N_("there is no encoding called %(name)s"), name=charset) from None
    except UnicodeError as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise Unreadable(line, N_("a letter is not in the encoding %(name)s"), name=charset) from None


class _Reader:
    """Line by line; `_open` are the strings that a further line in quotes goes on with."""

    def __init__(self) -> None:
        self._reset()
        self._line = 0

    def _reset(self) -> None:
        self._context: list[str] | None = None
        self._ids: list[list[str]] = []
        self._strings: list[list[str]] = []
        self._open: list[str] | None = None
        self._at = 0
        self._flags: set[str] = set()
        self._before: dict[str, str] = {}

    def read(self, text: str) -> Iterator[Entry]:
        for self._line, raw in enumerate(text.split("\n"), start=1):
            line = raw.strip()
            if not line:
                continue
            first = line[0]
            if first == '"':
                if self._open is None:
                    raise Unreadable(self._line, N_("a text that belongs to nothing"))
                self._open.append(self._string(line))
                continue
            if self._strings and not line.startswith("msgstr"):
                yield self._finished()
            if first == "#":
                self._comment(line)
            else:
                self._keyword(line)
        if self._strings:
            yield self._finished()
        elif self._ids or self._context is not None:
            raise Unreadable(self._line, N_("the file ends in the middle of an entry"))

    def _finished(self) -> Entry:
        fuzzy = "fuzzy" in self._flags
        context = None if self._context is None else "".join(self._context)
        same = self._before.get("msgctxt", context) == context
        entry = Entry(
            context,
            tuple("".join(parts) for parts in self._ids),
            tuple("".join(parts) for parts in self._strings),
            self._at,
            fuzzy,
            fuzzy and same and "msgid" in self._before,
        )
        self._reset()
        return entry

    def _comment(self, line: str) -> None:
        if line.startswith("#,"):
            self._flags |= {flag.strip() for flag in line[2:].split(",")}
        elif line.startswith("#|"):
            keyword, _, rest = line[2:].strip().partition(" ")
            found = _STRING.fullmatch(rest.strip())
            if found and keyword.startswith("msg"):
                self._before[keyword] = found[1]

    def _keyword(self, line: str) -> None:
        keyword, _, rest = line.partition(" ")
        if keyword == "msgid" and not self._ids:
            self._at = self._line
            self._ids.append(self._begun(rest))
        elif keyword == "msgid_plural" and len(self._ids) == 1:
            self._ids.append(self._begun(rest))
        elif keyword == "msgctxt" and self._context is None and not self._ids:
            self._context = self._begun(rest)
        elif keyword.startswith("msgstr") and self._ids and self._is_next(keyword):
            self._strings.append(self._begun(rest))
        else:
            raise Unreadable(self._line, N_("“%(text)s” is not expected here"), text=line[:40])

    def _is_next(self, keyword: str) -> bool:
        """Whether this is the form that has to come: `msgstr` alone, or `msgstr[0]` and so on."""
        if len(self._ids) == 1:
            return keyword in ("msgstr", "msgstr[0]") and not self._strings
        found = _NUMBERED.fullmatch(keyword)
        return found is not None and int(found[1]) == len(self._strings)

    def _begun(self, rest: str) -> list[str]:
        self._open = [self._string(rest.strip())]
        return self._open

    def _string(self, text: str) -> str:
        found = _STRING.fullmatch(text)
        if found is None:
            raise Unreadable(self._line, N_("a quote is never closed"))
        return _ESCAPE.sub(_escaped, found[1]) if "\\" in text else found[1]


def _escaped(found: re.Match[str]) -> str:
    letter = found[1]
    return letter if letter in '\\"' else _ESCAPED.get(letter, found[0])
