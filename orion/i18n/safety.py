"""Translations that would break the page that shows them: they are left out, and named."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from orion.i18n.words import N_

_PLACEHOLDER = re.compile(r"%(?:\((\w*)\)([#0 +-]*\d*(?:\.\d+)?[a-zA-Z])?|%)?")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>?")
NUMBER = "num"


def harm_in(ids: Sequence[str], strings: Sequence[str]) -> str:
    """Why a translation can't be shown, as a text that `N_` marked; empty where it can.

    A placeholder that nothing is given for, or a lone percent sign, would be an error page; a tag that the
    English doesn't have would be markup that nobody has looked at.
    """
    return next((reason for string in strings for reason in _harms(ids, string)), "")


def _harms(ids: Sequence[str], string: str) -> Iterator[str]:
    if "%" in string and _is_format(ids):
        given = {name: kind for one in ids for name, kind in _placeholders(one)}
        if len(ids) > 1:
            given.setdefault(NUMBER, "d")
        for name, kind in _placeholders(string):
            if name is None:
                yield N_("it has a percent sign on its own")
            elif name not in given:
                yield N_("it has a placeholder that the English doesn't have")
            elif kind is None or (kind[-1] not in "sr" and kind[-1] != (given[name] or "")[-1:]):
                yield N_("it has a placeholder of another kind than the English")
    if "<" in string and Counter(_TAG.findall(string)) not in [Counter(_TAG.findall(one)) for one in ids]:
        yield N_("its tags are not those of the English")


def _is_format(ids: Sequence[str]) -> bool:
    """Whether the English is filled in with values: with a lone percent sign it can't be."""
    return all(name is not None and kind for one in ids for name, kind in _placeholders(one))


def _placeholders(text: str) -> Iterator[tuple[str | None, str | None]]:
    """Name and kind of each; no name for a lone percent sign."""
    for found in _PLACEHOLDER.finditer(text):
        if found[0] != "%%":
            yield found[1], found[2]
