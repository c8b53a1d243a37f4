"""How many plural forms a language has, and which numbers each is for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import PLURALS, get_plural

from orion.i18n.reading import Plural, plural_of, rule_of

_HEADER = re.compile(
    r"^\s*nplurals\s*=\s*(?P<count>\d+)\s*;\s*plural\s*=\s*(?P<rule>.+?)\s*;?\s*$", re.DOTALL
)
#: As many numbers show what a rule does.
TRIED = 1001
#: Counts that are in use besides those of gettext's and of Unicode's tables.
_ALSO: dict[str, set[int]] = {
    "tr": {1}, "hu": {1}, "fa": {1}, "az": {1}, "ka": {1}, "kk": {1}, "ky": {1}, "uz": {1}, "tt": {1},
    "he": {2, 3, 4}, "iw": {2, 3, 4}, "cy": {4, 5, 6}, "ga": {3, 5}, "gd": {3, 4}, "mk": {2, 3}, "lv": {2, 3},
    "be": {3, 4}, "bs": {3, 4}, "hr": {3, 4}, "sr": {3, 4}, "is": {2}, "id": {1, 2}, "ms": {1, 2},
    "br": {2, 5}, "lt": {3, 4}, "mt": {4, 5}, "kw": {2, 4, 6}, "fil": {2}, "tl": {2}, "ro": {2, 3},
    "bn": {2}, "ku": {2}, "ug": {1},
}  # fmt: skip


class Rule(NamedTuple):
    """A header's Plural-Forms: the number of `forms`, and which one a number takes."""

    forms: int
    text: str
    plural: Plural


def read_rule(said: str) -> Rule | None:
    """A header's rule, None for one that can't be read."""
    found = _HEADER.match(said)
    if found is None:
        return None
    try:
        return Rule(int(found["count"]), found["rule"], plural_of(found["rule"]))
    except ValueError:
        return None


def own_rule(locale: str) -> Rule | None:
    """The rule by which a language's numbers are served, None where nobody here knows it."""
    parsed = _parsed(locale)
    if parsed is None or not (_is_listed(parsed) or _in_unicode(parsed) == 2):
        return None
    text = rule_of("", str(parsed))
    return Rule(get_plural(parsed).num_plurals, text, plural_of(text))


def counts(locale: str) -> frozenset[int]:
    """The numbers of forms that catalogs of a language have; empty where nobody here knows."""
    parsed = _parsed(locale)
    if parsed is None:
        return frozenset()
    listed = {get_plural(parsed).num_plurals} if _is_listed(parsed) else set()
    # A language without data has one form there, as have those that need no more.
    unicode = {_in_unicode(parsed)} if listed or _in_unicode(parsed) > 1 else set()
    found = listed | unicode
    return frozenset(found | _ALSO.get(parsed.language, set())) if found else frozenset()


def name(locale: str) -> str:
    """What a language is called in English."""
    parsed = _parsed(locale)
    return (parsed.english_name or locale) if parsed is not None else locale


def numbers_of(plural: Plural, form: int) -> list[int]:
    """The numbers, of 0 to 1,000, that take a form."""
    return [number for number in range(TRIED) if value(plural, number) == form]


def value(plural: Plural, number: int) -> int | None:
    """The form of a number; None where the rule divides by nothing."""
    try:
        return plural(number)
    except ZeroDivisionError:
        return None


def beyond(rule: Rule) -> list[int]:
    """Numbers for which a rule gives a form that there is not."""
    forms = ((number, value(rule.plural, number)) for number in range(TRIED))
    return [number for number, form in forms if form is None or not 0 <= form < rule.forms]


def lenient(plural: Plural, form: int) -> bool:
    """Whether a form is for one number alone, or for none and one: it need not say which."""
    numbers = numbers_of(plural, form)
    return len(numbers) <= 1 or set(numbers) <= {0, 1}


def differing(one: Plural, other: Plural) -> Iterator[int]:
    """Numbers that two rules sort differently."""
    return (number for number in range(TRIED) if value(one, number) != value(other, number))


@lru_cache(maxsize=256)
def _parsed(locale: str) -> Locale | None:
    try:
        return Locale.parse(locale.replace("-", "_").replace("@", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def _in_unicode(locale: Locale) -> int:
    return len(locale.plural_form.tags - {"other"}) + 1


def _is_listed(locale: Locale) -> bool:
    return locale.language in PLURALS or str(locale) in PLURALS
