"""What a person reads or hears on a page: texts between tags, and attributes that are said or shown."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from orion.i18n.pseudo import CLOSE, OPEN

#: Attributes whose value a person reads or hears; `data-dialog` is a heading, `data-l` that of a cell.
SAID = ("title", "aria-label", "aria-description", "aria-valuetext", "alt", "placeholder", "label")
SAID += ("data-dialog", "data-l", "data-confirm", "data-none")
#: What stands in these is a machine's or the page's own.
SILENT = frozenset({"script", "style", "svg", "code", "kbd", "samp", "pre", "template", "bdi", "textarea"})
EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "use", "circle", "path", "col", "wbr"})
_SIGNS = "".join((" :;,.()[]“”\"'–-+−%*/#&!?•", "\u200e\u200f\u2066\u2067\u2068\u2069"))


class Said(NamedTuple):
    """A text, and where it stands: a tag or attribute."""

    where: str
    text: str


def texts_of(html: str) -> list[Said]:
    """Every text of a page, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def without_catalog(text: str) -> str:
    """A text of the pseudo-language without all that came from a catalog."""
    kept, depth = [], 0
    for letter in text:
        depth += letter == OPEN
        if not depth:
            kept.append(letter)
        elif letter == OPEN:
            kept.append("\n")
        depth -= letter == CLOSE and depth > 0
    return "".join(kept)


def pieces(text: str) -> Iterator[str]:
    """What is left of a text once words from catalogs, numbers and signs are taken away."""
    for piece in re.split(r"[\n·|…→←]| – |, ", without_catalog(text)):
        stripped = " ".join(piece.split()).strip(_SIGNS)
        if re.search(r"[^\W\d_]{2}", stripped):
            yield stripped


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Said] = []
        self._open: list[str] = []
        #: Whether the last text goes on: it may break there, and is one.
        self._goes_on = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        aside = any(opened.endswith("!") for opened in self._open)
        for name in SAID:
            if given.get(name, "").strip() and not aside:
                self.found.append(Said(f"{tag}@{name}", given[name]))
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            self.found.append(Said("input@value", given.get("value", "")))
        self._goes_on = tag == "wbr"
        if tag not in EMPTY:
            data = given.get("translate") == "no" or "diff" in given.get("class", "").split()
            # What is in another language than the page is so on purpose.
            data = data or (tag != "html" and "lang" in given)
            self._open.append(f"{tag}!" if data else tag)

    def handle_endtag(self, tag: str) -> None:
        self._goes_on = False
        while self._open:
            if self._open.pop().rstrip("!") == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in SILENT or tag.endswith("!") for tag in self._open):
            said = " ".join(data.split())
            if self._goes_on and self.found:
                said = self.found.pop().text + said
            self.found.append(Said(self._open[-1] if self._open else "", said))
