"""Placeholders of a translation against those of the English: `%(name)s`, `%s`, `{name}`."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from orion.i18n.findings import Finding, Form
from orion.manifest.diagnostics import did_you_mean

_PERCENT = re.compile(
    r"%%|%(?:\((?P<name>[^)\n]*)\))?(?P<options>[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?)"
    r"(?P<kind>[diouxXeEfFgGcrsa])|%(?:\((?P<broken>\w+)\)?)?"
)
#: Of C and its relatives: `%1$s`, `%lu`.
_PRINTF = re.compile(
    r"%%|%(?:(?P<place>\d+)\$)?[#0\- +']*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|L|q|j|z|t)?"
    r"(?P<kind>[diouxXeEfFgGaAcCsSpn@])"
)
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}\n]*)\}|[{}]")
_PLAIN_BRACES = re.compile(r"\{\{\s*[\w.]+\s*\}\}|\{(?:[A-Za-z_][\w.]*|\d*)\}")
_PLAIN_PERCENT = re.compile(r"(?<![\d%])%[sd](?![A-Za-z])")
_PRINTF_FLAGS = frozenset(
    {"c-format", "objc-format", "php-format", "perl-format", "boost-format", "gcc-internal-format"}
)
#: Kinds of value that take each other's place.
_SAME = {kind: group[0] for group in ("diu", "xX", "eEfFgG", "sS") for kind in group}
#: How programs name the number that a plural is for.
_NUMBERS = frozenset({"num", "n", "number", "count", "counter", "total", "amount", "size", "len", "length"})


class Token(NamedTuple):
    """A placeholder: where it stands, its text, its name (None: by order) and kind (None: it is broken)."""

    at: int
    text: str
    name: str | None
    kind: str | None


#: Placeholders by name.
Named = dict[str | None, Token]


def check(form: Form) -> Iterator[Finding]:
    """What is wrong with the placeholders of a translation."""
    flags = form.flags
    if flags & _PRINTF_FLAGS:
        yield from _in_order(form, [_printf(text) for text in form.english], _printf(form.text))
    elif "no-python-format" not in flags:
        yield from _percent(form)
    yield from _braces(form)


def names_in(text: str) -> list[str]:
    """The placeholders of a text that have a name, `%(…)s` alone."""
    return [token.text for token in _tokens(text) if token.name is not None and token.kind is not None]


# -- with a percent sign --------------------------------------------------------------------------


def _percent(form: Form) -> Iterator[Finding]:
    english = [_tokens(text) for text in form.english]
    mine = _tokens(form.text)
    named = any(token.name is not None for tokens in english for token in tokens) or (
        not any(english) and any(token.name is not None and token.kind is not None for token in mine)
    )
    flagged = "python-format" in form.flags
    sound = all(token.kind is not None for tokens in english for token in tokens)
    if named:
        yield from _by_name(form, english, mine, sound)
    elif flagged and sound and any(english):
        yield from _in_order(form, english, mine)
    elif not flagged and any(_PLAIN_PERCENT.search(text) for text in form.english):
        yield from _in_order(form, [_simple(text) for text in form.english], _simple(form.text))


def _tokens(text: str) -> list[Token]:
    return [
        Token(found.start(), found[0], found["name"] or found["broken"], found["kind"])
        for found in _PERCENT.finditer(text)
        if found[0] != "%%"
    ]


def _simple(text: str) -> list[Token]:
    return [Token(found.start(), found[0], None, found[0][-1]) for found in _PLAIN_PERCENT.finditer(text)]


def _printf(text: str) -> list[Token]:
    """Tokens in the order of the values that they take."""
    found = [one for one in _PRINTF.finditer(text) if one[0] != "%%"]
    numbered = [
        (int(one["place"] or number), Token(one.start(), one[0], None, one["kind"]))
        for number, one in enumerate(found, start=1)
    ]
    ordered = {place: token for place, token in sorted(numbered, key=lambda pair: pair[0])}
    return list(ordered.values())


def _by_name(form: Form, english: list[list[Token]], mine: list[Token], sound: bool) -> Iterator[Finding]:
    whole = [t for tokens in english for t in tokens if t.name is not None and t.kind is not None]
    given: Named = {token.name: token for token in whole}
    missing = _missing(form, {t.name: t for t in english[-1] if t.name in given}, {t.name for t in mine})
    for token in mine:
        if token.name is None:
            if sound:
                yield Finding(
                    token.at, "ORN413", "a percent sign on its own", "write %% for one that is shown"
                )
        elif token.kind is None:
            missing.pop(token.name, None)
            known = given.get(token.name)
            hint = f"write {known.text}" if known else did_you_mean(token.name, _names(given))
            yield Finding(token.at, "ORN413", f"the placeholder {token.text} is not whole", hint)
        elif token.name not in given:
            yield _unknown(token, given, missing)
        elif not _fits(token, given[token.name]):
            wanted = given[token.name].text
            yield Finding(token.at, "ORN412", f"{token.text} is of another kind", f"the English has {wanted}")
    yield from _lacking(form, missing)


def _names(given: Named) -> list[str]:
    return [name for name in given if name is not None]


def _unknown(token: Token, given: Named, missing: Named) -> Finding:
    """A name that the English doesn't have; if it is a misspelt one, that one is not missing besides."""
    folded = {name.casefold(): name for name in _names(missing)}
    meant = folded.get((token.name or "").strip().casefold())
    hint = did_you_mean(token.name or "", [meant] if meant else _names(missing) or _names(given), 0.5)
    for name in [name for name in _names(missing) if f'"{name}"' in hint]:
        del missing[name]
    if not hint and len(missing) == 1:
        _name, lost = missing.popitem()
        hint = f"write {lost.text}"
    if not hint:
        names = ", ".join(one.text for one in given.values())
        hint = f"it has {names}" if names else "it has none"
    return Finding(token.at, "ORN411", f"the English has no {token.text}", hint)


def _missing(form: Form, wanted: Named, there: set[str | None]) -> Named:
    """What a form must say and doesn't. For one number alone it needn't say the number."""
    missing = {name: token for name, token in wanted.items() if name not in there}
    if form.lenient and missing:
        numbers = [
            n for n, t in wanted.items() if (n or "").casefold() in _NUMBERS or _SAME.get(t.kind or "") == "d"
        ]
        if numbers:
            return {name: token for name, token in missing.items() if name not in numbers}
        if len(missing) == 1:
            return {}
    return missing


def _lacking(form: Form, missing: Named) -> Iterator[Finding]:
    for name, token in missing.items():
        braced = re.search(r"[{$\[<]\(?%?" + re.escape(name or "") + r"\)?[}\]>]?", form.text, re.IGNORECASE)
        at, hint = 0, "it must be there as it is in English"
        if braced:
            at, hint = braced.start(), f"write {token.text} for {braced[0]}"
        yield Finding(at, "ORN410", f"{token.text} is missing", hint)


def _fits(token: Token, english: Token) -> bool:
    mine, wanted = token.kind or "", english.kind or ""
    return mine == wanted or _SAME.get(mine, mine) == _SAME.get(wanted, wanted)


def _in_order(form: Form, english: list[list[Token]], mine: list[Token]) -> Iterator[Finding]:
    """Placeholders without names take their values by order."""
    for token in mine:
        if token.kind is None:
            hint = "write %% for one that is shown" if token.text == "%" else ""
            yield Finding(token.at, "ORN413", f"{token.text} is not a whole placeholder", hint)
    mine = [token for token in mine if token.kind is not None]
    if any(token.name is not None for token in mine):
        named = next(token for token in mine if token.name is not None)
        yield Finding(
            named.at, "ORN411", f"the English has no {named.text}", "its placeholders have no names"
        )
        return
    wanted = english[-1]
    if form.lenient and len(mine) < len(wanted):
        return
    if len(mine) < len(wanted):
        lost = Counter(t.text for t in wanted) - Counter(t.text for t in mine)
        yield Finding(0, "ORN410", f"{' '.join(lost) or wanted[-1].text} is missing", "all must be there")
    elif len(mine) > len(wanted) and len(mine) not in {len(tokens) for tokens in english}:
        yield Finding(mine[len(wanted)].at, "ORN411", f"{mine[len(wanted)].text} is one too many")
    else:
        for token, other in zip(mine, wanted, strict=False):
            if not _fits(token, other):
                hint = f"the English has {other.text} in its place"
                yield Finding(token.at, "ORN412", f"{token.text} is of another kind", hint)
                return


# -- in braces ------------------------------------------------------------------------------------


def _braces(form: Form) -> Iterator[Finding]:
    if "python-brace-format" in form.flags and all(_is_whole(text) for text in form.english):
        yield from (
            Finding(
                found.start(), "ORN413", f"a lone {found[0]}", f"write {found[0] * 2} for one that is shown"
            )
            for found in _BRACES.finditer(form.text)
            if found[0] in "{}"
        )
        english, mine = [_fields(text) for text in form.english], _fields(form.text)
    elif any("{" in text for text in form.english):
        english, mine = [_plain(text) for text in form.english], _plain(form.text)
    else:
        return
    given = {token.name: token for tokens in english for token in tokens}
    if not given:
        return
    missing = _missing(form, {t.name: t for t in english[-1]}, {t.name for t in mine})
    for token in mine:
        if token.name not in given:
            yield _unknown(token, given, missing)
    yield from _lacking(form, missing)


def _is_whole(text: str) -> bool:
    return all(found[0] not in "{}" for found in _BRACES.finditer(text))


def _fields(text: str) -> list[Token]:
    """The fields of str.format; `{}` are told apart by their number."""
    tokens: list[Token] = []
    for found in _BRACES.finditer(text):
        if found["field"] is not None:
            name = re.split(r"[.:!\[]", found["field"])[0].strip()
            tokens.append(Token(found.start(), found[0], name or str(len(tokens)), "s"))
    return tokens


def _plain(text: str) -> list[Token]:
    return [
        Token(found.start(), found[0], re.sub(r"\s", "", found[0]), "s")
        for found in _PLAIN_BRACES.finditer(text)
    ]
