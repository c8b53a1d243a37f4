"""Markdown that people write, as HTML that can do nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: A text of one unclosed bracket after the other takes time that grows with its square.
LONGEST = 64 * 1024
#: What a text calls a file of the vendor's own: `![A lamp](media:2h7k…)`.
MEDIA = re.compile(r"media:([2-9a-z]{14})")
_TAGS = {
    *("a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p"),
    *("pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"class"}, "th": {"class"}}
_FILE = re.compile(r'<(img src|a href)="media:([2-9a-z]{14})"')

#: Gives the attributes of an `img` or `a` (its first argument) for a file's id; none where it isn't there.
Files = Callable[[str, str], Mapping[str, object]]


def markdown(text: str, below: int = 1, files: Files | None = None) -> Markup:
    """Markdown as HTML: headings, lists, tables, links; no HTML of its own, and pictures of `files` alone.

    Headings begin below a page's own headings of level `below`.
    """
    return shown(read(text, below), files)


def read(text: str, below: int = 1) -> str:
    """The first and slow half: HTML to keep, which is not to be shown before it went through `shown`."""
    reader = _reader()
    tokens = reader.parse(text[:LONGEST])
    _settle(tokens, below)
    return str(reader.renderer.render(tokens, reader.options, {}))


def shown(html: str, files: Files | None = None) -> Markup:
    """The second half: only what is harmless, with the files where they are now."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes={"http", "https", "mailto", "tel", "media"},
        link_rel="noopener nofollow",
    )
    # In what nh3 writes, a `<` begins a tag and is never text.
    return Markup(_FILE.sub(lambda found: _placed(found[1], found[2], files), clean))


def media_in(text: str) -> set[str]:
    """The ids of the files that a text names."""
    return set(MEDIA.findall(text))


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


def _settle(tokens: "Sequence[Token]", below: int) -> None:
    """Headings in levels without a gap, whichever the text begins with; figures in tables at the end."""
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    level = below
    for token in tokens:
        if token.type == "heading_open":
            level = min(below + 1 + used.index(token.tag), level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
        if "right" in str(token.attrs.pop("style", "")):
            token.attrs["class"] = "end"


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    """Pictures come from the vendor's own files: any other would tell somebody else who reads the page."""
    if attribute == "src" or value.lower().startswith("media:"):
        return value if MEDIA.fullmatch(value) else None
    if attribute == "class":
        return value if value == "end" else None
    return value


def _placed(start: str, file: str, files: Files | None) -> str:
    tag = start.partition(" ")[0]
    found = files(tag, file) if files else {}
    return f"<{tag}" + "".join(f' {name}="{escape(value)}"' for name, value in found.items())
