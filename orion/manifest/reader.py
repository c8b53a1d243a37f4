"""From bytes to a document: YAML 1.2 core without anchors, aliases, tags or merge keys, and with positions.

What YAML 1.1 would guess (`no`, `1.10` as a text, dates, octal numbers) is never guessed here, so
that an editor and Orion read the same thing. Nothing that a file contains can raise or take long.
"""

import re

import yaml

from orion.manifest.diagnostics import ERROR, Diagnostic
from orion.manifest.document import Document
from orion.manifest.saying import sentence
from orion.manifest.syntax import explained
from orion.manifest.tree import Refused, Tree

MAX_BYTES = 256 * 1024
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LINE_ENDS = re.compile(r"\r\n|\n|\r")


def read(text: bytes, file: str) -> tuple[Document | None, list[Diagnostic]]:
    """A file's document, with what is wrong with its syntax.

    The document is None where nothing can be known of it; where it is not, what was wrong has been
    left out of it, and it may be checked further.
    """
    found = _not_text(text)
    if found is not None:
        return None, [Diagnostic(file, *found)]
    decoded = text.decode("utf-8-sig")
    lines = tuple(_LINE_ENDS.split(decoded))
    strange = _UNPRINTABLE.search(decoded)
    if strange is not None:
        return None, [_unprintable(decoded, strange, lines, file)]
    return _parsed(decoded, lines, file)


def _not_text(text: bytes) -> tuple[int, int, str, str, str] | None:
    """What makes the bytes no text of ours: line, column, code, severity, message."""
    if len(text) > MAX_BYTES:
        return 1, 1, "ORN101", ERROR, sentence("the file is larger than %(size)s KiB", size=MAX_BYTES // 1024)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        ends = list(_LINE_ENDS.finditer(before))
        column = len(before) - (ends[-1].end() if ends else 0) + 1
        return (
            len(ends) + 1,
            column,
            "ORN102",
            ERROR,
            sentence("the file is not UTF-8: save it in that encoding"),
        )
    return None


def _unprintable(text: str, strange: re.Match[str], lines: tuple[str, ...], file: str) -> Diagnostic:
    ends = list(_LINE_ENDS.finditer(text, 0, strange.start()))
    column = strange.start() - (ends[-1].end() if ends else 0) + 1
    line = len(ends) + 1
    message = sentence(
        "the character %(character)s has no place in a manifest", character=f"U+{ord(strange[0]):04X}"
    )
    return Diagnostic(file, line, column, "ORN103", ERROR, message, lines[line - 1], sentence("delete it"))


def _parsed(text: str, lines: tuple[str, ...], file: str) -> tuple[Document | None, list[Diagnostic]]:
    tree = Tree(file, lines)
    try:
        # The pure Python parser: it has no stack of its own that a file could overflow.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            tree.take(event)
    except Refused:
        return None, tree.found
    except yaml.YAMLError as error:
        return None, [*tree.found, explained(error, lines, file)]
    if tree.empty:
        return None, [Diagnostic(file, 1, 1, "ORN104", ERROR, sentence("the file is empty"))]
    return tree.document(), tree.found
