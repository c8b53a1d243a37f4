"""What a page leads to: addresses, forms and htmx attributes; and what must never come out of one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

#: Attributes that hold an address to be asked with GET.
READ = frozenset({"href", "src", "hx-get", "action-get", "poster", "data-url"})
#: Attributes of htmx that hold an address to be written to.
WRITE = {"hx-post": "POST", "hx-put": "PUT", "hx-patch": "PATCH", "hx-delete": "DELETE"}
#: Attributes that a browser follows.
LEADING = READ | WRITE.keys() | {"action", "formaction", "xlink:href"}
#: Elements whose link people do not follow: files that every page loads.
FILES = frozenset({"link", "script", "use"})
FIELDS = frozenset({"input", "select", "textarea", "button"})
#: What submissions put into every field. An element or attribute of that name got out of its text.
TAG, ATTRIBUTE = "zxtag", "zxattr"
#: How long ago something was.
_AGO = re.compile(r"(<time\b[^>]*>)[^<]*")
#: What is signed; a dot comes first where it could be made shorter.
_TOKEN = re.compile(r"\.?[\w-]{8,}\.(?:[\w-]{4,8}\.)?[\w-]{20,}")


@dataclass
class Field:
    """A control of a form: its name, its value as the page gives it, and what else it offers."""

    name: str
    kind: str = "text"
    value: str = ""
    offers: list[str] = field(default_factory=list)
    checked: bool = True
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """A form as a page shows it. `action` is absolute; `buttons` are names and values to send with it."""

    method: str
    action: str
    encoding: str = ""
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, ...]:
        """What two forms of the same kind have in common, apart from where they lead."""
        return (self.method, *sorted({f.name for f in (*self.fields, *self.buttons)}))

    @property
    def values(self) -> list[tuple[str, str]]:
        """What a browser sends when nothing is touched."""
        return [(f.name, f.value) for f in self.fields if f.checked and f.name]


@dataclass
class Page:
    """What was found on a page."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    escaped: list[str] = field(default_factory=list)


def read(text: str, address: str) -> Page:
    """What a page at an address leads to."""
    reader = _Reader(address)
    reader.feed(text)
    reader.close()
    return reader.page


def masked(text: str) -> str:
    """A text without tokens and cursors, which are signed anew for each question, and without how long ago
    something was, which the clock changes."""
    return _AGO.sub(r"\1", _TOKEN.sub("token", text))


class _Reader(HTMLParser):
    """Collects as a browser reads: forms by their elements, and by `form=` from elsewhere."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address, self.page = address, Page()
        self.open: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.select: Field | None = None
        self.text: Field | None = None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._suspect(tag, given)
        if tag not in FILES:
            self.page.links += [self._at(v) for name, v in given.items() if name in READ and v]
            self.page.links += [
                self._at(v.split()[0]) for v in given.get("srcset", "").split(",") if v.strip()
            ]
        for name, method in WRITE.items():
            if name in given:
                self.page.forms.append(Form(method, self._at(given[name])))
        if tag == "form":
            self._form(given)
        elif tag in FIELDS:
            self._field(tag, given)
        elif tag == "option" and self.select is not None:
            self._option(given)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.value += data

    def _at(self, value: str) -> str:
        return urljoin(self.address, value).partition("#")[0]

    def _form(self, given: dict[str, str]) -> None:
        action = self._at(given.get("action") or self.address)
        self.open = Form(given.get("method", "get").upper(), action, given.get("enctype", ""))
        self.page.forms.append(self.open)
        if "id" in given:
            self.by_id[given["id"]] = self.open

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form = self.by_id.get(given["form"]) if "form" in given else self.open
        if form is None:
            return
        kind = given.get("type", tag if tag != "input" else "text").lower()
        made = Field(given.get("name", ""), kind, given.get("value", ""), attributes=given)
        if tag == "button" or kind in ("submit", "image"):
            self._button(form, made, given)
            return
        if kind in ("checkbox", "radio"):
            made.value, made.checked = given.get("value", "on"), "checked" in given
            made.offers = [made.value]
        form.fields.append(made)
        self.select = made if tag == "select" else self.select
        self.text = made if tag == "textarea" else self.text

    def _button(self, form: Form, made: Field, given: dict[str, str]) -> None:
        if "formaction" in given:
            method = given.get("formmethod", form.method).upper()
            self.page.forms.append(Form(method, self._at(given["formaction"]), form.encoding, form.fields))
        elif made.name:
            form.buttons.append(made)

    def _option(self, given: dict[str, str]) -> None:
        assert self.select is not None
        value = given.get("value", "")
        if not self.select.offers or "selected" in given:
            self.select.value = value
        self.select.offers.append(value)

    def _suspect(self, tag: str, given: dict[str, str]) -> None:
        """Markup that was text when it was sent."""
        loose = [v for n, v in given.items() if n in LEADING and v.strip().lower().startswith("javascript:")]
        if tag == TAG or ATTRIBUTE in given or loose:
            self.page.escaped.append(self.get_starttag_text() or tag)
