"""Following every link: a person's pages and forms, found as people find them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from werkzeug.exceptions import HTTPException

from tests.fuzz.browser import Answer, Browser, Question
from tests.fuzz.judge import Judge
from tests.fuzz.markup import Form, Page

#: Pages of one shape and of one kind that are opened, and addresses of one shape that are remembered.
OPENED, OF_A_KIND, REMEMBERED = 1, 3, 60
#: Forms of one shape that are remembered, and further pages of a kind that are read for what they lead to.
FORMS, READ = 3, 20
FRAGMENT = (("HX-Request", "true"), ("HX-Request-Type", "partial"))
#: Where everybody may begin.
DOORS = ("/", "/login", "/account/")


@dataclass
class Reached:
    """What a person was led to. Addresses have no host; forms have their page's values."""

    addresses: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    forms: dict[tuple[str, ...], list[Form]] = field(default_factory=dict)

    @property
    def all_addresses(self) -> list[str]:
        """Every address, each once."""
        return [address for found in self.addresses.values() for address in found]

    @property
    def all_forms(self) -> list[Form]:
        """Every form that writes."""
        return [form for found in self.forms.values() for form in found]

    @property
    def read_forms(self) -> list[Form]:
        """Every form whose state is an address."""
        return self._reading

    _reading: list[Form] = field(default_factory=list)


class Crawler:
    """Walks for one person, and judges each page on the way."""

    def __init__(self, browser: Browser, judge: Judge) -> None:
        self.browser, self.judge, self.reached = browser, judge, Reached()
        self._opened: Counter[tuple[str, ...]] = Counter()
        self._read: Counter[tuple[str, ...]] = Counter()

    def walk(self, doors: tuple[str, ...] = DOORS) -> Reached:
        """Follow every link from the doors on, until nothing new comes."""
        ahead = list(doors)
        while ahead:
            address = ahead.pop(0)
            shape = self.shape(address)
            if self._opened[shape] >= OPENED or self._opened[shape[:2]] >= OF_A_KIND:
                continue
            self._opened.update({shape, shape[:2]})
            for headers in self._ways(address):
                answer = self.browser.ask(Question("GET", address, headers=headers))
                page = self.judge.look(self.browser.person, answer)
                ahead += self.note(answer, page)
        return self.reached

    def is_keen(self, address: str) -> bool:
        """Whether a page of this kind may lead to something new."""
        kind = self.shape(address)[:2]
        self._read[kind] += 1
        return self._read[kind] <= READ

    def note(self, answer: Answer, page: Page) -> list[str]:
        """Remember what an answer leads to; gives the addresses that were unknown."""
        new = []
        for link in _links(answer, page):
            known = self.reached.addresses.setdefault(self.shape(link), [])
            if link not in known and len(known) < REMEMBERED:
                known.append(link)
                new.append(link)
        for form in page.forms:
            self._note_form(form)
        return new

    def _note_form(self, form: Form) -> None:
        action = _inside(form.action)
        if action is None:
            return
        form.action = action
        shape = (*form.shape, *self.shape(action))
        if form.method == "GET":
            if all(other.action != action for other in self.reached._reading):
                self.reached._reading.append(form)
            return
        known = self.reached.forms.setdefault(shape, [])
        if len(known) < FORMS and all(
            other.action != action or other.values != form.values for other in known
        ):
            known.append(form)

    def _ways(self, address: str) -> Iterator[tuple[tuple[str, str], ...]]:
        yield ()
        if self._opened[self.shape(address)[:2]] == 1:
            yield FRAGMENT

    def shape(self, address: str) -> tuple[str, ...]:
        """Page and names of the parameters: what pages of one kind have in common."""
        split = urlsplit(address)
        names = sorted({name for name, _value in parse_qsl(split.query, keep_blank_values=True)})
        try:
            adapter = self.judge.stage.app.url_map.bind("localhost")
            endpoint, arguments = adapter.match(split.path)
            return (endpoint, str(arguments.get("vendor_code", "")), *names)
        except HTTPException:
            return (split.path.rpartition("/")[0], *names)


def _links(answer: Answer, page: Page) -> Iterator[str]:
    headers = [
        answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url")
    ]
    for link in (*page.links, *headers):
        address = _inside(link)
        if address is not None:
            yield address


def _inside(link: str) -> str | None:
    """An address of this application without its host, or None."""
    split = urlsplit(link)
    if split.scheme not in ("", "http", "https") or split.netloc not in ("", "localhost"):
        return None
    if not split.path.startswith("/") or split.path.startswith("/static/"):
        return None
    return split.path + (f"?{split.query}" if split.query else "")
