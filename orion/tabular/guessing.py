"""How bytes that aren't UTF-8 were probably written: a proposal to look at, never taken as such."""

from collections.abc import Iterable

#: Encodings that tables are found in, and letters that texts of their languages have, the usual ones twice.
LETTERS = {
    "cp1252": "äöüßéèêàçñóíáãåøæâôîëïúÄÖÜÉéèäöüñçà–’“”€°",
    "cp1250": "ąćęłńóśźżĄĆĘŁŚŻčěřšžýáíůďťňőűăâîșțşţšžěčřłąężőűőűúóöüéÁÉ–€",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяоаеинтсрвл",
    "cp1253": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
    "cp1254": "ğışçöüİĞŞÇÖÜğışı",
    "cp850": "äöüßéèêàçñóíáåøæâôîûÄÖÜÉéèäöüñçà",
    "mac-roman": "äöüßéèêàçñóíáåøæâôîûÄÖÜÉéèäöüñçà–’“”",
    "iso8859-2": "ąćęłńóśźżčěřšžýáíůőűăâîşţšžěčřłąężőűőűúóöüéÁÉ",
}
_SAMPLE = 2_000


def guess_encoding(data: bytes) -> str | None:
    """The encoding that makes most sense of the bytes beyond ASCII; None where there are none, or no sense.

    >>> guess_encoding("Häberlin, Zoë, 12 €".encode("cp1252"))
    'cp1252'
    """
    if not any(byte > 0x7F for byte in data):
        return None
    found = {name: score for name in LETTERS if (score := _score(data, name)) > 0}
    return max(found, key=lambda name: found[name]) if found else None


def _score(data: bytes, encoding: str) -> float:
    """How well bytes read in an encoding: letters of its languages in words for it, the rest against it."""
    text = data.decode(encoding, "replace")
    at = [place for place, letter in enumerate(text) if ord(letter) > 0x7F][:_SAMPLE]
    return sum(_weight(text, place, LETTERS[encoding]) for place in at) / (len(at) or 1)


def _weight(text: str, place: int, letters: str) -> float:
    letter = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if letter == "\ufffd" or ord(letter) < 0xA0:
        return -3
    if letter.isalpha() and letter > "\u036f" and (_is_ascii_letter(before) or _is_ascii_letter(after)):
        return -2  # No word mixes scripts.
    if letter.isalpha():
        odd_case = letter.isupper() and before.islower()
        return -2 if odd_case else min(letters.count(letter), 2) if letter in letters else -0.5
    inside_a_word = before.isalpha() and after.isalpha() and letter != "’"
    return -1.5 if inside_a_word else 0.5 if letter in letters else -0.2


def _is_ascii_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def readable(lines: Iterable[str]) -> str:
    """The first word beyond ASCII, to show what a proposal makes of it."""
    for line in lines:
        for word in line.split():
            if not word.isascii():
                return word[:40]
    return ""
