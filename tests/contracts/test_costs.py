"""What a page may cost, of every page that links lead to: statements, bytes and requests."""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask

from tests.contracts.conftest import Pages, Portal

pytestmark = pytest.mark.long_on("postgresql")

#: Statements of a page, with that of the visit and whatever the process could remember read anew.
STATEMENTS = 8
#: What the first view of a page costs, packed, and in how many requests; pictures come when they are seen.
BYTES, REQUESTS = 40 * 1024, 6
#: What SQLAlchemy itself says around a panel.
SAVEPOINT = re.compile(r"(RELEASE )?SAVEPOINT|ROLLBACK TO")
#: What a page fetches for itself; browsers ask for the picture of the tab beside it.
ASSET = re.compile(r'<(?:link rel="stylesheet"|script\b|use\b)[^>]*?\s(?:href|src)="(/static/[^"#]+)')


def test_the_crawl_finds_pages_of_every_module_on_both_frontends(portal: Portal, pages: Pages) -> None:
    for code in portal.orion.registry.on:
        ours = {spec.endpoint for spec in portal.pages(code) if spec.frontend in portal.homes}
        assert ours - pages.keys() <= {e for e in ours if e.endswith((".image", "file"))}, code
    assert {"dashboard.admin", "dashboard.vendor", "desk.notices_vendor", "account.security.show"} <= set(
        pages
    )


def test_every_page_sends_eight_statements_at_most_and_none_in_a_loop(
    portal: Portal, pages: Pages, count_sql: Callable[[Flask], AbstractContextManager[list[str]]]
) -> None:
    many: dict[str, int] = {}
    again: dict[str, dict[str, int]] = {}
    for endpoint, (frontend, address) in pages.items():
        portal.app.extensions["orion_desk"].forget()
        with count_sql(portal.app) as sent:
            assert portal.get(frontend, address).status_code == 200, address
        asked = Counter(one for one in sent if not SAVEPOINT.match(one))
        if asked.total() > STATEMENTS:
            many[endpoint] = asked.total()
        if repeated := {sql[:80]: times for sql, times in asked.items() if times > 1}:
            again[endpoint] = repeated
    assert many == {}
    assert again == {}


def test_every_page_keeps_the_budget_of_the_first_view(portal: Portal, pages: Pages) -> None:
    weights: dict[str, int] = {}
    heavy: dict[str, tuple[int, int]] = {}
    for endpoint, (frontend, address) in pages.items():
        html = portal.get(frontend, address).text
        assets = set(ASSET.findall(html))
        for asset in assets - weights.keys():
            weights[asset] = _packed(portal, asset)
        size = len(gzip.compress(html.encode(), 6)) + sum(weights[asset] for asset in assets)
        if size > BYTES or 1 + len(assets) > REQUESTS:
            heavy[endpoint] = (size, 1 + len(assets))
    assert heavy == {}
    assert weights


def _packed(portal: Portal, asset: str) -> int:
    answer: Any = portal.get("", asset, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200, asset
    return len(answer.data)
