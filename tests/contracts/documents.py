"""A page as assistive technology meets it: a tree of elements, their names, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
#: What nobody hears.
SILENT = frozenset({"script", "style", "template", "head"})


@dataclass(eq=False)
class Element:
    """An element of a page; `parts` are texts and elements, in order."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    parts: list[str | Element] = field(default_factory=list)

    def __repr__(self) -> str:
        shown = " ".join(f'{name}="{value}"' for name, value in self.attributes.items())
        return f"<{self.tag} {shown}>"[:120]

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    @property
    def children(self) -> list[Element]:
        """The elements right within."""
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def above(self) -> Iterator[Element]:
        """What it stands in, from the inside out."""
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    def all(self, *tags: str) -> Iterator[Element]:
        """Everything of these tags within (all where none is named), in order; nothing of templates."""
        for child in self.children:
            if child.tag == "template":
                continue
            if not tags or child.tag in tags:
                yield child
            yield from child.all(*tags)

    @property
    def silent(self) -> bool:
        """Whether it is kept from assistive technology."""
        return any(
            e.get("aria-hidden") == "true" or "hidden" in e or e.tag in SILENT for e in (self, *self.above)
        )

    @property
    def text(self) -> str:
        """What is heard of it, with one space between words."""
        return " ".join("".join(self._heard()).split())

    def _heard(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.get("aria-hidden") != "true" and part.tag not in SILENT:
                if part.tag == "img":
                    yield f" {part.get('alt')} "
                elif "aria-label" in part:
                    yield f" {part.get('aria-label')} "
                else:
                    yield " " if part.tag != "bdi" else ""
                    yield from part._heard()


class Document(Element):
    """A whole page. `faults` are end tags that close something else."""

    def __init__(self, html: str) -> None:
        super().__init__("#document", {})
        self.faults: list[str] = []
        reader = _Reader(self)
        reader.feed(html)
        reader.close()
        self.faults += [f"never closed: {e}" for e in (reader.here, *reader.here.above) if e is not self]
        self.ids: dict[str, Element] = {}
        for element in self.all():
            if "id" in element:
                self.ids.setdefault(element.get("id"), element)

    def one(self, tag: str) -> Element:
        """The first element of a tag."""
        return next(self.all(tag))

    def name_given(self, element: Element) -> str:
        """What an element is called by an attribute: by others, or by itself."""
        called = [self.ids[i].text for i in element.get("aria-labelledby").split() if i in self.ids]
        return " ".join(called) or element.get("aria-label")

    def name(self, element: Element) -> str:
        """What an element is called: by an attribute, by its label, by what it says."""
        given = self.name_given(element)
        if given:
            return given
        if element.tag in ("input", "select", "textarea"):
            return self._label(element)
        named = {"table": "caption", "fieldset": "legend"}.get(element.tag)
        if named:
            return next((child.text for child in element.children if child.tag == named), "")
        return element.get("alt") if element.tag == "img" else element.text

    def _label(self, control: Element) -> str:
        if control.get("type") in ("submit", "button"):
            return control.get("value")
        own = [label for label in self.all("label") if label.get("for") == control.get("id", "-")]
        return " ".join(label.text for label in [*own, *(e for e in control.above if e.tag == "label")])


class _Reader(HTMLParser):
    """Builds the tree."""

    def __init__(self, document: Document) -> None:
        super().__init__(convert_charrefs=True)
        self.here: Element = document
        self.faults = document.faults

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.parts.append(made)
        if len(made.attributes) < len(attrs):
            self.faults.append(f"an attribute twice: {made}")
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag != tag or self.here.parent is None:
            self.faults.append(f"</{tag}> ends {self.here}")
        else:
            self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)
