"""Nothing is changed without its token, nor from another site: every route, with every unsafe method."""

from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from tests.fuzz.browser import Browser, Question, with_token
from tests.fuzz.markup import Form
from tests.fuzz.run import Run

#: What stops these requests stands before the database.
pytestmark = [pytest.mark.long, pytest.mark.only_on("sqlite")]

#: One for each frontend, and nobody.
PEOPLE = ("admin", "owner", "nobody")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ELSEWHERE = (
    (("Sec-Fetch-Site", "cross-site"),),
    (("Sec-Fetch-Site", "same-site"),),
    (("Origin", "https://evil.example"),),
    (("Origin", "null"),),
)
#: What a request may note of itself: that a session was seen, and answers that are kept (None: all of it).
NOTES = {"orion_session": ("seen_at", "data"), "orion_metric_state": None}
#: Routes that nobody's pages lead to are asked with an argument that means nothing.
MADE_UP = "neverexisted00"


@pytest.fixture
def walked(run: Run) -> Run:
    """These people know their pages, and are signed in."""
    run.walk()
    for name in PEOPLE:
        run.browsers[name].start()
    return run


def test_no_route_takes_an_unsafe_method_without_its_token(walked: Run) -> None:
    of_another = walked.browsers["books"].fresh_token()
    before, answers, refused = _rows(walked), {}, 0
    for browser, rule, method, form in _questions(walked):
        bare = tuple((name, value) for name, value in form.values if name != "csrf_token")
        wrong = [(*bare, ("csrf_token", token)) for token in ("x", of_another)]
        for data in (bare, *(wrong if _takes(rule, method) else ())):
            answer = walked.ask(browser.person, Question(method, form.action, data))
            refused += answer.status == 400
            if answer.status not in ((400, 404) if _takes(rule, method) else (400, 404, 405)):
                answers[browser.person.name, method, rule.rule, data] = answer.status
    assert answers == {}
    assert refused > 30
    assert _rows(walked) == before


def test_no_route_takes_an_unsafe_request_from_another_site(walked: Run) -> None:
    before, answers, refused = _rows(walked), {}, 0
    for browser, rule, method, form in _questions(walked):
        for headers in ELSEWHERE if _takes(rule, method) else ELSEWHERE[:1]:
            data = with_token(form.values, browser.fresh_token())
            answer = walked.ask(browser.person, Question(method, form.action, data, headers))
            refused += answer.status == 403
            if answer.status != 403:
                answers[browser.person.name, method, rule.rule, headers] = answer.status
    assert answers == {}
    assert refused > 300
    assert _rows(walked) == before


def _questions(run: Run) -> Iterator[tuple[Browser, Rule, str, Form]]:
    """Every route with every unsafe method; where a page shows a form for it, that form."""
    for browser in (run.browsers[name] for name in PEOPLE):
        forms, addresses = _shown(run, browser)
        for rule in run.stage.app.url_map.iter_rules():
            address = addresses.get(rule.endpoint) or _made_up(rule, browser)
            for method in UNSAFE:
                yield browser, rule, method, forms.get((rule.endpoint, method)) or Form(method, address)


def _shown(run: Run, browser: Browser) -> tuple[dict[tuple[str, str], Form], dict[str, str]]:
    """Forms by endpoint and method, addresses by endpoint, as this person's pages have them."""
    reached = run.crawlers[browser.person.name].reached
    forms = {
        (run.judge.endpoint(Question(form.method, form.action)), form.method): form
        for form in reached.all_forms
    }
    return forms, {run.judge.endpoint(Question("GET", one)): one for one in reached.all_addresses}


def _made_up(rule: Rule, browser: Browser) -> str:
    code = next((code for code in browser.person.places if code), "NOSUCH")
    address = rule.rule
    for name in rule.arguments:
        start, _, rest = address.partition(f"{name}>")
        address = start.rpartition("<")[0] + (code if name == "vendor_code" else MADE_UP) + rest
    return address


def _takes(rule: Rule, method: str) -> bool:
    return method in (rule.methods or ())


def _rows(run: Run) -> dict[tuple[str, str], dict[str, object]]:
    """Every row, without what requests note of themselves."""
    found = {}
    for (table, key), row in run.stage.rows().items():
        notes = NOTES.get(table, ())
        if notes is not None:
            found[table, key] = {name: value for name, value in row.values.items() if name not in notes}
    return found
