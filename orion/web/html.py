"""HTML that other systems wrote, as Markdown: words and their order, and nothing that runs."""

import re
from html import unescape
from urllib.parse import urlsplit

import nh3

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li"),
    *("ol", "p", "pre", "s", "strong", "table", "td", "th", "tr", "ul"),
}
_BLOCKS = {
    "blockquote",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "pre",
    "table",
    "tr",
    "ul",
    "ol",
    "li",
}
_MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*", "s": "~~"}
_HEADINGS = {"h1": "## ", "h2": "## ", "h3": "### ", "h4": "#### ", "h5": "##### ", "h6": "###### "}
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|])")
_BEGINNING = re.compile(r"^(\s*)([#+-]|\d+(?=[.)]))")
_BREAKS = re.compile(r"(?:\n\\|\s)*")
#: What is no single space between words, and is there seldom.
_ODD = re.compile(r"[\t\r\n\f\u200b\ufeff\0]|  ")
_SPACE = re.compile(r"[ \t\r\n\f\u200b\ufeff]+")
#: As deep as lists go in each other.
_DEEPEST = 6
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes={"a": {"href"}}, link_rel=None)
#: What clean HTML is made of, as the cleaner writes it: slash, tag and attributes, or text.
_PART = re.compile(r'<(/?)([a-z0-9]+)((?: [^\s"=>]+="[^"]*")*)>|([^<]+)')
_HREF = re.compile(r' href="([^"]*)"')
_POINT = re.compile(r"\s*(-|\d+\.) ")
_MARKED = re.compile(r"\0(\*\*|\*|~~|\[)")


def from_html(html: str) -> str:
    """Markdown that says what the HTML says: paragraphs, headings, lists, emphasis, links to web pages.

    Scripts, styles, pictures and everything else that is no text is gone; a text without tags stays as it
    is.
    """
    if "<" not in html and "&" not in html:
        return _plain(html)
    # A block of its own: lines in HTML are no lines, and what is nested is nested rightly afterwards.
    reader = _Reader()
    reader.read(_CLEANER.clean(html))
    return reader.text()


def _plain(text: str) -> str:
    lines = (_escaped(" ".join(line.split())) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text)
    begins = _BEGINNING.match(escaped)
    return f"{begins[1]}{_numbered(begins[2])}{escaped[begins.end() :]}" if begins else escaped


def _numbered(mark: str) -> str:
    # In front of a list's number the point is what makes it one.
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


class _Reader:
    """Reads clean HTML into blocks of Markdown."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._inline = ""
        self._lists: list[int] = []
        self._prefix = ""
        self._href: list[str] = []

    def read(self, clean: str) -> None:
        """Take in HTML that the cleaner has written."""
        for slash, tag, attributes, text in _PART.findall(clean):
            if text:
                self._take(unescape(text) if "&" in text else text)
            elif slash:
                self._end(tag)
            else:
                self._begin(tag, attributes)

    def text(self) -> str:
        """All blocks, with an empty line between them, and none between the points of a list."""
        self._end_block()
        joined = ""
        for block in self._blocks:
            point = _POINT.match(block) is not None
            before = _POINT.match(joined.rpartition("\n")[2]) is not None
            joined += ("" if not joined else "\n" if point and before else "\n\n") + block
        return joined.strip()

    def _begin(self, tag: str, attributes: str) -> None:
        if tag in _BLOCKS:
            self._end_block()
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._prefix = self._point()
        elif tag in _HEADINGS:
            self._prefix = _HEADINGS[tag]
        elif tag == "blockquote":
            self._prefix = "> "
        elif tag == "br":
            self._inline = self._inline.rstrip(" ") + "\\\n"
        elif tag == "hr":
            self._end_block()
            self._blocks.append("---")
        elif tag in _MARKS:
            self._inline += f"\0{_MARKS[tag]}"
        elif tag == "a":
            href = _HREF.search(attributes)
            self._href.append(_web(unescape(href[1])) if href else "")
            self._inline += "\0[" if self._href[-1] else ""
        elif tag in ("td", "th"):
            self._inline += " "

    def _end(self, tag: str) -> None:
        if tag in _MARKS:
            self._close(_MARKS[tag], _MARKS[tag])
        elif tag == "a" and self._href:
            href = self._href.pop()
            if href:
                self._close("[", f"]({href})")
        elif tag in ("ul", "ol") and self._lists:
            self._end_block()
            self._lists.pop()
        elif tag in _BLOCKS:
            self._end_block()

    def _take(self, data: str) -> None:
        text = _SPACE.sub(" ", data.replace("\0", "")) if _ODD.search(data) else data
        if self._inline.endswith((" ", "\n")) or not self._inline:
            text = text.lstrip(" ")
        self._inline += _SPECIAL.sub(r"\\\1", text) if self._inline else _escaped(text)

    def _point(self) -> str:
        depth = min(len(self._lists), _DEEPEST)
        indent = "   " * max(depth - 1, 0)
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            return f"{indent}{self._lists[-1]}. "
        return f"{indent}- "

    def _close(self, mark: str, ending: str) -> None:
        """End what a mark began; around nothing there is no mark, and none beside a space."""
        before, _begun, inside = self._inline.rpartition(f"\0{mark}")
        if not _begun:
            return
        words = inside.strip(" \\\n")
        after = " " if inside.endswith(" ") else ""
        lead = " " if inside.startswith(" ") else ""
        self._inline = f"{before}{lead}{mark}{words}{ending}{after}" if words else f"{before}{inside}"

    def _end_block(self) -> None:
        if not self._inline:
            return
        inline = _MARKED.sub("", self._inline) if "\0" in self._inline else self._inline
        # From behind, where the search for an end begins once and not at each of many line breaks.
        breaks = _BREAKS.match(inline[::-1]) if inline[-1:].isspace() else None
        words = inline[: len(inline) - (breaks.end() if breaks else 0)].strip()
        if words:
            self._blocks.append(self._prefix + words)
            self._prefix = ""
        self._inline = ""


def _web(href: str) -> str:
    """An address of the web that fits between brackets; empty for any other."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return re.sub(r"[\s()<>\\]", lambda m: f"%{ord(m[0]):02X}", href.strip())
