"""Passwords that are tried first: well-known words, rows of keys, names of the person and the portal.

What such a password holds is taken out of it; what is left must be worth something. That refuses more than
any list of leaked passwords of this length would, in a line of code for each way they are made, and less
than a service that knows them all.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_security import PasswordUtil

from orion.settings import Settings

#: Characters of a password at most: whatever looks at one takes longer the longer it is.
LONGEST = 200
#: So many characters must be left, and so many different ones must be there at all.
LEFT, DIFFERENT = 5, 5
#: A word that is shorter says nothing when it is found.
SHORTEST = 3
#: What stands for a letter.
STANDS_FOR = str.maketrans("0134578@$!", "oleastbasi")
#: Along these, forwards or backwards, go the fingers.
ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmik",
    "147258369",
    "159357",
)
RUN = 4
_WORDS = """
    admin administrator america angel apple arsenal ashley autumn babygirl banana barcelona baseball
    basketball batman butterfly buster changeme charlie cheese chelsea chocolate christ computer
    cookie daniel december default diamond dragon facebook family flower football forever freedom
    friday friend ginger golden google guest happy hello hockey hunter iloveyou internet january
    jennifer jessica jesus jordan joshua killer letmein liverpool login london love lucky maggie
    master matrix matthew merlin michael minecraft monday money monkey mustang naruto newyork nicole
    ninja orange paris passion passport password passwort pass pepper phoenix pokemon princess
    purple qwerty realmadrid robert root samsung secret september shadow silver soccer spring
    starwars summer sunshine superman temporary test thomas tigger trustno user welcome whatever
    winter
"""


class OrionPasswordUtil(PasswordUtil):
    """Flask-Security's rules, and that a password is neither too long nor easily guessed."""

    def validate(self, password: str, is_register: bool, **known: Any) -> tuple[list[Any] | None, str]:
        """See PasswordUtil. `known` may hold the `user`, or the `email` and `name` of a new one."""
        if len(password) > LONGEST:
            return [_("A password has %(num)s characters at most.", num=LONGEST)], cut(password)
        wrong, normal = super().validate(password, is_register, **known)
        if not wrong and is_guessable(normal, _of_the_place(known)):
            wrong = [_("This is easily guessed: well-known words, rows of keys, your name or this portal's.")]
        return wrong, normal


def cut(password: str) -> str:
    """What somebody typed as a password, as far as it is looked at: too long to be anybody's still."""
    return password[: LONGEST + 1]


def is_guessable(password: str, own: Iterable[str] = ()) -> bool:
    """Whether little is left of a password without what is tried first; `own` are words of its place."""
    plain = password.casefold()
    if len(set(plain)) < DIFFERENT:
        return True
    words = sorted({*_WORDS.split(), *(word for word in own if len(word) >= SHORTEST)}, key=len, reverse=True)
    rests = (_without(words, _without_rows(text)) for text in (plain, plain.translate(STANDS_FOR)))
    return any(len(rest) < LEFT or len(set(rest)) < LEFT - 1 for rest in rests)


def _without_rows(text: str) -> str:
    rest, at = "", 0
    while at < len(text):
        run = next((n for n in range(len(text) - at, RUN - 1, -1) if _is_row(text[at : at + n])), 0)
        rest, at = (rest, at + run) if run else (rest + text[at], at + 1)
    return rest


def _is_row(text: str) -> bool:
    return any(text in row or text[::-1] in row for row in ROWS) or len(set(text)) == 1


def _without(words: Iterable[str], text: str) -> str:
    """What is left without words, and without the digits and signs that people put around them."""
    around = r"[\W\d_]" if any(c.isalpha() for c in text) else r"[\W_]"
    for word in words:
        text = text.replace(word, "")
    return re.sub(around, "", text)


def _of_the_place(known: dict[str, Any]) -> set[str]:
    settings: Settings = current_app.extensions["settings"]
    user = known.get("user")
    person = [known.get(field) or getattr(user, field, "") for field in ("email", "name")]
    texts = ["orion", urlsplit(settings.public_url).hostname or "", *(str(text) for text in person)]
    return {word for text in texts for word in re.split(r"[\W_]+", text.casefold())}
