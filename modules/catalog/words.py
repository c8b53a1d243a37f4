"""The words by whose beginning products are found."""

import re
from collections.abc import Iterable

from orion.contracts.models import normalise

_PART = re.compile(r"[^\W_]+")
#: Words of one product that are kept, and characters of each.
MOST_WORDS, LONGEST = 200, 120


def words(texts: Iterable[str]) -> set[str]:
    """What texts are found by: each of their words, and the parts of words like `ab-12`."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _words(text):
            found.update(dict.fromkeys([word[:LONGEST], *(part[:LONGEST] for part in _PART.findall(word))]))
    return set(list(found)[:MOST_WORDS])


def terms(text: str) -> list[str]:
    """What a search asks for: the words of its text as they were typed."""
    return [word[:LONGEST] for word in _words(text)]


def _words(text: str) -> list[str]:
    """Normalised words without the signs around them; signs alone are no word."""
    parts = (_PART.search(word) and word for word in normalise(text).split())
    return [_stripped(word) for word in parts if word]


def _stripped(word: str) -> str:
    inner = list(_PART.finditer(word))
    return word[inner[0].start() : inner[-1].end()]
