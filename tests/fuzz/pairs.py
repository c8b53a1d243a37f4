"""Two answers side by side: a foreign id's and that of one which never was."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote, quote_plus

from markupsafe import escape as markup

from tests.fuzz.browser import Answer
from tests.fuzz.markup import masked
from tests.fuzz.words import WORD

#: What differs between two answers to the same question.
FLEETING = frozenset(
    {"Date", "ETag", "Content-Length", "X-Request-Id", "X-Request-ID", "Set-Cookie", "Server-Timing"}
)
#: A page may cut what it repeats: a word is known by more characters than these.
SHORTEST = 3
#: How a value may be repeated.
DRESSES = (
    str,
    escape,
    lambda value: str(markup(value)),
    quote,
    quote_plus,
    str.lower,
    str.upper,
    lambda value: json.dumps(value)[1:-1],
    lambda value: quote(value, safe=""),
)


def alike(foreign: Answer, never: Answer, values: Mapping[str, str], earlier: Sequence[Answer] = ()) -> bool:
    """Whether both are answered in the same way. `values` leads from the foreign values to the others."""
    one, other = told(foreign, values), told(never, values)
    return len(one) == len(other) and not differing(foreign, never, values, earlier)


def differing(
    foreign: Answer, never: Answer, values: Mapping[str, str], earlier: Sequence[Answer] = ()
) -> list[tuple[str, str]]:
    """Lines in which answers differ: what was kept of either question may stand in both. Those in which
    `earlier` answers to the question of `never` differ from it are anybody's, and are left out."""
    one, other = told(foreign, values), told(never, values)
    same = [lines for answer in earlier if len(lines := told(answer, values)) == len(other)]
    steady = [all(lines[n] == line for lines in same) for n, line in enumerate(other)]
    return [(a, b) for a, b, counts in zip(one, other, steady, strict=False) if counts and a != b]


def told(answer: Answer, values: Mapping[str, str] | None = None) -> list[str]:
    """All that an answer says, line by line, with the values of its question put back."""
    headers = sorted((n, masked(v)) for n, v in answer.headers.items() if n not in FLEETING)
    text = "\n".join([str(answer.status), *(f"{n}: {v}" for n, v in headers), masked(answer.text)])
    for value, never in _differing(values or {}):
        for dress in DRESSES:
            if len(never) > SHORTEST:
                text = text.replace(dress(never), dress(value))
            else:  # Any word may hold so few letters.
                behind = r"(?:(?<=%[0-9A-F][0-9A-F])|(?<=\\u[0-9a-f]{4})|(?<!\w))"
                whole = rf"{behind}{re.escape(dress(never))}(?!\w)"
                text = re.sub(whole, dress(value).replace("\\", r"\\"), text)
        for length in range(len(never) - 1, SHORTEST, -1) if WORD.fullmatch(never) else ():
            text = re.sub(rf"{never[:length]}(?!\w)", value[:length], text)
    return text.split("\n")


def _differing(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What differs between values: of texts with a canary word that word alone, however the rest stands. One
    that was cut may have lost a word: it is taken whole."""
    for value, never in values.items():
        words, others = WORD.findall(value), WORD.findall(never)
        alike = words and len(words) == len(others)
        yield from zip(words, others, strict=True) if alike else [(value, never)]
