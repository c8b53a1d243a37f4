"""What nobody asks who follows links: each such question has a page that says so, and breaks nothing."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.testing import client_of, settings_in, shared_demo
from orion.testing.databases import Databases

pytestmark = pytest.mark.by_turns

PEOPLE = {"admin": "admin@orion.example", "vendor": "owner@orion.example"}
#: Texts that programs stumble over: none, a null byte, half a character, a long one, SQL, a path.
ODD = (
    "a%00b",
    "%ff",
    "%ed%a0%80",
    "x" * 4000,
    "'%20or%201=1--",
    "..%2f..%2fetc",
    "%f0%9f%92%a9",
    "-1",
)
DATES = (
    ("2026-02-30", "2026-03-01"),
    ("yesterday", "today"),
    ("2026-03-02", "2026-03-01"),
    ("0000-00-00", "2026-03-01"),
    ("99999-01-01", "99999-02-01"),
    ("20260301", "20260302"),
    ("%00", "%00"),
)


def _some(turn: int) -> list[str]:
    """The null byte, which each database takes in its own way, and two more of the odd texts: those of pages
    side by side are all of them."""
    return [ODD[0], *(ODD[1 + (2 * turn + n) % (len(ODD) - 1)] for n in range(2))]


@pytest.fixture(scope="module")
def demo(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One demo for all tests here: they only read, and what they send is refused."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("portal"))) as made:
        yield made


@pytest.fixture(scope="module", params=PEOPLE)
def person(request: pytest.FixtureRequest, demo: Flask) -> FlaskClient:
    """Somebody who may see everything on a frontend."""
    return client_of(demo, PEOPLE[request.param])


@cache
def _home(person: FlaskClient) -> str:
    return str(person.get("/").location)


@cache
def _lists(person: FlaskClient) -> dict[str, str]:
    """Every list that the menu leads to, and its page."""
    nav = person.get(_home(person)).text.partition("<nav")[2].partition("</nav>")[0]
    found = set(re.findall(r'<a\b[^>]*?href="(/[^"]*)"', nav)) - {_home(person)}
    pages = {address: person.get(address).text for address in sorted(found)}
    lists = {address: page for address, page in pages.items() if "results-region" in page}
    assert lists
    return lists


def _answers(person: FlaskClient, addresses: list[str]) -> dict[str, int]:
    """Address → status, after a look at what the page says."""
    found = {}
    for address in addresses:
        answer = person.get(address)
        assert "Traceback" not in answer.text and "sqlalchemy" not in answer.text.lower(), address
        if answer.status_code != 200:
            assert ("<html" in answer.text and 'class="shell' in answer.text) or "<h1" in answer.text, address
        found[address[:120]] = answer.status_code
    return found


def _all(answers: dict[str, int], *statuses: int) -> bool:
    wrong = {address: status for address, status in answers.items() if status not in statuses}
    assert wrong == {}
    return bool(answers)


def test_a_list_refuses_what_it_does_not_know(person: FlaskClient) -> None:
    asked = []
    for turn, address in enumerate(_lists(person)):
        questions = ["sort=-", "after=WzFd.c2ln&before=WzFd.c2ln", "count=all", "page=99999"]
        names = enumerate(("sort", "after", "before", "no_such"))
        questions += [f"{name}={odd}" for more, name in names for odd in _some(turn + more)]
        asked += [f"{address}?{question}" for question in questions]
    assert _all(_answers(person, asked), 422)


def test_a_list_refuses_values_that_its_filters_do_not_offer(person: FlaskClient) -> None:
    addresses = []
    for turn, (address, page) in enumerate(_lists(person).items()):
        form = page.partition('class="toolbar"')[2].partition("</form>")[0]
        names = re.findall(r'<select[^>]*name="(\w+)"', form)
        # A number may have been a row's: nothing is found under it, and that is no mistake.
        named = [(name, odd) for more, name in enumerate(names) for odd in _some(turn + more) if odd != "-1"]
        addresses += [f"{address}?{name}={odd}" for name, odd in named]
    assert _all(_answers(person, addresses), 422)


def test_a_search_for_anything_is_answered(person: FlaskClient) -> None:
    addresses = [f"{at}?q={odd}" for turn, at in enumerate(_lists(person)) for odd in _some(turn)]
    assert _all(_answers(person, addresses), 200, 422)


def test_dates_that_are_none_are_refused_by_lists_with_dates(person: FlaskClient) -> None:
    dated = [address for address, page in _lists(person).items() if 'name="from"' in page]
    assert dated
    asked = [f"{address}?from={start}&to={end}" for address in dated for start, end in DATES]
    assert _all(_answers(person, asked), 422)


def test_a_list_that_ends_says_so_at_its_last_page(person: FlaskClient) -> None:
    """A cursor behind the last row is what remains when rows went meanwhile."""
    for address, page in _lists(person).items():
        following = 0
        while (ahead := re.search(r'href="([^"]*)"[^>]*rel="next"', page)) and following < 3:
            here = ahead[1].replace("&amp;", "&")
            answer = person.get(here if here.startswith("/") else f"{address}{here}")
            assert answer.status_code == 200
            page, following = answer.text, following + 1


def test_a_cursor_of_another_order_is_refused(person: FlaskClient) -> None:
    tried = 0
    for address, page in _lists(person).items():
        cursor = re.search(r"[?;&]after=([^&\"]+)", page)
        sort = re.search(r"\?sort=([\w-]+)", page)
        if cursor and sort:
            answer = person.get(f"{address}?sort={sort[1]}&after={cursor[1]}")
            assert answer.status_code == 422, address
            tried += 1
    assert tried


def test_a_dashboard_refuses_periods_that_are_none(person: FlaskClient) -> None:
    home = _home(person)
    asked = [f"from={start}&to={end}" for start, end in DATES]
    asked += ["period=forever", "from=2026-03-01", "to=2026-03-01", *(f"period={odd}" for odd in ODD)]
    paths = [f"{home}{path}?{question}" for path in ("", "tiles") for question in asked]
    assert _all(_answers(person, paths), 422)


def test_a_tile_that_is_none_is_not_found(person: FlaskClient) -> None:
    home = _home(person)
    names = [*ODD, "no.such", "no", ".", "tiles", "no.such.thing"]
    assert _all(_answers(person, [f"{home}tiles/{name}" for name in names]), 404)
    assert _all(_answers(person, [f"{home}tiles?ids={name}" for name in names]), 200)


def test_a_platform_that_is_none_is_not_found(person: FlaskClient) -> None:
    pages = [_home(person), f"{_home(person)}tiles", *_lists(person)]
    addresses = [f"{page}?platform={odd}" for n, page in enumerate(pages) for odd in (*_some(n), "no-such")]
    assert _all(_answers(person, addresses), 404)


def test_a_vendor_that_is_none_is_not_found(person: FlaskClient) -> None:
    addresses = [f"/vendor/{odd}/{page}" for odd in (*ODD, "NOSUCH") for page in ("", "tiles")]
    assert _all(_answers(person, addresses), 404)


def test_a_thing_that_is_none_is_not_found(demo: Flask, person: FlaskClient) -> None:
    home = _home(person)
    frontend, code = ("admin", "") if home == "/admin/" else ("vendor", home.strip("/").split("/")[-1])
    pages = demo.extensions["orion"].pages.values()
    rules = [s.rule for s in pages if s.frontend == frontend and "GET" in s.methods]
    own = [rule for rule in (rule.replace("<vendor_code>", code) for rule in rules) if "<" in rule]
    asked = [
        re.sub(r"<[^>]+>", lambda _m, odd=odd: odd, rule)  # type: ignore[misc]
        for turn, rule in enumerate(own)
        for odd in _some(turn)
    ]
    assert _all(_answers(person, asked), 404)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("cookie", ["x", "orion", ".eJw", "\\000", "a" * 4000, "%00"])
def test_a_made_up_session_is_nobodys(demo: Flask, sign_in: Any, cookie: str) -> None:
    name = next(iter(sign_in("owner@orion.example")._cookies.values())).key
    stranger = demo.test_client()
    stranger.set_cookie(name, cookie)
    answer = stranger.get("/admin/")
    assert answer.status_code in (302, 303) and "/login" in answer.location


@pytest.mark.only_on("sqlite")
def test_no_form_is_taken_without_its_token(demo: Flask, person: FlaskClient) -> None:
    tried = 0
    for rule in demo.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            address = re.sub(r"<(?:\w+:)?(\w+)>", "x", rule.rule)
            answer = person.post(address, data={"any": "thing"})
            assert answer.status_code in (400, 404, 405), f"{rule.rule}: {answer.status}"
            assert answer.status_code == 400 or "<" in rule.rule, f"{rule.rule}: {answer.status}"
            tried += 1
    assert tried > 3


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("method", ["put", "delete", "patch", "post"])
def test_a_page_that_only_shows_is_not_written_to(person: FlaskClient, method: str) -> None:
    for address in (_home(person), *_lists(person)):
        assert getattr(person, method)(address).status_code in (400, 405), address


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "path",
    [
        "../pyproject.toml",
        "%2e%2e/pyproject.toml",
        "..%2fpyproject.toml",
        "vendor/../../pyproject.toml",
        "vendor/%2e%2e/%2e%2e/orion/app.py",
        "h/0000000000000000/../../pyproject.toml",
        "h/0000000000000000/..%2f..%2fpyproject.toml",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "..\\pyproject.toml",
        "vendor/%00",
        "orion.css%00.js",
        "package.json",
        ".npmrc",
        "node_modules/htmx.org/package.json",
        "",
    ],
)
def test_static_files_lead_out_of_nowhere(app: Flask, path: str) -> None:
    answer = app.test_client().get(f"/static/{path}", follow_redirects=True)
    assert answer.status_code == 404
    assert "[project]" not in answer.text and "root:" not in answer.text


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("host", ["evil.example", "evil.example:81", "[::1", "a b", "x/../y"])
def test_another_host_name_leads_nobody_astray(app: Flask, host: str) -> None:
    answer = app.test_client().get("/login", headers={"Host": host})
    assert answer.status_code in (200, 400)
    assert "//evil.example" not in answer.text
    answer = app.test_client().get("/admin/", headers={"Host": host})
    assert answer.status_code in (302, 303, 400)
    assert quote("evil.example") not in answer.headers.get("Location", "")
