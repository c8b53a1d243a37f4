"""What is wrong, where, and what to do about it: for people, for editors and for GitHub."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any

from orion.manifest.saying import in_words, sentence

ERROR, WARNING = "error", "warning"
#: Long lines are shown from this many characters before the place to as many after it.
_AROUND = 70
_UNSEEN = re.compile(r"[^\S \t]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """One finding. `line` and `column` are 1-based; `source` is the text of that line.

    Diagnostics sort by place. `severity` is "error" or "warning".
    """

    file: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    source: str = ""
    hint: str = ""


def as_text(found: Diagnostic) -> str:
    """`file:line:column: error ORN210: …`, the line, and a caret under the place."""
    head = f"{found.file}:{found.line}:{found.column}: {found.severity} {found.code}: {_sentence(found)}"
    if not found.source.strip():
        return head
    source, column = _excerpt(found.source, found.column)
    return f"{head}\n{source}\n{_under(source[: column - 1])}^"


def as_json(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Diagnostics as objects with the fields of Diagnostic."""
    return [asdict(one) for one in found]


def as_github(found: Diagnostic) -> str:
    """A workflow command that GitHub shows beside the line."""
    place = f"file={_escaped(found.file, more=True)},line={found.line},col={found.column}"
    return f"::{found.severity} {place}::{_escaped(f'{found.code}: {_sentence(found)}')}"


def spoken(found: Diagnostic) -> Diagnostic:
    """The same finding in the reader's language."""
    return replace(found, message=in_words(found.message), hint=in_words(found.hint))


def said_at(found: Diagnostic) -> str:
    """A finding in one line, after its place."""
    place = f"{found.file}:{found.line}:{found.column}"
    return sentence("%(place)s: %(message)s", place=place, message=found.message)


def none_such(what: str, name: str, known: Iterable[str]) -> str:
    """That there is no module, feature … of this name, with what was probably meant."""
    hint = did_you_mean(name, known)
    return f"there is no {what} {name}{f' ({hint})' if hint else ''}"


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """`did you mean "label"?`, or "" when nothing known is close. Case alone always counts as close."""
    if len(word) > 80:
        return ""
    names = list(known)
    folded = {name.casefold(): name for name in names}
    close = (
        [folded[word.casefold()]] if word.casefold() in folded else get_close_matches(word, names, 1, cutoff)
    )
    return sentence('did you mean "%(name)s"?', name=close[0]) if close else ""


def shortened(value: object) -> str:
    """A value in quotes, short enough for a sentence."""
    text = str(value)
    return f'"{text if len(text) <= 60 else text[:57] + "…"}"'


def _sentence(found: Diagnostic) -> str:
    return _visible(f"{found.message} ({found.hint})" if found.hint else found.message)


def _visible(text: str) -> str:
    """Text that can't move a terminal's cursor or turn its direction round."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _excerpt(source: str, column: int) -> tuple[str, int]:
    """The part of a line around a column, and the column in that part."""
    start = max(0, column - 1 - _AROUND) if len(source) > 2 * _AROUND else 0
    shown = source[start : start + 2 * _AROUND]
    front, back = ("…" if start else ""), ("…" if start + len(shown) < len(source) else "")
    return _visible(front + shown + back), column - start + len(front)


def _under(text: str) -> str:
    """Blanks as wide as `text`."""
    wide = {c for c in text if unicodedata.east_asian_width(c) in "WF"}
    return "".join("\t" if c == "\t" else "  " if c in wide else " " for c in text)


def _escaped(text: str, more: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if more else text
