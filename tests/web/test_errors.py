"""Errors as pages, fragments and JSON."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.testing import House

pytestmark = pytest.mark.only_on("sqlite")
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
JSON = {"Accept": "application/json"}
ROUTES = """
    from sqlalchemy.orm.exc import StaleDataError

    from orion.contracts.errors import Changed, Conflict, Forbidden, Invalid, NotFound, WallError
    from orion.contracts.pages import Pages
    from orion.data.faults import DatabaseGone, DeadlineExceeded, NoRoom

    pages = Pages(__name__)
    ERRORS = {
        "403": Forbidden("You may not."),
        "404": NotFound("There is none."),
        "409": Conflict("This is closed."),
        "changed": Changed("Somebody was faster."),
        "stale": StaleDataError("UPDATE matched 0 rows"),
        "422": Invalid("The period is unknown.", {"period": ["Choose one of these."]}),
        "500": ZeroDivisionError("secret detail"),
        "wall": WallError("orders without a scope"),
        "503": DatabaseGone("psycopg: password=hunter2"),
        "slow": DeadlineExceeded("too long"),
        "full": NoRoom("/var/lib/secret"),
    }

    @pages.page("/raise/<what>", public=True, methods=("GET", "POST"))
    def fail(scope, what):
        raise ERRORS[what]
"""
STATUSES = [("403", 403), ("404", 404), ("409", 409), ("422", 422), ("500", 500), ("503", 503)]


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with a page that raises what its address says."""
    house.module("trouble", routes_admin=ROUTES)
    return house.app()


@pytest.fixture
def client(site: Flask, keeper: Callable[[Flask], FlaskClient]) -> FlaskClient:
    """Signed in."""
    return keeper(site)


@pytest.mark.parametrize(("what", "status"), STATUSES)
def test_an_error_is_a_whole_page_with_its_status(client: FlaskClient, what: str, status: int) -> None:
    answer = client.get(f"/admin/raise/{what}")
    assert answer.status_code == status
    assert "<html" in answer.text
    assert answer.text.count("<h1>") == 1


def test_a_full_disk_is_said_and_is_not_for_ever(client: FlaskClient) -> None:
    answer = client.get("/admin/raise/full")
    assert answer.status_code == 503 and "Retry-After" in answer.headers
    assert "The disk of this server is full. Nothing was saved." in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(("what", "status"), STATUSES)
def test_an_error_of_a_fragment_is_a_fragment_that_says_so(
    client: FlaskClient, what: str, status: int
) -> None:
    answer = client.get(f"/admin/raise/{what}", headers=FRAGMENT)
    assert answer.status_code == status
    assert "<html" not in answer.text
    assert "<h2>" in answer.text
    assert answer.headers["X-Orion-Fragment"]


@pytest.mark.parametrize(("what", "status"), STATUSES)
def test_a_program_gets_its_error_as_json(client: FlaskClient, what: str, status: int) -> None:
    answer = client.get(f"/admin/raise/{what}", headers=JSON)
    assert answer.status_code == answer.json["status"] == status
    assert answer.json["message"]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("403", "You may not."),
        ("404", "There is none."),
        ("409", "This is closed."),
        ("changed", "Somebody was faster."),
        ("422", "The period is unknown."),
    ],
)
def test_an_expected_error_is_said_in_its_own_words(client: FlaskClient, what: str, sentence: str) -> None:
    assert sentence in client.get(f"/admin/raise/{what}").text


@pytest.mark.parametrize(("what", "others"), [("409", False), ("changed", True), ("stale", True)])
def test_only_what_somebody_else_changed_is_said_to_be_so(
    client: FlaskClient, what: str, others: bool
) -> None:
    answer = client.get(f"/admin/raise/{what}")
    assert answer.status_code == 409
    assert ("Somebody else changed this" in answer.text) == others
    assert "UPDATE" not in answer.text


def test_what_is_wrong_with_each_field_is_in_the_json(client: FlaskClient) -> None:
    answer = client.get("/admin/raise/422", headers=JSON)
    assert answer.json["errors"] == {"period": ["Choose one of these."]}


@pytest.mark.parametrize("what", ["500", "wall"])
def test_a_defect_is_told_by_a_reference_that_the_log_knows(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    with caplog.at_level(logging.ERROR, "orion.errors"):
        answer = client.get(f"/admin/raise/{what}")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    (record,) = [r for r in caplog.records if r.name == "orion.errors"]
    assert record.exc_info
    for secret in ("secret detail", "Traceback", "ZeroDivisionError", "without a scope"):
        assert secret not in answer.text


@pytest.mark.parametrize("what", ["503", "slow"])
def test_a_database_that_cannot_answer_asks_for_patience(client: FlaskClient, what: str) -> None:
    answer = client.get(f"/admin/raise/{what}")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "hunter2" not in answer.text


def test_an_error_page_is_written_when_the_session_cannot_be_read(
    site: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one place where a failure is put in by hand: the statement that reads the session."""
    from orion.data.faults import DatabaseGone
    from orion.identity import sessions

    def gone(*_args: object) -> None:
        raise DatabaseGone("away")

    monkeypatch.setattr(sessions, "read_visit", gone)
    answer = client.get("/admin/")
    assert answer.status_code == 503
    assert "<html" in answer.text
    assert "Set-Cookie" not in answer.headers
    monkeypatch.undo()
    assert client.get("/admin/").status_code == 200


def test_a_program_is_told_what_the_page_says(client: FlaskClient) -> None:
    said = client.get("/nothing/here", headers=JSON).json["message"]
    assert said and said in client.get("/nothing/here").text


def test_an_address_that_is_no_page_is_404(client: FlaskClient) -> None:
    assert client.get("/no/such/page").status_code == 404


def test_a_method_that_a_page_does_not_take_is_405_and_names_those_it_does(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_expired_form_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/admin/raise/422")
    assert answer.status_code == 400
    assert "Load the page again." in answer.text


def test_an_error_is_never_kept(client: FlaskClient) -> None:
    assert client.get("/admin/raise/404").headers["Cache-Control"] == "no-store"


def test_a_broken_error_template_still_gives_the_status(site: Flask, client: FlaskClient) -> None:
    def broken(_value: object) -> str:
        raise RuntimeError("broken")

    site.jinja_env.globals["asset_url"] = broken
    answer = client.get("/admin/raise/404")
    assert answer.status_code == 404
    assert "404" in answer.text
