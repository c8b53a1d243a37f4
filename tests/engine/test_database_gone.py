"""The database goes away and comes back: 503 meanwhile, and healthy again without a restart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from orion.app import create_app
from orion.settings import Settings
from orion.testing import close
from tests.proxy import Proxy

HOME = "/vendor/WIZAMART/"


@dataclass
class Cut:
    """A portal, and how to take its database away and give it back."""

    app: Any
    away: Callable[[], None]
    back: Callable[[], None]


@pytest.fixture
def cut(demo_database: str, settings: Settings, database_kind: str) -> Iterator[Cut]:
    if database_kind == "postgresql":
        there = make_url(demo_database)
        proxy = Proxy(there.host or "127.0.0.1", there.port or 5432)
        port = proxy.port
        url = there.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        app = create_app(replace(settings, database_url=url))
        yield Cut(app, proxy.shut, lambda: proxy.open(port))
        close(app)
        proxy.shut()
    else:
        file = Path(make_url(demo_database).database or "")
        hidden = file.with_suffix(".hidden")
        app = create_app(replace(settings, database_url=demo_database))
        yield Cut(app, lambda: _move(file, hidden), lambda: _move(hidden, file))
        close(app)


def _move(source: Path, target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        here = Path(str(source) + suffix)
        if here.exists():
            here.rename(str(target) + suffix)


def test_pages_and_tiles_are_503_while_the_database_is_away_and_200_when_it_is_back(
    cut: Cut, sign_in: Callable[..., Any]
) -> None:
    client = sign_in("owner@orion.example", app=cut.app)
    assert client.get(HOME).status_code == 200
    cut.away()
    for path in (HOME, f"{HOME}customers", f"{HOME}tiles/customers.total", "/login"):
        answer = client.get(path)
        assert answer.status_code in ((503,) if path != "/login" else (200, 302, 303, 503)), path
    page = client.get(HOME)
    assert "Retry-After" in page.headers
    assert "Traceback" not in page.text and "sqlalchemy" not in page.text.lower()
    cut.back()
    assert client.get(HOME).status_code == 200
    assert client.get(f"{HOME}customers").status_code == 200


def test_health_tells_the_process_from_the_database(cut: Cut) -> None:
    client = cut.app.test_client()
    assert client.get("/readyz").status_code == 200
    cut.away()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    cut.back()
    assert client.get("/readyz").status_code == 200


def test_a_portal_that_starts_before_its_database_is_healthy_once_it_is_there(
    cut: Cut, settings: Settings, sign_in: Callable[..., Any]
) -> None:
    with cut.app.app_context():
        from orion.data.database import db

        url = db.engines["write"].url.render_as_string(hide_password=False)
    cut.away()
    early = create_app(replace(settings, database_url=url))
    assert early.test_client().get("/readyz").status_code == 503
    cut.back()
    early.extensions["orion"].refresh()
    client = sign_in("owner@orion.example", app=early)
    assert client.get(HOME).status_code == 200
    close(early)
