"""Whatever one person's pages link to is to somebody elsewhere as if it had never existed.

For some people, in every run of the tests; the long ones do it for everybody, with a word in every text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.testing import settings_in, shared_demo
from orion.testing.databases import Databases

# The crawl of the fuzzers asks more, and is among the long ones as well.
pytestmark = [pytest.mark.only_on("sqlite"), pytest.mark.long]
SignIn = Callable[[str], FlaskClient]
#: Person → where they work.
HOMES = {
    "owner": "/vendor/WIZAMART",
    "staff": "/vendor/WIZAMART",
    "platform": "/admin",
}
#: What only LUXBOOKS is called; the platform's administrator is not on its platform.
NAMES = ("LUXBOOKS", "Lux Books", "books@orion")
OTHER, OTHERS_OWNER = "LUXBOOKS", "books"
ID = re.compile(r"/[a-z0-9]{14}(?=[/?]|$)")
#: Each shape of pages is opened once by a crawl: tiles are one shape.
TILE = re.compile(r"/tiles/[^?]+")


def _email(person: str) -> str:
    return f"{person}@orion.example"


def _shape(address: str) -> str:
    path, _, query = TILE.sub("/tiles/TILE", ID.sub("/ID", address)).partition("?")
    return path + "?" + ",".join(sorted(pair.partition("=")[0] for pair in query.split("&")))


#: Pages by their addresses that each person was led to in the demo that these tests share.
_LED: dict[str, dict[str, str]] = {}


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One demo for all tests here: they only read."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("portal"))) as made:
        yield made


def _pages_of(person: str, client: FlaskClient) -> dict[str, str]:
    """Address → text of each page that somebody is led to; `client` is theirs."""
    if person not in _LED:
        _LED[person] = _crawl(client)
    return _LED[person]


def _crawl(client: FlaskClient) -> dict[str, str]:
    """The vendors' and platforms' pages that a person is led to, one of each shape."""
    todo, found, shapes = [str(client.get("/").location)], dict[str, str](), set[str]()
    while todo:
        address = todo.pop(0)
        shape = _shape(address)
        if shape in shapes or not address.startswith(("/vendor", "/admin")):
            continue
        shapes.add(shape)
        found[address] = text = unescape(_text(client.get(address)))
        links = re.findall(r'(?:href|hx-get)="([^"#]+)', text)
        todo += [address.partition("?")[0] + link if link.startswith("?") else link for link in links]
    return found


def _text(answer: Any) -> str:
    """What an answer says; pictures say nothing."""
    return str(answer.text) if answer.mimetype != "image/webp" else ""


def _named(pages: dict[str, str], names: tuple[str, ...]) -> dict[str, list[str]]:
    """Address → those of the names that its page, and not the address, says."""
    said = {
        address: [name for name in names if name in text and name not in address]
        for address, text in pages.items()
    }
    return {address: names for address, names in said.items() if names}


def _answers(client: FlaskClient, addresses: Iterable[str]) -> dict[str, Any]:
    answers = {address: client.get(address) for address in sorted(addresses)}
    assert answers
    return answers


def _wrong(answers: dict[str, Any], allowed: set[int]) -> dict[str, int]:
    return {address: it.status_code for address, it in answers.items() if it.status_code not in allowed}


@pytest.mark.parametrize("person", ["owner", "platform"])
def test_no_page_names_a_vendor_from_elsewhere(demo: Flask, sign_in: SignIn, person: str) -> None:
    client = sign_in(_email(person))
    pages = _pages_of(person, client)
    assert len(pages) > 2
    assert _named(pages, NAMES) == {}


@pytest.mark.parametrize("person", ["owner"])
def test_pages_of_another_vendor_are_not_found(demo: Flask, sign_in: SignIn, person: str) -> None:
    client = sign_in(_email(person))
    theirs = _pages_of(OTHERS_OWNER, sign_in(_email(OTHERS_OWNER)))
    answers = _answers(client, theirs)
    assert _wrong(answers, {404}) == {}
    assert _named({at: unescape(_text(it)) for at, it in answers.items()}, NAMES) == {}


@pytest.mark.parametrize("person", ["staff", "platform"])
def test_things_of_another_vendor_are_not_found_at_ones_own_place(
    demo: Flask, sign_in: SignIn, person: str
) -> None:
    client = sign_in(_email(person))
    owner = sign_in(_email(OTHERS_OWNER))
    theirs = {address for address in _pages_of(OTHERS_OWNER, owner) if ID.search(address)}
    assert _wrong(_answers(owner, theirs), {200}) == {}
    here = _answers(client, {address.replace(f"/vendor/{OTHER}", HOMES[person]) for address in theirs})
    assert _wrong(here, {404, 403} if person == "staff" else {404}) == {}
    for address, answer in here.items():
        never = ID.sub("/neverexisted00", address)
        assert _body(address, answer) == _body(never, client.get(never))


def _body(address: str, answer: Any) -> str:
    """What a page says, without its own address and what is new in each answer."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", _text(answer))
    return ID.sub("", text.replace(address, "")).replace(ID.search(address).group(), "")  # type: ignore[union-attr]


@pytest.mark.parametrize(("person", "platform"), [("platform", "letz")])
def test_every_page_on_a_platform_from_elsewhere_is_not_found(
    demo: Flask, sign_in: SignIn, person: str, platform: str
) -> None:
    client = sign_in(_email(person))
    plain = {re.sub(r"([?&])platform=\w+&?", r"\1", address) for address in _pages_of(person, client)}
    there = {f"{address}{'&' if '?' in address else '?'}platform={platform}" for address in plain}
    assert _wrong(_answers(client, there), {404}) == {}
