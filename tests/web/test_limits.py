"""How often something may be asked for."""

import os
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.contracts.errors import TooMany
from orion.testing import House, need
from orion.web.limits import EXPORT, SEARCH, Limit, account_key, network_key, spend

pytestmark = pytest.mark.only_on("sqlite")

Keeper = Callable[[Flask], FlaskClient]
REDIS = os.environ.get("ORION_TEST_REDIS_URL", "redis://127.0.0.1:6379/5")
MANIFEST = """
schema: 1
code: reports
name: Reports
description: A module for tests.
version: "1.0.0"
permissions:
  - id: reports.view
    label_key: reports.permissions.view
    label: See
    description_key: reports.permissions.view_desc
    description: See
    category: reports
"""
ROUTES = """
from orion.contracts.limits import Limit, limited
from orion.contracts.pages import Pages

pages = Pages(__name__)

@pages.page("/report", permission="reports.view")
@limited(Limit("report", 2, 300))
def report(scope):
    return "the report"
"""
REPORT = "/vendor/ACME/report"


@pytest.fixture
def reports(house: House) -> House:
    """A house with a page that may be asked for twice in five minutes."""
    house.module("reports", MANIFEST, routes_vendor=ROUTES)
    return house


def test_a_limited_page_is_refused_in_words_with_the_time_to_wait(reports: House, keeper: Keeper) -> None:
    client = keeper(reports.app())
    assert [client.get(REPORT).status_code for _ in range(2)] == [200, 200]
    answer = client.get(REPORT)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Too many attempts" in answer.text and "Wait 5 minutes, then try again." in answer.text
    assert f'href="{REPORT}"' in answer.text


def test_a_fragment_and_json_say_the_same(reports: House, keeper: Keeper) -> None:
    client = keeper(reports.app())
    for _ in range(2):
        client.get(REPORT)
    fragment = client.get(REPORT, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (fragment.status_code, fragment.headers["X-Orion-Fragment"]) == (429, "error")
    assert "Wait 5 minutes" in fragment.text and "<html" not in fragment.text
    told = client.get(REPORT, headers={"Accept": "application/json"})
    assert told.status_code == told.json["status"] == 429


def test_each_person_and_each_place_is_counted_alone(reports: House) -> None:
    app, limit = reports.app(), Limit("alone", 1, 60)
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        spend(limit, account_key(1), account_key("ada@example.com"), network_key())
        spend(limit, account_key(2))
        for key in (account_key(1), account_key("ada@example.com"), network_key()):
            with pytest.raises(TooMany):
                spend(limit, key)
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.99"}), pytest.raises(TooMany):
        spend(limit, network_key())
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.3.7"}):
        spend(limit, network_key())


def test_no_key_says_who_is_counted(reports: House) -> None:
    with reports.app().test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert "ada" not in account_key("ada@example.com") and "192" not in network_key()


def test_limits_may_be_switched_off(reports: House, keeper: Keeper) -> None:
    client = keeper(reports.app(rate_limits=False))
    assert {client.get(REPORT).status_code for _ in range(4)} == {200}


def test_searching_without_end_is_refused_and_looking_is_not(sign_in: Callable[..., FlaskClient]) -> None:
    client = sign_in("owner@orion.example")
    searched = [client.get("/vendor/WIZAMART/team?q=no-such-person").status_code for _ in range(SEARCH.times)]
    assert set(searched) == {200}
    assert client.get("/vendor/WIZAMART/team?q=no-such-person").status_code == 429
    assert client.get("/vendor/WIZAMART/team").status_code == 200


def test_a_list_is_handed_out_as_a_file_so_often_and_no_more(sign_in: Callable[..., FlaskClient]) -> None:
    client = sign_in("owner@orion.example")
    address = "/vendor/WIZAMART/customers?q=no-such-person&export=csv"
    assert {client.get(address, buffered=True).status_code for _ in range(EXPORT.times)} == {200}
    assert client.get(address).status_code == 429


def test_processes_count_together_in_redis(house: House) -> None:
    need("Redis", _redis_answers())
    limit = Limit(f"together-{uuid.uuid4().hex}", 1, 60)
    with house.app(cache_url=REDIS).test_request_context():
        spend(limit, account_key(1))
    with house.app(cache_url=REDIS).test_request_context(), pytest.raises(TooMany):
        spend(limit, account_key(1))


def test_without_its_redis_a_process_counts_alone(house: House) -> None:
    app, limit = house.app(cache_url="redis://127.0.0.1:1/0"), Limit("nowhere", 1, 60)
    with app.test_request_context():
        spend(limit, account_key(1))
        with pytest.raises(TooMany):
            spend(limit, account_key(1))


def _redis_answers() -> bool:
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        return bool(Redis.from_url(REDIS, socket_connect_timeout=1).ping())
    except RedisError:
        return False
