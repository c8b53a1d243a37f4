"""What the process writes to standard error."""

import json
import logging
import subprocess
import sys

import pytest
from flask import Flask

from orion.logs import LineFormatter
from orion.redaction import redact
from orion.testing import House

#: A process as `orion serve` makes one: the web server sets up the standard library's logging after us.
PROCESS = """
import logging
from orion import logs
from orion.settings import Settings
logs.init_app(None, Settings(log_format={form!r}))
logs.init_app(None, Settings(log_format={form!r}))
logging.basicConfig()
logging.getLogger({logger!r}).warning("signed in with password=hunter2", extra={{"path": "/login"}})
"""


def _written(logger: str, form: str) -> list[str]:
    run = [sys.executable, "-c", PROCESS.format(logger=logger, form=form)]
    return subprocess.run(run, capture_output=True, text=True, check=True).stderr.splitlines()


def test_each_record_is_one_line_whoever_else_sets_up_logging() -> None:
    (line,) = _written("orion.identity", "text")
    assert "warning orion.identity: signed in" in line and "path=/login" in line


def test_each_record_is_one_object_where_nobody_watches() -> None:
    (line,) = _written("orion.identity", "auto")
    record = json.loads(line)
    assert (record["level"], record["logger"], record["path"]) == ("warning", "orion.identity", "/login")
    assert record["message"].startswith("signed in") and record["time"].endswith("Z")


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_holds_a_secret_whoever_writes_it(form: str) -> None:
    for logger in ("orion.identity", "waitress"):
        (line,) = _written(logger, form)
        assert "hunter2" not in line and "[hidden]" in line


@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_that_is_logged_can_forge_a_line(as_json: bool) -> None:
    message, field = "first\n2026-01-01 critical orion: forged", "a\rb\u2028c\x1b[31m"
    record = logging.makeLogRecord({"msg": message, "name": "orion", "field": field})
    line = LineFormatter(as_json).format(record)
    assert len(line.splitlines()) == 1 and "\x1b" not in line


def test_an_exception_is_in_its_record() -> None:
    try:
        raise ValueError("token=hunter2")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})
    written = json.loads(LineFormatter(as_json=True).format(record))
    assert "ValueError" in written["exception"] and "hunter2" not in written["exception"]
    assert LineFormatter(as_json=False).format(record).splitlines()[1].startswith("Traceback")


@pytest.mark.parametrize(
    "text",
    [
        "password=CANARY",
        '{"new_password": "CANARY and more"}',
        "Authorization: Bearer CANARY.x",
        "Cookie: a=CANARY; b=CANARY",
        "postgresql+psycopg://orion:CANARY@db/orion",
        "redis://:CANARY@cache/0",
        "reset_token: 'CANARY'",
        "mail to CANARY@example.com was refused",
        "DETAIL:  Failing row contains (1, CANARY, 2026)",
        "otpauth://totp/Orion:x?secret=CANARY",
        "$argon2id$v=19$m=65536,t=3,p=4$CANARY",
        "/reset/WyIyCANARYI0Il0.aRxxYw.Vb0n3f3kQwErTyUiOpAsDfGhJkL",
        "/invitations/CANARYk3jfKJ34kjfsdKJ3409fkjsdlfKJ3094kjfsld",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    assert "CANARY" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /vendor/WIZAMART/orders 200",
        'File "/srv/orion/.venv/lib/python3.11/site-packages/flask/app.py", line 1511, in wsgi_app',
        "migration failed history=orders code=ORN210 vendor_code=ACME",
        "SELECT orion_session.user_id FROM orion_session WHERE orion_session.id_hash = ?",
    ],
)
def test_what_helps_to_find_a_fault_is_not(text: str) -> None:
    assert redact(text) == text


def test_a_long_text_is_cut_and_never_slow() -> None:
    assert len(redact("aB1-" * 100_000)) < 30_000


# -- requests -------------------------------------------------------------------------------------


@pytest.fixture
def site(house: House) -> Flask:
    """Orion with the engine alone, behind one proxy."""
    return house.app(trusted_proxies=1)


@pytest.mark.only_on("sqlite")
def test_a_request_has_one_line_with_its_id_and_what_became_of_it(site: Flask, log_lines: list[str]) -> None:
    answer = site.test_client().get("/account/sessions?email=ada@example.com")
    (line,) = [one for one in map(json.loads, log_lines) if one["logger"] == "orion.request"]
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/account/sessions", 302)
    assert line["network"] == "127.0.0.0/24" and line["ms"] > 0 and "actor" not in line


@pytest.mark.only_on("sqlite")
def test_a_request_is_logged_with_its_person_and_its_place(sign_in: object, log_lines: list[str]) -> None:
    client = sign_in("owner@orion.example")  # type: ignore[operator]
    client.get("/vendor/WIZAMART/?platform=oms")
    line = next(one for one in map(json.loads, reversed(log_lines)) if one["logger"] == "orion.request")
    assert (line["vendor"], line["platform"], line["route"]) == ("WIZAMART", "oms", "/vendor/<vendor_code>/")
    assert isinstance(line["actor"], int)


@pytest.mark.only_on("sqlite")
def test_what_was_refused_is_logged_with_who_was_refused(sign_in: object, log_lines: list[str]) -> None:
    client = sign_in("staff@orion.example")  # type: ignore[operator]
    assert client.get("/vendor/WIZAMART/team").status_code == 403
    client.post("/logout", headers={"Sec-Fetch-Site": "cross-site"})
    first, second = [one for one in map(json.loads, log_lines) if one.get("status") == 403]
    assert (first["vendor"], first["route"]) == ("WIZAMART", "/vendor/<vendor_code>/team")
    assert isinstance(first["actor"], int)
    assert (second["method"], second["route"]) == ("POST", "/logout")


@pytest.mark.only_on("sqlite")
def test_a_trusted_proxy_names_the_request(site: Flask) -> None:
    given = {"X-Request-ID": "0af7651916cd43dd8448eb211c80319c"}
    assert site.test_client().get("/healthz", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]


@pytest.mark.only_on("sqlite")
def test_a_name_that_could_forge_something_is_not_taken(site: Flask) -> None:
    client = site.test_client()
    for given in ("short", "x" * 65, "<script>alert(1)</script>", "a b c d e f g h", ""):
        answer = client.get("/healthz", headers={"X-Request-ID": given})
        assert answer.headers["X-Request-ID"] != given
