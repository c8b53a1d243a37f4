"""Tags and links of a translation against those of the English, and its edges."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from orion.i18n.findings import Finding, Form
from orion.manifest.diagnostics import WARNING

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*|\d+)(?P<rest>(?:\s[^<>]*)?)(?P<empty>/?)>")
_LINK = re.compile(r"""\b(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_URL = re.compile(r"\bhttps?://[^\s<>\"'）)]+[^\s<>\"'.,;:!?）)]")
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|\{\w*\}")
#: What is a tag wherever it stands; another word in <> only where the English closes it too.
_HTML = frozenset(
    """
    a abbr address article aside audio b bdi bdo blockquote br button caption cite code col colgroup data dd
    del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hr i iframe img input ins kbd label legend li link main map mark meter nav object ol optgroup option
    output p picture pre progress q rp rt ruby s samp script section select small source span strike strong
    style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var
    video wbr
    """.split()  # noqa: SIM905
)
_EMPTY = frozenset({"br", "hr", "img", "input", "wbr", "col", "source", "track", "embed"})
_BLANKS = " \t"


class Tag(NamedTuple):
    """A tag: where it stands, and `b`, `/b` or `br/`."""

    at: int
    name: str
    text: str


def check_tags(form: Form) -> Iterator[Finding]:
    """Tags must be those of the English, and be closed as they were opened."""
    known = _HTML | {tag.name for text in form.english for tag in _tags(text) if _is_closed(tag, text)}
    wanted = [[tag for tag in _tags(text) if _base(tag) in known] for text in form.english]
    mine = [tag for tag in _tags(form.text) if _base(tag) in known]
    counts = Counter(tag.name for tag in mine)
    if all(counts != Counter(tag.name for tag in tags) for tags in wanted):
        yield from _differing(mine, counts, Counter(tag.name for tag in wanted[-1]))
    elif _is_nested(wanted[-1]) and not _is_nested(mine):
        yield Finding(mine[0].at, "ORN421", "the tags are not closed in the order in which they were opened")
    yield from _links(form)


def _tags(text: str) -> list[Tag]:
    return [
        Tag(found.start(), f"{found['end']}{found['name'].lower()}", found[0])
        for found in _TAG.finditer(text)
    ]


def _base(tag: Tag) -> str:
    return tag.name.lstrip("/")


def _is_closed(tag: Tag, text: str) -> bool:
    return not tag.name.startswith("/") and f"</{tag.name}>" in text.lower()


def _differing(mine: list[Tag], counts: Counter[str], wanted: Counter[str]) -> Iterator[Finding]:
    missing, more = _paired(wanted - counts), _paired(counts - wanted)
    for name in more:
        last = [tag for tag in mine if tag.name == name][-1]
        if missing:
            message = f"{last.text} stands where the English has <{missing.pop(0)}>"
            yield Finding(last.at, "ORN420", message)
        else:
            hint = f"the English has {wanted[name]}" if name in wanted else "the English has none"
            yield Finding(last.at, "ORN420", f"{last.text} is one tag too many", hint)
    for name in missing:
        tag = f"<{name}>…</{name}>" if f"/{name}" in wanted - counts else f"<{name}>"
        yield Finding(0, "ORN420", f"the tag {tag} is missing", "it must be there as it is in English")


def _paired(names: Counter[str]) -> list[str]:
    """Without the end of a tag whose beginning is there too."""
    return [name for name in names if not (name.startswith("/") and name[1:] in names)]


def _is_nested(tags: list[Tag]) -> bool:
    still_open: list[str] = []
    for tag in tags:
        if tag.name.startswith("/"):
            if not still_open or still_open.pop() != _base(tag):
                return False
        elif tag.name not in _EMPTY and not tag.text.endswith("/>"):
            still_open.append(tag.name)
    return not still_open


def _links(form: Form) -> Iterator[Finding]:
    """Links in tags must lead where they do in English; one to another site may have its own language."""
    wanted = Counter(target for text in form.english for target, _ in _targets(text))
    for target, at in _targets(form.text):
        if wanted and target not in wanted:
            outside = target.startswith(("http://", "https://"))
            hint = f"the English leads to {', '.join(wanted)}"
            severity = {"severity": WARNING} if outside else {}
            yield Finding(at, "ORN422", f"this leads to {target}", hint, **severity)
    bare = {url for text in form.english[-1:] for url in _URL.findall(_TAG.sub(" ", text))}
    for url in sorted(bare):
        if url not in form.text and not _URL.search(_TAG.sub(" ", form.text)):
            yield Finding(0, "ORN422", f"the address {url} is missing", severity=WARNING)


def _targets(text: str) -> Iterator[tuple[str, int]]:
    for tag in _TAG.finditer(text):
        for found in _LINK.finditer(tag[0]):
            group = next(i for i in (1, 2, 3) if found[i] is not None)
            yield found[group], tag.start() + found.start(group)


def check_breaks(form: Form) -> Iterator[Finding]:
    """Line breaks at the edges are there for what stands beside: they must be the same."""
    yield from _breaks(
        form, "begin", form.text.startswith("\n"), [t.startswith("\n") for t in form.english], 0
    )
    end = len(form.text) - 1 if form.text.endswith("\n") else len(form.text)
    yield from _breaks(form, "end", form.text.endswith("\n"), [t.endswith("\n") for t in form.english], end)


def _breaks(form: Form, edge: str, mine: bool, english: list[bool], at: int) -> Iterator[Finding]:
    if mine not in english:
        does = f"does not {edge} with a line break, as the English does"
        hint = f"put \\n at its {'beginning' if edge == 'begin' else 'end'}"
        if mine:
            does, hint = f"{edge}s with a line break, and the English does not", "delete the \\n"
        yield Finding(at, "ORN440", f"the translation {does}", hint)


def check_blanks(form: Form) -> Iterator[Finding]:
    """A blank at an edge parts a text from what stands beside it. One too many only looks wrong."""
    if not form.text.strip():
        if any(text.strip() for text in form.english):
            yield Finding(0, "ORN441", "the translation is nothing but blanks", "write it, or leave it empty")
        return
    for edge, at, side in (("begin", 0, 0), ("end", len(form.text) - 1, -1)):
        mine = form.text[side] in _BLANKS
        if mine in [text[side] in _BLANKS for text in form.english if text]:
            continue
        if mine:
            message = f"the translation {edge}s with a blank, and the English does not"
            yield Finding(at, "ORN441", message, "delete it", WARNING)
        elif not _is_wide(form.text[side]):
            message = f"the translation does not {edge} with a blank, as the English does"
            yield Finding(at, "ORN441", message, "the blank parts it from what stands beside it")


def _is_wide(sign: str) -> bool:
    """Whether a sign brings its own room, as those of Chinese and Japanese do."""
    return unicodedata.east_asian_width(sign) in "WF"


def length(text: str) -> int:
    """How many characters a reader sees: without tags, placeholders, marks and signs of direction."""
    bare = _PLACEHOLDER.sub("", _TAG.sub("", text))
    return sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") for sign in bare)
