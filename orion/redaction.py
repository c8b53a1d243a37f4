"""Nothing secret is written down: what may never stand in a log line, and how it is taken out.

What is known to be secret in a request (what was typed as a password, the cookies it came with) is hidden
wherever it turns up; everything else by how it looks. Both look at text alone, whoever wrote it: a library's
line passes here like our own.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

HIDDEN = "[hidden]"
#: No text in a log is longer; the patterns below stay quick on whatever somebody sends.
LONGEST = 20_000
#: Names of fields, parameters and headers whose values are nobody's business.
SECRET_NAME = re.compile(
    r"(?i)passw(or)?d|passphrase|passcode|token|secret|cookie|authorization|credential|csrf|\bt?otp|recovery"
    r"|api_?key|session_?id|e[_-]?mail"
)
#: Shorter values are hidden by the name beside them alone: they would be found in the middle of words.
SHORTEST = 4

_NAMES = (
    r"[\w-]{0,30}(?:passw(?:or)?d|passphrase|passcode|secret|token|csrf|api[_-]?key|credential|session[_-]id)"
    r"[\w-]{0,30}|t?otp"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # PostgreSQL repeats whole rows in the details of an error.
        (r"(?m)^(DETAIL|CONTEXT):.*$", r"\1: " + HIDDEN),
        (r"(?im)\b((?:set-)?cookie|authorization)(\"?'?\s*[:=]\s*)[^\n]+", r"\1\2" + HIDDEN),
        (r"\b([a-z][a-z0-9+.-]{1,30}://)[^\s@\"']{1,300}@", r"\1" + HIDDEN + "@"),
        (r"otpauth://\S+", HIDDEN),
        (r"\$argon2[^\s\"']+", HIDDEN),
        (r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}", r"\1 " + HIDDEN),
        (rf"(?i)\b({_NAMES})(\"?'?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s&,;)}}\]]+)", r"\1\2" + HIDDEN),
        (r"(?i)\b(code)(\"?'?\s*[=:]\s*\"?'?)\d{6,8}\b", r"\1\2" + HIDDEN),
        (r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.)*[\w-]{2,63}", "[e-mail]"),
        # What itsdangerous signed, and long random text.
        (r"(?<![\w.-])[\w-]{6,2000}\.[\w-]{5,8}\.[\w-]{20,60}(?![\w-])", HIDDEN),
        (r"(?<![\w+-])(?=[\w-]{0,200}[A-Z])(?=[\w-]{0,200}[a-z])(?=[\w-]{0,200}\d)[\w-]{40,200}", HIDDEN),
        (r"\b(?:[A-Z2-7]{32,64}|[0-9a-f]{64})\b", HIDDEN),
    )
)


def redact(text: str, known: Collection[str] = ()) -> str:
    """The text without what is known to be secret and without what looks like it."""
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
    for value in sorted(known, key=len, reverse=True):
        if len(value) >= SHORTEST:
            text = text.replace(value, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact_value(name: str, value: Any, known: Collection[str] = ()) -> Any:
    """A field's value as it may be written: numbers as they are, whatever hangs below it redacted too."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): redact_value(str(key), one, known) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value("", one, known) for one in value]
    return redact(str(value), known)
