"""Canary words: each text of a tenant's rows carries one, so that a page which shows it is caught."""

import random
import re

#: The letters of public ids: none is misread, and none is lost when a search folds case and accents.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10
WORD = re.compile(rf"zq[{LETTERS}]{{6}}qz", re.IGNORECASE)
#: Letters that no word of a page or a header is made of alone, as `src` is of consonants.
RARE = "jkqvxz"
_PUBLIC_ID = re.compile(rf"[{LETTERS}]{{14}}")


def words_in(text: str) -> set[str]:
    """The canary words of a text, in lower case."""
    return {word.lower() for word in WORD.findall(text)} if "zq" in text or "ZQ" in text else set()


def new_word(rng: random.Random) -> str:
    """A word like those that are planted."""
    return f"zq{_letters(rng, 6)}qz"


def with_word(value: str, word: str, longest: int) -> str | None:
    """A text with a word in it that is still a text of its kind; None where there is no room for it."""
    if "@" in value:
        local, _, host = value.rpartition("@")
        marked = f"{local}-{word}@{host}"
    elif re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", value):
        marked = f"{word}.{value}"
    else:
        gap = " " if " " in value else "-"
        marked = value[: longest - LENGTH - 1] + gap + word
    return marked if len(marked) <= longest else None


def never(value: str, rng: random.Random) -> str:
    """A value that looks like this one, and that nothing ever had."""
    if value.isdecimal():
        return str(rng.randint(10**9, 2 * 10**9))
    if words_in(value):
        return WORD.sub(lambda _found: new_word(rng), value)
    if _PUBLIC_ID.fullmatch(value):
        # It begins as that one does: somewhere a digit is refused that a letter is not.
        first = rng.choice([one for one in LETTERS if one.isdecimal() == value[0].isdecimal()])
        return first + _letters(rng, 13)
    return "".join(_like(letter, rng) for letter in value)


def _like(letter: str, rng: random.Random) -> str:
    if not letter.isalnum():
        return letter
    if letter.isdecimal():
        return rng.choice("0123456789")
    return rng.choice(RARE.upper() if letter.isupper() else RARE)


def _letters(rng: random.Random, number: int) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(number))
