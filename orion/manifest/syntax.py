"""What the YAML parser complains of, in words that help."""

import re

import yaml

from orion.manifest.diagnostics import ERROR, Diagnostic, shortened
from orion.manifest.saying import sentence

_NO_SPACE = re.compile(r"""^\s*(?:- +)*["']?[A-Za-z_][\w.-]*["']?:[^\s:/]""")
_TWO_COLONS = re.compile(r"^\s*(?:- +)*[^\s:]+: +[^\"'].*:(\s|$)")

#: Part of the parser's words → code, our words, what to do. The first that fits is taken.
_KNOWN = (
    ("found character '\\t'", "ORN112", sentence("a tab stands here"), sentence("indent with spaces")),
    (
        "unexpected end of stream",
        "ORN115",
        sentence("this quote is never closed"),
        sentence("the file may have been cut off"),
    ),
    (
        "but got '<stream end>'",
        "ORN115",
        sentence("this bracket is never closed"),
        sentence("the file may have been cut off"),
    ),
    (
        "found '<stream end>'",
        "ORN115",
        sentence("the file ends too soon"),
        sentence("it may have been cut off"),
    ),
    (
        "but got '{'",
        "ORN113",
        sentence("a bracket opens inside another"),
        sentence('quote the address: "/vendor/{vendor_code}"'),
    ),
    ("expected ',' or", "ORN113", sentence("a comma or the closing bracket is missing before this"), ""),
    ("mapping values are not allowed", "ORN113", sentence("a key and its value don't belong here"), ""),
    (
        "could not find expected ':'",
        "ORN113",
        sentence("this is neither a key with its value nor part of a list"),
        "",
    ),
    (
        "expected '<document",
        "ORN113",
        sentence("this does not line up with the lines above"),
        sentence("indent it as they are"),
    ),
    (
        "expected <block end>",
        "ORN113",
        sentence("this does not line up with the lines above"),
        sentence("indent it as they are"),
    ),
    (
        "unknown escape",
        "ORN113",
        sentence("this backslash begins nothing that YAML knows"),
        sentence("use single quotes"),
    ),
    (
        "cannot start any token",
        "ORN113",
        sentence("a text can't begin with this character"),
        sentence("quote the text"),
    ),
)
#: Part of what was being read → the same.
_WHILE = (
    (
        "scanning an alias",
        "ORN107",
        sentence("a text can't begin with %(sign)s", sign="*"),
        sentence("quote the text"),
    ),
    (
        "scanning an anchor",
        "ORN107",
        sentence("a text can't begin with %(sign)s", sign="&"),
        sentence("quote the text"),
    ),
    (
        "scanning a tag",
        "ORN108",
        sentence("a text can't begin with %(sign)s", sign="!"),
        sentence("quote the text"),
    ),
    (
        "scanning a directive",
        "ORN108",
        sentence("a line can't begin with %(sign)s", sign="%"),
        sentence("quote the text"),
    ),
)


def explained(error: yaml.YAMLError, lines: tuple[str, ...], file: str) -> Diagnostic:
    """The parser's error as a diagnostic."""
    problem = str(getattr(error, "problem", None) or "the text can't be read")
    context = str(getattr(error, "context", None) or "")
    code, message, hint = _words(problem, context)
    mark = getattr(error, "problem_mark", None)
    if code == "ORN115" or mark is None:
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    line, column, better = _cause(problem, line, column, lines)
    line, column = inside(line, column, lines)
    source = lines[line - 1]
    return Diagnostic(file, line, column, code, ERROR, message, source, better or hint)


def inside(line: int, column: int, lines: tuple[str, ...]) -> tuple[int, int]:
    """A place in a text, that behind its last line end moved to the end of the line before."""
    last = max(1, len(lines) - 1 if lines and not lines[-1] else len(lines))
    return (line, column) if line <= last else (last, len(lines[last - 1]) + 1)


def missing_space(text: str) -> str:
    """A hint for `key:value`, "" for anything else."""
    if not _NO_SPACE.match(text):
        return ""
    key, _, value = text.strip().lstrip("- ").partition(":")
    return sentence("write a space after the colon: %(text)s", text=shortened(f"{key}: {value}")[1:-1])


def _words(problem: str, context: str) -> tuple[str, str, str]:
    for part, *words in _KNOWN:
        if part in problem:
            return words[0], words[1], words[2]
    for part, *words in _WHILE:
        if part in context:
            return words[0], words[1], words[2]
    return "ORN113", sentence("this is not YAML: %(problem)s", problem=problem), ""


def _cause(problem: str, line: int, column: int, lines: tuple[str, ...]) -> tuple[int, int, str]:
    """Where the mistake lies, if the parser noticed it late, and what to do about it."""
    if "could not find expected ':'" not in problem and "mapping values are not allowed" not in problem:
        return line, column, ""
    here = lines[line - 1] if line <= len(lines) else ""
    if "mapping values" in problem and _TWO_COLONS.match(here):
        return line, column, sentence('quote a text that contains ": "')
    for before in range(line, max(0, line - 3), -1):
        text = lines[before - 1] if before <= len(lines) else ""
        if hint := missing_space(text):
            return before, text.index(":") + 1, hint
    return line, column, sentence("a key is followed by a colon and a space")
