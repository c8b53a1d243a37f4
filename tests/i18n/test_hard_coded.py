"""Nothing on a page is written into the code: in the pseudo-language what isn't data stands in brackets."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from sqlalchemy import select

from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.data.tables import metadata
from tests.contracts.conftest import Portal, portal
from tests.contracts.crawling import every_page
from tests.fuzz.markup import read
from tests.i18n.reading_pages import pieces, texts_of

__all__ = ["portal"]
pytestmark = [pytest.mark.only_on("sqlite"), pytest.mark.long]

#: What the formats of English make of moments, days, spans, sizes and weights.
FORMATTED = re.compile(
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* ?\d{0,2}"
    r"|\d{1,2}:\d\d(?::\d\d)? [AP]M|(?:in )?\d+ (?:second|minute|hour|day|week|month|year)s?(?: ago)?"
    r"|[\d,.]+ (?:bytes?|kB|MB|GB|TB|kg))$"
)
#: Addresses, ids, names of files, domains, encodings: what a machine reads too.
MACHINES = re.compile(r"\S*(?:[./_@=\\]|\d)\S*$|\w+: ?/\S*$")
#: Names that are the same in every language.
NAMES = frozenset({"Orion", "TXT", "PDF", "UTC", "SKU", "CSV", "JSON", "mac-roman", "Werkzeug"})
#: Ids that pages about modules show.
NAMES |= {"admin", "vendor", "shop"}
#: Codes of the languages that have catalogs: the page about translations shows them.
NAMES |= {one.parent.name for one in Path(__file__).parents[2].glob("translations/*/LC_MESSAGES")}


Pages = dict[str, tuple[str, str, str]]
Found = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def pages(portal: Portal) -> Pages:
    """Endpoint → (frontend, address, HTML in the pseudo-language) of each page."""
    found = {}
    for endpoint, (frontend, address) in every_page(portal).items():
        answer = portal.get(frontend, pretended(address))
        if answer.mimetype == "text/html":
            found[endpoint] = (frontend, address, answer.text)
    return found


@pytest.fixture(scope="module")
def known(portal: Portal) -> "Known":
    """What there is in the database, and in the tables of languages and countries."""
    return Known(portal)


def test_every_word_of_every_page_comes_from_a_catalog_or_is_data(pages: Pages, known: "Known") -> None:
    assert len(pages) > 100
    assert known.foreign({endpoint: html for endpoint, (_, _, html) in pages.items()}) == {}


def test_so_does_every_word_of_every_tile(portal: Portal, known: "Known") -> None:
    tiles = {
        f"{home}tiles/{metric.query}": frontend
        for frontend, home in portal.homes.items()
        for code in portal.orion.registry.on
        for metric in portal.orion.registry.manifests[code].metrics
        if frontend in metric.frontends
    }
    asked = {at: portal.get(f, pretended(at), headers={"HX-Request": "true"}).text for at, f in tiles.items()}
    assert known.foreign(asked) == {}


@pytest.mark.parametrize("address", ["nowhere", "orders?sort=nonsense", "search?q=an", "keys"])
def test_so_does_what_no_link_leads_to(portal: Portal, known: "Known", address: str) -> None:
    html = portal.get("vendor", pretended(portal.homes["vendor"] + address)).text
    assert "⟦" in html
    assert known.foreign({address: html}) == {}


def test_so_does_what_a_form_says_that_is_sent_empty(portal: Portal, pages: Pages, known: "Known") -> None:
    answers = {}
    for endpoint, (frontend, address, html) in pages.items():
        for form in read(html, address).forms:
            wanted = [one for one in form.fields if "required" in one.attributes and one.kind != "hidden"]
            if form.method == "POST" and wanted and portal.clients.get(frontend):
                blank = {one.name: one.value if one.kind == "hidden" else "" for one in form.fields}
                answer = portal.get(frontend, pretended(form.action), method="POST", data=blank)
                if answer.status_code == 422:
                    answers[endpoint] = answer.text
    assert len(answers) > 20
    assert known.foreign(answers) == {}


def pretended(address: str) -> str:
    """The same address in the pseudo-language."""
    return f"{address}{'&' if '?' in address else '?'}lang=en-XA"


class Known:
    """What may stand on a page without having come from a catalog."""

    def __init__(self, portal: Portal) -> None:
        self._values = set(_values(portal)) | _of_babel() | NAMES
        self._long = "\0".join(" ".join(one.split()) for one in self._values if len(one) > 60)

    def foreign(self, pages: dict[str, str]) -> Found:
        """(where, text) → the pages on which it stands, for all that is neither data nor from a catalog."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name, html in pages.items():
            for said in texts_of(html):
                for piece in pieces(said.text):
                    if not _is_data(piece, self._values) and piece not in self._long:
                        found[said.where, piece].add(name)
        return {key: sorted(at)[:3] for key, at in found.items()}


def _is_data(piece: str, known: set[str]) -> bool:
    """Whether a text is made of values of rows, of formats, and of what machines read."""
    words = piece.split()
    reached = {0}
    for end in range(1, len(words) + 1):
        if any(start in reached and _is_one(" ".join(words[start:end]), known) for start in range(end)):
            reached.add(end)
    return len(words) in reached


def _is_one(text: str, known: set[str]) -> bool:
    plain = text.strip(":;,.()“”/×")
    return not plain or plain in known or bool(FORMATTED.match(plain) or MACHINES.match(plain))


def _of_babel() -> set[str]:
    """Countries in English, and languages in their own words."""
    english = Locale("en")
    names = (Locale.parse(tag).display_name for tag in english.languages if _is_locale(tag))
    english_names = {str(name) for each in (english.territories, english.languages) for name in each.values()}
    return {*english_names, *(name.capitalize() for name in names if name)}


def _is_locale(tag: str) -> bool:
    try:
        return bool(Locale.parse(tag))
    except Exception:
        return False


def _values(portal: Portal) -> Iterator[str]:
    """Every text in every row, and every line of one."""
    with portal.app.app_context(), db.engines["write"].connect() as connection:
        reading = connection.execution_options(**AS_OWNER)
        for table in metadata.sorted_tables:
            for row in reading.execute(select(table)):
                yield from _texts(list(row))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield " ".join(value.split())
        for line in value.splitlines():
            yield from pieces(line)
        if value[:1] in "[{":
            yield from _texts(_decoded(value))


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
